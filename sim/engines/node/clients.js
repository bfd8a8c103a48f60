// Connects a client connection with its session.
import { ClientSession } from './client_session.js';
import { LineConnection } from './line_connection.js';

/** Serves a client on a socket. `text` has the bytes that were read from it before. */
export function serveClient(socket, services, text = '') {
  const connection = new LineConnection(socket, services.log, { text });
  connection.owner = new ClientSession(connection, services);
  services.log.debug(`client ${connection.peer}: connected`);
  connection.begin();
}
