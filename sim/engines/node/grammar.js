// A strict parser for the lines of the protocol. A line is a latin1 string: one character per byte.
//
// `\s` would be wrong here: it matches many more characters than the six that separate fields.
const GAP = '[\\t-\\r ]+';
const EDGE = '[\\t-\\r ]*';
const WORD = '([^\\t-\\r ]+)';
const NAME = '([A-Za-z0-9._-]{1,64})';
const DECIMAL = '\\d+(?:\\.\\d+)?';
const LATITUDE = '[+-](?:0*90(?:\\.0+)?|0*[0-8]?\\d(?:\\.\\d+)?)';
const LONGITUDE = '[+-](?:0*180(?:\\.0+)?|0*(?:1[0-7]\\d|\\d?\\d)(?:\\.\\d+)?)';
const LOCATION = LATITUDE + LONGITUDE;
const TIME = '(\\d+)(?:\\.(\\d+))?';
const RADIUS = '(0*50(?:\\.0+)?|0*[1-4]?\\d(?:\\.\\d+)?)';
const BOUND = '(0*(?:20|1\\d|[1-9]))';

function line(...fields) {
  return new RegExp(`^${EDGE}${fields.join(GAP)}${EDGE}$`);
}

const IAMAT = line('IAMAT', WORD, `(${LOCATION})`, `(${TIME})`);
const WHATSAT = line('WHATSAT', WORD, RADIUS, BOUND);
// Each group costs a string per line, so there are none for what only a tie needs.
const AT = line('AT', NAME, `[+-]${DECIMAL}`, WORD, LOCATION, TIME);
const FIELDS = new RegExp(WORD, 'g');
const ALIVE = line('ALIVE');
const LINKS = {
  LINK: line('LINK', NAME, NAME, NAME, WORD),
  LINKED: line('LINKED', NAME, NAME, NAME, WORD),
};
const TOKENS = {
  NONCE: line('NONCE', WORD),
  MAC: line('MAC', WORD),
};
const WHOLE_NAME = new RegExp(`^${NAME}$`);
const ZERO = 48;
const ALL_ZEROS = /^[0.]*$/;

// The largest time is 2^63 - 1 nanoseconds.
const MAX_SECONDS = 9_223_372_036;
const MAX_NANOS = 854_775_807;

export function isName(text) {
  return WHOLE_NAME.test(text);
}

/** Reads an IAMAT, which reports a client's location. Null if the line is not a valid one. */
export function readIamat(text) {
  const found = IAMAT.exec(text);
  if (found === null) return null;
  const seconds = secondsOf(found[4]);
  const nanos = nanosOf(found[5]);
  if (!isTime(seconds, nanos)) return null;
  return { client: found[1], location: found[2], time: found[3], seconds, nanos };
}

/** Reads a WHATSAT, which asks for places near a client. Null if the line is not a valid one. */
export function readWhatsat(text) {
  const found = WHATSAT.exec(text);
  if (found === null || ALL_ZEROS.test(found[2])) return null;
  return { client: found[1], radiusKm: Number(found[2]), bound: Number(found[3]) };
}

/** Reads an AT, which relays a report. Null if the line is not a valid one. */
export function readAt(text) {
  const found = AT.exec(text);
  if (found === null) return null;
  const seconds = secondsOf(found[3]);
  const nanos = nanosOf(found[4]);
  if (!isTime(seconds, nanos)) return null;
  return { server: found[1], client: found[2], seconds, nanos };
}

/** Returns all fields of a valid AT as text. */
export function fieldsOfAt(text) {
  const [, server, skew, client, location, time] = text.match(FIELDS);
  return { server, skew, client, location, time };
}

/**
 * Reads a LINK or LINKED, the first and the last line of a link's handshake. Null if the line is not a
 * valid one. `token` is the nonce of a LINK, the MAC of a LINKED.
 */
export function readLink(command, text) {
  const found = LINKS[command].exec(text);
  if (found === null) return null;
  const [, herd, from, to, token] = found;
  return { herd, from, to, token };
}

/** Reads a NONCE or MAC, the lines in between. Null if the line is not a valid one. */
export function readToken(command, text) {
  return TOKENS[command].exec(text)?.[1] ?? null;
}

export function isAlive(text) {
  return ALIVE.test(text);
}

// Faster than Number(), which has to expect any text. Inexact only far beyond MAX_SECONDS.
function secondsOf(digits) {
  let seconds = 0;
  for (let i = 0; i < digits.length; i += 1) seconds = seconds * 10 + (digits.charCodeAt(i) - ZERO);
  return seconds;
}

// Ignores decimals beyond the ninth.
function nanosOf(fraction = '') {
  let nanos = 0;
  for (let i = 0; i < 9; i += 1) {
    nanos = nanos * 10 + (i < fraction.length ? fraction.charCodeAt(i) - ZERO : 0);
  }
  return nanos;
}

function isTime(seconds, nanos) {
  return seconds < MAX_SECONDS || (seconds === MAX_SECONDS && nanos <= MAX_NANOS);
}

/** Formats the clock's time minus the report's: a sign, seconds, a point and nine decimals. */
export function formatSkew(clock, report) {
  let seconds = clock.seconds - report.seconds;
  let nanos = clock.nanos - report.nanos;
  let sign = '+';
  if (seconds < 0 || (seconds === 0 && nanos < 0)) {
    sign = '-';
    seconds = -seconds;
    nanos = -nanos;
  }
  if (nanos < 0) {
    seconds -= 1;
    nanos += 1_000_000_000;
  }
  // The leading 1 keeps leading zeros.
  return `${sign}${seconds}.${String(1_000_000_000 + nanos).slice(1)}`;
}
