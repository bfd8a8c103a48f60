// The run from left to right: faults, and what they did.
import { brushX } from "d3-brush";
import { scaleLinear, ScaleLinear } from "d3-scale";
import { chosenHerd, Context } from "./context";
import { eventOf } from "./d3_event";
import { button, el, range, Rows } from "./dom";
import { eventsOf, Fault, faultsOf, isCause } from "./faults";
import { count, micros, moment, seconds } from "./format";
import { Frame, Group, newSvg, Svg } from "./frame";
import { addPatterns, KINDS } from "./looks";
import { binAt, Bins, binsOf, endOf, slowestBin } from "./timeline_data";
import { drawFaults, drawTitle, laneHeight, ROWS } from "./timeline_rows";

const GAP = 30;
const MOST_SIDE_BY_SIDE = 2; // herds; with more, only the chosen one is drawn

class Timeline {
  private readonly all: Bins[];
  private readonly end: number;
  private readonly readout = el("p", { class: "readout", role: "status" });
  private readonly slider;
  private readonly frame: Frame;
  private cursors: { svg: Svg; x: ScaleLinear<number, number>; left: number; bottom: number } | null = null;

  constructor(host: Element, private readonly context: Context) {
    const { data, state } = context;
    this.all = data.herds.map((herd) => binsOf(data, herd)).filter((bins) => bins.from.length > 0);
    this.end = endOf(this.all);
    this.slider = range("Moment", 1000, (value) => this.go((value / 1000) * this.end));
    const controls = [this.slider.label,
      button("Previous event", () => this.step(-1)), button("Next event", () => this.step(1)),
      button("Slowest moment", () => this.slowest()),
      button("Whole run", () => state.set({ from: "", to: "" }))];
    this.frame = new Frame(host, {
      name: "timeline", label: "Timeline of the run", controls,
      draw: (place, width) => this.draw(place, width), table: () => this.table(), finding: () => this.finding(),
    });
    host.querySelector(".tools")?.after(this.readout, this.legend());
    state.on((changed) => {
      if (["from", "to", "herd"].some((key) => changed.has(key))) this.frame.redraw();
      if (changed.has("t")) this.showCursor();
    });
    this.showCursor();
  }
  private herds(): Bins[] {
    if (this.all.length <= MOST_SIDE_BY_SIDE) return this.all;
    return this.all.filter((bins) => bins.herd === chosenHerd(this.context));
  }
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
  private legend(): HTMLElement {
    const item = (style: string, label: string) => el("span", { class: "key" }, el("i", { class: "swatch " + style }), label);
    return el("p", { class: "legend" }, "Messages: ", ...KINDS.map((kind) => item("kind " + kind.name, kind.label)));
  }
  private draw(place: HTMLElement, width: number): void {
    const herds = this.herds();
    const left = 58, right = 18, inner = width - left - right;
    const faults = herds.map((bins) => faultsOf(this.context.data, bins.herd));
    const rows = ROWS.reduce((sum, row) => sum + row.height + GAP, 0);
    const height = 34 + herds.reduce((sum, _, i) => sum + 32 + laneHeight(faults[i]) + 6 + rows, 0);
    const svg = newSvg(place, width, height, "Small charts over time, which the table repeats in numbers");
    addPatterns(svg);
    const low = this.context.state.number("from") || 0, high = this.context.state.number("to") || this.end;
    const x = scaleLinear().domain([low, high > low ? high : this.end]).range([0, inner]);
    let y = 16;
    herds.forEach((bins, i) => { y = this.drawHerd(svg, bins, faults[i], x, left, y, inner); });
    this.drawAxis(svg.append("g").attr("transform", `translate(${left},${y - 16})`), x, inner);
    this.cursors = { svg, x, left, bottom: y };
    this.addPointer(svg, x, left, inner, y);
    this.showCursor();
  }
  private drawHerd(svg: Svg, bins: Bins, faults: Fault[], x: ScaleLinear<number, number>, left: number, top: number, inner: number): number {
    let y = top;
    svg.append("text").attr("class", "herd-name").attr("x", 2).attr("y", y).text(bins.herd);
    y += 4;
    const lanes = svg.append("g").attr("transform", `translate(${left},${y})`) as Group;
    const ticks = eventsOf(this.context.data, bins.herd).filter(isCause).map((each) => each.at);
    y += drawFaults(lanes, faults, ticks, x, this.end) + 6;
    for (const row of ROWS) {
      y += GAP;
      const g = svg.append("g").attr("transform", `translate(${left},${y})`) as Group;
      drawTitle(g, row);
      const bands = g.append("g");
      const [low, high] = x.domain();
      for (const fault of faults.filter((each) => each.kind !== "link")) {
        const from = Math.max(low, fault.from), to = Math.min(high, fault.to);
        if (to > from) bands.append("rect").attr("class", "shade").attr("x", x(from)).attr("width", x(to) - x(from)).attr("height", row.height);
      }
      row.draw(g, bins, x, inner);
      y += row.height;
    }
    return y + 28;
  }
  private drawAxis(g: Group, x: ScaleLinear<number, number>, inner: number): void {
    g.append("line").attr("class", "axis").attr("x2", inner);
    for (const tick of x.ticks(Math.max(2, Math.floor(inner / 70)))) {
      g.append("text").attr("class", "tick").attr("x", x(tick)).attr("y", 12).attr("text-anchor", "middle").text(seconds(tick));
    }
  }
  // A click moves the cursor, a drag chooses a part of the run.
  private addPointer(svg: Svg, x: ScaleLinear<number, number>, left: number, inner: number, bottom: number): void {
    const brush = brushX<unknown>().extent([[0, 0], [inner, bottom]]).on("end", (passed: unknown) => {
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
    if (!this.cursors) return;
    const { svg, x, left, bottom } = this.cursors;
    svg.selectAll("line.cursor").remove();
    if (t === null) { this.readout.textContent = "Click into the charts, or move the slider, to read the figures of a moment."; return; }
    const [low, high] = x.domain();
    if (t >= low && t <= high) {
      svg.append("line").attr("class", "cursor").attr("x1", left + x(t)).attr("x2", left + x(t)).attr("y1", 16).attr("y2", bottom);
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
    if (herds.length < this.all.length) parts.push(`The picture shows one herd of ${this.all.length}; choose another at the top of the page.`);
    return parts.join(" ");
  }
}

export function timeline(host: Element, context: Context): void { new Timeline(host, context); }
