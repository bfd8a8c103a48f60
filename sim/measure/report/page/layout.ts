// Places the servers of a herd in a picture: by their places on the earth, else by the generator of the
// links, else by forces.
import { forceCenter, forceLink, forceManyBody, forceSimulation } from "d3-force";
import { Data, HerdSpec } from "./data";
import { Network } from "./network";

export interface Point { x: number; y: number }
export interface Layout {
  places: Map<string, Point>;
  geo: Geo | null; // null if the places are not on the earth
  ring: boolean;   // whether the servers are many on a ring, so that labels go outside
}
export interface Geo { kmPerPixel: number; lat(y: number): number; lon(x: number): number; x(lon: number): number; y(lat: number): number }

function coordinates(spec: HerdSpec): Map<string, [number, number]> {
  const places = new Map<string, [number, number]>();
  if (!Array.isArray(spec.servers)) return places;
  for (const server of spec.servers) {
    const at = typeof server === "object" && server.at ? /^([+-][\d.]+)([+-][\d.]+)$/.exec(server.at) : null;
    if (at && typeof server === "object") places.set(server.name, [Number(at[1]), Number(at[2])]);
  }
  return places;
}

function geographic(spec: HerdSpec, servers: string[], width: number, height: number, pad: number): Layout | null {
  const at = coordinates(spec);
  if (servers.length < 2 || !servers.every((server) => at.has(server))) return null;
  const points = servers.map((server) => at.get(server) as [number, number]);
  const lats = points.map((p) => p[0]), lons = points.map((p) => p[1]);
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)];
  const shrink = Math.max(0.05, Math.cos(((south + north) / 2) * Math.PI / 180));
  const degree = Math.min((width - 2 * pad) / Math.max(1e-6, (east - west) * shrink), (height - 2 * pad) / Math.max(1e-6, north - south));
  const left = (width - (east - west) * shrink * degree) / 2, top = (height - (north - south) * degree) / 2;
  const geo: Geo = {
    kmPerPixel: 111.19 / degree,
    x: (lon) => left + (lon - west) * shrink * degree, y: (lat) => top + (north - lat) * degree,
    lon: (x) => west + (x - left) / (shrink * degree), lat: (y) => north - (y - top) / degree,
  };
  return { geo, ring: false, places: new Map(servers.map((server, i) => [server, { x: geo.x(lons[i]), y: geo.y(lats[i]) }])) };
}

function gridColumns(spec: HerdSpec, n: number): number | null {
  const links = spec.links as { grid?: number[] } | undefined;
  const grid = links && typeof links === "object" ? links.grid : undefined;
  return Array.isArray(grid) && grid.length === 2 && grid[0] * grid[1] === n ? grid[0] : null;
}

function onGrid(servers: string[], columns: number, width: number, height: number, pad: number): Map<string, Point> {
  const rows = Math.ceil(servers.length / columns);
  const step = (room: number, n: number) => (n > 1 ? (room - 2 * pad) / (n - 1) : 0);
  return new Map(servers.map((server, i) => [server, {
    x: columns > 1 ? pad + (i % columns) * step(width, columns) : width / 2,
    y: rows > 1 ? pad + Math.floor(i / columns) * step(height, rows) : height / 2,
  }]));
}

function onRing(servers: string[], width: number, height: number, pad: number, hub?: string): Map<string, Point> {
  const around = servers.filter((server) => server !== hub);
  const places = new Map<string, Point>();
  around.forEach((server, i) => {
    const angle = (i / around.length) * 2 * Math.PI - Math.PI / 2;
    places.set(server, { x: width / 2 + (width / 2 - pad) * Math.cos(angle), y: height / 2 + (height / 2 - pad) * Math.sin(angle) });
  });
  if (hub) places.set(hub, { x: width / 2, y: height / 2 });
  return places;
}

// The servers in the order of their ring, if the links are one; else as they are.
function alongRing(network: Network): string[] {
  const next = (name: string) => network.neighbours.get(name) || [];
  if (network.servers.length < 3 || !network.servers.every((name) => next(name).length === 2)) return network.servers;
  const order = [network.servers[0]];
  const seen = new Set(order);
  for (let at: string | undefined = order[0]; at !== undefined;) {
    at = next(at).find((name) => !seen.has(name));
    if (at === undefined) break;
    order.push(at);
    seen.add(at);
  }
  return order.length === network.servers.length ? order : network.servers;
}

function byForce(network: Network, width: number, height: number, pad: number): Map<string, Point> {
  const nodes = network.servers.map((id) => ({ id } as { id: string; x?: number; y?: number }));
  const links = network.links.map((link) => ({ source: link.a, target: link.b }));
  const many = nodes.length > 120;
  forceSimulation(nodes as any).force("link", forceLink(links as any).id((d: any) => d.id).distance(30))
    .force("charge", forceManyBody().strength(-60)).force("center", forceCenter(0, 0)).stop().tick(many ? 60 : 200);
  const xs = nodes.map((n) => n.x || 0), ys = nodes.map((n) => n.y || 0);
  const fit = (value: number, all: number[], room: number) => {
    const low = Math.min(...all), high = Math.max(...all);
    return high > low ? pad + ((value - low) / (high - low)) * (room - 2 * pad) : room / 2;
  };
  return new Map(nodes.map((n) => [n.id, { x: fit(n.x || 0, xs, width), y: fit(n.y || 0, ys, height) }]));
}

export function layoutOf(data: Data, network: Network, width: number, height: number): Layout {
  const spec = data.spec(network.herd), n = network.servers.length;
  const pad = Math.min(48, width / 7);
  const geo = geographic(spec, network.servers, width, height, pad);
  if (geo) return geo;
  const columns = gridColumns(spec, n);
  if (columns) return { geo: null, ring: false, places: onGrid(network.servers, columns, width, height, pad) };
  const hub = network.servers.find((server) => n > 3 && (network.neighbours.get(server) || []).length === n - 1 && network.links.length === n - 1);
  if (hub || n <= 60) return { geo: null, ring: n > 12, places: onRing(alongRing(network), width, height, pad, hub) };
  return { geo: null, ring: false, places: byForce(network, width, height, pad) };
}
