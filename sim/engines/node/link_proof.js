// The MAC by which servers prove to each other that they know the herd's secret.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const PROOF_BYTES = 32;

export class LinkProofs {
  #key;
  #herd;
  #server;

  constructor({ herd, server, secret }) {
    this.#key = createHash('sha256').update(secret).digest();
    this.#herd = herd;
    this.#server = server;
  }

  /** Returns this server's LINK or LINKED to a neighbour, with its LF. */
  greeting(command, to) {
    const names = `${this.#herd} ${this.#server} ${to}`;
    return `${command} ${names} ${this.#proof(names)}\n`;
  }

  /** Returns whether a handshake is from this neighbour to this server and has the right MAC. */
  isProven(greeting, from) {
    const { herd, to, proof } = greeting;
    if (herd !== this.#herd || greeting.from !== from || to !== this.#server) return false;
    const wanted = Buffer.from(this.#proof(`${herd} ${from} ${to}`), 'latin1');
    const shown = Buffer.from(proof, 'latin1');
    return shown.length === wanted.length && timingSafeEqual(shown, wanted);
  }

  #proof(names) {
    const mac = createHmac('sha512', this.#key).update(names).digest();
    return mac.subarray(0, PROOF_BYTES).toString('hex');
  }
}
