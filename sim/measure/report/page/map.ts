// The common parts of pictures of a network: the earth behind it, its links and its servers.
import { Group } from "./frame";
import { Geo, Layout, Point } from "./layout";

const NARROW = 480; // below it, degrees would cover the names of servers

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((m) => m * power).find((step) => step >= rough) || rough;
}

function degrees(value: number, positive: string, negative: string, step: number): string {
  return Math.abs(value).toFixed(Math.max(0, Math.ceil(-Math.log10(step)))) + "° " + (value < 0 ? negative : positive);
}

function graticule(g: Group, geo: Geo, width: number, height: number): void {
  const step = niceStep(Math.abs(geo.lat(0) - geo.lat(height)) / 4);
  for (let lat = Math.ceil(geo.lat(height) / step) * step; lat <= geo.lat(0); lat += step) {
    g.append("line").attr("class", "grid").attr("x2", width).attr("y1", geo.y(lat)).attr("y2", geo.y(lat));
    if (width >= NARROW && geo.y(lat) > 16) g.append("text").attr("class", "tick").attr("x", 2).attr("y", geo.y(lat) - 3).text(degrees(lat, "N", "S", step));
  }
  const across = niceStep(Math.abs(geo.lon(width) - geo.lon(0)) / 5);
  for (let lon = Math.ceil(geo.lon(0) / across) * across; lon <= geo.lon(width); lon += across) {
    const x = geo.x(lon);
    g.append("line").attr("class", "grid").attr("y2", height).attr("x1", x).attr("x2", x);
    if (width >= NARROW && x > 60 && x < width - 70) g.append("text").attr("class", "tick").attr("x", x + 3).attr("y", height - 4).text(degrees(lon, "E", "W", across));
  }
}

function scaleBar(g: Group, geo: Geo, width: number, height: number): void {
  const km = niceStep(geo.kmPerPixel * 70), length = km / geo.kmPerPixel;
  const at = g.append("g").attr("transform", `translate(${width - length - 10},${width >= NARROW ? 6 : height - 21})`);
  at.append("path").attr("class", "scale-bar").attr("d", `M0,0v6h${length}v-6`);
  at.append("text").attr("class", "tick").attr("x", length / 2).attr("y", 18).attr("text-anchor", "middle")
    .text(km >= 1 ? km + " km" : km * 1000 + " m");
}

export function drawEarth(g: Group, layout: Layout, width: number, height: number): void {
  if (!layout.geo) return;
  graticule(g, layout.geo, width, height);
  scaleBar(g, layout.geo, width, height);
}

export function middle(a: Point, b: Point): Point { return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }; }

// Whether the servers are too many for a name at each.
export function tooMany(servers: number, { width, height, ring }: Box): boolean {
  return servers > 80 || (ring && (Math.PI * (width + height - 190)) / 2 / servers < 22);
}

export interface Box { width: number; height: number; ring: boolean }

// Puts the label of a server outside a ring, else above its server or, in the lower half, below it.
function drawLabel(g: Group, name: string, at: Point, box: Box): void {
  const label = g.append("text").attr("class", "label");
  const cos = (at.x - box.width / 2) / (box.width / 2), sin = (at.y - box.height / 2) / (box.height / 2);
  if (box.ring && Math.abs(cos) > 0.35) label.attr("x", cos > 0 ? 11 : -11).attr("y", 4 + sin * 6).attr("text-anchor", cos > 0 ? "start" : "end");
  else label.attr("y", sin > 0 ? 22 : -13).attr("text-anchor", "middle");
  label.text(name);
}

export function drawServer(g: Group, name: string, at: Point, style: string, mark: string, many: boolean, box: Box): void {
  const server = g.append("g").attr("class", "server " + style).attr("transform", `translate(${at.x},${at.y})`);
  server.append("title").text(name + (style ? ": " + style : ""));
  server.append("circle").attr("r", many ? 4 : box.ring ? 6 : 8);
  if (mark && !(many && style === "has")) server.append("text").attr("class", "mark").attr("dy", "0.35em").attr("text-anchor", "middle").text(mark);
  if (!many) drawLabel(server as Group, name.length > 14 ? name.slice(0, 13) + "…" : name, at, box);
}
