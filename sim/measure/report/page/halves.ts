// The links of a network, each as two halves: what went in each direction.
import { percent, plural } from "./format";
import { Group } from "./frame";
import { Point } from "./layout";
import { Direction } from "./network";

const MOST_TITLED = 300; // links; of more than these, halves that look the same are one element

export function share(direction: Direction): number { return direction.messages > 0 ? direction.duplicates / direction.messages : 0; }

function dashOf(direction: Direction): string {
  const part = share(direction);
  return part < 0.25 ? "" : part < 0.5 ? "10 3" : part < 0.75 ? "5 4" : "2 4";
}

// Their width shows the messages, their colour and dash the share of duplicates.
export class Halves {
  private readonly paths = new Map<string, { style: string; width: string; dash: string; d: string }>();

  constructor(private readonly g: Group, private readonly most: number, private readonly links: number) {}

  add(direction: Direction, from: Point, to: Point, isDown: boolean): void {
    const style = "half" + (isDown ? " down" : "") + " share-" + Math.min(3, Math.floor(share(direction) * 4));
    const width = (1 + (this.links > 60 ? 3 : 9) * (direction.messages / this.most)).toFixed(this.links > MOST_TITLED ? 0 : 2);
    const d = `M${from.x.toFixed(1)},${from.y.toFixed(1)}L${to.x.toFixed(1)},${to.y.toFixed(1)}`, dash = dashOf(direction);
    if (this.links <= MOST_TITLED) {
      this.append(style, width, dash, d).append("title")
        .text(`${direction.from} to ${direction.to}: ${plural(direction.messages, "message")}, of which ${percent(share(direction))} duplicates`);
      return;
    }
    const key = [style, width, dash].join(" ");
    const path = this.paths.get(key) || { style, width, dash, d: "" };
    path.d += d;
    this.paths.set(key, path);
  }
  draw(): void { for (const { style, width, dash, d } of this.paths.values()) this.append(style, width, dash, d); }

  private append(style: string, width: string, dash: string, d: string) {
    return this.g.append("path").attr("class", style).attr("stroke-width", width).attr("stroke-dasharray", dash).attr("d", d);
  }
}
