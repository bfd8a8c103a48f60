// The servers and links of a herd, and what its links carried.
import { Data } from "./data";

export interface Direction { from: string; to: string; messages: number; duplicates: number; echoes: number }
export interface Link { a: string; b: string; there: Direction; back: Direction; drops: number }
// If a herd is too large to draw, `links` has only the busiest ones, and there are no servers.
export interface Network {
  herd: string; servers: string[]; links: Link[]; neighbours: Map<string, string[]>;
  size: number;       // servers
  allLinks: number;
  allMessages: number | null;
}

const known = new Map<string, Network>();

export function networkOf(data: Data, herd: string): Network {
  let network = known.get(herd);
  if (!network) known.set(herd, (network = readNetwork(data, herd)));
  return network;
}

function readNetwork(data: Data, herd: string): Network {
  const table = data.table("links.csv"), servers = data.table("servers.csv");
  const names = servers.rowsOf(herd).map((row) => servers.text("server")[row]);
  const links = new Map<string, Link>();
  const neighbours = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const row of table.rowsOf(herd)) {
    const from = table.text("from")[row], to = table.text("to")[row];
    const direction: Direction = {
      from, to, messages: table.num("messages")[row] || 0, duplicates: table.num("duplicates")[row] || 0, echoes: table.num("echoes")[row] || 0,
    };
    neighbours.get(from)?.push(to);
    const other = links.get(to + "\n" + from);
    if (other) other.back = direction;
    else links.set(from + "\n" + to, { a: from, b: to, there: direction, back: { from: to, to: from, messages: 0, duplicates: 0, echoes: 0 }, drops: table.num("drops")[row] || 0 });
  }
  const summary = data.table("summary.csv"), place = data.herds.indexOf(herd);
  return {
    herd, servers: names, links: [...links.values()], neighbours, size: summary.num("servers")[place] || names.length,
    allLinks: summary.num("links")[place] || links.size, allMessages: summary.num("messages")[place],
  };
}
