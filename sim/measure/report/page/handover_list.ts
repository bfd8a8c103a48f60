// The list from which the reader chooses a handover, and what its client saw.
import { chosenHerd, Context } from "./context";
import { button, Choice, el, select, setSelect } from "./dom";
import { moment } from "./format";
import { Handover, handoversOf, lastUpdate, sawOf, storyOf, worstFirst } from "./handover_data";

const MOST = 60;

const ORDERS: Choice[] = [{ value: "stale", label: "longest out of date" }, { value: "time", label: "in order of time" }];

export class HandoverList {
  readonly element = el("div");
  private readonly order: HTMLLabelElement;
  private readonly list = el("div");
  private readonly story = el("div", { role: "status" });

  constructor(private readonly context: Context) {
    this.order = select("Handovers", ORDERS, this.orderNow(), (handovers) => context.state.set({ handovers }));
    this.element.append(el("h3", {}, "What a client saw after its handover"), el("div", { class: "tools" }, this.order), this.list, this.story);
    context.state.on((changed) => { if (["herd", "handover", "handovers"].some((key) => changed.has(key))) this.show(); });
    this.show();
  }
  private orderNow(): string { return this.context.state.get("handovers", "stale"); }
  private show(): void {
    const herd = chosenHerd(this.context), all = handoversOf(this.context.data, herd);
    const chosen = this.context.state.number("handover");
    this.element.hidden = all.length === 0;
    setSelect(this.order, this.orderNow());
    this.list.replaceChildren(this.buttons(this.inOrder(all), chosen));
    const each = chosen === null ? undefined : all[chosen];
    this.story.replaceChildren(...(each ? this.tell(herd, each) : []));
  }
  private inOrder(all: Handover[]): Handover[] { return this.orderNow() === "time" ? all : worstFirst(all); }
  private buttons(list: Handover[], chosen: number | null): HTMLElement {
    return el("ul", { class: "updates", "aria-label": "Handovers" }, ...list.slice(0, MOST).map((each) =>
      el("li", {}, button(`${each.client} at ${moment(each.at)}, ${each.from} to ${each.to}: ${sawOf(each)}`,
        () => this.choose(each), { "aria-pressed": String(each.place === chosen) }))));
  }
  // The other figures show the same moment.
  private choose(each: Handover): void {
    this.context.state.set({ handover: String(each.place), t: String(Math.round(each.at + (each.connected || 0))) });
  }
  private tell(herd: string, each: Handover): HTMLElement[] {
    const steps = storyOf(this.context.data, herd, each)
      .map(([when, text]) => el("li", {}, el("span", { class: "when" }, when), " " + text));
    const last = lastUpdate(this.context.data, herd, each);
    const more = last === null ? [] : [button(`Show update ${last.number}`, () => this.showUpdate(last.number))];
    return [el("ol", { class: "sentences" }, ...steps), ...more];
  }
  private showUpdate(update: number): void {
    this.context.state.set({ update: String(update) });
    const part = document.getElementById("update");
    part?.focus({ preventScroll: true });
    part?.scrollIntoView();
  }
}
