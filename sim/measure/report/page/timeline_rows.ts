// The small charts of the timeline, one below the other on one time axis.
import { ScaleLinear } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import { Fault } from "./faults";
import { count, micros, shortCount } from "./format";
import { Group } from "./frame";
import { countScale, durationAxis, durationScale } from "./scales";
import { Bins } from "./timeline_data";

type Time = ScaleLinear<number, number>;
export interface Row {
  title: string;
  height: number;
  keys: [string, string][]; // what the lines are: style and label
  draw(g: Group, bins: Bins, x: Time, width: number): void;
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

function countRow(title: string, names: [string, string, string][], perSecond: boolean): Row {
  const value = (bins: Bins, column: string, i: number) => (perSecond ? bins.rate(column, i) : bins.get(column)[i]);
  return {
    title, height: 62, keys: names.map(([, label, style]) => [style, label]),
    draw(g, bins, x, width) {
      const at = shown(bins, x);
      const most = Math.max(0, ...names.map(([column]) => Math.max(0, ...at.map((i) => value(bins, column, i) || 0))));
      const y = countScale(most, [this.height, 0]);
      countAxis(g, y, width);
      steps(g, bins, x, y, names.map(([column, , style]) => ({ value: (i) => value(bins, column, i), style })), at);
    },
    read: (bins, i) => names.map(([column, label]) =>
      label + " " + count(value(bins, column, i)) + (perSecond ? "/s" : "")).join(", "),
  };
}

// The band from the median to the 99th percentile, and the maximum, which never disappears.
function durationRow(title: string, metric: string): Row {
  const parts = ["p50", "p99", "max"];
  const column = (part: string) => `${metric}_${part}_us`;
  return {
    title, height: 84, keys: parts.map((part) => [part, part === "p50" ? "p50 (band to p99)" : part]),
    draw(g, bins, x, width) {
      const at = shown(bins, x);
      const known = at.flatMap((i) => parts.map((part) => bins.get(column(part))[i])).filter((v) => v !== null) as number[];
      if (known.length === 0) {
        g.append("text").attr("class", "note").attr("x", width / 2).attr("y", this.height / 2)
          .attr("text-anchor", "middle").text("no figure is known in this time");
        return;
      }
      const y = durationScale(known, [this.height, 0]);
      durationAxis(g, y, "left", width);
      const p50 = bins.get(column("p50")), p99 = bins.get(column("p99"));
      const band = area<number>().defined((i) => p50[i] !== null).x((i) => x(bins.from[i]))
        .y0((i) => y(p50[i] as number)).y1((i) => y(p99[i] as number)).curve(curveStepAfter);
      g.append("path").attr("class", "band").attr("d", band(at) || "");
      steps(g, bins, x, y, parts.map((part) => ({ value: (i) => bins.get(column(part))[i], style: part })), at);
      for (const i of at) {
        const max = bins.get(column("max"))[i];
        if (max !== null) g.append("circle").attr("class", "max").attr("r", 1.4)
          .attr("cx", x((bins.from[i] + bins.to[i]) / 2)).attr("cy", y(max));
      }
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
  title: "messages/s by kind", height: 84, keys: [],
  draw(g, bins, x, width) {
    const at = shown(bins, x);
    const sums = at.map(() => 0);
    const total = at.map((i) => LAYERS.reduce((sum, [, of]) => sum + of(bins, i), 0));
    const y = countScale(Math.max(0, ...total), [this.height, 0]);
    countAxis(g, y, width);
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
  read: (bins, i) => "messages/s: " + LAYERS.map(([kind, of]) => kind + " " + count(of(bins, i))).join(", ") +
    ", repairs " + count(bins.rate("repairs", i)),
};

export const ROWS: Row[] = [
  countRow("updates/s", [["accepted", "accepted", "p99"], ["covered", "everywhere", "p50"]], true),
  durationRow("propagation", "propagation"),
  countRow("open updates", [["open_updates", "not everywhere yet", "p99"]], false),
  messageRow,
  countRow("links and servers down", [["links_down", "links down", "p99"], ["servers_down", "servers down", "max"]], false),
  durationRow("reply time", "reply"),
];

// The name of a row, and a piece of each of its lines.
export function drawTitle(g: Group, row: Row): void {
  g.append("text").attr("class", "row-title").attr("y", -8).text(row.title);
  let x = row.title.length * 6.9 + 14;
  for (const [style, label] of row.keys) {
    g.append("line").attr("class", "line " + style).attr("x1", x).attr("x2", x + 18).attr("y1", -12).attr("y2", -12);
    g.append("text").attr("class", "tick").attr("x", x + 22).attr("y", -8).text(label);
    x += 34 + label.length * 5.6;
  }
}

const LANES: [Fault["kind"], string][] = [["server", "servers down"], ["paused", "paused"], ["link", "links down"]];

// Bands for faults, in a lane for each kind, so that they can be told apart without colours.
export function drawFaults(g: Group, faults: Fault[], ticks: number[], x: Time, end: number): number {
  const [low, high] = x.domain();
  let y = 0;
  for (const [kind, label] of LANES) {
    const here = faults.filter((each) => each.kind === kind);
    if (here.length === 0) continue;
    g.append("text").attr("class", "lane").attr("x", 2).attr("y", y + 10).text(label);
    for (const fault of here) {
      const from = Math.max(low, fault.from), to = Math.min(high, fault.to === Infinity ? end : fault.to);
      if (to < from) continue;
      g.append("rect").attr("class", "fault " + kind).attr("x", x(from)).attr("y", y + 13)
        .attr("width", Math.max(1.5, x(to) - x(from))).attr("height", 8)
        .append("title").text(`${fault.who}: ${label} ${(fault.from / 1e6).toFixed(3)} s`);
    }
    y += 24;
  }
  for (const tick of ticks) {
    if (tick >= low && tick <= high) {
      g.append("path").attr("class", "event").attr("d", `M${x(tick)},${y + 8}l-3,-6h6z`);
    }
  }
  return y + 10;
}

export function laneHeight(faults: Fault[]): number {
  return LANES.filter(([kind]) => faults.some((each) => each.kind === kind)).length * 24 + 10;
}
