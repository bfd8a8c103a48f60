// Updates, and the messages of those whose messages were recorded.
import { Data } from "./data";

export interface Update {
  row: number; number: number; client: string; origin: string; accepted: number | null; outcome: string;
  reached: number; messages: number | null; duplicates: number | null; coverage: number | null; reply: number | null;
  traced: boolean; undelivered: number;
}
export interface Message {
  from: string; to: string; sent: number; received: number | null; hops: number | null; kind: string; echo: boolean; repair: boolean;
}

export function messagesOf(data: Data, herd: string, update: number): Message[] {
  const table = data.table("messages.csv");
  const of = table.num("update"), from = table.text("from"), to = table.text("to"), sent = table.num("sent_us"), received = table.num("received_us");
  const hops = table.num("hops"), kind = table.text("kind"), echo = table.num("echo"), repair = table.num("repair");
  return table.rowsOf(herd).filter((row) => of[row] === update).map((row) => ({
    from: from[row], to: to[row], sent: sent[row] || 0, received: received[row],
    hops: hops[row], kind: kind[row], echo: echo[row] === 1, repair: repair[row] === 1,
  }));
}

// The kind by which a message is drawn.
export function lookOf(message: Message): string {
  if (message.kind === "again") return "delivery";
  return message.kind === "duplicate" && message.echo ? "echo" : message.kind;
}

export function updatesOf(data: Data, herd: string): Update[] {
  const table = data.table("updates.csv"), messages = data.table("messages.csv"), missing = data.table("undelivered.csv");
  const traced = new Set(messages.rowsOf(herd).map((row) => messages.num("update")[row]));
  const undelivered = new Map<number, number>();
  for (const row of missing.rowsOf(herd)) {
    const update = missing.num("update")[row] as number;
    undelivered.set(update, (undelivered.get(update) || 0) + 1);
  }
  return table.rowsOf(herd).map((row) => {
    const number = table.num("update")[row] as number;
    return {
      row, number, client: table.text("client")[row], origin: table.text("origin")[row], accepted: table.num("accepted_us")[row],
      outcome: table.text("outcome")[row], reached: table.num("servers_reached")[row] || 0, messages: table.num("messages")[row],
      duplicates: table.num("duplicates")[row], coverage: table.num("coverage_us")[row], reply: table.num("reply_us")[row],
      traced: traced.has(number), undelivered: undelivered.get(number) || 0,
    };
  });
}

export interface Missing { server: string; reason: string }

export function missingOf(data: Data, herd: string, update: number): Missing[] {
  const table = data.table("undelivered.csv");
  return table.rowsOf(herd).filter((row) => table.num("update")[row] === update)
    .map((row) => ({ server: table.text("server")[row], reason: table.text("reason")[row] }));
}

export interface Flood {
  update: Update;
  messages: Message[];
  missing: Missing[];
  arrived: Map<string, number>;  // when each server had the update, µs since its acceptance
  depth: Map<string, number>;    // by how many links
  parent: Map<string, string>;   // from whom
}

export function floodOf(data: Data, herd: string, update: Update): Flood {
  const start = update.accepted || 0;
  const messages = messagesOf(data, herd, update.number);
  for (const each of messages) {
    each.sent -= start;
    if (each.received !== null) each.received -= start;
  }
  const flood: Flood = {
    update, messages, missing: missingOf(data, herd, update.number), arrived: new Map([[update.origin, 0]]),
    depth: new Map([[update.origin, 0]]), parent: new Map(),
  };
  for (const each of messages) {
    if (each.kind !== "delivery" || each.received === null) continue;
    flood.arrived.set(each.to, each.received);
    flood.depth.set(each.to, each.hops === null ? 1 : each.hops);
    flood.parent.set(each.to, each.from);
  }
  return flood;
}

// The server that had the update last, and when; null if it reached no server but its origin.
export function lastArrival(flood: Flood): [string, number] | null {
  let last: [string, number] | null = null;
  for (const [server, at] of flood.arrived) {
    if (server === flood.update.origin) continue;
    const deeper = last !== null && at === last[1] && (flood.depth.get(server) || 0) > (flood.depth.get(last[0]) || 0);
    if (last === null || at > last[1] || deeper) last = [server, at];
  }
  return last;
}
