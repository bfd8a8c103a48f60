// The session of one client connection: reads its lines and sends the answers in order.
import { fieldsOfAt, formatSkew, readIamat, readLink, readToken, readWhatsat } from './grammar.js';
import { CLIENT_UNSENT, CLIENT_WAITING } from './limits.js';

/**
 * `herd` receives the reports: a HerdServer, or a PrimaryHerd in a worker of a cluster. The report()
 * and find() of a PrimaryHerd return a batch and take effect together with it.
 */
export class ClientSession {
  #connection;
  #server;
  #herd;
  #places;
  #clock;
  #log;
  #waiting = []; // answers that are not complete yet, each with the answers after it
  #waitingBytes = 0;
  #hasSpoken = false;
  #handshake = null; // of a neighbour that has asked for a link
  #ending = '';

  constructor(connection, { server, herd, places, clock, log }) {
    this.#connection = connection;
    this.#server = server;
    this.#herd = herd;
    this.#places = places;
    this.#clock = clock;
    this.#log = log;
  }

  line(text, ending) {
    if (this.#handshake !== null) return this.#mac(text, ending);
    const iamat = readIamat(text);
    if (iamat !== null) this.#report(iamat, ending);
    else this.#other(text, ending);
    this.#hasSpoken = true;
  }

  overlong(firstBytes) {
    this.#answer(`? ${firstBytes}\n`);
    this.#end('line too long');
  }
  inputEnded() {
    this.#end('done');
  }
  closed(reason) {
    this.#log.debug(`client ${this.#connection.peer}: ${reason}`);
    this.#waiting = [];
  }
  mayRead() {
    return (
      this.#connection.unsent + this.#waitingBytes <= CLIENT_UNSENT &&
      this.#waiting.length <= CLIENT_WAITING
    );
  }

  #report(iamat, ending) {
    this.#clock.read();
    const skew = formatSkew(this.#clock, iamat);
    const line = `AT ${this.#server} ${skew} ${iamat.client} ${iamat.location} ${iamat.time}`;
    const wire = `${line}\n`;
    const batch = this.#herd.report(iamat, wire);
    // An answer that follows one of the same batch already waits for that batch.
    if (batch !== undefined && this.#waiting.at(-1)?.batch !== batch) {
      const entry = this.#wait();
      entry.batch = batch;
      batch.whenInEffect(() => this.#settle(entry, ''));
    }
    this.#answer(ending === '\n' ? wire : line + ending);
  }

  #other(text, ending) {
    const whatsat = readWhatsat(text);
    if (whatsat !== null) return this.#query(whatsat, text, ending);
    const link = this.#hasSpoken ? null : readLink('LINK', text);
    if (link === null) return this.#refuse(text, ending);
    this.#handshake = this.#herd.beginHandshake(link);
    if (this.#handshake === null) return this.#refuseLink(text, ending, link.from);
    this.#connection.write(this.#handshake.nonce());
  }

  #mac(text, ending) {
    const { neighbor } = this.#handshake;
    const shown = readToken('MAC', text);
    if (shown === null || !this.#handshake.isProven('MAC', shown)) {
      return this.#refuseLink(text, ending, neighbor);
    }
    this.#herd.openLink(neighbor, this.#handshake.linked(), this.#connection);
  }

  #refuseLink(text, ending, from) {
    this.#refuse(text, ending);
    this.#log.info(`client ${this.#connection.peer}: bad handshake as ${from}`);
    this.#end('bad handshake');
  }

  #query({ client, radiusKm, bound }, text, ending) {
    const entry = this.#wait();
    entry.batch = this.#herd.find(client, (wire) => {
      if (wire === undefined) return this.#settle(entry, `? ${text}${ending}`);
      const line = wire.slice(0, -1);
      this.#places.ask(fieldsOfAt(line).location, radiusKm, bound, (json) =>
        this.#settle(entry, `${line}${ending}${json}${ending}${ending}`),
      );
    });
  }

  #refuse(text, ending) {
    this.#answer(`? ${text}${ending}`);
  }

  #answer(text) {
    const last = this.#waiting.at(-1);
    if (last === undefined) return this.#connection.write(text);
    last.behind += text;
    this.#waitingBytes += text.length;
  }

  #wait() {
    const entry = { isKnown: false, answer: '', behind: '', batch: undefined };
    this.#waiting.push(entry);
    return entry;
  }

  #settle(entry, answer) {
    entry.answer = answer;
    entry.isKnown = true;
    while (this.#waiting[0]?.isKnown) {
      const known = this.#waiting.shift();
      this.#waitingBytes -= known.behind.length;
      this.#connection.write(known.answer + known.behind);
    }
    this.#finishWhenAnswered();
    this.#connection.readOn();
  }

  #end(reason) {
    this.#ending ||= reason;
    this.#finishWhenAnswered();
  }

  #finishWhenAnswered() {
    if (this.#ending !== '' && this.#waiting.length === 0) this.#connection.finish(this.#ending);
  }
}
