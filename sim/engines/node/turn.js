// Defers writes to the end of the event loop's turn, so that all output of a turn leaves in one
// write.
let due = [];

/** Calls `each.flush()` once all input of this turn has been handled. */
export function flushAtTurnEnd(each) {
  if (due.push(each) === 1) setImmediate(flushAll);
}

function flushAll() {
  const flushing = due;
  due = [];
  for (const each of flushing) each.flush();
}
