// Handovers over time, and how long the new server did not know the client's last location.
import { create as d3create } from "d3-selection";
import { scaleLinear } from "./d3_scale";
import { chosenHerd, Context } from "./context";
import { el, Rows } from "./dom";
import { count, micros, moment, plural, seconds } from "./format";
import { Frame, Group, newSvg } from "./frame";
import { Handover, handoversOf, sawOf, worstFirst } from "./handover_data";
import { HandoverList } from "./handover_list";
import { durationAxis, durationScale } from "./scales";

const MOST_DRAWN = 2000;

// How the marks look, by what the new server knew.
interface Look { known: number | null; style: string; shape: string; label: string }
const LOOKS: Look[] = [
  { known: 1, style: "known", shape: "M-3,0a3,3 0 1 0 6,0a3,3 0 1 0 -6,0", label: "the new server knew the client's last location" },
  { known: 0, style: "stale", shape: "M0,-5l5,9h-10z", label: "it did not: the height shows for how long, the top that the location never came" },
  { known: null, style: "unknown", shape: "M-3,-3h6v6h-6z", label: "not known" },
];

function sample({ style, shape }: Look): SVGElement {
  const svg = d3create("svg").attr("width", 12).attr("height", 12).attr("viewBox", "-6 -6 12 12").attr("aria-hidden", "true");
  svg.append("path").attr("class", "handover " + style).attr("d", shape);
  return svg.node() as SVGElement;
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
  drawnOf(list).forEach((each) => {
    const never = each.known === 0 && each.stale === null;
    const at = `translate(${x(each.at)},${never ? 2 : y(each.stale || 0)})`;
    const look = LOOKS.find(({ known }) => known === each.known) as Look;
    g.append("path").attr("transform", at).attr("class", "handover " + look.style).attr("d", look.shape)
      .append("title").text(`${each.client} at ${moment(each.at)}, ${each.from} to ${each.to}: ${sawOf(each)}`);
  });
}

// As many as the picture can have, evenly spread.
function drawnOf(list: Handover[]): Handover[] {
  const every = Math.ceil(list.length / MOST_DRAWN);
  return list.filter((_, i) => i % every === 0);
}

function whatIsMissing({ data }: Context, list: Handover[]): string {
  const table = data.table("handovers.csv"), drawn = drawnOf(list).length;
  return (table.of > table.rows ? ` The page has ${count(table.rows)} of the ${count(table.of)} rows of handovers.csv, evenly spread.` : "") +
    (drawn < list.length ? ` The picture has ${count(drawn)} of these ${count(list.length)}.` : "");
}

function finding(context: Context, list: Handover[]): string {
  const stale = list.filter((each) => each.known === 0);
  if (list.length === 0) return `${chosenHerd(context)}: no client changed its server.`;
  const worst = worstFirst(stale).find((each) => each.stale !== null), never = stale.filter((each) => each.stale === null).length;
  return `${chosenHerd(context)}: ${plural(list.length, "handover")}, of which ${count(stale.length)} went to a server that did not know the client's last location.` +
    (worst ? ` The longest was that of ${worst.client} to ${worst.to} at ${moment(worst.at)}: ${micros(worst.stale)}.` : "") +
    (never > 0 ? ` ${count(never)} of these locations never came.` : "") + whatIsMissing(context, list);
}

export function handovers(host: Element, context: Context): void {
  const list = () => handoversOf(context.data, chosenHerd(context));
  const table = (): Rows => ({
    head: ["client", "at", "from", "to", "connected after", "what it saw"],
    rows: worstFirst(list()).map((each) =>
      [each.client, moment(each.at), each.from, each.to, each.connected === null ? "never" : micros(each.connected), sawOf(each)]),
  });
  const legend = el("p", { class: "legend" }, ...LOOKS.map((look) => el("span", { class: "key" }, sample(look), look.label)));
  const place = el("div");
  const choice = new HandoverList(context);
  host.replaceChildren(place, choice.element);
  const frame = new Frame(place, {
    name: "handovers", label: "Handovers", table, finding: () => finding(context, list()),
    draw: (place, width) => draw(place, width, list()),
  });
  place.querySelector(".tools")?.after(legend);
  context.state.on((changed) => { if (changed.has("herd")) frame.redraw(); });
}
