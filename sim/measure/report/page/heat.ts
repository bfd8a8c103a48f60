// The heat map of a herd: how many deliveries a slice of time has in each class of latency, from heat.csv.
import { ScaleLinear } from "./d3_scale";
import { Data } from "./data";
import { count } from "./format";
import { Group } from "./frame";
import { DurationScale } from "./scales";

export interface Cell { from: number; to: number; least: number; upto: number; count: number }

const LEVELS = 5; // shades; style.css has one for each

export function cellsOf(data: Data, herd: string): Cell[] {
  const table = data.table("heat.csv");
  const column = (name: string) => table.num(name) as number[];
  const from = column("from_us"), to = column("to_us"), least = column("least_us"), upto = column("upto_us"), counts = column("count");
  return table.rowsOf(herd).map((row) => ({ from: from[row], to: to[row], least: least[row], upto: upto[row], count: counts[row] }));
}

export function mostIn(cells: Cell[]): number { return cells.reduce((most, cell) => Math.max(most, cell.count), 0); }

// The largest counts of the shades, by equal ratios from 1 to the most; the last one is the most.
export function shades(most: number): number[] {
  const ends: number[] = [];
  for (let level = 1; level <= LEVELS; level++) {
    const end = Math.round(most ** (level / LEVELS));
    if (end > (ends.length > 0 ? ends[ends.length - 1] : 0)) ends.push(end);
  }
  return ends;
}

// The number of a shade; few shades take the dark ones, so that the most is always the darkest.
function shadeOf(value: number, ends: number[]): number {
  return LEVELS - ends.length + ends.findIndex((end) => value <= end);
}

// One path for each shade, so that thousands of cells are few elements.
export function drawCells(g: Group, cells: Cell[], x: ScaleLinear<number, number>, y: DurationScale, foot: number, ends: number[]): void {
  const paths: string[] = new Array(LEVELS).fill("");
  const [low, high] = x.domain();
  for (const cell of cells) {
    const left = x(Math.max(low, cell.from)), right = x(Math.min(high, cell.to));
    if (right <= left) continue;
    // Classes are whole nanoseconds. One of 0 alone has no height on a log scale.
    const bottom = cell.least > 0 ? y(cell.least) : foot, top = Math.min(y(cell.upto + 0.001), bottom - 3);
    paths[shadeOf(cell.count, ends)] += `M${left.toFixed(1)},${top.toFixed(1)}H${right.toFixed(1)}V${bottom.toFixed(1)}H${left.toFixed(1)}Z`;
  }
  paths.forEach((path, level) => { if (path) g.append("path").attr("class", "heat heat-" + level).attr("d", path); });
}

// What each shade stands for: its class and its words.
export function shadeWords(ends: number[]): [string, string][] {
  return ends.map((end, i) => {
    const least = i > 0 ? ends[i - 1] + 1 : 1;
    return ["heat-" + (LEVELS - ends.length + i), least === end ? count(end) : `${count(least)} to ${count(end)}`];
  });
}
