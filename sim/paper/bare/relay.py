#!/usr/bin/python3
"""A bare relay on Twisted: README.md says what it does."""

import argparse

from twisted.internet import protocol, reactor
from twisted.protocols.basic import LineReceiver

EXTRA = b"x" * 17


class Relay(LineReceiver):
    delimiter = b"\n"

    def __init__(self, herd, dials):
        self.herd, self.dials, self.out = herd, dials, []

    def connectionMade(self):
        self.transport.setTcpNoDelay(True)
        if self.dials:
            self.transport.write(b"L\n")
            self.herd.link(self)

    def dataReceived(self, data):
        """Splits each read once, as the engine does; LineReceiver's own version is slower."""
        lines = (self._buffer + data).split(b"\n")
        self._buffer = lines.pop()
        for line in lines:
            self.lineReceived(line)
        self.flush()
        for link in self.herd.links:
            link.flush()

    def lineReceived(self, line):
        first = line[0]
        if first == 73:
            self.out.append(EXTRA + line + b"\n")
            news = self.herd.reach + line + b"\n"
            for link in self.herd.links:
                link.out.append(news)
        elif first > 48 and first != 76:
            rest = line[1:] + b"\n"
            back, news = b"0" + rest, b"%c" % (first - 1) + rest
            for link in self.herd.links:
                link.out.append(back if link is self else news)
        elif first == 76:
            self.herd.link(self)

    def flush(self):
        if self.out:
            self.transport.write(b"".join(self.out))
            self.out.clear()


class Herd(protocol.Factory):
    noisy = False

    def __init__(self, options):
        self.links = []
        self.reach = b"%c" % (48 + options.reach) + EXTRA[1:]
        self.dialled = [int(each.partition(":")[2]) for each in options.dial.split(",") if each]
        self._links_wanted = len(self.dialled) + options.expect

    def buildProtocol(self, addr):
        return Relay(self, dials=False)

    def link(self, relay):
        self.links.append(relay)
        self.tell_linked()

    def tell_linked(self):
        if len(self.links) == self._links_wanted:
            print("linked", flush=True)


class Dialler(protocol.ClientFactory):
    noisy = False

    def __init__(self, herd):
        self._herd = herd

    def buildProtocol(self, addr):
        return Relay(self._herd, dials=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dial", default="")
    parser.add_argument("--expect", type=int, default=0)
    parser.add_argument("--reach", type=int, default=0)
    options = parser.parse_args()
    herd = Herd(options)
    listening = reactor.listenTCP(options.port, herd, 1024, "127.0.0.1").getHost()

    def begin():
        print(f"listening {listening.host}:{listening.port}", flush=True)
        for port in herd.dialled:
            reactor.connectTCP("127.0.0.1", port, Dialler(herd))
        if not herd.dialled:
            herd.tell_linked()

    reactor.callWhenRunning(begin)
    reactor.run()


if __name__ == "__main__":
    main()
