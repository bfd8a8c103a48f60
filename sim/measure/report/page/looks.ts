// Colours are never alone: each herd has a dash and a mark of its own, each kind of message a dash or
// a pattern too.
import { Svg } from "./frame";

const DASHES = ["", "7 4", "2 3", "9 3 2 3", "14 4", "4 2 1 2", "1 5", "12 3 2 3 2 3"];

export function herdClass(i: number): string { return "herd-" + (i % 8); }
export function herdDash(i: number): string { return DASHES[i % DASHES.length]; }

export interface Kind { name: string; label: string }
export const KINDS: Kind[] = [
  { name: "delivery", label: "delivery (new)" },
  { name: "duplicate", label: "duplicate" },
  { name: "echo", label: "echo" },
  { name: "stale", label: "stale" },
  { name: "lost", label: "lost" },
];

// Adds the patterns that areas of the kinds are filled with.
export function addPatterns(svg: Svg): void {
  const defs = svg.append("defs");
  const pattern = (name: string, path: string) => {
    const at = defs.append("pattern").attr("id", "fill-" + name).attr("width", 6).attr("height", 6)
      .attr("patternUnits", "userSpaceOnUse");
    at.append("rect").attr("width", 6).attr("height", 6).attr("class", "kind-back " + name);
    if (path) at.append("path").attr("d", path).attr("class", "kind-line " + name);
  };
  pattern("delivery", "");
  pattern("duplicate", "M-1,1l2,-2M0,6l6,-6M5,7l2,-2");
  pattern("echo", "M0,0l6,6M-1,5l2,2M5,-1l2,2");
  pattern("stale", "M0,3h6");
  pattern("lost", "M3,0v6M0,3h6");
}
