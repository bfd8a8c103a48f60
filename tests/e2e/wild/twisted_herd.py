"""A herd on Twisted's LineReceiver. It takes its neighbours' ports as arguments and keeps
connections to them. Its flood never ends: it sends on everything that it hears, seen or not."""

import sys
import time

from twisted.internet import protocol, reactor
from twisted.protocols.basic import LineReceiver

name, port = sys.argv[1], int(sys.argv[2])
neighbors = [int(each) for each in sys.argv[3].split(",") if each]
endless = len(sys.argv) > 4
links = []
seen = {}


def flood(line):
    for link in links:
        link.sendLine(line)


class Herd(LineReceiver):
    def lineReceived(self, line):
        words = line.split()
        if words[:1] == [b"IAMAT"]:
            at = b" ".join([b"AT", name.encode(), b"%+.9f" % (time.time() - float(words[3]))] +
                           words[1:])
            seen[words[1]] = words[3]
            self.sendLine(at)
            flood(at)
        elif words[:1] == [b"AT"]:
            if endless:
                reactor.callLater(0.01, flood, line)
            elif float(seen.get(words[3], 0)) < float(words[5]):
                seen[words[3]] = words[5]
                flood(line)
        else:
            self.sendLine(b"? " + line)


class Link(Herd):
    def connectionMade(self):
        links.append(self)

    def connectionLost(self, reason=None):
        links.remove(self)


class Dialler(protocol.ReconnectingClientFactory):
    protocol = Link
    initialDelay = maxDelay = 0.05


factory = protocol.ServerFactory()
factory.protocol = Herd
reactor.listenTCP(port, factory, interface="127.0.0.1")
for each in neighbors:
    reactor.connectTCP("127.0.0.1", each, Dialler())
reactor.run()
