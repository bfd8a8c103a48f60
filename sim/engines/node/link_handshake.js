// The handshake of a link: both servers draw a nonce, and show by a MAC that they know the herd's secret.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const SIZE = 32; // bytes of a nonce, and of a MAC

export class Handshakes {
  #key;
  #herd;
  #server;

  constructor({ herd, server, secret }) {
    this.#key = createHash('sha256').update(secret).digest();
    this.#herd = herd;
    this.#server = server;
  }

  /** Returns whether a LINK or LINKED is from this neighbour to this server. */
  isFrom(neighbor, { herd, from, to }) {
    return herd === this.#herd && from === neighbor && to === this.#server;
  }

  /** Begins a handshake with a neighbour, who may have drawn its nonce already. */
  begin(neighbor, theirNonce = '') {
    return new Handshake(this.#key, this.#herd, this.#server, neighbor, theirNonce);
  }
}

/** One handshake, on one connection. All lines have their LF. */
class Handshake {
  neighbor;
  theirNonce; // '' until the neighbour has sent it
  #key;
  #herd;
  #server;
  #ownNonce = randomBytes(SIZE).toString('hex');

  constructor(key, herd, server, neighbor, theirNonce) {
    this.#key = key;
    this.#herd = herd;
    this.#server = server;
    this.neighbor = neighbor;
    this.theirNonce = theirNonce;
  }

  link() {
    return `LINK ${this.#herd} ${this.#server} ${this.neighbor} ${this.#ownNonce}\n`;
  }

  nonce() {
    return `NONCE ${this.#ownNonce}\n`;
  }

  mac() {
    return `MAC ${this.#ownMac('MAC')}\n`;
  }

  linked() {
    return `LINKED ${this.#herd} ${this.#server} ${this.neighbor} ${this.#ownMac('LINKED')}\n`;
  }

  /** Returns whether the neighbour has shown the right MAC in its MAC or LINKED line. */
  isProven(word, shown) {
    const names = [this.neighbor, this.#server, this.theirNonce, this.#ownNonce];
    const wanted = Buffer.from(this.#hmac(word, names), 'latin1');
    const given = Buffer.from(shown, 'latin1');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  #ownMac(word) {
    return this.#hmac(word, [this.#server, this.neighbor, this.#ownNonce, this.theirNonce]);
  }

  #hmac(word, fields) {
    const text = Buffer.from([word, this.#herd, ...fields].join(' '), 'latin1');
    return createHmac('sha512', this.#key).update(text).digest().subarray(0, SIZE).toString('hex');
  }
}
