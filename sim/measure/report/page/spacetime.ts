// The space-time diagram of an update: a column for each server, time downwards, a line for each
// message.
import { scaleLinear } from "./d3_scale";
import { Flood, lookOf, Message } from "./floods";
import { count, micros } from "./format";
import { Group, newSvg } from "./frame";
import { durationScale } from "./scales";

export type Axis = "time" | "step" | "log";
const MOST_SERVERS = 60;
const MOST_LINES = 1000;

interface Heights { of(us: number): number; ticks: [number, string][]; bottom: number }

// The servers from left to right: by when they had it, then those that never did.
export function columnsOf(flood: Flood): string[] {
  const arrived = [...flood.arrived.keys()].sort((a, b) =>
    (flood.arrived.get(a) as number) - (flood.arrived.get(b) as number) || (flood.depth.get(a) || 0) - (flood.depth.get(b) || 0));
  const others = new Set<string>();
  for (const each of flood.messages) { others.add(each.from); others.add(each.to); }
  for (const each of flood.missing) others.add(each.server);
  return [...arrived, ...[...others].filter((each) => !flood.arrived.has(each))];
}

function timesOf(flood: Flood): number[] {
  return flood.messages.flatMap((each) => (each.received === null ? [each.sent] : [each.sent, each.received]));
}

export function hasTimes(flood: Flood): boolean { return timesOf(flood).some((time) => time > 0); }

function heightsOf(flood: Flood, axis: Axis): Heights {
  const times = timesOf(flood);
  const bottom = 360;
  if (axis === "log") {
    const scale = durationScale(times, [0, bottom]);
    return { of: scale, ticks: scale.ticks.map((tick) => [scale(tick), micros(tick)]), bottom };
  }
  const scale = scaleLinear().domain([0, Math.max(1e-3, ...times)]).range([0, bottom]);
  return { of: scale, ticks: scale.ticks(6).map((tick) => [scale(tick), micros(tick)]), bottom };
}

function steps(flood: Flood): { bottom: number; ticks: [number, string][]; sent(m: Message): number; received(m: Message): number } {
  const depth = (server: string) => flood.depth.get(server) || 0;
  const most = Math.max(1, ...flood.messages.map((each) => depth(each.from) + 1));
  const step = Math.max(34, Math.min(90, 360 / most));
  const ticks: [number, string][] = [];
  for (let i = 0; i <= most; i++) ticks.push([i * step, "step " + i]);
  return { bottom: most * step, ticks, sent: (m) => depth(m.from) * step, received: (m) => (depth(m.from) + 1) * step };
}

function drawMessage(g: Group, message: Message, x1: number, y1: number, x2: number, y2: number): void {
  const look = lookOf(message);
  const isLost = message.kind === "lost";
  const end = isLost ? { x: (x1 + x2) / 2, y: (y1 + y2) / 2 } : { x: x2, y: y2 };
  const at = g.append("g").attr("class", "message " + look + (message.repair ? " repair" : ""));
  at.append("title").text(`${message.from} to ${message.to}: ${message.repair ? "repair, " : ""}${look}, sent +${micros(message.sent)}` +
    (message.received === null ? "" : `, received +${micros(message.received)}`));
  at.append("line").attr("x1", x1).attr("y1", y1).attr("x2", end.x).attr("y2", end.y);
  if (message.repair) at.append("line").attr("class", "core").attr("x1", x1).attr("y1", y1).attr("x2", end.x).attr("y2", end.y);
  if (isLost) at.append("path").attr("class", "cross").attr("d", `M${end.x - 4},${end.y - 4}l8,8m0,-8l-8,8`);
  else at.append("circle").attr("cx", x2).attr("cy", y2).attr("r", look === "delivery" ? 3.5 : 1.8);
}

export function drawSpaceTime(place: HTMLElement, width: number, flood: Flood, axis: Axis): void {
  const columns = columnsOf(flood).slice(0, MOST_SERVERS);
  const slanted = width / (columns.length + 1) < 62;
  const left = 66, top = slanted ? 84 : 30;
  const inner = Math.max(width - left - 24, columns.length * 16);
  const byStep = axis === "step" ? steps(flood) : null;
  const heights = byStep ? null : heightsOf(flood, axis);
  const bottom = byStep ? byStep.bottom : (heights as Heights).bottom;
  const svg = newSvg(place, left + inner + 24, top + bottom + 20, "Space-time diagram, which the sentences below repeat in words");
  const g = svg.append("g").attr("transform", `translate(${left},${top})`) as Group;
  const x = new Map(columns.map((name, i) => [name, columns.length > 1 ? 20 + (i / (columns.length - 1)) * (inner - 40) : inner / 2]));
  for (const [y, label] of byStep ? byStep.ticks : (heights as Heights).ticks) {
    g.append("line").attr("class", "grid").attr("x2", inner).attr("y1", y).attr("y2", y);
    g.append("text").attr("class", "tick").attr("x", -6).attr("y", y).attr("dy", "0.32em").attr("text-anchor", "end").text(label);
  }
  for (const name of columns) {
    const at = x.get(name) as number, never = !flood.arrived.has(name);
    g.append("line").attr("class", "life" + (never ? " never" : "")).attr("x1", at).attr("x2", at).attr("y1", 0).attr("y2", bottom);
    const label = g.append("text").attr("class", "label" + (never ? " never" : "")).text((never ? "✕ " : "") + (name.length > 12 ? name.slice(0, 11) + "…" : name));
    if (slanted) label.attr("transform", `translate(${at + 3},-8) rotate(-60)`);
    else label.attr("x", at).attr("y", -10).attr("text-anchor", "middle");
  }
  for (const each of drawnOf(flood, columns)) {
    const x1 = x.get(each.from) as number, x2 = x.get(each.to) as number;
    const y1 = byStep ? byStep.sent(each) : (heights as Heights).of(each.sent);
    const y2 = byStep ? byStep.received(each) : each.received === null ? Math.min(bottom, y1 + 40) : (heights as Heights).of(each.received);
    drawMessage(g, each, x1, y1, x2, y2);
  }
  g.append("circle").attr("class", "origin").attr("cx", x.get(flood.update.origin) || 0).attr("cy", 0).attr("r", 5).append("title").text("accepted here");
}

// The messages between the drawn servers; if they are too many, rather those that were new. These come
// last, so that they lie on top.
function drawnOf(flood: Flood, columns: string[]): Message[] {
  const shown = new Set(columns);
  const between = flood.messages.filter((each) => shown.has(each.from) && shown.has(each.to))
    .sort((a, b) => Number(a.kind === "delivery") - Number(b.kind === "delivery"));
  return between.slice(Math.max(0, between.length - MOST_LINES));
}

export function whatIsMissing(flood: Flood): string {
  const columns = columnsOf(flood), drawn = drawnOf(flood, columns.slice(0, MOST_SERVERS)).length;
  const parts: string[] = [];
  if (columns.length > MOST_SERVERS) parts.push(`Only the first ${MOST_SERVERS} of ${count(columns.length)} servers are drawn.`);
  if (drawn < flood.messages.length) parts.push(`The picture has ${count(drawn)} of the ${count(flood.messages.length)} messages.`);
  return parts.join(" ");
}
