// Handovers, and what the new server knew of the client then.
import { Data } from "./data";
import { micros, moment } from "./format";

export interface Handover {
  place: number;              // among those of its herd that the page has
  client: string; at: number; from: string; to: string;
  connected: number | null;   // µs after it left
  known: number | null;       // 1: the new server had its last location when it was connected
  stale: number | null;       // µs from then until the location came
}
export type Outcome = "known" | "late" | "never" | "unconnected" | "unknown";

export function handoversOf(data: Data, herd: string): Handover[] {
  const table = data.table("handovers.csv");
  return table.rowsOf(herd).map((row, place) => ({
    place, client: table.text("client")[row], at: table.num("at_us")[row] || 0, from: table.text("from")[row], to: table.text("to")[row],
    connected: table.num("connected_us")[row], known: table.num("known")[row], stale: table.num("stale_us")[row],
  }));
}

export function outcomeOf(each: Handover): Outcome {
  if (each.connected === null) return "unconnected";
  if (each.known === null) return "unknown";
  if (each.known === 1) return "known";
  return each.stale === null ? "never" : "late";
}

export function sawOf(each: Handover): string {
  switch (outcomeOf(each)) {
    case "unconnected": return "was never connected";
    case "unknown": return "not known";
    case "known": return "its location was known";
    case "never": return "its location never came";
    case "late": return "its location came after " + micros(each.stale);
  }
}

// The longest out of date first; a location that never came is the worst case.
export function worstFirst(list: Handover[]): Handover[] {
  const length = (each: Handover) => (outcomeOf(each) === "never" ? Infinity : each.stale || 0);
  return list.slice().sort((a, b) => (length(b) > length(a) ? 1 : length(b) < length(a) ? -1 : a.at - b.at));
}

// The number of the client's newest update that was accepted when it was connected; null if the page
// cannot tell, because it has not all updates, or none was accepted yet.
export function lastUpdate(data: Data, herd: string, each: Handover): { number: number; origin: string; accepted: number } | null {
  const table = data.table("updates.csv");
  if (each.connected === null || table.of !== table.rows) return null;
  const client = table.text("client"), accepted = table.num("accepted_us"), then = each.at + each.connected;
  const row = table.rowsOf(herd).filter((at) => client[at] === each.client && accepted[at] !== null && (accepted[at] as number) <= then).pop();
  return row === undefined ? null : { number: table.num("update")[row] as number, origin: table.text("origin")[row], accepted: accepted[row] as number };
}

// What happened to the client, a sentence a step, each with its time.
export function storyOf(data: Data, herd: string, each: Handover): [string, string][] {
  const { client, from, to } = each, last = lastUpdate(data, herd, each), connected = each.connected;
  const what = last === null ? "its last location" : `its last location (update ${last.number}, accepted by ${last.origin} at ${moment(last.accepted)})`;
  const story: [string, string][] = [[moment(each.at), `${client} left ${from} for ${to}.`]];
  if (connected === null) return [...story, ["never", `It was not connected to ${to}.`]];
  const then = "+" + micros(connected);
  switch (outcomeOf(each)) {
    case "known": return [...story, [then, `It was connected to ${to}, which knew ${what} already.`]];
    case "unknown": return [...story, [then, `It was connected to ${to}. What ${to} knew of it is not known: no location of it was accepted yet, or the times of this herd cannot be seen.`]];
  }
  story.push([then, `It was connected to ${to}, which did not know ${what}: asked about ${client}, it would have answered with an older location, or with none.`]);
  story.push(each.stale === null ? ["never", `${to} did not get that location, nor a newer one, until the end of the run.`]
    : ["+" + micros(connected + each.stale), `${to} had that location, or a newer one, ${micros(each.stale)} after the client had come.`]);
  return story;
}
