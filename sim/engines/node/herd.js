// The Node.js herd. Nothing in this file is newer than what an old Node can read, so that it can say
// that it is too old.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 18 || (major === 18 && minor < 3)) {
  process.stderr.write(`herd.js needs Node.js 18.3 or newer; this is ${process.versions.node}\n`);
  process.exit(3);
}
import('./main.js');
