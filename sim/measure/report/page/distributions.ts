// Cumulative distributions of durations, from histograms.csv.
import { scaleLinear, scaleLog } from "./d3_scale";
import { curveStepAfter, line } from "d3-shape";
import { chosenHerd, Context } from "./context";
import { Choice, el, Rows, select, setSelect } from "./dom";
import { micros, percent, plural } from "./format";
import { Frame, Group, newSvg } from "./frame";
import { herdClass, herdDash } from "./looks";
import { durationAxis, durationScale } from "./scales";

interface Curve { name: string; index: number; upto: number[]; count: number[]; total: number }

const METRICS: Choice[] = [
  { value: "propagation", label: "propagation" }, { value: "coverage", label: "coverage" },
  { value: "reply", label: "reply time" }, { value: "staleness", label: "staleness after handovers" },
  { value: "query", label: "queries" },
];

function curvesOf({ data }: Context, metric: string): Curve[] {
  const table = data.table("histograms.csv");
  const herd = table.text("herd"), of = table.text("metric"), upto = table.num("upto_us"), counts = table.num("count");
  const curves = data.herds.map((name, index) => ({ name, index, upto: [], count: [], total: 0 } as Curve));
  for (let i = 0; i < table.rows; i++) {
    const curve = of[i] === metric ? curves[data.herds.indexOf(herd[i])] : undefined;
    if (!curve) continue;
    curve.upto.push(upto[i] as number);
    curve.count.push(counts[i] as number);
    curve.total += counts[i] as number;
  }
  return curves.filter((curve) => curve.total > 0);
}

// Latencies of the deliveries that messages.csv has, by the number of links that they crossed.
function curvesByHops(context: Context): Curve[] {
  const table = context.data.table("messages.csv"), updates = context.data.table("updates.csv");
  const herd = chosenHerd(context);
  const accepted = new Map<number, number>();
  for (const row of updates.rowsOf(herd)) {
    const at = updates.num("accepted_us")[row];
    if (at !== null) accepted.set(updates.num("update")[row] as number, at);
  }
  const values: number[][] = [];
  for (const row of table.rowsOf(herd)) {
    const hops = table.num("hops")[row], at = table.num("received_us")[row];
    const from = accepted.get(table.num("update")[row] as number);
    if (table.text("kind")[row] !== "delivery" || hops === null || at === null || from === undefined) continue;
    (values[hops] = values[hops] || []).push(at - from);
  }
  return values.map((list, hops) => ({
    name: hops + (hops === 1 ? " hop" : " hops"), index: hops, upto: list.sort((a, b) => a - b), count: list.map(() => 1), total: list.length,
  })).filter(Boolean);
}

export function quantile(curve: Curve, share: number): number {
  let sum = 0;
  for (let i = 0; i < curve.count.length; i++) {
    sum += curve.count[i];
    if (sum >= share * curve.total) return curve.upto[i];
  }
  return curve.upto[curve.upto.length - 1];
}

function points(curve: Curve, tail: boolean): [number, number][] {
  const every = Math.ceil(curve.upto.length / 1500);
  const list: [number, number][] = [[0, tail ? 1 : 0]];
  let sum = 0;
  curve.upto.forEach((upto, i) => {
    sum += curve.count[i];
    if (i % every === 0 || i === curve.upto.length - 1) list.push([upto, tail ? (curve.total - sum) / curve.total : sum / curve.total]);
  });
  return list;
}

function shares(g: Group, y: (v: number) => number, tail: boolean, width: number): void {
  const ticks = tail ? [1, 0.1, 0.01, 0.001, 0.0001] : [0, 0.25, 0.5, 0.75, 1];
  for (const tick of ticks) {
    g.append("line").attr("class", "grid").attr("x2", width).attr("y1", y(tick)).attr("y2", y(tick));
    g.append("text").attr("class", "tick").attr("x", -5).attr("y", y(tick)).attr("dy", "0.32em").attr("text-anchor", "end")
      .text(tail && tick < 0.01 ? tick * 100 + " %" : percent(tick));
  }
}

function drawCurves(place: HTMLElement, width: number, curves: Curve[], tail: boolean, empty: string): void {
  const left = 52, right = 24, height = 300, inner = width - left - right;
  if (curves.every((curve) => curve.upto[curve.upto.length - 1] === 0)) { place.replaceChildren(el("p", { class: "missing" }, empty)); return; }
  place.querySelector(".missing")?.remove();
  const svg = newSvg(place, width, height + 40, "Cumulative distributions, which the table repeats in numbers");
  const g = svg.append("g").attr("transform", `translate(${left},10)`) as Group;
  const x = durationScale(curves.flatMap((curve) => curve.upto), [0, inner]);
  const log = scaleLog().domain([0.0001, 1]).range([height, 0]).clamp(true), linear = scaleLinear().domain([0, 1]).range([height, 0]);
  const y = (share: number) => (tail ? log(Math.max(share, 0.0001)) : linear(share));
  shares(g, y, tail, inner);
  durationAxis(g.append("g").attr("transform", `translate(0,${height})`) as Group, x, "bottom", height);
  const path = line<[number, number]>().x((d) => x(d[0])).y((d) => y(d[1])).curve(curveStepAfter);
  for (const curve of curves) {
    g.append("path").attr("class", "curve " + herdClass(curve.index)).attr("stroke-dasharray", herdDash(curve.index))
      .attr("d", (path(points(curve, tail)) || "") + `H${inner}`);
  }
}

function legendOf(curves: Curve[]): HTMLElement[] {
  return curves.map((curve) => {
    const key = el("span", { class: "key" });
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("width", "34");
    svg.setAttribute("height", "8");
    svg.setAttribute("aria-hidden", "true");
    const sample = document.createElementNS("http://www.w3.org/2000/svg", "path");
    sample.setAttribute("d", "M0,4H34");
    sample.setAttribute("class", "curve " + herdClass(curve.index));
    sample.setAttribute("stroke-dasharray", herdDash(curve.index));
    svg.append(sample);
    key.append(svg, " " + curve.name);
    return key;
  });
}

function tableOfCurves(curves: Curve[]): Rows {
  const levels = [0.5, 0.9, 0.99, 0.999, 1];
  return {
    head: ["curve", "cases", "p50 at most", "p90 at most", "p99 at most", "p99.9 at most", "max at most"],
    rows: curves.map((curve) => [curve.name, curve.total, ...levels.map((level) => micros(quantile(curve, level)))]),
  };
}

function finding(curves: Curve[], what: string): string {
  return curves.map((curve) => `${curve.name}: of ${plural(curve.total, "case")} of ${what}, half took at most ${micros(quantile(curve, 0.5))}, and 99 of 100 at most ${micros(quantile(curve, 0.99))}.`)
    .join("\n");
}

function mount(host: Element, context: Context, fixed: string): void {
  const { state } = context;
  const known = METRICS.filter((each) => curvesOf(context, each.value).length > 0);
  const metric = () => fixed || state.get("metric", "propagation");
  const curves = () => (metric() === "hops" ? curvesByHops(context) : curvesOf(context, metric()));
  const tail = () => state.get("tail") === "yes";
  const choices = [...known, { value: "hops", label: "propagation by hops" }];
  const choose = select("Show", choices, metric(), (value) => state.set({ metric: value }));
  const tailChoice = select("Axis", [{ value: "", label: "share that took at most" }, { value: "yes", label: "the slow ones: share that took longer (log)" }],
    state.get("tail"), (value) => state.set({ tail: value }));
  const legend = el("p", { class: "legend" });
  const words = () => METRICS.find((each) => each.value === metric())?.label || metric();
  const empty = () => {
    if (curves().length > 0) return "There is nothing to draw: every case took no time at all, as on ideal links in virtual time.";
    return metric() === "hops" ? `messages.csv has no delivery of ${chosenHerd(context)} whose time is known.`
      : `histograms.csv has no row for ${metric()}: nothing of that kind happened, or its times are not known.`;
  };
  const frame = new Frame(host, {
    name: "distribution", label: "Distributions", controls: fixed ? [tailChoice] : [choose, tailChoice],
    draw: (place, width) => { legend.replaceChildren(...legendOf(curves())); drawCurves(place, width, curves(), tail(), empty()); },
    table: () => tableOfCurves(curves()),
    finding: () => finding(curves(), metric() === "hops" ? `propagation in ${chosenHerd(context)} (of the updates whose messages were recorded)` : words()),
  });
  host.querySelector(".tools")?.after(legend);
  state.on((changed) => {
    if (!["metric", "tail", "herd"].some((key) => changed.has(key))) return;
    setSelect(choose, metric());
    setSelect(tailChoice, state.get("tail"));
    frame.redraw();
  });
}

export function distributions(host: Element, context: Context): void { mount(host, context, ""); }
export function queries(host: Element, context: Context): void { mount(host, context, "query"); }
