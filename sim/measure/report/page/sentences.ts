// An update's messages as a numbered list of sentences, in the order of time.
import { el } from "./dom";
import { Flood, Message } from "./floods";
import { micros } from "./format";
import { reasonWords } from "./reasons";

function wordsOf(message: Message, flood: Flood): string {
  const repair = message.repair ? "repair: " : "";
  switch (message.kind) {
    case "delivery": return repair + "new";
    case "again": return repair + "new again, because the server had lost it in a restart";
    case "stale": return repair + "stale: the server had a newer record of the client";
    case "lost": return repair + "lost: it was sent and never received";
  }
  if (message.echo) return repair + "echo: sent straight back";
  const parent = flood.parent.get(message.to), had = flood.arrived.get(message.to);
  if (had === undefined || message.received === null) return repair + "duplicate: the server had it already";
  const before = message.received - had;
  const ago = before > 0 ? micros(before) + " before" : "in the same moment";
  return repair + (parent ? `duplicate: had it from ${parent} ${ago}` : `duplicate: accepted it itself ${ago}`);
}

interface Step { at: number; depth: number; message: Message }

function stepsOf(flood: Flood): Step[] {
  return flood.messages.map((message) => ({
    at: message.received === null ? message.sent : message.received, message,
    depth: (flood.depth.get(message.from) || 0) + (message.kind === "lost" ? 0.5 : 1),
  })).sort((a, b) => a.at - b.at || a.depth - b.depth);
}

const MOST = 400;

export function sentenceList(flood: Flood): HTMLElement {
  const { update } = flood;
  const first = el("li", {}, el("span", { class: "when" }, "+0 µs"), ` ${update.origin} accepts it from ${update.client}`);
  const rest = stepsOf(flood).slice(0, MOST).map(({ at, message }) => el("li", { class: "kind-" + message.kind },
    el("span", { class: "when" }, "+" + micros(at)), ` ${message.to} ← ${message.from}: ${wordsOf(message, flood)}`));
  const never = flood.missing.map((each) => el("li", { class: "kind-lost" }, el("span", { class: "when" }, "without"),
    ` ${each.server}: ${reasonWords(each.reason)}`));
  const list = el("ol", { class: "sentences" }, first, ...rest, ...never);
  if (flood.messages.length > MOST) list.append(el("li", {}, `… and ${flood.messages.length - MOST} more messages, in messages.csv`));
  return list;
}
