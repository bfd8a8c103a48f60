// Scales for durations, which go from nothing to seconds in one picture.
import { ScaleLinear, scaleLinear, ScaleLogarithmic, scaleLog } from "./d3_scale";
import { shortMicros } from "./format";
import { Group } from "./frame";

export interface DurationScale {
  (us: number): number;
  ticks: number[];
}

const STEPS = [1, 2, 5, 10]; // of a power of ten

// Returns the greatest step that is at most the value, or the least one that is at least it.
function stepBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return power * Math.max(...STEPS.filter((step) => step * power <= value * (1 + 1e-9)));
}
function stepAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return power * Math.min(...STEPS.filter((step) => step * power >= value * (1 - 1e-9)));
}

function ticksBetween(low: number, high: number, steps: number[]): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low) + 1e-9); power <= Math.ceil(Math.log10(high)); power++) {
    ticks.push(...steps.map((step) => step * 10 ** power));
  }
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

// A log scale over the values, with 0 at its foot. If no value is above 0, everything is at the foot.
export function durationScale(values: number[], range: [number, number]): DurationScale {
  let least = Infinity;
  let most = 0;
  let zero = false;
  for (const value of values) {
    if (value > 0) { least = Math.min(least, value); most = Math.max(most, value); } else zero = true;
  }
  if (most === 0) {
    const scale = (() => range[0]) as unknown as DurationScale;
    scale.ticks = [0];
    return scale;
  }
  const low = stepBelow(least), high = Math.max(stepAbove(most), low * 2);
  // The least value stands above 0 by a third of a power of ten.
  const log: ScaleLogarithmic<number, number> = scaleLog().domain([zero ? low / 2 : low, high]).range(range).clamp(true);
  const scale = ((us: number) => (us <= 0 ? range[0] : log(us))) as DurationScale;
  const room = Math.max(2, Math.floor(Math.abs(range[1] - range[0]) / 24));
  const powers = ticksBetween(low, high, [1]);
  const fine = powers.length < 3 ? ticksBetween(low, high, [1, 2, 5]) : powers;
  const ticks = fine.length <= room ? fine : powers.length >= 2 ? powers : [low, high];
  const step = Math.ceil(ticks.length / room);
  scale.ticks = (zero ? [0] : []).concat(ticks.filter((_, i) => i % step === 0));
  return scale;
}

export function durationAxis(g: Group, scale: DurationScale, side: "left" | "bottom", across: number): void {
  let last = -1e9;
  for (const tick of scale.ticks) {
    const at = scale(tick);
    const line = g.append("line").attr("class", "grid");
    const text = g.append("text").attr("class", "tick");
    if (side === "left") {
      line.attr("x1", 0).attr("x2", across).attr("y1", at).attr("y2", at);
      if (Math.abs(at - last) < 13) { text.remove(); continue; }
      last = at;
      text.attr("x", -5).attr("y", at).attr("dy", "0.32em").attr("text-anchor", "end").text(shortMicros(tick));
    } else {
      line.attr("y1", 0).attr("y2", -across).attr("x1", at).attr("x2", at);
      if (at - last < 46) { text.remove(); continue; }
      last = at;
      text.attr("y", 15).attr("x", at).attr("text-anchor", "middle").text(shortMicros(tick));
    }
  }
}

export function countScale(most: number, range: [number, number]): ScaleLinear<number, number> {
  return scaleLinear().domain([0, most > 0 ? most : 1]).range(range).nice(3);
}
