// Starts this process as the whole server, as a cluster's primary, or as one of its workers.
import cluster from 'node:cluster';
import { serveClient } from './clients.js';
import { Clock } from './clock.js';
import { Workers } from './cluster_primary.js';
import { runWorker } from './cluster_worker.js';
import { HerdServer } from './herd_server.js';
import { Handshakes } from './link_handshake.js';
import { listen } from './listen.js';
import { Log } from './log.js';
import { readOptions, UsageError } from './options.js';
import { PlacesAsker } from './places_asker.js';

function main() {
  const options = tryOptions();
  const log = new Log(options.server, options.log);
  const handshakes = new Handshakes(options);
  const services = {
    server: options.server,
    places: new PlacesAsker(options.places, log),
    clock: new Clock(),
    log,
  };
  if (cluster.isWorker) return runWorker(services, handshakes, options.expect);

  const herd = new HerdServer(options, handshakes, log, () => process.stdout.write('linked\n'));
  services.herd = herd;
  const workers = options.workers > 0 ? new Workers(services) : null;
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => end(log, workers));
  const start = () => herd.start();
  if (workers === null) {
    listen(options, log, { accept: (socket) => serveClient(socket, services) }, start);
  } else {
    const accept = (socket) => workers.take(socket);
    workers.start(options.workers, () => {
      listen(options, log, { accept, pauseOnConnect: true }, start);
    });
  }
}

function tryOptions() {
  try {
    return readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`herd.js: ${error.message}\n`);
    process.exit(2);
  }
}

function end(log, workers) {
  log.info('ended');
  if (workers === null) process.exit(0);
  workers.end(() => process.exit(0));
}

main();
