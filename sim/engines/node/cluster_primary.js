// The cluster's primary: it holds the port and the herd's truth, hands each client's connection to a
// worker, and does in order what the workers' batches say.
//
// The port is the primary's own, and not one that the workers listen on together, so that it stays
// open whichever of them die.
import cluster from 'node:cluster';
import { serveClient } from './clients.js';
import { readAt } from './grammar.js';

const FIND = 'FIND ';
/** One that dies sooner would only die again. */
const SETTLED_MS = 1_000;

export class Workers {
  #services;
  #workers = [];
  #next = 0;

  constructor(count, services) {
    this.#services = services;
    for (let i = 0; i < count; i += 1) this.#start();
  }

  /** Gives a new client's connection away; nothing must have been read from it. */
  take(socket) {
    // Those that are there take turns.
    const worker = this.#workers[this.#next++ % this.#workers.length];
    if (worker === undefined) return socket.destroy();
    socket.on('error', () => {});
    worker.send({ client: true }, socket, {}, () => {});
  }

  end() {
    for (const worker of this.#workers) {
      worker.removeAllListeners('exit');
      worker.process.kill('SIGKILL');
    }
  }

  #start() {
    const { log } = this.#services;
    const worker = cluster.fork();
    const startedAt = performance.now();
    this.#workers.push(worker);
    worker.on('message', (message, socket) => this.#heard(worker, message, socket));
    worker.on('error', (error) => log.debug(`worker ${worker.process.pid}: ${error.message}`));
    worker.on('exit', (code, signal) => {
      log.error(`worker ${worker.process.pid} ended (${signal ?? code}) and is replaced`);
      this.#workers = this.#workers.filter((other) => other !== worker);
      const lived = performance.now() - startedAt;
      setTimeout(() => this.#start(), Math.max(0, SETTLED_MS - lived));
    });
  }

  #heard(worker, message, socket) {
    if (typeof message === 'string') worker.send(this.#do(message), undefined, {}, () => {});
    else if (socket) serveClient(socket, this.#services, message.link);
  }

  // Gives the lines that were asked for, in order; empty where a client is unknown.
  #do(batch) {
    const { herd } = this.#services;
    const found = [];
    let at = 0;
    for (let lf = batch.indexOf('\n'); lf >= 0; lf = batch.indexOf('\n', at)) {
      const line = batch.slice(at, lf);
      at = lf + 1;
      if (line.startsWith(FIND)) herd.find(line.slice(FIND.length), (wire = '\n') => found.push(wire));
      else herd.report(readAt(line), `${line}\n`);
    }
    return found.join('');
  }
}
