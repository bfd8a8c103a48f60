'use strict';
// Asks Places (Nearby Search) what is near a client.

const { degrees } = require('./grammar');

const PATH = '/maps/api/place/nearbysearch/json';

// Returns the JSON for a WHATSAT. If Places fails, it has no results, and says why.
async function places(url, location, radius, bound) {
  const query = `${url}${PATH}?location=${degrees(location)}&radius=${Number(radius) * 1000}`;
  try {
    const answer = await fetch(query, { signal: AbortSignal.timeout(5000) });
    const found = await answer.json();
    found.results = found.results.slice(0, Number(bound));
    return JSON.stringify(found, null, 2);
  } catch (error) {
    return JSON.stringify({ results: [], status: 'UNKNOWN_ERROR', error_message: String(error) });
  }
}

module.exports = { places };
