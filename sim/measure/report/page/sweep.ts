// A sweep: a metric over a swept key, one line for each herd, with the band of the middle half.
import { scaleLinear, scaleLog, scalePoint } from "./d3_scale";
import { Context } from "./context";
import { Choice, el, Rows, select, setSelect } from "./dom";
import { micros, shortCount, shortMicros } from "./format";
import { Frame, Group, newSvg } from "./frame";
import { herdClass, herdDash } from "./looks";
import { countScale } from "./scales";

interface Point { x: string; facet: string; herd: string; median: number; q1: number; q3: number; min: number; max: number; runs: number }

// From a figure to its height; `ticks` are the figures on the axis.
type Heights = ((value: number) => number) & { ticks: number[] };

const HEIGHT = 240;
const MOST_DOTS = 150; // in one picture of up to MOST_FACETS; lines alone show more
const MOST_FACETS = 12;

class Sweep {
  private readonly keys: string[];
  private readonly herds: string[];
  private readonly frame: Frame;
  private readonly legend = el("p", { class: "legend" });

  constructor(host: Element, private readonly context: Context) {
    const { data, state } = context;
    const table = data.table("sweep.csv");
    this.keys = ((data.run.sweep || []) as { key: string; column?: string }[]).map((each) => each.column || each.key).filter((key) => table.has(key));
    this.herds = [...new Set(table.text("herd"))];
    const metrics = [...new Set(table.text("metric"))];
    const choices = (list: string[]): Choice[] => list.map((each) => ({ value: each, label: each }));
    const metric = select("Metric", choices(metrics), this.metric(), (value) => state.set({ metric: value }));
    const key = select("Over", choices(this.keys), this.key(), (value) => state.set({ key: value }));
    const scale = select("Scale", [{ value: "", label: "from 0" }, { value: "log", label: "log" }], state.get("scale"), (value) => state.set({ scale: value }));
    this.frame = new Frame(host, {
      name: "sweep", label: "Curves over a swept key", controls: this.keys.length > 0 ? [metric, key, scale] : [metric, scale],
      draw: (place, width) => this.draw(place, width), table: () => this.table(), finding: () => this.finding(),
    });
    host.querySelector(".tools")?.after(this.legend);
    state.on(() => { setSelect(metric, this.metric()); setSelect(key, this.key()); setSelect(scale, state.get("scale")); this.frame.redraw(); });
  }
  private metric(): string {
    const metrics = this.context.data.table("sweep.csv").text("metric");
    const asked = this.context.state.get("metric", "messages_per_update");
    return metrics.includes(asked) ? asked : metrics[0] || "";
  }
  private key(): string { const asked = this.context.state.get("key"); return this.keys.includes(asked) ? asked : this.keys[0] || ""; }
  private points(): Point[] {
    const table = this.context.data.table("sweep.csv"), key = this.key(), metric = this.metric();
    const others = this.keys.filter((each) => each !== key);
    const list: Point[] = [];
    for (let i = 0; i < table.rows; i++) {
      const median = table.num("median")[i];
      if (table.text("metric")[i] !== metric || median === null) continue;
      list.push({
        x: key ? table.text(key)[i] : "all", herd: table.text("herd")[i], facet: others.map((each) => `${each} = ${table.text(each)[i]}`).join(", "),
        median, q1: table.num("q1")[i] as number, q3: table.num("q3")[i] as number, min: table.num("min")[i] as number,
        max: table.num("max")[i] as number, runs: table.num("runs")[i] as number,
      });
    }
    return list;
  }
  private draw(place: HTMLElement, width: number): void {
    const points = this.points();
    const facets = [...new Set(points.map((each) => each.facet))].slice(0, MOST_FACETS);
    if (points.length === 0) { place.replaceChildren(el("p", { class: "missing" }, `No point knows ${this.metric()}.`)); return; }
    place.querySelector(".missing")?.remove();
    const columns = Math.max(1, Math.min(facets.length, Math.floor(width / 320)));
    const each = width / columns, rows = Math.ceil(facets.length / columns);
    const svg = newSvg(place, width, rows * (HEIGHT + 70), "Curves, which the table repeats in numbers");
    const heights = points.flatMap((point) => [point.q1, point.q3]);
    facets.forEach((facet, i) => {
      const g = svg.append("g").attr("transform", `translate(${(i % columns) * each + 56},${Math.floor(i / columns) * (HEIGHT + 70) + 24})`) as Group;
      g.append("text").attr("class", "row-title").attr("x", -40).attr("y", -10).text(facet);
      this.drawFacet(g, points.filter((point) => point.facet === facet), each - 76, this.heightScale(heights));
    });
    this.legend.replaceChildren(...this.herds.map((herd, i) => el("span", { class: "key" }, el("i", { class: "swatch line " + herdClass(i) }), herd)));
  }
  private drawFacet(g: Group, points: Point[], width: number, y: Heights): void {
    const values = [...new Set(points.map((each) => each.x))];
    const x = this.scaleOf(values, width);
    const label = this.metric().endsWith("_us") ? shortMicros : shortCount;
    for (const tick of y.ticks) {
      g.append("line").attr("class", "grid").attr("x2", width).attr("y1", y(tick)).attr("y2", y(tick));
      g.append("text").attr("class", "tick").attr("x", -5).attr("y", y(tick)).attr("dy", "0.32em").attr("text-anchor", "end").text(label(tick));
    }
    let last = -100;
    for (const value of values) {
      if (x(value) - last < 30) continue;
      last = x(value);
      g.append("text").attr("class", "tick").attr("x", x(value)).attr("y", HEIGHT + 16).attr("text-anchor", "middle").text(value.length > 12 ? value.slice(0, 11) + "…" : value);
    }
    g.append("text").attr("class", "tick").attr("x", width / 2).attr("y", HEIGHT + 34).attr("text-anchor", "middle").text(this.key());
    this.herds.forEach((herd, i) => {
      const line = points.filter((each) => each.herd === herd);
      if (line.length === 0) return;
      const at = (value: number, point: Point) => `${x(point.x)},${y(value)}`;
      g.append("path").attr("class", "spread " + herdClass(i)).attr("d", "M" + line.map((each) => at(each.q3, each)).join("L") + "L" + line.slice().reverse().map((each) => at(each.q1, each)).join("L") + "Z");
      g.append("path").attr("class", "curve " + herdClass(i)).attr("stroke-dasharray", herdDash(i)).attr("d", "M" + line.map((each) => at(each.median, each)).join("L"));
      if (points.length > MOST_DOTS) return;
      for (const each of line) g.append("circle").attr("class", "dot " + herdClass(i)).attr("r", 3).attr("cx", x(each.x)).attr("cy", y(each.median))
        .append("title").text(`${herd}, ${this.key()} = ${each.x}: median ${each.median}, from ${each.min} to ${each.max} in ${each.runs} runs`);
    });
  }
  private heightScale(values: number[]): Heights {
    const positive = values.filter((value) => value > 0);
    if (this.context.state.get("scale") === "log" && positive.length > 0) {
      const log = scaleLog().domain([10 ** Math.floor(Math.log10(Math.min(...positive))), 10 ** Math.ceil(Math.log10(Math.max(...positive)) + 1e-9)])
        .range([HEIGHT, 0]).clamp(true);
      const ticks = log.ticks(4).filter((tick) => Math.abs(Math.log10(tick) % 1) < 1e-9);
      return Object.assign((value: number) => (value > 0 ? log(value) : HEIGHT), { ticks });
    }
    const linear = countScale(Math.max(...values), [HEIGHT, 0]);
    return Object.assign((value: number) => linear(value), { ticks: linear.ticks(4) });
  }
  private scaleOf(values: string[], width: number): (value: string) => number {
    const numbers = values.map(Number);
    if (values.length < 2 || !numbers.every((value) => isFinite(value))) {
      const points = scalePoint().domain(values).range([0, width]).padding(0.5);
      return (value) => points(value) as number;
    }
    const low = Math.min(...numbers), high = Math.max(...numbers);
    const scale = low > 0 && high / low >= 20 ? scaleLog().domain([low, high]) : scaleLinear().domain([low, high]);
    scale.range([0, width]);
    return (value) => scale(Number(value));
  }
  private table(): Rows {
    return {
      head: [this.key() || "key", "other keys", "herd", "runs", "median", "q1", "q3", "min", "max"],
      rows: this.points().map((each) => [each.x, each.facet, each.herd, each.runs, each.median, each.q1, each.q3, each.min, each.max]),
    };
  }
  private finding(): string {
    const points = this.points(), metric = this.metric(), facets = new Set(points.map((each) => each.facet)).size;
    const words = (value: number) => (metric.endsWith("_us") ? micros(value) : String(value));
    const where = (each: Point) => [...(this.key() ? [`${this.key()} = ${each.x}`] : []), ...(each.facet ? [each.facet] : [])].join(", ");
    const said = this.herds.flatMap((herd) => {
      const line = points.filter((each) => each.herd === herd).sort((a, b) => a.median - b.median);
      if (line.length === 0) return [];
      const low = line[0], high = line[line.length - 1];
      if (low.median === high.median) return [`${herd}: the median of ${metric} is ${words(low.median)} everywhere.`];
      return [`${herd}: the median of ${metric} is least, ${words(low.median)}, at ${where(low)}, and greatest, ${words(high.median)}, at ${where(high)}.`];
    });
    if (facets > MOST_FACETS) said.push(`The picture has the first ${MOST_FACETS} of ${facets} combinations of the other keys; the table has all.`);
    return said.join("\n");
  }
}

export function sweep(host: Element, context: Context): void { new Sweep(host, context); }
