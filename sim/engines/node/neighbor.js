// A neighbour and the one link to it, which this server or the neighbour dials.
import net from 'node:net';
import { isAlive, readAt, readLink, readToken } from './grammar.js';
import { FIRST_BACKOFF_MS, HANDSHAKE_MS, LAST_BACKOFF_MS, LINK_UNSENT, MAX_LINK_LINE } from './limits.js';
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
  #handshakes;
  #log;
  #link = null; // the connection after its handshake
  #failures = 0;

  constructor(name, address, { herd, handshakes, log }) {
    this.name = name;
    this.#address = address;
    this.#herd = herd;
    this.#handshakes = handshakes;
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
    const handshake = this.#handshakes.begin(this.name);
    connection.owner = new Dialled(this, connection, handshake);
    connection.maxLine = MAX_LINK_LINE;
    connection.write(handshake.link());
  }

  acknowledges(handshake, text) {
    const linked = readLink('LINKED', text);
    return (
      linked !== null &&
      this.#handshakes.isFrom(this.name, linked) &&
      handshake.isProven('LINKED', linked.token)
    );
  }

  dialFailed(reason) {
    this.#log.debug(`link to ${this.name}: not made: ${reason}`);
    const whole = Math.min(FIRST_BACKOFF_MS * 2 ** this.#failures, LAST_BACKOFF_MS);
    if (whole < LAST_BACKOFF_MS) this.#failures += 1;
    // A random wait of at least half, so that neighbours do not dial at the same time.
    setTimeout(() => this.dial(), (whole * (1 + Math.random())) / 2);
  }

  /** Called when the neighbour has dialled, and has shown the right MAC. `linked` is the answer. */
  proven(connection, linked) {
    connection.write(linked);
    this.bringUp(connection);
  }

  bringUp(connection) {
    if (this.#link !== null) {
      this.#log.warn(`link to ${this.name}: replaced by another connection`);
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
  #handshake;
  #timer;

  constructor(neighbor, connection, handshake) {
    this.#neighbor = neighbor;
    this.#connection = connection;
    this.#handshake = handshake;
    this.#timer = setTimeout(() => this.#abandon('no handshake in time'), HANDSHAKE_MS);
  }

  line(text) {
    const handshake = this.#handshake;
    if (handshake.theirNonce === '') {
      handshake.theirNonce = readToken('NONCE', text) ?? '';
      if (handshake.theirNonce === '') return this.#abandon('no nonce');
      return this.#connection.write(handshake.mac());
    }
    if (!this.#neighbor.acknowledges(handshake, text)) return this.#abandon('not acknowledged');
    clearTimeout(this.#timer);
    this.#neighbor.bringUp(this.#connection);
  }

  overlong() {
    this.#abandon('line too long');
  }
  inputEnded() {
    this.#abandon('closed by the other side');
  }
  closed(reason) {
    clearTimeout(this.#timer);
    this.#neighbor.dialFailed(reason);
  }
  mayRead() {
    return true;
  }

  #abandon(reason) {
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
    if (report !== null && this.#herd.hasServer(report.server)) this.#herd.heard(this.#neighbor, report, `${text}\n`);
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
