"""Reads and writes the lines of the herd as bytes, because a line may have any encoding or none."""

import hashlib
import hmac
import re
import secrets
import time

MAX_CLIENT_LINE = 8192
MAX_LINK_LINE = MAX_CLIENT_LINE + 1024
OVERLONG_ECHO = 64

# In bytes patterns \s is space, tab, CR, LF, FF and VT, and \d is 0 to 9.
_NAME = rb"[A-Za-z0-9._-]{1,64}"
_FRACTION = rb"(?:\.\d+)?"
# Ranges are checked on the digits: a double would round a value just outside a range.
_LATITUDE = rb"[+-]0*(?:[0-8]?\d" + _FRACTION + rb"|90(?:\.0+)?)"
_LONGITUDE = rb"[+-]0*(?:(?:1[0-7]\d|\d?\d)" + _FRACTION + rb"|180(?:\.0+)?)"
_LOCATION = _LATITUDE + _LONGITUDE
# Seconds with more than ten digits never fit into 64 bits of nanoseconds.
_TIME = rb"0*(\d{1,10})(?:\.(\d+))?"
_RADIUS = rb"0*(?:[0-4]?\d" + _FRACTION + rb"|50(?:\.0+)?)"
_SKEW = rb"[+-]\d+" + _FRACTION


def _line(*fields):
    return re.compile(rb"\s*" + rb"\s+".join(fields) + rb"\s*").fullmatch


_iamat = _line(rb"IAMAT", rb"(\S+)", rb"(" + _LOCATION + rb")", rb"(" + _TIME + rb")")
_whatsat = _line(rb"WHATSAT", rb"(\S+)", rb"(" + _RADIUS + rb")", rb"0*([1-9]|1\d|20)")
_at = _line(rb"AT", rb"(" + _NAME + rb")", _SKEW, rb"(\S+)", _LOCATION, _TIME)
_link = _line(rb"LINK", *[rb"(" + _NAME + rb")"] * 3, rb"(\S+)")
_linked = _line(rb"LINKED", *[rb"(" + _NAME + rb")"] * 3, rb"(\S+)")
_nonce = _line(rb"NONCE", rb"(\S+)")
_mac = _line(rb"MAC", rb"(\S+)")
is_name = re.compile(_NAME).fullmatch


def _nanoseconds(whole, fraction):
    """Returns the nanoseconds; None if they do not fit into a signed 64-bit integer."""
    nanoseconds = int(whole + (fraction + b"000000000")[:9])
    return nanoseconds if nanoseconds < 1 << 63 else None


def read_iamat(line):
    """Returns (client, location, time, nanoseconds), or None."""
    match = _iamat(line)
    if match is None:
        return None
    client, location, stamp, whole, fraction = match.groups(b"")
    nanoseconds = _nanoseconds(whole, fraction)
    return None if nanoseconds is None else (client, location, stamp, nanoseconds)


def read_whatsat(line):
    """Returns (client, radius, bound), or None."""
    match = _whatsat(line)
    if match is None or not match[2].strip(b"0."):
        return None
    return match[1], match[2], int(match[3])


def read_at(line):
    """Returns (server, client, nanoseconds), or None. Only ties need the other fields."""
    match = _at(line)
    if match is None:
        return None
    server, client, whole, fraction = match.groups(b"")
    nanoseconds = _nanoseconds(whole, fraction)
    return None if nanoseconds is None else (server, client, nanoseconds)


def read_link(line):
    """Returns (herd, from, to, nonce), or None."""
    match = _link(line)
    return match and match.groups()


def read_linked(line):
    """Returns (herd, from, to, MAC), or None."""
    match = _linked(line)
    return match and match.groups()


def read_nonce(line):
    match = _nonce(line)
    return match and match[1]


def read_mac(line):
    match = _mac(line)
    return match and match[1]


def write_at(server, client, location, stamp, nanoseconds):
    skew = time.time_ns() - nanoseconds
    seconds, rest = divmod(abs(skew), 1_000_000_000)
    return b"AT %b %b%d.%09d %b %b %b" % (
        server, b"-" if skew < 0 else b"+", seconds, rest, client, location, stamp)


def write_words(*words):
    return b" ".join(words) + b"\n"


def make_nonce():
    return secrets.token_hex(32).encode()


def mac_key(secret):
    return hashlib.sha256(secret).digest()


def mac(key, word, herd, speaker, listener, speakers_nonce, listeners_nonce):
    """Returns the MAC of a MAC or LINKED line: HMAC-SHA-512 of the fields, 32 bytes of it in hex.

    Both nonces are in it, so that it is valid on one connection only.
    """
    fields = b" ".join((word, herd, speaker, listener, speakers_nonce, listeners_nonce))
    return hmac.digest(key, fields, "sha512")[:32].hex().encode()


def tie_order(line):
    """Returns the sort key for AT lines of the same nanosecond."""
    _, server, skew, _, location, stamp = line.split()
    return location, server, stamp, skew


def location_of(line):
    return line.split()[4]
