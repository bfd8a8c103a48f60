// Elements of HTML. Text always becomes a text node, so that no name of a run is read as HTML.

type Attributes = Record<string, string | number | boolean>;
type Child = Node | string;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const key of Object.keys(attributes)) {
    const value = attributes[key];
    if (value === false) continue;
    element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

export function button(label: string, does: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const element = el("button", { type: "button", ...attributes }, label);
  element.addEventListener("click", does);
  return element;
}

export interface Choice { value: string; label: string }

// A <select> in its label.
export function select(label: string, choices: Choice[], value: string,
                       does: (value: string) => void): HTMLLabelElement {
  const input = el("select", {}, ...choices.map((each) => el("option", { value: each.value }, each.label)));
  input.value = value;
  input.addEventListener("change", () => does(input.value));
  return el("label", { class: "control" }, label + " ", input);
}

export function setSelect(label: HTMLLabelElement, value: string): void {
  const input = label.querySelector("select");
  if (input && input.value !== value) input.value = value;
}

export function range(label: string, max: number, does: (value: number) => void):
    { label: HTMLLabelElement; input: HTMLInputElement } {
  const input = el("input", { type: "range", min: 0, max, step: 1, value: 0 });
  input.addEventListener("input", () => does(Number(input.value)));
  return { label: el("label", { class: "control wide" }, label + " ", input), input };
}

export interface Rows { head: string[]; rows: (string | number | null)[][] }

const MOST_ROWS = 1000;

export function tableOf(data: Rows, label: string): HTMLElement {
  const isNumber = data.head.map((_, i) => data.rows.every((row) => typeof row[i] !== "string" || row[i] === ""));
  const cell = (tag: "th" | "td", value: string | number | null, i: number) =>
    el(tag, isNumber[i] ? { class: "n" } : {}, value === null ? "" : String(value));
  const body = data.rows.slice(0, MOST_ROWS).map((row) => el("tr", {}, ...row.map((v, i) => cell("td", v, i))));
  const table = el("table", {}, el("thead", {}, el("tr", {}, ...data.head.map((h, i) => cell("th", h, i)))),
    el("tbody", {}, ...body));
  const box = el("div", { class: "scroll tall", tabindex: 0, role: "region", "aria-label": label + ", as a table" }, table);
  if (data.rows.length > MOST_ROWS) box.append(el("p", {}, `The first ${MOST_ROWS} of ${data.rows.length} rows.`));
  return box;
}
