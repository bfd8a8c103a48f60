// The choices of the reader. The address keeps them behind the #, so that a link leads to the same view.

type Values = Record<string, string>;
type Listener = (changed: Set<string>) => void;

// What a new choice makes meaningless: the update of another herd, the position in another replay.
const FORGETS: Record<string, string[]> = { herd: ["update", "replay"], order: ["update", "replay"], update: ["replay"], axis: ["replay"] };

export class State {
  private values: Values = {};
  private readonly listeners: Listener[] = [];

  constructor() {
    this.values = State.parse(location.hash);
    addEventListener("hashchange", () => {
      if (!location.hash.includes("=")) return;
      this.take(State.parse(location.hash));
    });
  }
  private static parse(hash: string): Values {
    const values: Values = {};
    if (!hash.includes("=")) return values;
    new URLSearchParams(hash.slice(1)).forEach((value, key) => { values[key] = value; });
    return values;
  }
  get(key: string, otherwise = ""): string { return key in this.values ? this.values[key] : otherwise; }
  number(key: string): number | null {
    const value = this.get(key);
    return value !== "" && isFinite(Number(value)) ? Number(value) : null;
  }
  // Sets some values; an empty one is forgotten, and so is what depended on one that changes.
  set(values: Values): void {
    const changed = Object.keys(values).filter((key) => values[key] !== this.get(key));
    const forgotten = changed.flatMap((key) => FORGETS[key] || []).map((key) => [key, ""]);
    this.take({ ...this.values, ...Object.fromEntries(forgotten), ...values });
    this.show();
  }
  on(listener: Listener): void { this.listeners.push(listener); }

  private take(values: Values): void {
    for (const key of Object.keys(values)) if (values[key] === "") delete values[key];
    const keys = new Set([...Object.keys(values), ...Object.keys(this.values)]);
    const changed = new Set([...keys].filter((key) => values[key] !== this.values[key]));
    this.values = values;
    if (changed.size > 0) for (const listener of this.listeners) listener(changed);
  }
  private show(): void {
    const text = new URLSearchParams(this.values).toString();
    history.replaceState(null, "", "#" + text);
  }
}
