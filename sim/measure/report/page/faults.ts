// The faults of a herd: when each link and server was down or paused; and its events, from events.csv.
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

export function faultsOf(data: Data, herd: string): Fault[] {
  const table = data.table("faults");
  const kind = table.text("kind"), who = table.text("who"), from = table.num("from_us"), to = table.num("to_us");
  return table.rowsOf(herd).map((i) => ({ kind: kind[i] as Fault["kind"], who: who[i], from: from[i] || 0, to: to[i] ?? Infinity }));
}

export function faultsAt(faults: Fault[], us: number): Fault[] {
  return faults.filter((each) => each.from <= us && us < each.to);
}
