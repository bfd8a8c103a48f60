"""A second reading of client lines, with regular expressions, independent of any engine.

The suite judges random lines by it.
"""

from __future__ import annotations

import decimal
import re
from typing import Optional, Tuple

# Exact for any number of digits.
decimal.getcontext().prec = 20_000

_SPACE = rb"[ \t\r\n\f\v]+"
_DECIMAL = rb"[0-9]+(?:\.[0-9]+)?"
_LOCATION = re.compile(rb"([+-]%s)([+-]%s)" % (_DECIMAL, _DECIMAL))
_NUMBER = re.compile(_DECIMAL)


def fields(line: bytes) -> list[bytes]:
    return [field for field in re.split(_SPACE, line) if field]


def _number(text: bytes) -> Optional[decimal.Decimal]:
    return decimal.Decimal(text.decode()) if _NUMBER.fullmatch(text) else None


def is_location(text: bytes) -> bool:
    found = _LOCATION.fullmatch(text)
    return (found is not None and abs(decimal.Decimal(found[1].decode())) <= 90
            and abs(decimal.Decimal(found[2].decode())) <= 180)


def time_ns(text: bytes) -> Optional[int]:
    value = _number(text)
    if value is None:
        return None
    ns = int(value * 1_000_000_000)
    return ns if ns < 1 << 63 else None


def iamat(line: bytes) -> Optional[Tuple[bytes, bytes, bytes]]:
    """Returns client, location and time of a valid IAMAT."""
    words = fields(line)
    if len(words) != 4 or words[0] != b"IAMAT" or not is_location(words[2]):
        return None
    return None if time_ns(words[3]) is None else (words[1], words[2], words[3])


def is_whatsat(line: bytes) -> bool:
    """Returns whether a WHATSAT is valid, provided that its client is known."""
    words = fields(line)
    if len(words) != 4 or words[0] != b"WHATSAT":
        return False
    radius = _number(words[2])
    return (radius is not None and 0 < radius <= 50
            and re.fullmatch(rb"[0-9]+", words[3]) is not None and 1 <= int(words[3]) <= 20)
