// The list from which the reader chooses an update.
import { Context } from "./context";
import { el } from "./dom";
import { eventsOf, isCause } from "./faults";
import { Update } from "./floods";
import { count, micros, moment, plural } from "./format";

const MOST = 60;

export const ORDERS: { value: string; label: string }[] = [
  { value: "never", label: "never everywhere" }, { value: "slow", label: "slowest" }, { value: "waste", label: "most wasted" },
  { value: "event", label: "next to an event" }, { value: "reply", label: "slowest reply" }, { value: "all", label: "all with messages" },
];

const worst = (value: (update: Update) => number | null) => (list: Update[]) =>
  list.filter((each) => value(each) !== null).sort((a, b) => (value(b) as number) - (value(a) as number) || Number(b.traced) - Number(a.traced));

function afterEvents(context: Context, herd: string, list: Update[]): Update[] {
  const sorted = list.filter((each) => each.accepted !== null).sort((a, b) => (a.accepted as number) - (b.accepted as number));
  const found: Update[] = [];
  for (const event of eventsOf(context.data, herd).filter(isCause)) {
    const next = sorted.find((each) => (each.accepted as number) >= event.at && each.traced) || sorted.find((each) => (each.accepted as number) >= event.at);
    if (next && !found.includes(next)) found.push(next);
  }
  return found;
}

export function inOrder(context: Context, herd: string, list: Update[], order: string): Update[] {
  const accepted = list.filter((each) => each.outcome === "accepted");
  switch (order) {
    case "never": return accepted.filter((each) => each.coverage === null).sort((a, b) => Number(b.traced) - Number(a.traced) || (b.messages || 0) - (a.messages || 0) || a.number - b.number);
    case "slow": return worst((each) => each.coverage)(accepted);
    case "waste": return worst((each) => each.duplicates)(accepted);
    case "event": return afterEvents(context, herd, accepted);
    case "reply": return worst((each) => each.reply)(accepted);
    default: return accepted.filter((each) => each.traced);
  }
}

// The order that has something to tell, for a first look.
export function firstOrder(context: Context, herd: string, list: Update[]): string {
  const orders = ["never", "slow", "waste"];
  const kept = orders.map((order) => inOrder(context, herd, list, order));
  const traced = kept.findIndex((updates) => updates.some((each) => each.traced));
  const any = kept.findIndex((updates) => updates.length > 0);
  return orders[traced >= 0 ? traced : Math.max(any, 0)];
}

function wordsOf(update: Update, servers: number): string {
  const where = update.coverage === null ? `${update.reached} of ${servers} servers` : `everywhere in ${micros(update.coverage)}`;
  const cost = update.messages === null ? "" : ", " + plural(update.messages, "message") + (update.duplicates ? `, ${count(update.duplicates)} wasted` : "");
  return `${update.client} at ${update.origin}, ${update.accepted === null ? "time unknown" : moment(update.accepted)}: ${where}${cost}` +
    (update.traced ? "" : " (no messages recorded)");
}

export function updateList(list: Update[], servers: number, chosen: number | null, does: (update: number) => void): HTMLElement {
  const items = list.slice(0, MOST).map((update) => {
    const input = el("button", { type: "button", "aria-pressed": String(update.number === chosen), class: update.traced ? "" : "untraced" },
      el("b", {}, "#" + update.number), " " + wordsOf(update, servers));
    input.addEventListener("click", () => does(update.number));
    return el("li", {}, input);
  });
  if (items.length === 0) return el("p", { class: "missing" }, "No update of this herd is of this kind.");
  return el("ul", { class: "updates", "aria-label": "Updates" }, ...items);
}
