// A worker of the cluster: it serves clients, and asks the primary for the records.
import { serveClient } from './clients.js';
import { flushAtTurnEnd } from './turn.js';

/** Runs this process as a worker. The process ends with the primary. */
export function runWorker(services, handshakes, expected) {
  const herd = new PrimaryHerd(handshakes, expected);
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
  #handshakes;
  #expected;
  #batch = null;
  #sent = [];

  constructor(handshakes, expected) {
    this.#handshakes = handshakes;
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

  /** Begins the handshake that a LINK asks for; null if no neighbour may ask for it here. */
  beginHandshake(link) {
    if (!this.#expected.has(link.from) || !this.#handshakes.isFrom(link.from, link)) return null;
    return this.#handshakes.begin(link.from, link.token);
  }

  /** Passes a proven link to the primary: its socket and the bytes that were read from it. */
  openLink(neighbor, linked, connection) {
    const { socket, text } = connection.detach();
    process.send({ link: { neighbor, linked, text } }, socket, {}, () => {});
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
