// The server's port.
import net from 'node:net';

/** Listens, says so on standard output, and calls `started`. Where it cannot, the process ends. */
export function listen({ host, port }, log, { accept, pauseOnConnect }, started) {
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect }, accept);
  server.on('error', (error) => {
    // As when no more files can be opened: the next connection may be luckier.
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
