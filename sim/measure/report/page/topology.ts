// Links and servers: what each direction of a link carried, and what was broken at a moment.
import { zoom, zoomIdentity } from "d3-zoom";
import { chosenHerd, Context } from "./context";
import { eventOf, sourceOf } from "./d3_event";
import { button, el, range, Rows, select } from "./dom";
import { Fault, faultsAt, faultsOf } from "./faults";
import { count, moment, percent, plural } from "./format";
import { Frame, Group, newSvg } from "./frame";
import { Halves, share } from "./halves";
import { isStill } from "./settings";
import { Layout, layoutOf } from "./layout";
import { Box, drawEarth, drawServer, middle, tooMany } from "./map";
import { Direction, Link, Network, networkOf } from "./network";
import { binsOf, endOf } from "./timeline_data";

const MOST_DRAWN = 500;  // servers; page_tables.cpp has the same number
const MOST_LINKS = 1500;
const MOST_MOVING = 200; // clients between two servers

class Topology {
  private network!: Network;
  private faults: Fault[] = [];
  private readonly slider;
  private readonly now = el("p", { class: "readout", role: "status" });
  private readonly frame: Frame;
  private readonly end: number;
  private readonly origin = el("span");
  private readonly key = this.legend();

  constructor(host: Element, private readonly context: Context) {
    const { data, state } = context;
    this.end = endOf(data.herds.map((herd) => binsOf(data, herd)));
    this.load();
    this.slider = range("Moment", 1000, (value) => state.set({ t: String(Math.round((value / 1000) * this.end)) }));
    this.frame = new Frame(host, {
      name: "topology", label: "Links and servers", controls: [this.slider.label, this.origin, button("Reset zoom", () => this.frame.redraw())],
      draw: (place, width) => this.draw(place, width), table: () => this.table(), finding: () => this.finding(),
    });
    host.querySelector(".tools")?.after(this.now, this.key);
    state.on((changed) => {
      if (changed.has("herd")) this.load();
      if (["herd", "t", "origin"].some((key) => changed.has(key))) this.frame.redraw();
    });
  }
  private load(): void {
    const herd = chosenHerd(this.context);
    this.network = networkOf(this.context.data, herd);
    this.faults = faultsOf(this.context.data, herd);
    this.origin.replaceChildren();
    this.key.hidden = this.network.size > MOST_DRAWN;
    const rings = this.context.data.rings(herd);
    if (rings.length > 0) {
      this.origin.append(select("Rings around", rings.map(({ origin }) => ({ value: origin, label: origin })),
        this.context.state.get("origin", rings[0].origin), (origin) => this.context.state.set({ origin })));
    }
  }
  private legend(): HTMLElement {
    const item = (dash: string, label: string) => el("span", { class: "key" }, el("i", { class: "swatch dash " + dash }), label);
    return el("p", { class: "legend" }, "Width: messages. Duplicates among them: ", item("d0", "under 25 %"), item("d1", "25 to 50 %"),
      item("d2", "50 to 75 %"), item("d3", "over 75 %"), el("span", { class: "key" }, "✕ down, ‖ paused, ▲ client on its way"));
  }
  private draw(place: HTMLElement, width: number): void {
    const t = this.context.state.number("t");
    this.slider.input.value = String(Math.round(((t || 0) / this.end) * 1000));
    this.slider.input.setAttribute("aria-valuetext", moment(t || 0));
    const broken = faultsAt(this.faults, t || 0);
    this.sayNow(t || 0, broken);
    if (this.network.size > MOST_DRAWN) { this.drawRings(place, width); return; }
    const height = Math.max(280, Math.min(520, width * 0.55));
    const svg = newSvg(place, width, height, "The network, whose links the table repeats in numbers");
    const g = svg.append("g") as unknown as Group;
    const layout = layoutOf(this.context.data, this.network, width, height);
    drawEarth(g, layout, width, height);
    this.drawLinks(g, layout, new Set(broken.filter((each) => each.kind === "link").map((each) => each.who)));
    this.drawServers(g, layout, broken, { width, height, ring: layout.ring });
    this.drawMoving(g, layout, t || 0);
    const zooming = zoom<SVGSVGElement, unknown>().scaleExtent([1, 12]).duration(isStill() ? 0 : 250)
      .filter(((passed: unknown) => { const event = sourceOf(passed); return event.type !== "wheel" || event.ctrlKey; }) as any)
      .on("zoom", (passed: unknown) => { g.attr("transform", eventOf(passed).transform.toString()); });
    svg.call(zooming as any).call(zooming.transform as any, zoomIdentity);
  }
  private drawLinks(g: Group, layout: Layout, down: Set<string>): void {
    const links = this.network.links.slice().sort((a, b) => b.there.messages + b.back.messages - a.there.messages - a.back.messages).slice(0, MOST_LINKS);
    const most = Math.max(1, ...links.map((link) => Math.max(link.there.messages, link.back.messages)));
    const halves = new Halves(g, most, links.length);
    for (const link of links) {
      const a = layout.places.get(link.a), b = layout.places.get(link.b);
      if (!a || !b) continue;
      const isDown = down.has(`${link.a} - ${link.b}`) || down.has(`${link.b} - ${link.a}`);
      const half = middle(a, b);
      halves.add(link.there, a, half, isDown);
      halves.add(link.back, b, half, isDown);
    }
    halves.draw();
    for (const link of links.filter((each) => down.has(`${each.a} - ${each.b}`) || down.has(`${each.b} - ${each.a}`))) {
      const a = layout.places.get(link.a), b = layout.places.get(link.b);
      if (!a || !b) continue;
      const half = middle(a, b);
      g.append("path").attr("class", "cut").attr("d", `M${half.x - 6},${half.y - 6}l12,12m0,-12l-12,12`).append("title").text(`${link.a} - ${link.b}: down`);
    }
  }
  private drawServers(g: Group, layout: Layout, broken: Fault[], box: Box): void {
    const state = new Map(broken.filter((each) => each.kind !== "link").map((each) => [each.who, each.kind]));
    const many = tooMany(this.network.servers.length, box);
    for (const server of this.network.servers) {
      const at = layout.places.get(server), kind = state.get(server);
      if (at) drawServer(g, server, at, kind === "server" ? "down" : kind || "", kind === "server" ? "✕" : kind === "paused" ? "‖" : "", many, box);
    }
  }
  private moving(t: number): { from: string; to: string; part: number; client: string }[] {
    const table = this.context.data.table("handovers.csv");
    return table.rowsOf(this.network.herd).map((row) => {
      const at = table.num("at_us")[row] || 0, took = Math.max(table.num("connected_us")[row] || 0, this.end / 400);
      return { from: table.text("from")[row], to: table.text("to")[row], part: (t - at) / took, client: table.text("client")[row] };
    }).filter((each) => each.part >= 0 && each.part < 1).slice(0, MOST_MOVING);
  }
  private drawMoving(g: Group, layout: Layout, t: number): void {
    for (const { from, to, part, client } of this.moving(t)) {
      const a = layout.places.get(from), b = layout.places.get(to);
      if (a && b) g.append("path").attr("class", "moving").attr("d", "M0,-6l5,9h-10z")
        .attr("transform", `translate(${a.x + (b.x - a.x) * part},${a.y + (b.y - a.y) * part})`)
        .append("title").text(`${client} on its way from ${from} to ${to}`);
    }
  }
  private sayNow(t: number, broken: Fault[]): void {
    const names = (kind: Fault["kind"]) => broken.filter((each) => each.kind === kind).map((each) => each.who);
    const part = (kind: Fault["kind"], word: string) => {
      const list = names(kind);
      return list.length === 0 ? "" : `${plural(list.length, word)}: ${list.slice(0, 6).join(", ")}${list.length > 6 ? " …" : ""}`;
    };
    const parts = [part("server", "dead server"), part("paused", "paused server"), part("link", "cut link")].filter(Boolean);
    const moving = this.moving(t).length;
    if (moving > 0) parts.push(plural(moving, "client") + " on the way to another server");
    this.now.textContent = `At ${moment(t)}: ` + (parts.length === 0 ? "everything is up." : parts.join("; ") + ".");
  }
  // More servers than a picture can show: how many are how far from one of them.
  private drawRings(place: HTMLElement, width: number): void {
    const all = this.context.data.rings(this.network.herd), asked = this.context.state.get("origin");
    if (all.length === 0) {
      place.replaceChildren(el("p", { class: "missing" }, `No picture: the herd has more than ${MOST_DRAWN} servers, and its links are not known.`));
      return;
    }
    const rings = (all.find(({ origin }) => origin === asked) || all[0]).servers;
    const left = 70, most = Math.max(...rings);
    const svg = newSvg(place, width, rings.length * 22 + 8, "Servers by their distance");
    rings.forEach((ring, hops) => {
      svg.append("text").attr("class", "tick").attr("x", left - 6).attr("y", hops * 22 + 16).attr("text-anchor", "end").text(plural(hops, "hop"));
      const length = Math.max(1, (ring / most) * (width - left - 90));
      svg.append("rect").attr("class", "ring").attr("x", left).attr("y", hops * 22 + 4).attr("width", length).attr("height", 16);
      svg.append("text").attr("class", "tick").attr("x", left + length + 6).attr("y", hops * 22 + 16).text(plural(ring, "server"));
    });
  }
  private directions(): Direction[] {
    return this.network.links.flatMap((link: Link) => [link.there, link.back]).filter((each) => this.network.size <= MOST_DRAWN || each.messages > 0);
  }
  private table(): Rows {
    const many = this.network.size > MOST_DRAWN;
    const rows = this.directions().sort((a, b) => b.messages - a.messages).slice(0, many ? 50 : 1000)
      .map((each) => [each.from, each.to, each.messages, each.duplicates, each.echoes, percent(share(each))]);
    return { head: ["from", "to", "messages", "duplicates", "echoes", "share of duplicates"], rows };
  }
  private finding(): string {
    const all = this.directions();
    const worst = all.slice().sort((a, b) => b.duplicates - a.duplicates)[0];
    const total = this.network.allMessages;
    if (!worst || worst.messages === 0) return `${this.network.herd}: its links carried no message.`;
    const busiest = all.slice().sort((a, b) => b.messages - a.messages)[0];
    const drawn = this.network.links.length > MOST_LINKS && this.network.size <= MOST_DRAWN ? ` Only the ${MOST_LINKS} busiest links are drawn.` : "";
    const rings = this.network.size > MOST_DRAWN ? "There are too many servers for a map: each bar tells how many are that many links away from the chosen one.\n" : "";
    return rings + `${this.network.herd}: the ${plural(this.network.allLinks, "link")} carried ${total === null ? "an unknown number of messages" : plural(total, "message")}. ` +
      (worst.duplicates > 0 ? `Most duplicates went from ${worst.from} to ${worst.to}: ${count(worst.duplicates)} of its ${plural(worst.messages, "message")}. ` : "None of them was a duplicate. ") +
      `The busiest direction was ${busiest.from} to ${busiest.to} with ${count(busiest.messages)}.` + drawn;
  }
}

export function topology(host: Element, context: Context): void { new Topology(host, context); }
