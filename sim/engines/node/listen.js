// Opens the server's port.
import net from 'node:net';

/** Listens, reports it on standard output, and calls `started`. Ends the process if it fails. */
export function listen({ host, port }, log, { accept, pauseOnConnect }, started) {
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect }, accept);
  server.on('error', (error) => {
    // For example, too many open files: the next connection may succeed.
    if (server.listening) return log.error(`cannot accept a connection: ${error.message}`);
    process.stderr.write(`herd.js: cannot listen on ${host}:${port}: ${error.message}\n`);
    process.exit(3);
  });
  server.listen(port, host, () => {
    const bound = `${host}:${server.address().port}`;
    log.info(`listening on ${bound}`);
    process.stdout.write(`listening ${bound}\n`);
    started();
  });
}
