// The small charts of the timeline, one below the other on one time axis.
import { ScaleLinear } from "./d3_scale";
import { area, curveStepAfter, line } from "d3-shape";
import { Fault } from "./faults";
import { count, micros, moment, shortCount } from "./format";
import { Group } from "./frame";
import { drawCells } from "./heat";
import { countScale, durationAxis, durationScale } from "./scales";
import { Bins } from "./timeline_data";

type Time = ScaleLinear<number, number>;
// What the herds of a picture have in common, so that their charts can be compared.
export interface Common { herds: Bins[]; shades: number[] }
export interface Row {
  title: string;
  height: number;
  keys: [string, string][]; // what the lines are: style and label
  columns: string[];        // of timeline.csv
  draw(g: Group, bins: Bins, x: Time, width: number, common: Common): void;
  read(bins: Bins, i: number): string;
}

function shown(bins: Bins, x: Time): number[] {
  const [low, high] = x.domain();
  return bins.from.map((_, i) => i).filter((i) => bins.to[i] > low && bins.from[i] < high);
}

function countAxis(g: Group, y: ScaleLinear<number, number>, width: number): void {
  for (const tick of y.ticks(3)) {
    g.append("line").attr("class", "grid").attr("x2", width).attr("y1", y(tick)).attr("y2", y(tick));
    g.append("text").attr("class", "tick").attr("x", -5).attr("y", y(tick)).attr("dy", "0.32em")
      .attr("text-anchor", "end").text(shortCount(tick));
  }
}

const UNKNOWN = "no figure is known in this time";

type Series = { value: (i: number) => number | null; style: string };

// Lines as steps, because a figure holds for its whole bin; the last bin is drawn to its end.
function steps(g: Group, bins: Bins, x: Time, y: (v: number) => number, series: Series[], at: number[]): void {
  const path = line<[number, number | null]>().defined((d) => d[1] !== null)
    .x((d) => x(d[0])).y((d) => y(d[1] as number)).curve(curveStepAfter);
  for (const { value, style } of series) {
    const points = at.map((i) => [bins.from[i], value(i)] as [number, number | null]);
    if (at.length > 0) points.push([bins.to[at[at.length - 1]], value(at[at.length - 1])]);
    g.append("path").attr("class", "line " + style).attr("d", path(points) || "");
  }
}

// Says why a chart of this herd is empty. A chart that no herd can fill is left out.
function sayEmpty(g: Group, width: number, height: number, why: string): void {
  g.append("text").attr("class", "note").attr("x", width / 2).attr("y", height / 2).attr("text-anchor", "middle").text(why);
}

function isUnknown(bins: Bins, columns: string[], at: number[]): boolean {
  return columns.every((column) => at.every((i) => bins.get(column)[i] === null));
}

function countRow(title: string, names: [string, string, string][], perSecond: boolean): Row {
  const value = (bins: Bins, column: string, i: number) => (perSecond && bins.get(column)[i] !== null ? bins.rate(column, i) : bins.get(column)[i]);
  return {
    title, height: 62, columns: names.map(([column]) => column), keys: names.map(([, label, style]) => [style, label]),
    draw(g, bins, x, width, { herds }) {
      const at = shown(bins, x);
      const most = Math.max(0, ...herds.flatMap((herd) => names.flatMap(([column]) => shown(herd, x).map((i) => value(herd, column, i) || 0))));
      const y = countScale(most, [this.height, 0]);
      countAxis(g, y, width);
      if (isUnknown(bins, this.columns, at)) sayEmpty(g, width, this.height, UNKNOWN);
      steps(g, bins, x, y, names.map(([column, , style]) => ({ value: (i) => value(bins, column, i), style })), at);
    },
    read: (bins, i) => names.map(([column, label]) =>
      label + " " + count(value(bins, column, i)) + (perSecond && value(bins, column, i) !== null ? "/s" : "")).join(", "),
  };
}

// The median, the 99th percentile and the maximum, which never disappears; behind them the heat map of
// the deliveries, or a band between the first two.
function durationRow(title: string, metric: string, hasHeat: boolean): Row {
  const parts = ["p50", "p99", "max"];
  const column = (part: string) => `${metric}_${part}_us`;
  return {
    title, height: hasHeat ? 130 : 84, columns: parts.map(column), keys: parts.map((part) => [part, part === "p50" && !hasHeat ? "p50 (band to p99)" : part]),
    draw(g, bins, x, width, { herds, shades }) {
      const at = shown(bins, x);
      const cellsOf = (herd: Bins) => (hasHeat ? herd.heat.filter((cell) => cell.to > x.domain()[0] && cell.from < x.domain()[1]) : []);
      const knownOf = (herd: Bins) => shown(herd, x).flatMap((i) => parts.map((part) => herd.get(column(part))[i])).filter((v) => v !== null) as number[];
      const cells = cellsOf(bins);
      if (knownOf(bins).length === 0) {
        sayEmpty(g, width, this.height, UNKNOWN);
        return;
      }
      const known = herds.flatMap((herd) => [...knownOf(herd), ...cellsOf(herd).flatMap((cell) => [cell.least, cell.upto])]);
      const y = durationScale(known, [this.height, 0]);
      durationAxis(g, y, "left", width);
      const p50 = bins.get(column("p50")), p99 = bins.get(column("p99")), max = bins.get(column("max"));
      if (cells.length > 0) {
        drawCells(g, cells, x, y, this.height, shades);
        steps(g, bins, x, y, parts.map((part) => ({ value: (i) => bins.get(column(part))[i], style: "halo" })), at);
      } else {
        const band = area<number>().defined((i) => p50[i] !== null).x((i) => x(bins.from[i]))
          .y0((i) => y(p50[i] as number)).y1((i) => y(p99[i] as number)).curve(curveStepAfter);
        g.append("path").attr("class", "band").attr("d", band(at) || "");
      }
      steps(g, bins, x, y, parts.map((part) => ({ value: (i) => bins.get(column(part))[i], style: part })), at);
      const dots = at.filter((i) => max[i] !== null).map((i) => `M${x((bins.from[i] + bins.to[i]) / 2).toFixed(1)},${y(max[i] as number).toFixed(1)}h0`);
      g.append("path").attr("class", "dots").attr("d", dots.join(""));
    },
    read: (bins, i) => title + " " + parts.map((part) => part + " " + micros(bins.get(column(part))[i])).join(", "),
  };
}

const LAYERS: [string, (bins: Bins, i: number) => number][] = [
  ["delivery", (b, i) => Math.max(0, b.rate("messages", i) - b.rate("duplicates", i) - b.rate("stale", i) - b.rate("lost", i))],
  ["duplicate", (b, i) => Math.max(0, b.rate("duplicates", i) - b.rate("echoes", i))],
  ["echo", (b, i) => b.rate("echoes", i)],
  ["stale", (b, i) => b.rate("stale", i)],
  ["lost", (b, i) => b.rate("lost", i)],
];

const messageRow: Row = {
  title: "messages/s by kind", height: 84, keys: [], columns: ["messages"],
  draw(g, bins, x, width, { herds }) {
    const at = shown(bins, x);
    const sums = at.map(() => 0);
    const totals = herds.flatMap((herd) => shown(herd, x).map((i) => LAYERS.reduce((sum, [, of]) => sum + of(herd, i), 0)));
    const y = countScale(Math.max(0, ...totals), [this.height, 0]);
    countAxis(g, y, width);
    if (isUnknown(bins, this.columns, at)) sayEmpty(g, width, this.height, UNKNOWN);
    else if (at.every((i) => !bins.get("messages")[i])) sayEmpty(g, width, this.height, "no message in this time");
    for (const [kind, of] of LAYERS) {
      const low = sums.slice();
      at.forEach((i, n) => { sums[n] += of(bins, i); });
      if (sums.every((sum, n) => sum === low[n])) continue;
      const high = sums.slice();
      const places = at.map((_, n) => n);
      const shape = area<number>().x((n) => x(bins.from[at[n]])).y0((n) => y(low[n])).y1((n) => y(high[n])).curve(curveStepAfter);
      g.append("path").attr("class", "layer " + kind).attr("fill", `url(#fill-${kind})`).attr("d", shape(places) || "");
    }
  },
  read: (bins, i) => bins.get("messages")[i] === null ? "messages/s unknown" : "messages/s: " + LAYERS.map(([kind, of]) => kind + " " + count(of(bins, i))).join(", ") +
    ", repairs " + count(bins.rate("repairs", i)),
};

export const ROWS: Row[] = [
  countRow("updates/s", [["accepted", "accepted", "p99"], ["covered", "everywhere", "p50"]], true),
  durationRow("propagation", "propagation", true),
  countRow("open updates", [["open_updates", "not everywhere yet", "p99"]], false),
  messageRow,
  countRow("links and servers down", [["links_down", "links down", "p99"], ["servers_down", "servers down", "max"]], false),
  durationRow("reply time", "reply", false),
];

// Whether the row has nothing to show of a herd: all of its figures are 0 or not known.
export function isFlat(row: Row, bins: Bins): boolean {
  return row.columns.every((column) => bins.get(column).every((value) => !value));
}

const NARROW = 380; // below it, what the lines are stands in a line of its own

// The room that a row's name needs above it.
export function titleHeight(width: number): number { return width < NARROW ? 46 : 30; }

// The name of a row, and a piece of each of its lines.
export function drawTitle(g: Group, row: Row, width: number): void {
  const isNarrow = width < NARROW && row.keys.length > 0;
  g.append("text").attr("class", "row-title").attr("y", isNarrow ? -24 : -8).text(row.title);
  let x = isNarrow ? 0 : row.title.length * 6.9 + 14;
  for (const [style, label] of row.keys) {
    g.append("line").attr("class", "line " + style).attr("x1", x).attr("x2", x + 18).attr("y1", -12).attr("y2", -12);
    g.append("text").attr("class", "tick").attr("x", x + 22).attr("y", -8).text(label);
    x += 34 + label.length * 5.6;
  }
}

const LANES: [Fault["kind"], string][] = [["server", "servers down"], ["paused", "paused"], ["link", "links down"]];

const MOST_BANDS = 60; // with words of their own, in each lane

function bandPath(from: number, to: number, y: number): string {
  return `M${from.toFixed(1)},${y}h${Math.max(1.5, to - from).toFixed(1)}v8H${from.toFixed(1)}Z`;
}

// Bands for faults, in a lane for each kind, so that they can be told apart without colours.
export function drawFaults(g: Group, faults: Fault[], ticks: number[], x: Time, end: number): void {
  const [low, high] = x.domain();
  let y = 0;
  for (const [kind, label] of LANES) {
    const here = faults.filter((each) => each.kind === kind);
    if (here.length === 0) continue;
    g.append("text").attr("class", "lane").attr("x", 2).attr("y", y + 10).text(label);
    const bands = here.map((fault) => ({ fault, from: Math.max(low, fault.from), to: Math.min(high, fault.to === Infinity ? end : fault.to) }))
      .filter(({ from, to }) => to >= from);
    for (const { fault, from, to } of bands.slice(0, MOST_BANDS)) {
      g.append("path").attr("class", "fault " + kind).attr("d", bandPath(x(from), x(to), y + 13))
        .append("title").text(`${fault.who}: ${label} from ${moment(fault.from)}${fault.to === Infinity ? "" : " to " + moment(fault.to)}`);
    }
    const rest = bands.slice(MOST_BANDS).map(({ from, to }) => bandPath(x(from), x(to), y + 13));
    if (rest.length > 0) g.append("path").attr("class", "fault " + kind).attr("d", rest.join(""));
    y += 24;
  }
  const here = ticks.filter((tick) => tick >= low && tick <= high);
  g.append("path").attr("class", "event").attr("d", here.map((tick) => `M${x(tick).toFixed(1)},${y + 8}l-3,-6h6z`).join(""));
}

export function laneHeight(faults: Fault[]): number {
  return LANES.filter(([kind]) => faults.some((each) => each.kind === kind)).length * 24 + 10;
}
