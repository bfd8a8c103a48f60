#!/usr/bin/python3
"""The Twisted herd server without checks of its input.

The server and its command line are the same, but it trusts every line. It splits the line, converts
words to numbers, checks no field and catches no exception. It accepts an AT from any connection, as
a herd does whose links have no handshake. Only for the measurement, never for use.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "engines" / "twisted"))

import herd  # noqa: E402, found by the path above
import herd_server  # noqa: E402
import lines  # noqa: E402


def read_iamat(line):
    if line.split()[0] != b"IAMAT":
        return None
    _, client, location, stamp = line.split()
    return client, location, stamp, int(float(stamp) * 1e9)


def read_whatsat(line):
    if line.split()[0] != b"WHATSAT":
        return None
    _, client, radius, bound = line.split()
    float(radius)
    return client, radius, int(bound)


def read_at(line):
    _, _, _, client, _, stamp = line.split()
    return client, int(float(stamp) * 1e9)


lines.read_iamat, lines.read_whatsat, lines.read_at = read_iamat, read_whatsat, read_at


class UnguardedProtocol(herd_server.TwistedHerdServerProtocol):
    def other_line(self, line, ending):
        if line.split()[0] == b"AT":
            self.server.news(*read_at(line), line, None)
        else:
            super().other_line(line, ending)


class UnguardedServer(herd_server.TwistedHerdServer):
    def buildProtocol(self, addr):
        return UnguardedProtocol(self)


if __name__ == "__main__":
    herd.TwistedHerdServer = UnguardedServer
    sys.exit(herd.main())
