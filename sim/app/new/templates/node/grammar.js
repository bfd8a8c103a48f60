'use strict';
// The fields of a client's line, and what orders two reports. A text has one character per byte.

const DECIMAL = '[0-9]+(?:\\.[0-9]+)?';
const NUMBER = new RegExp(`^${DECIMAL}$`);
const LOCATION = new RegExp(`^([+-])(${DECIMAL})([+-])(${DECIMAL})$`);

const words = (line) => line.split(/[ \t\r\n\f\v]+/).filter((word) => word !== '');

// Whether a decimal is at most a whole number, exactly: a double has too few digits.
function isAtMost(text, high) {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(whole) < high || (BigInt(whole) === high && /^0*$/.test(fraction));
}

function isLocation(text) {
  const [, , latitude, , longitude] = LOCATION.exec(text) ?? [];
  return latitude !== undefined && isAtMost(latitude, 90n) && isAtMost(longitude, 180n);
}

// Returns latitude and longitude as Places takes them.
function degrees(location) {
  const [, north, latitude, east, longitude] = LOCATION.exec(location);
  return [Number(north + latitude), Number(east + longitude)];
}

// Returns a time as a whole number; undefined if it is no time.
function nanoseconds(stamp) {
  if (!NUMBER.test(stamp)) return undefined;
  const [whole, fraction = ''] = stamp.split('.');
  const ns = BigInt(whole) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return ns < 2n ** 63n ? ns : undefined;
}

const isRadius = (text) => NUMBER.test(text) && Number(text) > 0 && isAtMost(text, 50n);
const isBound = (text) => /^[0-9]+$/.test(text) && BigInt(text) >= 1n && BigInt(text) <= 20n;

function isReport(line) {
  const [command, , , , , stamp, more] = words(line);
  return command === 'AT' && more === undefined && nanoseconds(stamp ?? '') !== undefined;
}

// Whether an AT line is newer than another; `fields`: how many of the five that order them count.
function isNewer(line, other, fields = 5) {
  if (other === undefined) return true;
  const order = (text) => {
    const [, server, skew, , location, stamp] = words(text);
    return [nanoseconds(stamp), location, server, stamp, skew].slice(0, fields);
  };
  const [ours, theirs] = [order(line), order(other)];
  const at = ours.findIndex((each, i) => each !== theirs[i]);
  return at >= 0 && ours[at] > theirs[at];
}

module.exports = { words, isLocation, degrees, nanoseconds, isRadius, isBound, isReport, isNewer };
