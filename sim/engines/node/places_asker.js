// Asks Places what is near a location: many queries at once, over connections that stay open.
import http from 'node:http';
import { PLACES_CONNECT_MS, PLACES_CONNECTIONS, PLACES_MAX_BODY, PLACES_MS } from './limits.js';
import { answerText, failureText, httpErrorText } from './nearby_reply.js';

const PATH = '/maps/api/place/nearbysearch/json';
const DECIMALS = 9;

export class PlacesAsker {
  #base;
  #log;
  #agent = new http.Agent({ keepAlive: true, maxSockets: PLACES_CONNECTIONS });

  /** `base` is a URL, or null if the server has no Places provider. */
  constructor(base, log) {
    this.#base = base;
    this.#log = log;
  }

  /** Calls `tell` with the JSON as a latin1 string, also after a failure. */
  ask(location, radiusKm, bound, tell) {
    if (this.#base === null) return tell(failureText('this server has no Places provider'));
    this.#fetch(queryOf(location, radiusKm), (error, reply) => {
      try {
        if (error) throw error;
        if (reply.status === 200) return tell(answerText(reply.body, bound));
        this.#log.info(`Places: HTTP status ${reply.status}`);
        tell(httpErrorText(reply.status, reply.body));
      } catch (problem) {
        this.#log.info(`Places: ${problem.message}`);
        tell(failureText(problem.message));
      }
    });
  }

  // Calls `done` exactly once, with an Error or with the HTTP status and the body, a Buffer.
  #fetch(query, done) {
    const { hostname, port, pathname } = this.#base;
    const path = `${pathname.replace(/\/+$/, '')}${PATH}?${query}`;
    const host = hostname.replace(/^\[|\]$/g, '');
    let request = null;
    const finish = (error, reply) => {
      if (request === null) return;
      if (error) request.destroy();
      request = null;
      clearTimeout(timer);
      done(error, reply);
    };
    const fail = (message) => finish(new Error(message));
    const timer = setTimeout(() => fail('no answer in time'), PLACES_MS);
    const send = () => {
      const sent = http.get({ host, port: port || 80, path, agent: this.#agent });
      request = sent;
      sent.on('socket', limitConnecting);
      sent.on('error', (error) => {
        if (request !== sent) return;
        // The provider may close an idle connection at the moment of its next use.
        if (sent.reusedSocket && error.code === 'ECONNRESET') send();
        else fail(error.message);
      });
      sent.on('response', (response) => {
        readBody(response, fail, (body) => finish(null, { status: response.statusCode, body }));
      });
    };
    send();
  }
}

function limitConnecting(socket) {
  if (!socket.connecting) return;
  const timer = setTimeout(() => socket.destroy(new Error('no connection in time')), PLACES_CONNECT_MS);
  socket.once('connect', () => clearTimeout(timer));
  socket.once('close', () => clearTimeout(timer));
}

function readBody(response, fail, done) {
  const parts = [];
  let size = 0;
  response.on('error', (error) => fail(error.message));
  response.on('data', (part) => {
    size += part.length;
    if (size > PLACES_MAX_BODY) fail('the answer is too large');
    else parts.push(part);
  });
  response.on('end', () => {
    if (response.complete) done(Buffer.concat(parts));
    else fail('the answer ended too soon');
  });
}

function queryOf(location, radiusKm) {
  const [, latitude, longitude] = /^([+-][\d.]+)([+-][\d.]+)$/.exec(location);
  // Three decimals of a metre, and never zero.
  const metres = Number(Math.max(radiusKm * 1000, 0.001).toFixed(3));
  return `location=${plainDegrees(latitude)},${plainDegrees(longitude)}&radius=${metres}`;
}

// Removes the plus, which means a space in a URL, leading zeros, and useless decimals.
function plainDegrees(text) {
  const [, sign, whole, fraction = ''] = /^([+-])0*(\d+)(\.\d+)?$/.exec(text);
  return `${sign === '-' ? '-' : ''}${whole}${fraction.slice(0, 1 + DECIMALS)}`;
}
