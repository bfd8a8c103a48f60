// A TCP connection of lines: splits its input into lines, writes its output once per turn, stops
// reading when its owner is full, and closes without losing output.
import { CLIENT_STALL_MS, FAREWELL_MS, MAX_CLIENT_LINE, OVERLONG_ECHO } from './limits.js';
import { flushAtTurnEnd } from './turn.js';

const CR = 13;

/**
 * The owner has line(text, ending), overlong(firstBytes), inputEnded(), closed(reason), and mayRead(),
 * which is called after each line. The owner may change while the connection is open.
 */
export class LineConnection {
  owner = null;
  maxLine = MAX_CLIENT_LINE;
  /** The connection drops when more bytes than this are unsent, */
  maxUnsent = Infinity;
  /** or when the peer takes none of them for this long; 0 means never. */
  stallMs = CLIENT_STALL_MS;
  #socket;
  #log;
  #peer;
  #rest = ''; // the bytes that were read,
  #at = 0; // and how many of them the owner has
  #out = ''; // to write at the end of the turn
  #written = 0; // bytes that the socket has not sent yet
  #flushDue = false;
  #held = false;
  #inputEnded = false;
  #discarding = false;
  #finishing = false;
  #reason = '';
  #farewell = null;

  /** `text` has the bytes that another owner of the socket has read already. */
  constructor(socket, log, { peer = `${socket.remoteAddress}:${socket.remotePort}`, text = '' } = {}) {
    this.#socket = socket;
    this.#log = log;
    this.#peer = peer;
    this.#rest = text;
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (data) => this.#take(data));
    socket.on('end', () => this.#end());
    socket.on('drain', () => this.#drained());
    socket.on('timeout', () => this.#stalled());
    socket.on('error', (error) => (this.#reason ||= error.message));
    socket.on('close', () => this.#closed());
  }

  get peer() {
    return this.#peer;
  }
  get unsent() {
    return this.#written + this.#out.length;
  }

  write(text) {
    if (this.#log.debugs) this.#log.debug(`to ${this.#peer}: ${text.trimEnd()}`);
    this.#out += text;
    this.#flushLater();
  }

  /** Continues to read if the owner had stopped it and may read again. */
  readOn() {
    if (!this.#held || !this.owner.mayRead()) return;
    this.#held = false;
    this.#cut();
    if (this.#held) return;
    this.#socket.resume();
    if (this.#inputEnded) this.#tellEnd();
  }

  /** Stops reading until readOn(). */
  hold() {
    this.#held = true;
    this.#socket.pause();
  }

  /** Sends all output and closes. Discards further input. */
  finish(reason) {
    if (this.#finishing) return;
    this.#reason ||= reason;
    this.#finishing = true;
    this.#discard();
    this.#farewell = setTimeout(() => this.#socket.destroy(), FAREWELL_MS);
    this.#flushLater();
  }

  /** Closes at once. */
  destroy(reason) {
    this.#reason ||= reason;
    this.#discarding = true;
    this.#socket.destroy();
  }

  /** Releases the socket; returns it with the bytes that the owner does not have yet. */
  detach() {
    // No public function stops the reads, and bytes that they bring now would be lost.
    this.#socket._handle?.readStop();
    this.#discarding = true;
    for (const event of ['data', 'end', 'drain', 'timeout', 'close']) {
      this.#socket.removeAllListeners(event);
    }
    return { socket: this.#socket, text: this.#rest.slice(this.#at) };
  }

  /** Passes on the bytes that were read before. */
  begin() {
    this.#cut();
  }

  flush() {
    this.#flushDue = false;
    const socket = this.#socket;
    if (socket.destroyed) return;
    if (this.#out !== '') {
      const out = this.#out;
      this.#out = '';
      socket.write(out, 'latin1');
      this.#written = socket.writableLength;
      if (this.#written > 0) socket.setTimeout(this.stallMs);
      if (this.#written > this.maxUnsent) return this.destroy(`${this.#written} bytes unsent`);
    }
    if (this.#finishing) socket.end();
    else this.readOn();
  }

  #flushLater() {
    if (this.#flushDue) return;
    this.#flushDue = true;
    flushAtTurnEnd(this);
  }

  #take(data) {
    if (this.#discarding) return;
    this.#rest = this.#rest === '' ? data : this.#rest + data;
    if (!this.#held) this.#cut();
  }

  // Passes complete lines to the owner while it takes them.
  #cut() {
    const text = this.#rest;
    this.#at = 0;
    while (!this.#held && !this.#discarding) {
      const begin = this.#at;
      const lf = text.indexOf('\n', begin);
      const crlf = lf > begin && text.charCodeAt(lf - 1) === CR;
      // The line has no ending yet. A CR at its end may be half of one and does not count.
      const end = lf < 0 ? text.length - (text.endsWith('\r') ? 1 : 0) : crlf ? lf - 1 : lf;
      if (end - begin > this.maxLine) {
        this.#discard();
        return this.owner.overlong(text.slice(begin, begin + OVERLONG_ECHO));
      }
      if (lf < 0) break;
      this.#at = lf + 1;
      const line = text.slice(begin, end);
      if (this.#log.debugs) this.#log.debug(`from ${this.#peer}: ${line}`);
      this.owner.line(line, crlf ? '\r\n' : '\n');
      if (!this.owner.mayRead()) this.hold();
    }
    this.#rest = this.#discarding ? '' : text.slice(this.#at);
    this.#at = 0;
  }

  #discard() {
    this.#discarding = true;
    this.#rest = '';
    this.#held = false;
    this.#socket.resume();
  }

  #end() {
    this.#inputEnded = true;
    if (!this.#held) this.#tellEnd();
  }

  // Drops text without an ending.
  #tellEnd() {
    this.#rest = '';
    if (!this.#finishing) this.owner.inputEnded();
  }

  #drained() {
    this.#written = 0;
    this.#socket.setTimeout(0);
    this.readOn();
  }

  #stalled() {
    if (this.#socket.writableLength > 0) this.destroy('it took nothing for too long');
    else this.#socket.setTimeout(0);
  }

  #closed() {
    clearTimeout(this.#farewell);
    this.#discarding = true;
    this.#out = '';
    this.owner.closed(this.#reason || 'closed by the other side');
  }
}
