// A bare relay on Node.js: README.md says what it does.
import net from 'node:net';

const EXTRA = 'x'.repeat(17);
const BACK = '0';

const options = { port: '0', dial: '', expect: '0', reach: '0' };
for (let i = 2; i + 1 < process.argv.length; i += 2) options[process.argv[i].slice(2)] = process.argv[i + 1];
const dialled = options.dial === '' ? [] : options.dial.split(',');
const reach = String.fromCharCode(48 + Number(options.reach)) + EXTRA.slice(1);
const links = [];
let owing = [];

function owe(peer, text) {
  if (peer.out === '' && owing.push(peer) === 1) setImmediate(writeOwed);
  peer.out += text;
}

function writeOwed() {
  const writing = owing;
  owing = [];
  for (const peer of writing) {
    peer.socket.write(peer.out, 'latin1');
    peer.out = '';
  }
}

function handle(peer, line) {
  const first = line.charCodeAt(0);
  if (first === 73) {
    owe(peer, `${EXTRA}${line}\n`);
    for (const link of links) owe(link, `${reach}${line}\n`);
  } else if (first === 76) {
    becomeLink(peer);
  } else if (first > 48) {
    const rest = `${line.slice(1)}\n`;
    const next = String.fromCharCode(first - 1);
    for (const link of links) owe(link, (link === peer ? BACK : next) + rest);
  }
}

function becomeLink(peer) {
  links.push(peer);
  tellLinked();
}

function tellLinked() {
  if (links.length === dialled.length + Number(options.expect)) process.stdout.write('linked\n');
}

function begin(socket) {
  const peer = { socket, rest: '', out: '' };
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    const lines = (peer.rest + data).split('\n');
    peer.rest = lines.pop();
    for (const line of lines) handle(peer, line);
  });
  return peer;
}

const server = net.createServer(begin);
server.listen({ port: Number(options.port), host: '127.0.0.1', backlog: 1024 }, () => {
  process.stdout.write(`listening 127.0.0.1:${server.address().port}\n`);
  for (const address of dialled) {
    const socket = net.connect(Number(address.split(':')[1]), '127.0.0.1', () => {
      const peer = begin(socket);
      owe(peer, 'L\n');
      becomeLink(peer);
    });
  }
  if (dialled.length === 0) tellLinked();
});
