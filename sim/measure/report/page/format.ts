// Numbers for people.
import { format } from "d3-format";

const grouped = format(",d");

export function count(value: number | null): string {
  if (value === null) return "unknown";
  return Number.isInteger(value) ? grouped(value) : String(Math.round(value * 100) / 100);
}

// Microseconds with three digits and a unit: "41.2 µs", "1.00 ms", "12.3 s".
export function micros(us: number | null): string {
  if (us === null) return "unknown";
  if (us === 0) return "0 µs";
  let value = us;
  let unit = "µs";
  for (const next of ["ms", "s"]) {
    if (Math.abs(value) < 999.5) break;
    value /= 1000;
    unit = next;
  }
  const size = Math.abs(value);
  return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0) + " " + unit;
}

// A power of ten on an axis: "10 µs", "1 ms".
export function shortMicros(us: number): string {
  if (us === 0) return "0";
  for (const [size, unit] of [[1e6, "s"], [1e3, "ms"], [1, "µs"], [1e-3, "ns"]] as [number, string][]) {
    if (us >= size * 0.9999) return String(Math.round((us / size) * 100) / 100) + " " + unit;
  }
  return us + " µs";
}

export function seconds(us: number): string { return String(Math.round(us / 1000) / 1000) + " s"; }

// A moment of the run with enough digits to tell faults apart.
export function moment(us: number): string { return (us / 1e6).toFixed(3) + " s"; }

export function percent(share: number): string {
  const value = share * 100;
  return (value > 0 && value < 1 ? value.toFixed(1) : Math.round(value)) + " %";
}

const inThousands = format("~s");

// A count or a rate on an axis: "0.5", "20", "1.5k".
export function shortCount(value: number): string {
  return Math.abs(value) < 1000 ? String(Math.round(value * 1000) / 1000) : inThousands(value);
}
export function plural(n: number, word: string): string { return count(n) + " " + word + (n === 1 ? "" : "s"); }
