"""The fields of a client's line, and what orders two reports. All texts are bytes."""
import re
from decimal import Decimal

DECIMAL = rb"\d+(?:\.\d+)?"
LOCATION = re.compile(rb"([+-]%b)([+-]%b)" % (DECIMAL, DECIMAL))


def degrees(location):
    """Returns latitude and longitude, exactly; None if the text is no location."""
    found = LOCATION.fullmatch(location)
    if not found:
        return None
    latitude, longitude = (Decimal(each.decode()) for each in found.groups())
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


def nanoseconds(stamp):
    """Returns a time as a whole number, because a float has too few digits; None if it is no time."""
    if not re.fullmatch(DECIMAL, stamp):
        return None
    whole, _, fraction = stamp.partition(b".")
    seconds = whole.lstrip(b"0") or b"0"
    if len(seconds) > 10:
        return None
    ns = int(seconds) * 10**9 + int(fraction[:9].ljust(9, b"0"))
    return ns if ns < 2**63 else None


def is_radius(text):
    return re.fullmatch(DECIMAL, text) and 0 < Decimal(text.decode()) <= 50


def is_bound(text):
    return re.fullmatch(rb"\d+", text) and 1 <= Decimal(text.decode()) <= 20


def order(line):
    """Returns what an AT line is compared by: of two reports of a client the greater is newer."""
    _, server, skew, _, location, stamp = line.split()
    return nanoseconds(stamp), location, server, stamp, skew


def is_report(line):
    """Whether a neighbor's line is an AT line."""
    words = line.split()
    return len(words) == 6 and words[0] == b"AT" and nanoseconds(words[5]) is not None
