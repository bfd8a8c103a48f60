// The outcomes of the clients' lines, from summary.csv.
import { Context } from "./context";
import { el, Rows } from "./dom";
import { count, percent } from "./format";
import { fitText, Frame, newSvg } from "./frame";

const OUTCOMES: [string, string][] = [
  ["replies", "reply"], ["refusals", "refused"], ["closings", "connection closed"], ["silences", "silence"],
];

export function outcomes(host: Element, { data }: Context): void {
  const summary = data.table("summary.csv");
  const value = (column: string, i: number) => summary.num(column)[i] || 0;
  const total = (i: number) => OUTCOMES.reduce((sum, [column]) => sum + value(column, i), 0);
  const rows = (): Rows => ({
    head: ["herd", ...OUTCOMES.map(([, label]) => label)],
    rows: data.herds.map((herd, i) => [herd, ...OUTCOMES.map(([column]) => value(column, i))]),
  });
  const same = data.herds.every((_, i) => OUTCOMES.every(([column]) => value(column, i) === value(column, 0)));
  const finding = () => (same && data.herds.length > 1 ? wordsOf("each herd", 0) : data.herds.map(wordsOf).join("\n"));
  function wordsOf(herd: string, i: number): string {
    const bad = OUTCOMES.slice(1).filter(([column]) => value(column, i) > 0)
      .map(([column, label]) => `${count(value(column, i))} ${label}`);
    if (total(i) === 0) return `${herd}: its clients sent no line.`;
    return `${herd}: ${percent(value("replies", i) / total(i))} of ${count(total(i))} lines got a reply` + (bad.length ? ` (${bad.join(", ")})` : "") + ".";
  }
  new Frame(host, {
    name: "outcomes", label: "What came of the clients' lines", table: rows, finding,
    draw: (place, width) => {
      const left = Math.min(150, width * 0.4), inner = width - left - 8;
      const svg = newSvg(place, width, data.herds.length * 24 + 4, "One bar for each herd, which the table repeats in numbers");
      data.herds.forEach((herd, i) => {
        fitText(svg.append("text").attr("class", "tick").attr("x", left - 6).attr("y", i * 24 + 16).attr("text-anchor", "end"), herd, left - 8);
        let x = left;
        for (const [column, label] of OUTCOMES) {
          const width = total(i) > 0 ? (value(column, i) / total(i)) * inner : 0;
          if (width <= 0) continue;
          svg.append("rect").attr("class", "outcome " + column).attr("x", x).attr("y", i * 24 + 3).attr("width", Math.max(1, width)).attr("height", 18)
            .append("title").text(`${herd}: ${count(value(column, i))} ${label}`);
          x += width;
        }
      });
    },
  });
  host.querySelector(".tools")?.after(el("p", { class: "legend" }, ...OUTCOMES.map(([column, label]) =>
    el("span", { class: "key" }, el("i", { class: "swatch outcome " + column }), label))));
}
