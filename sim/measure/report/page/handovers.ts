// Handovers over time, and how long the new server did not know the client's last location.
import { scaleLinear } from "./d3_scale";
import { chosenHerd, Context } from "./context";
import { el, Rows } from "./dom";
import { count, micros, moment, plural, seconds } from "./format";
import { Frame, Group, newSvg } from "./frame";
import { Handover, handoversOf, sawOf } from "./handover_data";
import { HandoverList } from "./handover_list";
import { durationAxis, durationScale } from "./scales";

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
  const list = () => handoversOf(context.data, chosenHerd(context));
  const table = (): Rows => ({
    head: ["client", "at", "from", "to", "connected after", "what it saw"],
    rows: list().sort((a, b) => (b.stale || 0) - (a.stale || 0)).map((each) =>
      [each.client, moment(each.at), each.from, each.to, micros(each.connected), sawOf(each)]),
  });
  const place = el("div");
  const choice = new HandoverList(context);
  host.replaceChildren(place, choice.element);
  const frame = new Frame(place, {
    name: "handovers", label: "Handovers", table, finding: () => finding(context, list()),
    draw: (place, width) => draw(place, width, list()),
  });
  context.state.on((changed) => { if (changed.has("herd")) frame.redraw(); });
}
