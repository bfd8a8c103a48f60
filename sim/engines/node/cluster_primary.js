// The cluster's primary: it owns the port and the records, hands each client connection to a worker,
// and carries out the workers' batches in order.
//
// The workers do not share the port, so that it stays open when workers die.
import cluster from 'node:cluster';
import { serveClient, serveLink } from './clients.js';
import { readAt } from './grammar.js';

const FIND = 'FIND ';
/** The least time between the start of a worker and the start of its replacement. */
const SETTLED_MS = 1_000;

export class Workers {
  #services;
  #workers = new Set();
  #ready = []; // workers that can take clients
  #unserved = []; // clients that came while no worker was ready
  #next = 0;

  constructor(services) {
    this.#services = services;
  }

  /** Starts `count` workers, and calls `ready` when all of them can take clients. */
  start(count, ready) {
    let missing = count;
    for (let i = 0; i < count; i += 1) {
      this.#start(() => {
        missing -= 1;
        if (missing === 0) ready();
      });
    }
  }

  /** Hands a new client connection to a worker. Nothing may have been read from it. */
  take(socket) {
    if (this.#ready.length === 0) return this.#unserved.push(socket);
    // Workers take turns.
    this.#next = (this.#next + 1) % this.#ready.length;
    socket.on('error', () => {});
    this.#ready[this.#next].send({ client: true }, socket, {}, () => {});
  }

  /** Ends the workers, and calls `ended` when all are gone. */
  end(ended) {
    let left = this.#workers.size;
    if (left === 0) return ended();
    for (const worker of this.#workers) {
      worker.removeAllListeners('exit');
      worker.once('exit', () => {
        left -= 1;
        if (left === 0) ended();
      });
      worker.process.kill('SIGKILL');
    }
  }

  #start(ready) {
    const { log } = this.#services;
    const worker = cluster.fork();
    const startedAt = performance.now();
    this.#workers.add(worker);
    // A message would be lost before the worker listens, so the worker sends the first one.
    worker.once('message', () => {
      this.#ready.push(worker);
      worker.on('message', (message, socket) => this.#heard(worker, message, socket));
      for (const socket of this.#unserved.splice(0)) this.take(socket);
      ready();
    });
    worker.on('error', (error) => log.debug(`worker ${worker.process.pid}: ${error.message}`));
    worker.on('exit', (code, signal) => {
      log.error(`worker ${worker.process.pid} ended (${signal ?? code}) and is replaced`);
      this.#workers.delete(worker);
      this.#ready = this.#ready.filter((other) => other !== worker);
      const lived = performance.now() - startedAt;
      setTimeout(() => this.#start(ready), Math.max(0, SETTLED_MS - lived));
    });
  }

  #heard(worker, message, socket) {
    if (typeof message === 'string') worker.send(this.#do(message), undefined, {}, () => {});
    else if (socket) serveLink(socket, this.#services, message.link);
  }

  // Returns the lines that the batch asks for, in order; empty if a client is unknown.
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
