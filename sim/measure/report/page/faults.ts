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

// The same for both orders in which a scenario may name the ends of a link.
function keyOf(kind: Fault["kind"], who: string): string { return kind + " " + (kind === "link" ? who.split(" - ").sort().join(" - ") : who); }

// A fault of all herds names none. Of links drawn at random, which have no names here, each that falls has an event of its own.
export function faultsOf(data: Data, herd: string): Fault[] {
  const open = new Map<string, Fault>(), connected = new Set<Fault>();
  const faults: Fault[] = [];
  const finish = (key: string, at: number) => {
    const fault = open.get(key);
    if (fault) { fault.to = at; open.delete(key); }
  };
  for (const event of eventsOf(data, herd)) {
    const start = STARTS[event.event], end = ENDS[event.event], who = whoOf(event), isLink = who.includes(" - ");
    // The end of a blackhole that broke no connection: no handshake follows.
    if (event.event === "link_up") {
      for (const [key, fault] of [...open]) if (connected.has(fault) && (!isLink || key === keyOf("link", who))) finish(key, event.at);
    }
    if (end) finish(keyOf(end, who), event.at);
    if (!start || (start === "link" && !isLink)) continue;
    const key = keyOf(start, who), isConnected = event.event !== "link_lost" && event.detail.includes(", blackhole");
    const known = open.get(key);
    const fault: Fault = known || { kind: start, who, from: event.at, to: Infinity };
    if (!known) { open.set(key, fault); faults.push(fault); }
    if (isConnected && !known) connected.add(fault);
    if (!isConnected) connected.delete(fault);
  }
  return faults;
}

export function faultsAt(faults: Fault[], us: number): Fault[] {
  return faults.filter((each) => each.from <= us && us < each.to);
}
