// The flood of an update, replayed on the map of its herd. It moves only after a click.
import { Context } from "./context";
import { button, el, range } from "./dom";
import { Flood, lookOf, Message } from "./floods";
import { micros, plural } from "./format";
import { Group, newSvg } from "./frame";
import { layoutOf } from "./layout";
import { drawEarth, drawServer, tooMany } from "./map";
import { Network } from "./network";
import { saveSvg } from "./save_svg";
import { isStill } from "./settings";
import { Axis } from "./spacetime";

const FRAMES = 48;
const MOST_DRAWN = 300;   // servers
const MOST_LINKS = 1500;
const MOST_MOVING = 1000; // messages on their way, besides those that are new to their receivers

export class Replay {
  readonly element: HTMLElement;
  private readonly place = el("div", { class: "picture" });
  private readonly said = el("p", { class: "readout", role: "status" });
  private readonly slider = range("Position", FRAMES, () => { this.halt(); this.draw(); });
  private readonly play = button("Play", () => (this.timer ? this.halt() : this.start()));
  private readonly save = button("Save SVG", () => {
    const svg = this.place.querySelector("svg");
    if (svg) saveSvg(svg, "replay");
  });
  private readonly tools = el("div", { class: "tools" }, this.play, this.slider.label, this.save);
  private timer = 0;
  private flood: Flood | null = null;
  private network: Network | null = null;
  private axis: Axis = "time";

  constructor(private readonly context: Context) {
    this.element = el("div", { class: "replay" }, el("h3", {}, "Replay"), this.tools, this.said, this.place);
    new ResizeObserver(() => this.draw()).observe(this.place);
    context.state.on((changed) => { if (changed.has("replay")) this.goTo(); });
  }
  // The address has the position, unless it is the end.
  private asked(): number {
    const asked = this.context.state.number("replay");
    return asked === null ? FRAMES : Math.max(0, Math.min(FRAMES, Math.round(asked)));
  }
  private goTo(): void {
    if (this.asked() === this.position()) return;
    this.stop();
    this.slider.input.value = String(this.asked());
    this.draw();
  }
  private position(): number { return Number(this.slider.input.value); }
  show(flood: Flood, network: Network, axis: Axis): void {
    this.stop();
    this.flood = flood;
    this.network = network;
    this.axis = axis;
    this.slider.input.value = String(this.asked());
    this.draw();
  }
  // The messages in the order in which the replay shows them, each from 0 to 1 of the whole.
  private spans(flood: Flood): { message: Message; from: number; to: number }[] {
    const byStep = this.axis === "step";
    const depth = (name: string) => flood.depth.get(name) || 0;
    const raw = flood.messages.map((message) => ({
      message, from: byStep ? depth(message.from) : message.sent,
      to: byStep ? depth(message.from) + 1 : message.received === null ? message.sent : message.received,
    }));
    const end = Math.max(1e-9, ...raw.map((each) => each.to));
    return raw.map((each) => ({ ...each, from: each.from / end, to: each.to / end }));
  }
  private start(): void {
    if (this.position() >= FRAMES) this.slider.input.value = "0";
    this.play.textContent = "Stop";
    const still = isStill();
    this.timer = window.setInterval(() => {
      const next = this.position() + (still ? FRAMES / 6 : 1);
      this.slider.input.value = String(Math.min(FRAMES, next));
      this.draw();
      if (next >= FRAMES) this.halt();
    }, still ? 1200 : 100);
  }
  // Stops, and the address gets the position. It does not while the replay goes on: browsers refuse a
  // page that changes its address all the time.
  private halt(): void {
    this.stop();
    this.context.state.set({ replay: this.position() < FRAMES ? String(this.position()) : "" });
  }
  private stop(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.play.textContent = "Play";
  }
  private draw(): void {
    const width = this.place.clientWidth;
    if (!this.flood || !this.network || width === 0) return;
    const isTooLarge = this.network.size > MOST_DRAWN;
    this.tools.hidden = this.said.hidden = isTooLarge;
    if (isTooLarge) {
      this.place.replaceChildren(el("p", { class: "missing" }, `No replay: the herd has more than ${MOST_DRAWN} servers.`));
      return;
    }
    const height = Math.max(240, Math.min(400, width * 0.6)), now = this.position() / FRAMES;
    const svg = newSvg(this.place, width, height, "The servers that have the update at this position");
    const g = svg.append("g") as unknown as Group;
    const layout = layoutOf(this.context.data, this.network, width, height);
    drawEarth(g, layout, width, height);
    const links = this.network.links.slice(0, MOST_LINKS).map((link) => [layout.places.get(link.a), layout.places.get(link.b)])
      .map(([a, b]) => (a && b ? `M${a.x},${a.y}L${b.x},${b.y}` : ""));
    g.append("path").attr("class", "link").attr("d", links.join(""));
    let moving = 0;
    const have = new Set([this.flood.update.origin]);
    const spans = this.spans(this.flood).filter((each) => each.from <= now);
    for (const { message, from, to } of spans) {
      if (message.kind === "delivery" && to <= now) have.add(message.to);
      const a = layout.places.get(message.from), b = layout.places.get(message.to);
      if (!a || !b) continue;
      const part = to <= now ? 1 : (now - from) / (to - from || 1);
      const look = lookOf(message);
      if (look === "delivery" || (part < 1 && ++moving <= MOST_MOVING)) {
        g.append("line").attr("class", "trail " + look).attr("x1", a.x).attr("y1", a.y).attr("x2", a.x + (b.x - a.x) * part).attr("y2", a.y + (b.y - a.y) * part);
      }
    }
    const box = { width, height, ring: layout.ring };
    const many = tooMany(this.network.servers.length, box);
    for (const server of this.network.servers) {
      const at = layout.places.get(server);
      if (at) drawServer(g, server, at, have.has(server) ? "has" : "lacks", have.has(server) ? "✓" : "", many, box);
    }
    this.say(now, have.size, spans.length);
  }
  private say(now: number, have: number, sent: number): void {
    const flood = this.flood as Flood;
    const end = Math.max(0, ...flood.messages.map((each) => (each.received === null ? each.sent : each.received)));
    const most = Math.max(1, ...flood.messages.map((each) => (flood.depth.get(each.from) || 0) + 1));
    const when = this.axis === "step" ? "step " + (Math.round(now * most * 10) / 10) : "+" + micros(now * end);
    this.said.textContent = `At ${when}: ${plural(have, "server")} of ${(this.network as Network).size} ha${have === 1 ? "s" : "ve"} it, ${plural(sent, "message")} sent.`;
    this.slider.input.setAttribute("aria-valuetext", when);
  }
}
