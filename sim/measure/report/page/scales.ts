// Scales for durations, which go from nothing to seconds in one picture.
import { ScaleLinear, scaleLinear, ScaleLogarithmic, scaleLog } from "d3-scale";
import { shortMicros } from "./format";
import { Group } from "./frame";

export interface DurationScale {
  (us: number): number;
  ticks: number[];
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
  let low = Math.floor(Math.log10(least) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(most) - 1e-9));
  if (zero) low -= 1;
  const log: ScaleLogarithmic<number, number> = scaleLog().domain([10 ** low, 10 ** high]).range(range).clamp(true);
  const scale = ((us: number) => (us <= 0 ? range[0] : log(us))) as DurationScale;
  const powers: number[] = [];
  for (let power = zero ? low + 1 : low; power <= high; power++) powers.push(10 ** power);
  const room = Math.max(2, Math.floor(Math.abs(range[1] - range[0]) / 24));
  const step = Math.ceil(powers.length / room);
  scale.ticks = (zero ? [0] : []).concat(powers.filter((_, i) => i % step === 0));
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
