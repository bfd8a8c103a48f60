// timeline.csv and heat.csv of one herd.
import { Data, Num } from "./data";
import { Cell, cellsOf } from "./heat";

export interface Bins {
  herd: string;
  from: number[];
  to: number[];
  heat: Cell[]; // empty if heat.csv is missing or no latency is known
  get(column: string): Num[];
  rate(column: string, i: number): number; // per second
}

export function binsOf(data: Data, herd: string): Bins {
  const table = data.table("timeline.csv");
  const rows = table.rowsOf(herd);
  const cache = new Map<string, Num[]>();
  const get = (column: string) => {
    let values = cache.get(column);
    if (!values) cache.set(column, (values = rows.map((row) => table.num(column)[row])));
    return values;
  };
  const from = get("from_us") as number[], to = get("to_us") as number[];
  return { herd, from, to, heat: cellsOf(data, herd), get, rate: (column, i) => ((get(column)[i] || 0) * 1e6) / (to[i] - from[i] || 1) };
}

export function endOf(bins: Bins[]): number {
  return Math.max(1, ...bins.map((each) => each.to[each.to.length - 1] || 0));
}

// The bin that holds a moment; -1 if none does.
export function binAt(bins: Bins, us: number): number {
  for (let i = 0; i < bins.from.length; i++) if (us >= bins.from[i] && us < bins.to[i]) return i;
  return bins.from.length > 0 && us >= bins.to[bins.to.length - 1] ? bins.from.length - 1 : -1;
}

// The bin with the slowest delivery; -1 if no latency is known.
export function slowestBin(bins: Bins): number {
  const max = bins.get("propagation_max_us");
  let worst = -1;
  for (let i = 0; i < max.length; i++) {
    if (max[i] !== null && (worst < 0 || (max[i] as number) > (max[worst] as number))) worst = i;
  }
  return worst;
}
