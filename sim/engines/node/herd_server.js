// One server's records and neighbours: stores reports and floods new ones.
import { Neighbor } from './neighbor.js';
import { RecordStore } from './record_store.js';

export class HerdServer {
  #records = new RecordStore();
  #neighbors = new Map();
  #echoes;
  #handshakes;
  #servers; // the names of all servers of the herd
  #unproven; // neighbours whose link was never up
  #onLinked;

  constructor(options, handshakes, log, onLinked) {
    this.#handshakes = handshakes;
    this.#servers = new Set(options.servers);
    this.#echoes = options.propagation === 'flood-echo';
    this.#onLinked = onLinked;
    const shared = { herd: this, handshakes, log };
    for (const { name, host, port } of options.dial) {
      this.#neighbors.set(name, new Neighbor(name, { host, port }, shared));
    }
    for (const name of options.expect) this.#neighbors.set(name, new Neighbor(name, null, shared));
    this.#unproven = new Set(this.#neighbors.values());
  }

  start() {
    for (const neighbor of this.#neighbors.values()) {
      if (!neighbor.dials) neighbor.dial();
    }
    if (this.#unproven.size === 0) this.#onLinked();
  }

  /** Takes a client's report with its AT line. The report is in effect on return. */
  report({ client, seconds, nanos }, wire) {
    if (this.#records.offer(client, seconds, nanos, wire, true)) this.#flood(wire, null);
  }

  /** Takes a report from a neighbour. */
  heard(neighbor, { client, seconds, nanos }, wire) {
    if (this.#records.offer(client, seconds, nanos, wire, false)) this.#flood(wire, neighbor);
  }

  /** Calls `tell` with the client's newest AT line and its LF; with undefined if there is none. */
  find(client, tell) {
    tell(this.#records.find(client));
  }

  /** Begins the handshake that a LINK asks for; null if no neighbour may ask for it here. */
  beginHandshake(link) {
    const neighbor = this.#neighbors.get(link.from);
    if (!neighbor?.dials || !this.#handshakes.isFrom(neighbor.name, link)) return null;
    return this.#handshakes.begin(neighbor.name, link.token);
  }

  /** Makes a connection a link: the neighbour has shown the right MAC. */
  openLink(neighbor, linked, connection) {
    this.#neighbors.get(neighbor).proven(connection, linked);
  }

  hasServer(name) {
    return this.#servers.has(name);
  }

  linkUp(neighbor) {
    if (this.#unproven.delete(neighbor) && this.#unproven.size === 0) this.#onLinked();
  }

  #flood(wire, from) {
    for (const neighbor of this.#neighbors.values()) {
      if (neighbor !== from || this.#echoes) neighbor.send(wire);
    }
  }
}
