// A server's records: the newest report of each client, as the server that heard it wrote it.
import { fieldsOfAt } from './grammar.js';

export class RecordStore {
  #records = new Map();

  /** Returns the AT line of a client's newest report with its LF; undefined if there is none. */
  find(client) {
    return this.#records.get(client)?.wire;
  }

  /**
   * Stores a report if it is newer than the record; returns whether it was. `wire` is its AT line
   * with LF. `own` means that a client sent it: a client's repetition is not newer.
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

// Decides between two reports of the same time. Latin1 strings compare as bytes.
function winsTie(wire, heldWire, own) {
  if (wire === heldWire) return false;
  const report = fieldsOfAt(wire);
  const held = fieldsOfAt(heldWire);
  for (const field of ['location', 'server']) {
    if (report[field] !== held[field]) return report[field] > held[field];
  }
  if (own) return false;
  if (report.time !== held.time) return report.time > held.time;
  return report.skew > held.skew;
}

// V8 represents slices and concatenations of strings by references. A record must not keep the whole
// read in memory that it was a part of. A search turns a concatenation into one flat string.
function flat(sum) {
  if (!sum.includes('\n')) throw new Error('an AT line without its LF');
  return sum;
}

function copied(slice) {
  return Buffer.from(slice, 'latin1').toString('latin1');
}
