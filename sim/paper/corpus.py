"""Malformed and forged lines, with the right answer to each.

The lines are the same in every run. Some look odd but are valid, so that a server which refuses
every line is wrong too.
"""

from __future__ import annotations

import random
from typing import Iterator, List, NamedTuple

SEED = 2016
MOST_BYTES = 8192
OVERLONG_ECHO = 64
PLACE = b"+34.068930-118.445127"
TIME = b"1479413884.392014450"
# Only forged lines name this client. A server that knows it has believed a forged line.
FORGED_CLIENT = b"forged.example"

# Right answers.
REPEATED = "repeated"  # `? ` and the line as it was sent
CUT = "cut"  # `? `, the first 64 bytes, LF; then the connection ends
REFUSED = "refused"  # repeated; then the connection ends
TAKEN = "taken"  # the AT line


class Case(NamedTuple):
    kind: str
    line: bytes
    ending: bytes
    answer: str

    @property
    def is_first(self) -> bool:
        """Whether the case only works as the first line of its connection."""
        return self.answer == REFUSED

    def ends_connection(self) -> bool:
        return self.answer in (CUT, REFUSED)


def _iamat(client: bytes = b"kiwi", place: bytes = PLACE, time: bytes = TIME) -> bytes:
    return b"IAMAT " + client + b" " + place + b" " + time


def _arity() -> Iterator[bytes]:
    words = [b"kiwi", PLACE, TIME, b"one-more", b"5"]
    for command in (b"IAMAT", b"WHATSAT", b"AT", b"LINK", b"LINKED"):
        for count in range(6):
            line = b" ".join([command, *words[:count]])
            if not (command == b"IAMAT" and count == 3):
                yield line
    yield from (b"", b" ", b"\t \t", b"kiwi", PLACE, TIME)


def _commands() -> Iterator[bytes]:
    for command in (b"iamat", b"Iamat", b"IAMAT.", b"IAMATIAMAT", b"WHATSATT", b"whatsat", b"QUIT",
                    b"GET", b"HELO", b"?", b"? IAMAT", b"__class__", b"%s%s%n", b"ALIVE", b"NaN",
                    b"\xef\xbb\xbfIAMAT"):
        yield command + b" kiwi " + PLACE + b" " + TIME


def _places() -> Iterator[bytes]:
    bad = (b"34.068930-118.445127", b"+34.068930,-118.445127", b"+34.068930", b"-118.445127",
           b"+-34.0-118.4", b"+34.0--118.4", b"+.5-118.4", b"+34.-118.4", b"+34.0-118.", b"+34.0-",
           b"+-", b"--", b"++", b"+1e1-118.4", b"+34.0-1e2", b"+nan+nan", b"+inf-inf",
           b"+0x10-118.4", b"+34_0-118.4", b"+34.0-118.4Z", b"+34.0-118.4/", b"+34.0-118.4+7",
           b"+34.0.0-118.4", b"N34.0W118.4", b"+\xd9\xa3\xd9\xa4-118.4", b"here", b"None",
           b"+34,0-118,4", b"'+34.0-118.4'", b"[+34.0-118.4]")
    return (_iamat(place=place) for place in bad)


def _ranges() -> Iterator[bytes]:
    for place in (b"+90.000001+0", b"-90.0000000000000000001+0", b"+91+0", b"+0+180.000001",
                  b"+0-180.0000000000000000001", b"+0+181", b"+900+0", b"+0-1800", b"+1000000+0",
                  b"+" + b"9" * 400 + b"+0", b"+0+" + b"9" * 400, b"+90.1+180.1"):
        yield _iamat(place=place)
    for radius in (b"0", b"0.0", b"50.000001", b"50.0000000000000000001", b"51", b"1000000",
                   b"-1", b"+1", b"9" * 400):
        yield b"WHATSAT kiwi " + radius + b" 5"
    for bound in (b"0", b"21", b"100", b"-1", b"+5", b"99999999999999999999", b"9" * 400):
        yield b"WHATSAT kiwi 10 " + bound


def _numbers() -> Iterator[bytes]:
    bad = (b"-1479413884", b"+1479413884", b"1479413884.", b".5", b"1e9", b"1E9", b"nan", b"NaN",
           b"inf", b"-inf", b"Infinity", b"0x5f", b"0b1", b"1_000_000", b"1,000", b"1 479",
           b"1479413884.3.9", b"--1", b"abc", b"12abc", b"None", b"null", b"true", b"''", b"1f",
           b"1L", b"1d", b"9223372036854775808", b"9223372037", b"99999999999999999999",
           b"9" * 400, b"1" + b"0" * 1000, b"\xd9\xa1\xd9\xa2", b"\xc2\xb2", b"1479413884;",
           b"1479413884s", b"9223372036.854775808")
    for number in bad:
        yield _iamat(time=number)
    for number in (b"nan", b"inf", b"1e1", b"0x5", b"1_0", b"ten", b"5.", b".5", b"5km", b"\xd9\xa5",
                   b"None", b"1.2.3"):
        yield b"WHATSAT kiwi " + number + b" 5"
        yield b"WHATSAT kiwi 10 " + number
    yield b"WHATSAT kiwi 10 5.0"


def _unknown() -> Iterator[bytes]:
    for client in (b"nobody", b"\xff\xfe", b"kiw", b"kiwii", b"KIWI", b"__proto__", b"constructor",
                   b"toString", b"hasOwnProperty", b"\x00"):
        yield b"WHATSAT " + client + b" 10 5"


def _nul() -> Iterator[bytes]:
    yield from (b"\x00", b"\x00" * 64, b"IAMAT\x00 kiwi " + PLACE + b" " + TIME,
                b"\x00IAMAT kiwi " + PLACE + b" " + TIME, _iamat(place=PLACE + b"\x00"),
                _iamat(time=TIME + b"\x00"), _iamat(time=b"\x00"), _iamat(place=b"+34\x00.0-118"),
                b"WHATSAT kiwi 10\x00 5", b"WHATSAT kiwi 10 5\x00", b"IAMAT\x00kiwi")


def _not_utf8() -> Iterator[bytes]:
    bad = (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\x80" * 40, b"\xe2\x82",
           b"\xf0\x9f\x92", b"\xfe\xff\x00I", b"\xa0", b"\x85")
    for text in bad:
        yield text
        yield b"IAMAT" + text + b" kiwi " + PLACE + b" " + TIME
        yield _iamat(place=PLACE + text)
        yield _iamat(time=text + TIME)
        yield b"WHATSAT kiwi 10 5" + text


def _noise() -> Iterator[bytes]:
    dice = random.Random(SEED)
    for size in (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233) * 3:
        line = bytes(dice.randrange(256) for _ in range(size)).replace(b"\n", b"n")
        # A CR at the end of the line would become part of a CR LF ending.
        yield line.rstrip(b"\r") or b"r"


def _forged() -> Iterator[bytes]:
    for server in (b"Alford", b"Ball", b"Welsh", b"Nobody"):
        for time in (TIME, b"9000000000", b"9223372036.854775807"):
            yield b"AT " + server + b" +0.263873386 " + FORGED_CLIENT + b" " + PLACE + b" " + time
    yield b"AT Ball +0.1 kiwi " + PLACE + b" 9000000000"
    yield b"LINKED paper Ball Alford " + b"0" * 64
    yield b"LINK paper Ball Alford " + b"0" * 64


def _forged_handshakes() -> Iterator[bytes]:
    for herd in (b"paper", b"twisted", b"native"):
        yield b"LINK " + herd + b" Ball Alford " + b"0" * 64
    yield b"LINK paper Ball Alford secret"
    yield b"LINK paper Alford Alford " + b"f" * 64
    yield b"LINK paper Ball Alford " + b"\xff" * 32


def _huge() -> Iterator[bytes]:
    yield from (b"x" * size for size in (MOST_BYTES + 1, MOST_BYTES + 2, 20_000, 300_000))
    yield _iamat(client=b"k" * MOST_BYTES)
    yield _iamat(time=b"1" * MOST_BYTES)
    yield b"\xff" * (MOST_BYTES + 1)
    yield b"\x00" * (MOST_BYTES + 1)


def _just_not_huge() -> Iterator[bytes]:
    yield b"x" * MOST_BYTES
    yield b"\xff" * (MOST_BYTES - 1)
    yield b"IAMAT " * (MOST_BYTES // 6)


def _good() -> Iterator[bytes]:
    """Yields lines that look odd but are valid; the right answer is AT."""
    yield from (_iamat(), b"  IAMAT   kiwi\t" + PLACE + b"\t " + TIME + b"  ",
                b"IAMAT\x0bkiwi\x0c" + PLACE + b" " + TIME,
                _iamat(client=b"\xff\xfe\x80"), _iamat(client=b"ki\x00wi"),
                _iamat(client="küwi-€-🥝".encode()), _iamat(client=b"__proto__.x"),
                _iamat(place=b"+90+180"), _iamat(place=b"-90.000-180.0"), _iamat(place=b"-0-0"),
                _iamat(place=b"+0000034.0-00118.4"), _iamat(place=b"+1.00000000000000000001+2"),
                _iamat(time=b"0"), _iamat(time=b"0000001479413884"), _iamat(time=b"1.0000000001"),
                _iamat(time=b"9223372036.854775807"), _iamat(client=b"IAMAT"), _iamat(client=b"?"),
                _iamat(client=b"k" * 8000))


_KINDS = (
    ("wrong number of fields", _arity, REPEATED),
    ("unknown command", _commands, REPEATED),
    ("no location", _places, REPEATED),
    ("out of range", _ranges, REPEATED),
    ("no number", _numbers, REPEATED),
    ("unknown client", _unknown, REPEATED),
    ("NUL", _nul, REPEATED),
    ("bad UTF-8", _not_utf8, REPEATED),
    ("noise", _noise, REPEATED),
    ("forged AT, LINK", _forged, REPEATED),
    ("forged handshake", _forged_handshakes, REFUSED),
    ("huge", _huge, CUT),
    ("just not huge", _just_not_huge, REPEATED),
    ("odd but good", _good, TAKEN),
)


def cases() -> List[Case]:
    """Returns all cases; their endings alternate between LF and CR LF."""
    found: List[Case] = []
    for kind, lines, answer in _KINDS:
        for line in lines():
            ending = b"\n" if len(found) % 2 == 0 else b"\r\n"
            found.append(Case(kind, line, ending, answer))
    return found


def kinds() -> List[str]:
    return [kind for kind, _, _ in _KINDS]
