// A worker of the cluster: it serves clients, and asks the primary for the records.
import { serveClient } from './clients.js';
import { flushAtTurnEnd } from './turn.js';

/** Runs this process as a worker. The process ends with the primary. */
export function runWorker(services, proofs, expected) {
  const herd = new PrimaryHerd(proofs, expected);
  process.on('SIGINT', () => {}); // A terminal sends it to all processes; the primary ends the workers.
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message, socket) => {
    if (typeof message === 'string') herd.inEffect(message);
    else if (socket) serveClient(socket, { ...services, herd });
  });
  process.send('ready', undefined, {}, () => {});
}

/** The messages from a worker to the primary in one turn. */
class Batch {
  text = '';
  tells = []; // the callbacks for the lines asked for, in order
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
 * The primary's records as a worker uses them. The answer to a report must not leave before the report
 * is in effect for all clients. So the primary acknowledges each batch, and carries out batches in
 * the order of their arrival.
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

  /** Passes a link to the primary: its socket and the bytes that were read from it. */
  openLink(greeting, text, connection) {
    if (!this.#expected.has(greeting.from)) return false;
    if (!this.#proofs.isProven(greeting, greeting.from)) return false;
    const { socket, text: rest } = connection.detach();
    process.send({ link: `${text}\n${rest}` }, socket, {}, () => {});
    return true;
  }

  /** Called when the primary has carried out the oldest batch. */
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
