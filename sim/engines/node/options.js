// Reads the command line and the environment.
import { parseArgs } from 'node:util';
import { LEVELS } from './log.js';
import { isName } from './grammar.js';

const SCHEMES = ['flood-echo', 'flood'];
const MAX_WORKERS = 256;

export class UsageError extends Error {}

const TAKEN = {
  herd: { type: 'string' },
  server: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string' },
  dial: { type: 'string', default: '' },
  expect: { type: 'string', default: '' },
  servers: { type: 'string', default: '' },
  propagation: { type: 'string', default: 'flood-echo' },
  places: { type: 'string' },
  log: { type: 'string', default: 'info' },
  workers: { type: 'string', default: '0' },
};

/** Returns the options of the server. Throws UsageError. */
export function readOptions(args, environment) {
  const given = readArguments(args);
  for (const name of ['herd', 'server', 'port']) {
    if (given[name] === undefined) throw new UsageError(`--${name} is missing`);
  }
  for (const option of ['herd', 'server']) checkName(option, given[option]);
  const options = {
    herd: given.herd,
    server: given.server,
    host: given.host,
    port: wholeNumber('port', given.port, 65_535),
    dial: readDial(given.dial),
    expect: listOf(given.expect),
    servers: listOf(given.servers).map((each) => each.split('=', 1)[0]),
    propagation: oneOf('propagation', given.propagation, SCHEMES),
    places: given.places === undefined ? null : readBase(given.places),
    log: oneOf('log', given.log, LEVELS),
    workers: wholeNumber('workers', given.workers, MAX_WORKERS),
    secret: environment.HERD_SECRET ?? '',
  };
  checkNeighbors(options);
  return options;
}

function readArguments(args) {
  try {
    return parseArgs({ args, options: TAKEN, strict: true }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
}

function checkName(option, name) {
  if (isName(name)) return;
  throw new UsageError(`--${option}: '${name}' is no name (1 to 64 of A-Z a-z 0-9 . _ -)`);
}

function oneOf(option, value, allowed) {
  if (allowed.includes(value)) return value;
  throw new UsageError(`--${option}: '${value}' is not one of ${allowed.join(', ')}`);
}

function wholeNumber(option, text, max) {
  if (/^\d{1,9}$/.test(text) && Number(text) <= max) return Number(text);
  throw new UsageError(`--${option}: '${text}' is no whole number from 0 to ${max}`);
}

function listOf(text) {
  return text === '' ? [] : text.split(',');
}

function readDial(text) {
  return listOf(text).map((item) => {
    const found = /^([^=]*)=(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(item);
    const port = Number(found?.[4]);
    if (!(port >= 1 && port <= 65_535)) {
      throw new UsageError(`--dial: '${item}' is not NAME=HOST:PORT`);
    }
    return { name: found[1], host: found[2] ?? found[3], port };
  });
}

function readBase(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(`--places: '${text}' is no URL`);
  }
  if (url.protocol !== 'http:' || url.search || url.hash || url.username || url.password) {
    throw new UsageError(`--places: '${text}' is not http://HOST[:PORT][/PATH]`);
  }
  return url;
}

function checkNeighbors({ server, dial, expect, servers, secret }) {
  const seen = new Set([server]);
  const named = [...dial.map(({ name }) => ['dial', name]), ...expect.map((name) => ['expect', name])];
  for (const [option, name] of named) {
    checkName(option, name);
    if (seen.has(name)) throw new UsageError(`--${option}: ${name} is named twice`);
    seen.add(name);
  }
  for (const name of servers) checkName('servers', name);
  const unknown = [...seen].find((name) => !servers.includes(name));
  if (named.length > 0 && unknown !== undefined) {
    throw new UsageError(`--servers: does not name ${unknown} (name all servers of the herd)`);
  }
  if (named.length > 0 && secret === '') {
    throw new UsageError("HERD_SECRET, the herd's secret, is not in the environment");
  }
}
