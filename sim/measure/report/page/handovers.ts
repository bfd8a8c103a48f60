// Handovers over time, and how long the new server did not know the client's last location.
import { scaleLinear } from "d3-scale";
import { chosenHerd, Context } from "./context";
import { Rows } from "./dom";
import { count, micros, moment, plural, seconds } from "./format";
import { Frame, Group, newSvg } from "./frame";
import { durationAxis, durationScale } from "./scales";

interface Handover { client: string; at: number; from: string; to: string; connected: number | null; known: number | null; stale: number | null }

function handoversOf(context: Context): Handover[] {
  const table = context.data.table("handovers.csv");
  return table.rowsOf(chosenHerd(context)).map((row) => ({
    client: table.text("client")[row], at: table.num("at_us")[row] || 0, from: table.text("from")[row], to: table.text("to")[row],
    connected: table.num("connected_us")[row], known: table.num("known")[row], stale: table.num("stale_us")[row],
  }));
}

function sawOf(each: Handover): string {
  if (each.connected === null) return "was never connected";
  if (each.known === null) return "not known";
  if (each.known === 1) return "its location was known";
  return each.stale === null ? "its location never came" : "its location came after " + micros(each.stale);
}

function draw(place: HTMLElement, width: number, list: Handover[]): void {
  const left = 58, inner = width - left - 10, height = list.some((each) => each.known === 0) ? 150 : 40;
  const svg = newSvg(place, width, height + 50, "A mark for each handover, which the table repeats in numbers");
  if (list.length === 0) {
    svg.append("text").attr("class", "note").attr("x", width / 2).attr("y", 30).attr("text-anchor", "middle").text("no client of this herd changed its server");
    return;
  }
  const g = svg.append("g").attr("transform", `translate(${left},12)`) as Group;
  const x = scaleLinear().domain([0, Math.max(...list.map((each) => each.at)) * 1.02 + 1]).range([0, inner]);
  const y = durationScale(list.map((each) => each.stale).filter((v) => v !== null && v > 0).concat([0]) as number[], [height - 12, 14]);
  durationAxis(g, y, "left", inner);
  for (const tick of x.ticks(Math.max(2, Math.floor(inner / 80)))) {
    g.append("text").attr("class", "tick").attr("x", x(tick)).attr("y", height + 20).attr("text-anchor", "middle").text(seconds(tick));
  }
  list.slice(0, 2000).forEach((each) => {
    const never = each.known === 0 && each.stale === null;
    const at = `translate(${x(each.at)},${never ? 2 : y(each.stale || 0)})`;
    g.append("path").attr("transform", at).attr("class", "handover " + (each.known === 1 ? "known" : each.known === 0 ? "stale" : "unknown"))
      .attr("d", each.known === 1 ? "M-3,0a3,3 0 1 0 6,0a3,3 0 1 0 -6,0" : each.known === 0 ? "M0,-5l5,9h-10z" : "M-3,-3h6v6h-6z")
      .append("title").text(`${each.client} at ${moment(each.at)}, ${each.from} to ${each.to}: ${sawOf(each)}`);
  });
}

function finding(context: Context, list: Handover[]): string {
  const stale = list.filter((each) => each.known === 0);
  if (list.length === 0) return `${chosenHerd(context)}: no client changed its server.`;
  const worst = stale.filter((each) => each.stale !== null).sort((a, b) => (b.stale as number) - (a.stale as number))[0];
  return `${chosenHerd(context)}: ${plural(list.length, "handover")}, of which ${count(stale.length)} went to a server that did not know the client's last location (triangles).` +
    (worst ? ` The longest was that of ${worst.client} to ${worst.to} at ${moment(worst.at)}: ${micros(worst.stale)}.` : "");
}

export function handovers(host: Element, context: Context): void {
  const table = (): Rows => ({
    head: ["client", "at", "from", "to", "connected after", "what it saw"],
    rows: handoversOf(context).sort((a, b) => (b.stale || 0) - (a.stale || 0)).map((each) =>
      [each.client, moment(each.at), each.from, each.to, micros(each.connected), sawOf(each)]),
  });
  const frame = new Frame(host, {
    name: "handovers", label: "Handovers", table, finding: () => finding(context, handoversOf(context)),
    draw: (place, width) => draw(place, width, handoversOf(context)),
  });
  context.state.on((changed) => { if (changed.has("herd")) frame.redraw(); });
}
