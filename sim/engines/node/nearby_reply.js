// Makes the answer to a WHATSAT from an answer of Places. It limits the number of results, keeps all
// other bytes, and removes empty lines, because an empty line ends the answer in the herd's protocol.

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;
const STATUS = /^[A-Z0-9_]{1,64}$/;
const GOOD = ['OK', 'ZERO_RESULTS'];

/** Returns the answer for a failed query. */
export function failureText(message, status = 'UNKNOWN_ERROR') {
  return JSON.stringify({ results: [], status, error_message: message });
}

/** Returns the answer for an HTTP error with this body: the reason that the body tells, if any. */
export function httpErrorText(httpStatus, body) {
  const plain = failureText(`Places answered HTTP ${httpStatus}`);
  if (httpStatus < 400) return plain; // redirects are not followed
  try {
    return refusalIn(parse(fold(body), body)) ?? plain;
  } catch {
    return plain;
  }
}

/** Returns the answer made of a response body, a Buffer. Throws if that is not a valid answer. */
export function answerText(body, bound) {
  const text = fold(body);
  const reply = parse(text, body);
  const refusal = refusalIn(reply);
  if (refusal !== null) return refusal;
  if (!Array.isArray(reply.results)) throw new Error('Places answered with JSON without results');
  return reply.results.length <= bound ? text : cut(text, bound);
}

function fold(body) {
  return body.toString('latin1').replace(/[\r\n]+/g, '\n').replace(/^\n|\n$/g, '');
}

function parse(text, body) {
  try {
    utf8.decode(body);
    return JSON.parse(text);
  } catch {
    // The parser's own message may quote the body.
    throw new Error('Places answered with what is not JSON');
  }
}

const isStatus = (value) => typeof value === 'string' && STATUS.test(value);
const textOr = (value, other) => (typeof value === 'string' && value !== '' ? value : other);

// Returns the answer for a failure that the provider tells of; null if it tells of none. Throws if
// there is no status. Google's newer services tell of a failure in an object `error`.
function refusalIn(reply) {
  if (isStatus(reply?.status)) {
    const { status, error_message: message } = reply;
    if (GOOD.includes(status)) return null;
    const told = textOr(message, `Places answered ${status}`);
    return JSON.stringify({ ...reply, results: [], error_message: told });
  }
  const status = reply?.error?.status;
  if (!isStatus(status) || GOOD.includes(status)) {
    throw new Error('Places answered with JSON without a status');
  }
  return failureText(textOr(reply.error.message, `Places answered ${status}`), status);
}

// Removes all results after the first `bound`. The text must be valid JSON.
function cut(text, bound) {
  const { begin, commas, end } = findResults(text);
  const from = bound < 1 ? begin : commas[bound - 1];
  return text.slice(0, from) + text.slice(end);
}

// Returns the begin, the commas and the end of the top level's `results`. If several members have
// that name, it uses the last one, as JSON.parse does.
function findResults(text) {
  let depth = 0;
  let key = null;
  let results = null;
  let found = null;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      depth += 1;
      if (depth === 2 && token === '[' && key === 'results') {
        results = { begin: index + 1, commas: [], end: 0 };
      }
    } else if (token === '}' || token === ']') {
      if (depth === 2 && results !== null) {
        found = { ...results, end: index };
        results = null;
      }
      depth -= 1;
    } else if (token === ',') {
      if (depth === 1) key = null;
      else if (depth === 2) results?.commas.push(index);
    } else if (token !== ':' && depth === 1 && key === null) {
      key = JSON.parse(token);
    }
  }
  return found;
}
