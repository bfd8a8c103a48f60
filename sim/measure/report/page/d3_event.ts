// The event of a brush or a zoom. D3 before version 6 has it in a variable of d3-selection, and later
// ones pass it to the listener; distributions have both.
import * as selection from "d3-selection";

export interface D3Event { selection: [number, number] | null; sourceEvent: MouseEvent | null; transform: { toString(): string } }

export function eventOf(passed: unknown): D3Event {
  const isEvent = typeof passed === "object" && passed !== null && "sourceEvent" in passed;
  return (isEvent ? passed : (selection as unknown as Record<string, unknown>)["event"]) as D3Event;
}

// The event of the browser, for filters.
export function sourceOf(passed: unknown): WheelEvent {
  return (passed instanceof Event ? passed : (selection as unknown as Record<string, unknown>)["event"]) as WheelEvent;
}
