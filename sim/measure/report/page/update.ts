// One update: the list, the space-time diagram, the replay and the sentences.
import { chosenHerd, Context } from "./context";
import { Choice, el, Rows, select, setSelect } from "./dom";
import { Flood, floodOf, lastArrival, lookOf, Update, updatesOf } from "./floods";
import { count, micros, moment, plural } from "./format";
import { Frame } from "./frame";
import { KINDS } from "./looks";
import { Network, networkOf } from "./network";
import { reasonWords } from "./reasons";
import { Replay } from "./replay";
import { sentenceList } from "./sentences";
import { Axis, drawSpaceTime, hasTimes, whatIsMissing } from "./spacetime";
import { firstOrder, inOrder, ORDERS, updateList } from "./update_list";

const AXES: Choice[] = [{ value: "time", label: "time" }, { value: "step", label: "step" }, { value: "log", label: "time, log" }];

const NO_TIME = " Its messages took no time, as on ideal links in virtual time; so the picture counts steps, one for each link on the way.";

class OneUpdate {
  private updates: Update[] = [];
  private network!: Network;
  private flood: Flood | null = null;
  private readonly list = el("div", { class: "update-list" });
  private readonly sentences = el("div", { class: "scroll tall", tabindex: 0, role: "region", "aria-label": "The update's messages in sentences" });
  private readonly number = el("input", { type: "number", min: 0, step: 1 });
  private readonly order: HTMLLabelElement;
  private readonly axis: HTMLLabelElement;
  private readonly replay: Replay;
  private readonly frame: Frame;

  constructor(host: Element, private readonly context: Context) {
    const { state } = context;
    this.load();
    this.order = select("Updates", ORDERS, this.orderNow(), (order) => state.set({ order }));
    this.axis = select("Axis", AXES, "time", (axis) => state.set({ axis }));
    this.number.addEventListener("change", () => state.set({ update: this.number.value }));
    this.replay = new Replay(context);
    const place = el("div");
    host.replaceChildren(el("div", { class: "tools" }, this.order, el("label", { class: "control" }, "or number ", this.number)),
      this.list, place, this.replay.element, el("h3", {}, "In sentences"), this.sentences);
    this.choose();
    this.frame = new Frame(place, {
      name: "update", label: "Space-time diagram of one update", controls: [this.axis],
      draw: (at, width) => this.draw(at, width), table: () => this.table(), finding: () => this.finding(),
    });
    place.querySelector(".tools")?.after(this.legend());
    state.on((changed) => {
      if (!["herd", "update", "order", "axis"].some((key) => changed.has(key))) return;
      if (changed.has("herd")) this.load();
      this.choose();
      this.frame.redraw();
    });
  }
  private load(): void {
    const herd = chosenHerd(this.context);
    this.updates = updatesOf(this.context.data, herd);
    this.network = networkOf(this.context.data, herd);
  }
  private orderNow(): string {
    const order = this.context.state.get("order");
    return ORDERS.some((each) => each.value === order) ? order : firstOrder(this.context, this.network.herd, this.updates);
  }
  private axisNow(): Axis {
    const axis = this.context.state.get("axis") as Axis;
    if (["time", "step", "log"].includes(axis)) return axis;
    return this.flood && !hasTimes(this.flood) ? "step" : "time";
  }
  private choose(): void {
    const list = inOrder(this.context, this.network.herd, this.updates, this.orderNow());
    const asked = this.context.state.number("update");
    const update = asked === null ? list.find((each) => each.traced) || list[0] : this.updates.find((each) => each.number === asked);
    this.flood = update ? floodOf(this.context.data, this.network.herd, update) : null;
    this.number.value = update ? String(update.number) : String(asked === null ? "" : asked);
    setSelect(this.order, this.orderNow());
    setSelect(this.axis, this.axisNow());
    this.list.replaceChildren(updateList(list, this.network.size, update ? update.number : null,
      (number) => this.context.state.set({ update: String(number) })));
    const has = this.flood !== null && this.flood.messages.length > 0;
    this.replay.element.hidden = !has;
    if (this.flood && has) this.replay.show(this.flood, this.network, this.axisNow());
    this.sentences.replaceChildren(this.flood ? sentenceList(this.flood) : el("p", { class: "missing" }, this.whyEmpty()));
  }
  private whyEmpty(): string {
    const messages = this.context.data.table("messages.csv"), updates = this.context.data.table("updates.csv");
    if (!this.flood) {
      return updates.of > updates.rows ? `The page has only ${count(updates.rows)} of the ${count(updates.of)} updates, and not this one: see updates.csv.`
        : this.number.value === "" ? "This herd accepted no update." : "There is no update of this number in this herd.";
    }
    if (messages.of === 0) return "There is no picture: messages.csv is missing or empty. The scenario key \"messages\" says which updates are recorded message by message.";
    if (this.flood.update.messages === 0) return "There is no picture: no message was sent for this update.";
    return `There is no picture: the messages of update ${this.flood.update.number} are not in this page. It has those of whole updates, evenly spread (${count(messages.rows)} of ${count(messages.of)} rows of messages.csv); choose one of the list that does not say "no messages recorded".`;
  }
  private legend(): HTMLElement {
    return el("p", { class: "legend" }, ...KINDS.map((kind) => el("span", { class: "key" }, el("i", { class: "swatch stroke " + kind.name }), kind.label)),
      el("span", { class: "key" }, el("i", { class: "swatch stroke repair" }), "repair"));
  }
  private draw(place: HTMLElement, width: number): void {
    if (!this.flood || this.flood.messages.length === 0) { place.replaceChildren(el("p", { class: "missing" }, this.whyEmpty())); return; }
    place.querySelector(".missing")?.remove();
    drawSpaceTime(place, width, this.flood, this.axisNow());
  }
  private table(): Rows {
    const messages = this.flood ? this.flood.messages : [];
    return {
      head: ["from", "to", "sent after", "received after", "hops", "kind", "repair"],
      rows: messages.map((each) => [each.from, each.to, micros(each.sent), each.received === null ? "never" : micros(each.received), each.hops, lookOf(each), each.repair ? "yes" : "no"]),
    };
  }
  private finding(): string {
    if (!this.flood) return "";
    const { update, missing } = this.flood, isTimed = this.flood.messages.length === 0 || hasTimes(this.flood);
    const last = lastArrival(this.flood);
    const never = missing.length === 0 ? "" : ` Without it: ${missing.slice(0, 8).map((each) => `${each.server} (${reasonWords(each.reason)})`).join(", ")}${missing.length > 8 ? " …" : ""}.`;
    const covered = update.coverage !== null ? `reached all ${count(this.network.size)} servers in ${micros(update.coverage)}` : `reached ${update.reached} of ${count(this.network.size)} servers`;
    return `Update ${update.number} of ${update.client}, accepted by ${update.origin} at ${update.accepted === null ? "an unknown time" : moment(update.accepted)}, ${covered}` +
      (update.messages === null ? "." : ` with ${plural(update.messages, "message")}, of which ${count(update.duplicates)} were wasted.`) +
      (last ? ` The last new server was ${last[0]}, after ${last[1] > 0 ? micros(last[1]) : plural(this.flood.depth.get(last[0]) || 1, "step")}.` : "") + never + (isTimed ? "" : NO_TIME) + " " + whatIsMissing(this.flood);
  }
}

export function update(host: Element, context: Context): void { new OneUpdate(host, context); }
