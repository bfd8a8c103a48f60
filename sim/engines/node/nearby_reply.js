// What a WHATSAT answers, made of what Places sent: at most so many results, everything else byte for
// byte, and no empty line in it, because an empty line ends it in the herd's protocol.

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;
const STATUS = /^[A-Z0-9_]{1,64}$/;

/** The answer where Places gave none. */
export function failureText(message) {
  return JSON.stringify({ results: [], status: 'UNKNOWN_ERROR', error_message: message });
}

/** The answer made of an HTTP 200's body, a Buffer. Throws an Error where it is no answer. */
export function answerText(body, bound) {
  const text = body.toString('latin1').replace(/[\r\n]+/g, '\n').replace(/^\n|\n$/g, '');
  let reply;
  try {
    utf8.decode(body);
    reply = JSON.parse(text);
  } catch {
    // The parser's own words may quote the body.
    throw new Error('Places answered with what is not JSON');
  }
  if (typeof reply?.status !== 'string' || !STATUS.test(reply.status)) {
    throw new Error('Places answered with JSON without a status');
  }
  if (reply.status !== 'OK' && reply.status !== 'ZERO_RESULTS') return refusalText(reply);
  if (!Array.isArray(reply.results)) throw new Error('Places answered with JSON without results');
  return reply.results.length <= bound ? text : cut(text, bound);
}

function refusalText(reply) {
  const { status, error_message: message } = reply;
  const told = typeof message === 'string' && message !== '' ? message : `Places answered ${status}`;
  return JSON.stringify({ ...reply, results: [], error_message: told });
}

// Leaves out what stands behind the first results. The text is known to be JSON.
function cut(text, bound) {
  const { begin, commas, end } = findResults(text);
  const from = bound < 1 ? begin : commas[bound - 1];
  return text.slice(0, from) + text.slice(end);
}

// Where the top level's `results` begin, where their commas are, and where they end. Of members of
// one name JSON.parse takes the last, and so does this.
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
