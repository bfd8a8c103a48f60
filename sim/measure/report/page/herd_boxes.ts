// Which herds a figure shows at once: a box for each. The address keeps the ticked ones as "show".
import { chosenHerd, Context } from "./context";
import { button, el } from "./dom";

const SHOWN_AT_FIRST = 4;  // if there are more herds, only the chosen one is shown at first
const MOST_SHOWN = 12;

export class HerdBoxes {
  readonly element: HTMLElement;
  private readonly boxes: [string, HTMLInputElement][];

  constructor(private readonly context: Context, private readonly herds: string[]) {
    this.boxes = herds.map((herd) => [herd, el("input", { type: "checkbox" })]);
    for (const [herd, box] of this.boxes) box.addEventListener("change", () => this.turn(herd, box.checked));
    this.element = el("fieldset", { class: "herd-boxes" }, el("legend", {}, "Herds in this picture"),
      ...this.boxes.map(([herd, box]) => el("label", { class: "control" }, box, herd)),
      button("All", () => this.show(herds)), button("Only the chosen one", () => this.show([chosenHerd(context)])));
    this.element.hidden = herds.length < 2;
    this.tick();
  }
  // The herds to show, in the order of the run.
  shown(): string[] {
    const asked = this.context.state.get("show").split(".").map((at) => this.context.data.herds[Number(at)]);
    const known = this.context.state.get("show") === "" ? [] : this.herds.filter((herd) => asked.includes(herd));
    if (known.length > 0) return known.slice(0, MOST_SHOWN);
    return this.herds.length <= SHOWN_AT_FIRST ? this.herds : this.herds.filter((herd) => herd === chosenHerd(this.context));
  }
  // Makes the boxes say what is shown.
  tick(): void {
    const shown = this.shown();
    for (const [herd, box] of this.boxes) {
      box.checked = shown.includes(herd);
      box.disabled = !box.checked && shown.length >= MOST_SHOWN;
    }
  }
  private turn(herd: string, on: boolean): void {
    const rest = this.shown().filter((each) => each !== herd);
    this.show(on ? [...rest, herd] : rest.length > 0 ? rest : [herd]);
    this.tick();
  }
  private show(herds: string[]): void {
    const places = herds.map((herd) => this.context.data.herds.indexOf(herd)).sort((a, b) => a - b);
    this.context.state.set({ show: places.slice(0, MOST_SHOWN).join(".") });
  }
}
