// A neighbour and the one link to it, which this server or the neighbour dials.
import net from 'node:net';
import { isAlive, readAt, readGreeting } from './grammar.js';
import { FIRST_BACKOFF_MS, GREETING_MS, LAST_BACKOFF_MS, LINK_UNSENT, MAX_LINK_LINE } from './limits.js';
import { LineConnection } from './line_connection.js';

/** Owns a connection that has no use any more. */
const NOBODY = {
  line() {},
  overlong() {},
  inputEnded() {},
  closed() {},
  mayRead: () => true,
};

export class Neighbor {
  name;
  #address; // null if the neighbour dials
  #herd; // told of reports, and when the link is up
  #proofs;
  #log;
  #link = null; // the connection after its handshake
  #failures = 0;

  constructor(name, address, { herd, proofs, log }) {
    this.name = name;
    this.#address = address;
    this.#herd = herd;
    this.#proofs = proofs;
    this.#log = log;
  }

  get dials() {
    return this.#address === null;
  }

  /** Sends an AT line with its LF if the link is up; otherwise this neighbour never gets it. */
  send(wire) {
    this.#link?.write(wire);
  }

  dial() {
    const { host, port } = this.#address;
    const socket = net.connect({ host, port });
    const connection = new LineConnection(socket, this.#log, { peer: `${host}:${port}` });
    connection.owner = new Dialled(this, connection);
    connection.maxLine = MAX_LINK_LINE;
    connection.write(this.#proofs.greeting('LINK', this.name));
  }

  acknowledges(text) {
    const greeting = readGreeting('LINKED', text);
    return greeting !== null && this.#proofs.isProven(greeting, this.name);
  }

  dialFailed(reason) {
    this.#log.debug(`link to ${this.name}: not made: ${reason}`);
    const whole = Math.min(FIRST_BACKOFF_MS * 2 ** this.#failures, LAST_BACKOFF_MS);
    if (whole < LAST_BACKOFF_MS) this.#failures += 1;
    // A random wait of at least half, so that neighbours do not dial at the same time.
    setTimeout(() => this.dial(), (whole * (1 + Math.random())) / 2);
  }

  /** Called when the neighbour has dialled with a valid handshake. */
  greeted(connection) {
    connection.write(this.#proofs.greeting('LINKED', this.name));
    this.bringUp(connection);
  }

  bringUp(connection) {
    if (this.#link !== null) {
      this.#link.owner = NOBODY;
      this.#link.finish('dialled again');
    }
    this.#link = connection;
    this.#failures = 0;
    connection.owner = new Link(this, this.#herd, this.#log, connection);
    connection.maxLine = MAX_LINK_LINE;
    connection.maxUnsent = LINK_UNSENT;
    connection.stallMs = 0;
    this.#log.info(`link to ${this.name}: up`);
    this.#herd.linkUp(this);
  }

  takeDown(connection, reason) {
    connection.owner = NOBODY;
    connection.finish(reason);
    this.#link = null;
    this.#log.info(`link to ${this.name}: down: ${reason}`);
    if (!this.dials) this.dialFailed(reason);
  }
}

/** Owns a dialled connection until the neighbour acknowledges it. */
class Dialled {
  #neighbor;
  #connection;
  #timer;

  constructor(neighbor, connection) {
    this.#neighbor = neighbor;
    this.#connection = connection;
    this.#timer = setTimeout(() => this.#giveUp('no acknowledgement in time'), GREETING_MS);
  }

  line(text) {
    if (!this.#neighbor.acknowledges(text)) return this.#giveUp('not acknowledged');
    clearTimeout(this.#timer);
    this.#neighbor.bringUp(this.#connection);
  }

  overlong() {
    this.#giveUp('line too long');
  }
  inputEnded() {
    this.#giveUp('closed by the other side');
  }
  closed(reason) {
    clearTimeout(this.#timer);
    this.#neighbor.dialFailed(reason);
  }
  mayRead() {
    return true;
  }

  #giveUp(reason) {
    this.#connection.destroy(reason);
  }
}

/** Owns a link. It never answers a line: two servers would answer each other for ever. */
class Link {
  #neighbor;
  #herd;
  #log;
  #connection;

  constructor(neighbor, herd, log, connection) {
    this.#neighbor = neighbor;
    this.#herd = herd;
    this.#log = log;
    this.#connection = connection;
  }

  line(text) {
    const report = readAt(text);
    if (report !== null) this.#herd.heard(this.#neighbor, report, `${text}\n`);
    else if (!isAlive(text)) this.#log.info(`link to ${this.#neighbor.name}: no AT: ${text}`);
  }

  overlong(firstBytes) {
    this.#log.info(`link to ${this.#neighbor.name}: line too long: ${firstBytes}`);
    this.#neighbor.takeDown(this.#connection, 'line too long');
  }
  inputEnded() {
    this.#neighbor.takeDown(this.#connection, 'closed by the other side');
  }
  closed(reason) {
    this.#neighbor.takeDown(this.#connection, reason);
  }
  mayRead() {
    return true;
  }
}
