// A worker of the cluster: it serves clients, and asks the primary for the truth.
import { serveClient } from './clients.js';
import { flushAtTurnEnd } from './turn.js';

/** Never returns to be anything else; ends with the primary. */
export function runWorker(services, proofs, expected) {
  const herd = new PrimaryHerd(proofs, expected);
  process.on('SIGINT', () => {}); // From a terminal it goes to all; the primary sees to its end.
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message, socket) => {
    if (typeof message === 'string') herd.inEffect(message);
    else if (socket) serveClient(socket, { ...services, herd });
  });
  process.send('ready', undefined, {}, () => {});
}

/** What a worker says to the primary in one turn. */
class Batch {
  text = '';
  tells = []; // whom to tell what was asked for, in order
  #waiting = [];

  whenInEffect(callback) {
    this.#waiting.push(callback);
  }

  inEffect(lines) {
    let at = 0;
    for (const tell of this.tells) {
      const end = lines.indexOf('\n', at) + 1;
      tell(end - at > 1 ? lines.slice(at, end) : undefined);
      at = end;
    }
    for (const callback of this.#waiting) callback();
  }
}

/**
 * The primary's truth, from afar. A report's answer must not be out before the report is in effect
 * for everybody: so the primary acknowledges each batch, and it does batches in the order they come.
 */
class PrimaryHerd {
  #proofs;
  #expected;
  #batch = null;
  #sent = [];

  constructor(proofs, expected) {
    this.#proofs = proofs;
    this.#expected = new Set(expected);
  }

  report(_, wire) {
    const batch = this.#current();
    batch.text += wire;
    return batch;
  }

  find(client, tell) {
    const batch = this.#current();
    batch.text += `FIND ${client}\n`;
    batch.tells.push(tell);
    return batch;
  }

  /** A link is the primary's: it gets the socket, and what was read from it. */
  openLink(greeting, text, connection) {
    if (!this.#expected.has(greeting.from)) return false;
    if (!this.#proofs.isProven(greeting, greeting.from)) return false;
    const { socket, text: rest } = connection.detach();
    process.send({ link: `${text}\n${rest}` }, socket, {}, () => {});
    return true;
  }

  /** The primary has done the oldest batch. */
  inEffect(lines) {
    this.#sent.shift().inEffect(lines);
  }

  flush() {
    const batch = this.#batch;
    this.#batch = null;
    this.#sent.push(batch);
    process.send(batch.text, undefined, {}, () => {});
  }

  #current() {
    if (this.#batch === null) {
      this.#batch = new Batch();
      flushAtTurnEnd(this);
    }
    return this.#batch;
  }
}
