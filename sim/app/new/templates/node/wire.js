'use strict';
// The lines of a connection.

const LONGEST = 8192; // bytes of a client's line
const LONGEST_OF_LINK = LONGEST + 1024;

// Calls onLine(line, ending) for each line. A line that is too long for any connection ends the
// reading, with onTooLong(its beginning). Text without an ending is dropped.
function readLines(socket, onLine, onTooLong) {
  let held = '';
  const onData = (text) => {
    held += text;
    for (let end = held.indexOf('\n'); end >= 0; end = held.indexOf('\n')) {
      const whole = held.slice(0, end + 1);
      const line = whole.replace(/\r?\n$/, '');
      if (line.length > LONGEST_OF_LINK) break;
      held = held.slice(end + 1);
      onLine(line, whole.slice(line.length));
    }
    if (held.replace(/\r$/, '').length <= LONGEST_OF_LINK) return;
    socket.off('data', onData);
    onTooLong(held);
  };
  socket.setEncoding('latin1');
  socket.on('data', onData);
  socket.on('error', () => {}); // its end follows
}

module.exports = { LONGEST, readLines };
