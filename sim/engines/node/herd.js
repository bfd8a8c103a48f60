// The entry of the Node.js herd. This file uses old syntax only, so that an old version of Node.js
// can run it and report that it is too old.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 18 || (major === 18 && minor < 3)) {
  process.stderr.write(`herd.js needs Node.js 18.3 or newer; this is ${process.versions.node}\n`);
  process.exit(3);
}
import('./main.js');
