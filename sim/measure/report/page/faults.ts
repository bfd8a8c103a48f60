// The faults of a herd: when each link and server was down or paused, from events.csv.
import { Data } from "./data";

export interface Fault {
  kind: "link" | "server" | "paused";
  who: string;       // "S1 - S2" or "S1"
  from: number;      // µs since the start
  to: number;        // Infinity if it never ended
}
export interface Event { at: number; herd: string; event: string; detail: string }

export function eventsOf(data: Data, herd: string): Event[] {
  const table = data.table("events.csv");
  const at = table.num("at_us"), herds = table.text("herd"), event = table.text("event"), detail = table.text("detail");
  const list: Event[] = [];
  for (let i = 0; i < table.rows; i++) {
    if (herds[i] === "" || herds[i] === herd) {
      list.push({ at: at[i] || 0, herd: herds[i], event: event[i], detail: detail[i] });
    }
  }
  return list;
}

// The event without those that only follow from others.
export function isCause(event: Event): boolean {
  return !["link_proven", "link_in_step", "link_lost"].includes(event.event);
}

const STARTS: Record<string, Fault["kind"]> = { link_down: "link", link_lost: "link", server_down: "server", pause: "paused" };
const ENDS: Record<string, Fault["kind"]> = { link_proven: "link", server_up: "server", resume: "paused" };

function whoOf(event: Event): string { return event.detail.split(",")[0].trim(); }

export function faultsOf(data: Data, herd: string): Fault[] {
  const open = new Map<string, Fault>();
  const faults: Fault[] = [];
  for (const event of eventsOf(data, herd)) {
    const start = STARTS[event.event], end = ENDS[event.event];
    if (event.herd !== herd || (!start && !end)) continue;
    const key = (start || end) + " " + whoOf(event);
    if (start && !open.has(key)) {
      const fault: Fault = { kind: start, who: whoOf(event), from: event.at, to: Infinity };
      open.set(key, fault);
      faults.push(fault);
    }
    const fault = end && open.get(key);
    if (fault) { fault.to = event.at; open.delete(key); }
  }
  return faults;
}

export function faultsAt(faults: Fault[], us: number): Fault[] {
  return faults.filter((each) => each.from <= us && us < each.to);
}
