// The run from left to right: faults, and what they did.
import { brushX } from "d3-brush";
import { scaleLinear, ScaleLinear } from "./d3_scale";
import { chosenHerd, Context } from "./context";
import { eventOf } from "./d3_event";
import { button, el, range, Rows } from "./dom";
import { eventsOf, Fault, faultsOf, isCause } from "./faults";
import { count, micros, moment, seconds } from "./format";
import { fitText, Frame, Group, newSvg, Svg } from "./frame";
import { mostIn, shades, shadeWords } from "./heat";
import { HerdBoxes } from "./herd_boxes";
import { addPatterns, KINDS } from "./looks";
import { binAt, Bins, binsOf, endOf, slowestBin } from "./timeline_data";
import { Common, drawFaults, drawTitle, isFlat, laneHeight, Row, ROWS, titleHeight } from "./timeline_rows";

const LEFT = 58, RIGHT = 18;
const NARROWEST = 480; // of a herd beside another one

type Time = ScaleLinear<number, number>;
interface Panel { left: number; top: number; bottom: number; x: Time } // of one herd

class Timeline {
  private readonly all: Bins[];
  private readonly end: number;
  private readonly readout = el("p", { class: "readout", role: "status" });
  private readonly legend = el("p", { class: "legend" });
  private readonly boxes: HerdBoxes;
  private readonly slider;
  private readonly frame: Frame;
  private svg: Svg | null = null;
  private panels: Panel[] = [];

  constructor(host: Element, private readonly context: Context) {
    const { data, state } = context;
    this.all = data.herds.map((herd) => binsOf(data, herd)).filter((bins) => bins.from.length > 0);
    this.end = endOf(this.all);
    this.boxes = new HerdBoxes(context, this.all.map((bins) => bins.herd));
    this.slider = range("Moment", 1000, (value) => this.go((value / 1000) * this.end));
    const controls = [this.slider.label,
      button("Previous event", () => this.step(-1)), button("Next event", () => this.step(1)),
      button("Slowest moment", () => this.slowest()),
      button("Whole run", () => state.set({ from: "", to: "" }))];
    this.frame = new Frame(host, {
      name: "timeline", label: "Timeline of the run", controls,
      draw: (place, width) => this.draw(place, width), table: () => this.table(), finding: () => this.finding(),
    });
    host.querySelector(".tools")?.after(this.boxes.element, this.readout, this.legend);
    state.on((changed) => {
      if (["from", "to", "herd", "show"].some((key) => changed.has(key))) { this.boxes.tick(); this.frame.redraw(); }
      if (changed.has("t")) this.showCursor();
    });
    this.showCursor();
  }
  private herds(): Bins[] {
    const shown = this.boxes.shown();
    return this.all.filter((bins) => shown.includes(bins.herd));
  }
  // The charts in which at least one of the herds has something to show.
  private rows(herds: Bins[]): Row[] { return ROWS.filter((row) => !herds.every((bins) => isFlat(row, bins))); }

  private go(us: number): void { this.context.state.set({ t: String(Math.round(us)) }); }
  private slowest(): void {
    const bins = this.herds().reduce((a, b) => ((this.worst(b) || 0) > (this.worst(a) || 0) ? b : a));
    const i = slowestBin(bins);
    if (i >= 0) this.go((bins.from[i] + bins.to[i]) / 2);
  }
  private worst(bins: Bins): number | null {
    const i = slowestBin(bins);
    return i < 0 ? null : bins.get("propagation_max_us")[i];
  }
  private step(by: 1 | -1): void {
    const now = this.context.state.number("t") || 0;
    const times = eventsOf(this.context.data, chosenHerd(this.context)).filter(isCause).map((each) => Math.ceil(each.at));
    const next = by > 0 ? times.find((t) => t > now) : times.reverse().find((t) => t < now);
    if (next !== undefined) this.go(next);
  }
  private sayLegend(ends: number[]): void {
    const item = (style: string, label: string) => el("span", { class: "key" }, el("i", { class: "swatch " + style }), label);
    const heat = shadeWords(ends).map(([style, label]) => item("heat " + style, label));
    this.legend.replaceChildren("Messages: ", ...KINDS.map((kind) => item("kind " + kind.name, kind.label)),
      ...(heat.length > 0 ? [el("span", {}, "Deliveries in a cell of the heat map: "), ...heat] : []));
  }
  private draw(place: HTMLElement, width: number): void {
    const herds = this.herds();
    const ends = shades(Math.max(0, ...herds.map((bins) => mostIn(bins.heat))));
    const columns = Math.max(1, Math.min(herds.length, Math.floor(width / NARROWEST)));
    const each = width / columns, inner = each - LEFT - RIGHT;
    const faults = herds.map((bins) => faultsOf(this.context.data, bins.herd));
    const charts = this.rows(herds);
    const rows = charts.reduce((sum, row) => sum + row.height + titleHeight(inner), 0);
    // Herds side by side have lanes of one height, so that their charts are in line.
    const lanes = herds.map((_, i) => Math.max(...faults.slice(i - i % columns, i - i % columns + columns).map(laneHeight)));
    const heights = lanes.map((lane) => 20 + lane + 6 + rows + 40);
    const firsts = herds.map((_, i) => i).filter((i) => i % columns === 0);
    const svg = newSvg(place, width, 4 + firsts.reduce((sum, i) => sum + heights[i], 0), "Small charts over time, which the table repeats in numbers");
    addPatterns(svg);
    const low = this.context.state.number("from") || 0, high = this.context.state.number("to") || this.end;
    const x = scaleLinear().domain([low, high > low ? high : this.end]).range([0, inner]);
    this.svg = svg;
    this.panels = herds.map((_, i) => {
      const top = 4 + firsts.filter((first) => first + columns <= i).reduce((sum, first) => sum + heights[first], 0);
      return { left: (i % columns) * each + LEFT, top, bottom: top + heights[i] - 24, x };
    });
    herds.forEach((bins, i) => this.drawHerd(svg, bins, charts, faults[i], lanes[i], this.panels[i], inner, { herds, shades: ends }));
    this.sayLegend(charts.some((row) => row.columns.includes("propagation_max_us")) ? ends : []);
    this.showCursor();
  }
  private drawHerd(svg: Svg, bins: Bins, rows: Row[], faults: Fault[], lane: number, panel: Panel, inner: number, common: Common): void {
    const { x, left } = panel;
    let y = panel.top + 12;
    fitText(svg.append("text").attr("class", "herd-name").attr("x", left - LEFT + 2).attr("y", y), bins.herd, inner + LEFT);
    y += 4;
    const ticks = eventsOf(this.context.data, bins.herd).filter(isCause).map((each) => each.at);
    drawFaults(svg.append("g").attr("transform", `translate(${left},${y})`) as Group, faults, ticks, x, this.end);
    y += lane + 6;
    for (const row of rows) {
      y += titleHeight(inner);
      const g = svg.append("g").attr("transform", `translate(${left},${y})`) as Group;
      drawTitle(g, row, inner);
      this.drawShades(g, faults, x, row.height);
      row.draw(g, bins, x, inner, common);
      y += row.height;
    }
    this.drawAxis(svg.append("g").attr("transform", `translate(${left},${panel.bottom})`) as Group, x, inner);
    this.addPointer(svg, panel, inner);
  }
  // The times in which a server was down or paused, in one path.
  private drawShades(g: Group, faults: Fault[], x: Time, height: number): void {
    const [low, high] = x.domain();
    const spans = faults.filter((each) => each.kind !== "link").map((each) => [Math.max(low, each.from), Math.min(high, each.to)])
      .filter(([from, to]) => to > from);
    if (spans.length === 0) return;
    g.append("path").attr("class", "shade")
      .attr("d", spans.map(([from, to]) => `M${x(from).toFixed(1)},0H${x(to).toFixed(1)}V${height}H${x(from).toFixed(1)}Z`).join(""));
  }
  private drawAxis(g: Group, x: Time, inner: number): void {
    g.append("line").attr("class", "axis").attr("x2", inner);
    for (const tick of x.ticks(Math.max(2, Math.floor(inner / 70)))) {
      g.append("text").attr("class", "tick").attr("x", x(tick)).attr("y", 12).attr("text-anchor", "middle").text(seconds(tick));
    }
  }
  // A click moves the cursors, a drag chooses a part of the run.
  private addPointer(svg: Svg, { x, left, top, bottom }: Panel, inner: number): void {
    const brush = brushX<unknown>().extent([[0, top], [inner, bottom]]).on("end", (passed: unknown) => {
      const event = eventOf(passed);
      if (!event.sourceEvent) return;
      if (event.selection) {
        const [from, to] = event.selection.map((at) => String(Math.round(x.invert(at))));
        this.context.state.set({ from, to });
      } else {
        const box = (svg.node() as SVGSVGElement).getBoundingClientRect();
        this.go(x.invert(event.sourceEvent.clientX - box.left - left));
      }
    });
    const layer = svg.append("g").attr("class", "brush").attr("transform", `translate(${left},0)`);
    layer.call(brush as any);
  }
  private showCursor(): void {
    const t = this.context.state.number("t");
    this.slider.input.value = String(Math.round(((t || 0) / this.end) * 1000));
    this.slider.input.setAttribute("aria-valuetext", moment(t || 0));
    this.svg?.selectAll("line.cursor").remove();
    if (t === null) { this.readout.textContent = "Click into the charts, or move the slider, to read the figures of a moment."; return; }
    for (const { x, left, top, bottom } of this.panels) {
      const [low, high] = x.domain();
      if (t < low || t > high) continue;
      this.svg?.append("line").attr("class", "cursor").attr("x1", left + x(t)).attr("x2", left + x(t)).attr("y1", top + 16).attr("y2", bottom);
    }
    this.readout.replaceChildren(...this.herds().flatMap((bins) => this.readHerd(bins, t)));
  }
  private readHerd(bins: Bins, t: number): HTMLElement[] {
    const i = binAt(bins, t);
    if (i < 0) return [];
    const now = eventsOf(this.context.data, bins.herd).filter((each) => each.at >= bins.from[i] && each.at < bins.to[i] && isCause(each));
    const happened = now.length === 0 ? "" : " Then: " + now.slice(0, 4).map((each) => each.event + " " + each.detail).join("; ") + ".";
    return [el("span", {}, el("b", {}, `${bins.herd}, ${moment(bins.from[i])} to ${moment(bins.to[i])}: `),
      ROWS.map((row) => row.read(bins, i)).join("; ") + "." + happened)];
  }
  private table(): Rows {
    const head = ["herd", "from", "to", "accepted", "covered", "messages", "duplicates", "echoes", "stale", "lost", "repairs",
      "links down", "servers down", "open updates", "propagation p50 µs", "propagation p99 µs", "propagation max µs", "reply p99 µs"];
    const columns = ["accepted", "covered", "messages", "duplicates", "echoes", "stale", "lost", "repairs", "links_down",
      "servers_down", "open_updates", "propagation_p50_us", "propagation_p99_us", "propagation_max_us", "reply_p99_us"];
    const rows = this.herds().flatMap((bins) => bins.from.map((from, i) =>
      [bins.herd, seconds(from), seconds(bins.to[i]), ...columns.map((column) => bins.get(column)[i])]));
    return { head, rows };
  }
  private whyNoHeat(): string {
    const knows = this.all.some((bins) => slowestBin(bins) >= 0);
    return knows ? "There is no heat map, because this folder has no heat.csv; a new run writes it." : "There is no heat map, because the latency of no delivery is known.";
  }
  private finding(): string {
    const herds = this.herds();
    const parts = herds.map((bins) => {
      const i = slowestBin(bins);
      if (i < 0) return `${bins.herd}: the latency of no delivery is known.`;
      const max = bins.get("propagation_max_us")[i] as number;
      if (max === 0) return `${bins.herd}: every delivery took no time at all: its links are ideal, and time is virtual.`;
      const before = eventsOf(this.context.data, bins.herd).filter((each) => each.at < bins.to[i] && isCause(each)).pop();
      return `${bins.herd}: the slowest delivery, ${micros(max)}, came between ${moment(bins.from[i])} and ${moment(bins.to[i])}` +
        (before ? `; the last event before was ${before.event} ${before.detail} at ${moment(before.at)}` : "") +
        `. Updates that were not everywhere yet: at most ${count(Math.max(0, ...bins.get("open_updates").map((v) => v || 0)))} at a time.`;
    });
    if (herds.length < this.all.length) parts.push(`The picture shows ${herds.length} of ${this.all.length} herds; tick the others above it.`);
    const flat = ROWS.filter((row) => !this.rows(herds).includes(row)).map((row) => row.title);
    if (flat.length > 0) parts.push(`Left out, because they are 0 or not known all the time: ${flat.join(", ")}.`);
    if (this.context.data.table("heat.csv").of === 0) parts.push(this.whyNoHeat());
    return parts.join("\n");
  }
}

export function timeline(host: Element, context: Context): void { new Timeline(host, context); }
