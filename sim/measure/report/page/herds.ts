// Bars in the cells of the table of herds, and the difference to a chosen one.
import { el, select } from "./dom";
import { Context } from "./context";
import { percent } from "./format";

// Too small to be seen in the two figures.
function isSlight(value: number, base: number): boolean { return Math.abs(value - base) < 0.0005 * Math.abs(base); }

function difference(value: number, base: number): string {
  if (base === 0) return "up from 0";
  const share = value / base - 1;
  if (isSlight(value, base)) return "about the same";
  if (Math.abs(share) >= 9) return "× " + (value / base).toPrecision(3);
  return (share > 0 ? "+" : "−") + percent(Math.abs(share));
}

function verdictOf(value: number, base: number, better: string): string {
  if (isSlight(value, base) || value === base || better === "") return "";
  return (value < base) === (better === "lower") ? "better" : "worse";
}

function decorate(row: HTMLTableRowElement, base: number): void {
  const cells = Array.from(row.cells).slice(1);
  row.querySelectorAll(".bar, .diff").forEach((each) => each.remove());
  if (row.dataset.kind !== "number") return;
  const values = cells.map((cell) => (cell.dataset.value ? Number(cell.dataset.value) : null));
  const most = Math.max(...values.map((value) => value || 0));
  const differ = values.some((value) => value !== values[0]); // else bars would say nothing
  cells.forEach((cell, i) => {
    const value = values[i];
    if (value === null) return;
    const bar = el("meter", { class: "bar", min: 0, max: most > 0 ? most : 1, value, "aria-hidden": "true" });
    if (differ) cell.append(bar);
    const reference = base >= 0 ? values[base] : null;
    if (reference === null || reference === undefined || i === base || reference === value) return;
    const verdict = verdictOf(value, reference, row.dataset.better || "");
    cell.append(el("small", { class: "diff " + verdict }, difference(value, reference) + (verdict ? ", " + verdict : "")));
  });
}

export function herds(host: Element, { data, state }: Context): void {
  const table = document.querySelector<HTMLTableElement>("table.herds");
  if (!table || data.herds.length < 2) { host.remove(); return; }
  const rows = Array.from(table.tBodies[0].rows);
  const show = () => rows.forEach((row) => decorate(row, data.herds.indexOf(state.get("base", data.herds[0]))));
  const choices = [...data.herds.map((each) => ({ value: each, label: each })), { value: " ", label: "(no comparison)" }];
  host.replaceChildren(el("div", { class: "tools" },
    select("Compare with", choices, state.get("base", data.herds[0]), (base) => { state.set({ base }); })));
  state.on((changed) => { if (changed.has("base")) show(); });
  show();
}
