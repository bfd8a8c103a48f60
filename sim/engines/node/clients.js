// Connects a connection from outside with its session or its link.
import { ClientSession } from './client_session.js';
import { LineConnection } from './line_connection.js';

/** Serves a client on a socket. */
export function serveClient(socket, services) {
  const connection = new LineConnection(socket, services.log);
  connection.owner = new ClientSession(connection, services);
  services.log.debug(`client ${connection.peer}: connected`);
  connection.begin();
}

/**
 * Makes a socket a link, whose neighbour has proven itself to a worker. `linked` is the line that
 * acknowledges it; `text` has the bytes that were read from the socket before.
 */
export function serveLink(socket, { herd, log }, { neighbor, linked, text }) {
  const connection = new LineConnection(socket, log, { text });
  herd.openLink(neighbor, linked, connection);
  connection.begin();
}
