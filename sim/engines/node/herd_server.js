// One server's records and neighbours: stores reports and floods new ones.
import { Neighbor } from './neighbor.js';
import { RecordStore } from './record_store.js';

export class HerdServer {
  #records = new RecordStore();
  #neighbors = new Map();
  #echoes;
  #proofs;
  #unproven; // neighbours whose link was never up
  #onLinked;

  constructor(options, proofs, log, onLinked) {
    this.#proofs = proofs;
    this.#echoes = options.propagation === 'flood-echo';
    this.#onLinked = onLinked;
    const shared = { herd: this, proofs, log };
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

  /** Makes a connection a link if its handshake has the right MAC of an expected neighbour. */
  openLink(greeting, text, connection) {
    const neighbor = this.#neighbors.get(greeting.from);
    if (!neighbor?.dials || !this.#proofs.isProven(greeting, neighbor.name)) return false;
    neighbor.greeted(connection);
    return true;
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
