// The frame of every figure: controls, "As table", "Save SVG", and a caption with a finding.
import { select as d3select, Selection } from "d3-selection";
import { button, el, Rows, tableOf } from "./dom";
import { saveSvg } from "./save_svg";

export type Svg = Selection<SVGSVGElement, unknown, null, undefined>;
export type Group = Selection<SVGGElement, unknown, null, undefined>;

export interface Figure {
  name: string;                 // of the saved file
  label: string;                // for readers of screens: what the picture shows
  controls?: HTMLElement[];
  draw(place: HTMLElement, width: number): void;
  table(): Rows;
  finding(): string;
}

export class Frame {
  private readonly picture = el("div", { class: "picture" });
  private readonly caption = el("figcaption", { "aria-live": "polite" });
  private readonly asTable = el("div");
  private readonly toggle: HTMLButtonElement;
  private shows = false;
  private width = 0;

  constructor(host: Element, private readonly figure: Figure) {
    this.toggle = button("As table", () => { this.shows = !this.shows; this.showTable(); }, { "aria-expanded": "false" });
    const save = button("Save SVG", () => {
      const svg = this.picture.querySelector("svg");
      if (svg) saveSvg(svg, figure.name);
    });
    const tools = el("div", { class: "tools" }, ...(figure.controls || []), el("span", { class: "spring" }), this.toggle, save);
    host.replaceChildren(el("figure", { "aria-label": figure.label }, tools, this.picture, this.caption, this.asTable));
    new ResizeObserver(() => {
      const width = this.picture.clientWidth;
      if (width > 0 && width !== this.width) this.redraw();
    }).observe(this.picture);
    this.redraw();
  }
  // Draws everything again.
  redraw(): void {
    this.width = this.picture.clientWidth;
    if (this.width > 0) this.figure.draw(this.picture, this.width);
    this.letScroll();
    this.say();
    if (this.shows) this.showTable();
  }
  // A picture that is wider than its place can be scrolled with the keyboard.
  private letScroll(): void {
    const attributes = { tabindex: "0", role: "region", "aria-label": this.figure.label + ", which scrolls sideways" };
    const scrolls = this.picture.scrollWidth > this.picture.clientWidth;
    for (const [name, value] of Object.entries(attributes)) {
      if (scrolls) this.picture.setAttribute(name, value);
      else this.picture.removeAttribute(name);
    }
  }
  say(): void {
    const finding = this.figure.finding();
    if (this.caption.textContent !== finding) this.caption.textContent = finding;
  }
  private showTable(): void {
    this.toggle.setAttribute("aria-expanded", String(this.shows));
    this.asTable.replaceChildren(...(this.shows ? [tableOf(this.figure.table(), this.figure.label)] : []));
  }
}

// Returns an empty picture in the place of an older one.
export function newSvg(place: HTMLElement, width: number, height: number, label: string): Svg {
  const svg = d3select(place).selectAll<SVGSVGElement, unknown>("svg.main").data([0]).join("svg")
    .attr("class", "main").attr("width", width).attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`).attr("role", "img").attr("aria-label", label);
  svg.selectAll("*").remove();
  return svg as unknown as Svg;
}

// Writes a text into an element of a picture, shortened to this width.
export function fitText(at: Selection<SVGTextElement, unknown, null, undefined>, text: string, width: number): void {
  const node = at.text(text).node() as SVGTextElement;
  for (let length = text.length - 1; length > 0 && node.getComputedTextLength() > width; length--) at.text(text.slice(0, length) + "…");
}
