'use strict';
// A herd of servers that keep where clients are, and tell each other. One process is one server:
//
//     HERD_SECRET=... node herd.js NAME PORT NEIGHBORS [PLACES_URL]
//
// NEIGHBORS is like Ball=127.0.0.1:4001,Welsh=127.0.0.1:4002. Of two neighbors the one whose name
// comes first dials the other. Without HERD_SECRET anyone can open a link.

const net = require('node:net');
const { performance } = require('node:perf_hooks');
const { words, isLocation, nanoseconds, isRadius, isBound, isReport, isNewer } = require('./grammar');
const { places } = require('./places');
const { LONGEST, readLines } = require('./wire');

const [, , NAME, PORT, NEIGHBORS, PLACES_URL = ''] = process.argv;
const HELLO = `LINK ${process.env.HERD_SECRET ?? ''}`; // opens a link, which then may say AT
const records = new Map(); // by client: the AT line of its newest report
const links = new Set(); // sockets, one for each neighbor

// Keeps a report, and tells every neighbor of it.
function take(line, client) {
  records.set(client, line);
  for (const link of links) link.write(`${line}\n`, 'latin1');
}

function iamat(client, location, stamp) {
  const now = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
  const skew = now - nanoseconds(stamp);
  const digits = String(skew < 0n ? -skew : skew).padStart(10, '0');
  const clocks = `${skew < 0n ? '-' : '+'}${digits.slice(0, -9)}.${digits.slice(-9)}`;
  const report = `AT ${NAME} ${clocks} ${client} ${location} ${stamp}`;
  // Compared without the texts of time and skew: the same report again is no news.
  if (isNewer(report, records.get(client), 3)) take(report, client);
  return report;
}

// Does what a client says. Returns the answer, and the promise of the JSON that follows it.
function obey(line) {
  const [command, client, second, third, more] = words(line);
  if (third === undefined || more !== undefined) return [`? ${line}`];
  if (command === 'IAMAT' && isLocation(second) && nanoseconds(third) !== undefined) {
    return [iamat(client, second, third)];
  }
  if (command === 'WHATSAT' && records.has(client) && isRadius(second) && isBound(third)) {
    const report = records.get(client);
    return [report, places(PLACES_URL, words(report)[4], second, third)];
  }
  return [`? ${line}`];
}

function hear(line) {
  const client = words(line)[3];
  if (isReport(line) && isNewer(line, records.get(client))) take(line, client);
}

function join(socket) {
  links.add(socket);
  socket.on('close', () => links.delete(socket));
}

// Answers a client, or hears a neighbor.
function serve(socket) {
  let answers = Promise.resolve(); // they keep their order while one of them waits for Places
  let over = false;
  const tooLong = (line) => {
    over = true;
    answers = answers.then(() => socket.end(`? ${line.slice(0, 64)}\n`, 'latin1'));
    socket.resume(); // to close with unread bytes would take the answer back
  };
  readLines(socket, (line, ending) => {
    if (over) return undefined;
    if (links.has(socket)) return hear(line);
    if (line.length > LONGEST) return tooLong(line);
    if (line === HELLO) {
      socket.write(`LINKED ${NAME}\n`);
      return join(socket);
    }
    const [answer, task] = obey(line);
    answers = answers.then(() => task).then((json) => {
      socket.write(answer + ending, 'latin1');
      if (json !== undefined) socket.write(json + ending + ending);
    });
    return undefined;
  }, tooLong);
  socket.on('end', () => answers.then(() => socket.end()));
}

function dial(host, port) {
  const socket = net.connect(Number(port), host, () => socket.write(`${HELLO}\n`));
  readLines(socket, (line) => (links.has(socket) ? hear(line) : join(socket)),
    () => socket.destroy());
  socket.on('close', () => setTimeout(dial, 100, host, port));
}

net.createServer({ allowHalfOpen: true, noDelay: true }, serve).listen(Number(PORT), '127.0.0.1');
for (const each of NEIGHBORS.split(',')) {
  const [name, address] = each.split('=');
  if (NAME < name) dial(...address.split(':'));
}
