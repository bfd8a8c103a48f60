// What a server knows: of each client the newest report, in the words of the server that heard it.
import { readAt } from './grammar.js';

export class RecordStore {
  #records = new Map();

  /** The AT line of a client's newest report, with its LF; undefined where nobody reported it. */
  find(client) {
    return this.#records.get(client)?.wire;
  }

  /**
   * Takes a report where it is newer than what is held. `wire` is its AT line with LF; `own` says
   * that it comes from a client, whose repeating itself is no news.
   */
  offer(client, seconds, nanos, wire, own) {
    const held = this.#records.get(client);
    if (held === undefined) {
      this.#records.set(copied(client), { seconds, nanos, wire: flat(wire) });
      return true;
    }
    if (seconds < held.seconds) return false;
    if (seconds === held.seconds) {
      if (nanos < held.nanos) return false;
      if (nanos === held.nanos && !winsTie(wire, held.wire, own)) return false;
    }
    held.seconds = seconds;
    held.nanos = nanos;
    held.wire = flat(wire);
    return true;
  }
}

// Of two reports of one time. Texts of bytes compare as bytes.
function winsTie(wire, heldWire, own) {
  const report = readAt(wire);
  const held = readAt(heldWire);
  for (const field of ['location', 'server']) {
    if (report[field] !== held[field]) return report[field] > held[field];
  }
  if (own) return false;
  if (report.time !== held.time) return report.time > held.time;
  return report.skew > held.skew;
}

// The engine makes a slice or a sum of strings by pointing at them. What is kept for long must not
// hold on to the whole read that it was a part of. Searching a sum makes one piece of it.
function flat(sum) {
  if (!sum.includes('\n')) throw new Error('an AT line without its LF');
  return sum;
}

function copied(slice) {
  return Buffer.from(slice, 'latin1').toString('latin1');
}
