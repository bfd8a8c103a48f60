#!/usr/bin/python3
"""The Twisted herd server without its guards, as a control: what it reads, it believes.

The same server, the same command line. But lines are read as one does who trusts what comes in: cut
into words, words made numbers, nothing asked, nothing caught; and an AT is believed whoever says it,
as in a herd whose links prove nothing. Never for use.
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
