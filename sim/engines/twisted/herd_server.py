"""The server herd on Twisted: the paper's four classes and the base of their connections."""

from collections import deque
from hmac import compare_digest

from twisted.internet import protocol
from twisted.internet.interfaces import IHalfCloseableProtocol, IPushProducer
from twisted.logger import Logger
from twisted.protocols.basic import LineReceiver
from zope.interface import implementer

import lines

MAX_LINK_UNSENT = 64 << 20
MAX_WAITING = 1000  # answers of one client that wait for Places
MAX_BEHIND = 1 << 20  # bytes of the answers after them
HANDSHAKE_TIMEOUT_S = 5
FAREWELL_S = 5

log = Logger()


@implementer(IPushProducer)
class Link:
    """The sending side of a link. Queues a limited number of bytes for a slow neighbour."""

    def __init__(self, name, connection):
        self.name, self.connection = name, connection
        self.lines = []  # to send at the end of this turn
        self._backlog = deque()
        self._unsent = 0
        self._full = False
        connection.transport.unregisterProducer()
        connection.transport.registerProducer(self, True)

    def flush(self):
        data = b"".join(self.lines)
        self.lines.clear()
        if not self._full:
            self.connection.transport.write(data)
            return
        self._backlog.append(data)
        self._unsent += len(data)
        if self._unsent > MAX_LINK_UNSENT:
            log.warn("link to {name}: {unsent} bytes unsent, dropped", name=self.name.decode(),
                     unsent=self._unsent)
            self._backlog.clear()
            self.connection.drop()

    def pauseProducing(self):
        self._full = True

    def resumeProducing(self):
        self._full = False
        while self._backlog and not self._full:
            data = self._backlog.popleft()
            self._unsent -= len(data)
            self.connection.transport.write(data)

    def stopProducing(self):
        self._backlog.clear()


@implementer(IHalfCloseableProtocol)
class HerdLineReceiver(LineReceiver):
    """Reads lines with LF or CR LF, writes all answers together, and closes without losing any."""

    delimiter = b"\n"
    max_line = lines.MAX_CLIENT_LINE
    link = None

    def __init__(self, server):
        self.server = server
        self.out = []  # to send at the end of this turn
        self.over = False  # True: discards further input
        self._input_ended = False
        self._farewell = None

    def connectionMade(self):
        self.transport.setTcpNoDelay(True)
        peer = self.transport.getPeer()
        self.peer = f"{peer.host}:{peer.port}"

    def dataReceived(self, data):
        """Splits the input into lines at once; LineReceiver's own version copies the rest for each.

        Ends with one write of all answers, and one write of all news for each neighbour.
        """
        if self.over:
            return
        received = (self._buffer + data).split(b"\n")
        self._buffer = received.pop()
        for number, line in enumerate(received):
            # One byte more is not too long if it is the CR of the ending.
            if len(line) > self.max_line and (len(line) > self.max_line + 1 or line[-1] != 13):
                self.lineLengthExceeded(line)
                break
            self.lineReceived(line)
            if self.over:
                break
            if self.paused:
                self._buffer = b"\n".join((*received[number + 1:], self._buffer))
                break
        else:
            rest = self._buffer
            if len(rest) - rest.endswith(b"\r") > self.max_line:
                self.lineLengthExceeded(rest)
        if self.over:
            self._buffer = b""
        self.flush()
        self.server.flush()

    def flush(self):
        if self.out:
            self.transport.write(b"".join(self.out))
            self.out.clear()

    def link_line(self, line):
        report = lines.read_at(line)
        if report is not None and report[0] in self.server.servers:
            self.server.news(*report[1:], line, self.link)
        elif line.split() != [b"ALIVE"]:
            log.warn("link to {name}: bad line {line!r}", name=self.link.name.decode(),
                     line=line[:200])

    def become_link(self, name):
        self.max_line = lines.MAX_LINK_LINE
        self.flush()
        self.link = Link(name, self)
        self.server.link_up(self.link)

    def finish(self):
        """Ends the connection after all output: a close with unread input would reset it."""
        self.over = True
        self.flush()
        self.transport.unregisterProducer()
        if self._input_ended:
            self.transport.loseConnection()
        else:
            self.transport.resumeProducing()
            self.transport.loseWriteConnection()

    def drop(self):
        self.over = True
        self.transport.abortConnection()

    def writeConnectionLost(self):
        self._farewell = self.server.reactor.callLater(FAREWELL_S, self.transport.abortConnection)

    def readConnectionLost(self):
        self._input_ended = True
        self._buffer = b""
        if self.over:
            self.transport.loseConnection()
        else:
            self.input_ended()

    def connectionLost(self, reason=protocol.connectionDone):
        self.over = True
        if self._farewell is not None and self._farewell.active():
            self._farewell.cancel()
        if self.link is not None:
            self.server.link_down(self.link)
        log.info("connection {peer} closed: {why}", peer=self.peer, why=reason.getErrorMessage())


class WaitingAnswer:
    """A WHATSAT that waits for Places, and the answers that must follow it."""

    def __init__(self, at_line, ending):
        self.text, self.ending = at_line + ending, ending
        self.answered = False
        self.behind = []


class Handshake:
    """The nonces of one handshake, and the MACs over them."""

    def __init__(self, server, neighbor):
        self._server, self.neighbor = server, neighbor
        self.own_nonce = lines.make_nonce()
        self.their_nonce = None

    def own_mac(self, word):
        return lines.mac(self._server.mac_key, word, self._server.herd, self._server.name,
                         self.neighbor, self.own_nonce, self.their_nonce)

    def their_mac(self, word):
        return lines.mac(self._server.mac_key, word, self._server.herd, self.neighbor,
                         self._server.name, self.their_nonce, self.own_nonce)

    def linked(self):
        return lines.write_words(b"LINKED", self._server.herd, self._server.name, self.neighbor,
                                 self.own_mac(b"LINKED"))


class TwistedHerdServerProtocol(HerdLineReceiver):
    """A connection from outside: a client, or a neighbour if it does the handshake of a link."""

    def __init__(self, server):
        super().__init__(server)
        self._has_spoken = False
        self._handshake = None  # after a good LINK: the neighbour that must prove itself
        self._ending = False  # True: finishes after the last answer
        self._waiting = deque()
        self._behind = 0

    def connectionMade(self):
        super().connectionMade()
        # Stops reading from a client that does not read its answers.
        self.transport.registerProducer(self, True)
        log.info("connection from {peer}", peer=self.peer)

    def lineReceived(self, line):
        ending = b"\n"
        if line[-1:] == b"\r":
            line, ending = line[:-1], b"\r\n"
        if self.server.logs_lines:
            log.debug("from {peer}: {line!r}", peer=self.peer, line=line)
        if self.link is not None:
            self.link_line(line)
            return
        if self._handshake is not None:
            self.mac_line(line, ending)
            return
        report = lines.read_iamat(line)
        if report is not None:
            self.answer(self.server.iamat(*report) + ending)
        else:
            self.other_line(line, ending)
        self._has_spoken = True

    def other_line(self, line, ending):
        query = lines.read_whatsat(line)
        if query is not None:
            record = self.server.records.get(query[0])
            if record is not None:
                self.whatsat(record[1], ending, *query[1:])
                return
        asked = lines.read_link(line)
        if asked is None or self._has_spoken:
            self.answer(b"? " + line + ending)
        elif self.server.expects(*asked[:3]):
            self._handshake = Handshake(self.server, asked[1])
            self._handshake.their_nonce = asked[3]
            self.out.append(lines.write_words(b"NONCE", self._handshake.own_nonce))
        else:
            self.refuse_link(line, ending)

    def mac_line(self, line, ending):
        shown = lines.read_mac(line)
        if shown is None or not compare_digest(shown, self._handshake.their_mac(b"MAC")):
            self.refuse_link(line, ending)
            return
        self.out.append(self._handshake.linked())
        self.become_link(self._handshake.neighbor)

    def refuse_link(self, line, ending):
        log.warn("{peer}: refused as a neighbour", peer=self.peer)
        self._ending = True
        self.answer(b"? " + line + ending)
        self.end_when_answered()

    def lineLengthExceeded(self, line):
        if self.link is not None:
            log.warn("link to {name}: a line too long", name=self.link.name.decode())
            self.drop()
            return
        self.answer(b"? " + line[:lines.OVERLONG_ECHO] + b"\n")
        self.end_when_answered()

    def answer(self, text):
        if not self._waiting:
            self.out.append(text)
            return
        self._waiting[-1].behind.append(text)
        self._behind += len(text)
        self.hold_back()

    def whatsat(self, at_line, ending, radius, bound):
        waiting = WaitingAnswer(at_line, ending)
        self._waiting.append(waiting)
        self.hold_back()
        places = self.server.places.ask(lines.location_of(at_line), radius, bound)
        places.addCallback(self.places_answered, waiting)

    def places_answered(self, text, waiting):
        waiting.text += text + waiting.ending * 2
        waiting.answered = True
        while self._waiting and self._waiting[0].answered:
            first = self._waiting.popleft()
            self.out.append(first.text)
            self.out += first.behind
            self._behind -= sum(map(len, first.behind))
        if not self.connected:
            return
        self.flush()
        if self._ending and not self._waiting:
            self.finish()
        elif self.paused and not self.transport.producerPaused:
            self.resumeProducing()

    def hold_back(self):
        """Stops reading while too many answers wait for Places."""
        if not self.paused and not self.may_read():
            self.pauseProducing()

    def may_read(self):
        return len(self._waiting) <= MAX_WAITING and self._behind <= MAX_BEHIND

    def resumeProducing(self):
        if not self.over and self.may_read():
            super().resumeProducing()

    def end_when_answered(self):
        self._ending = self.over = True
        if not self._waiting:
            self.finish()

    def input_ended(self):
        if self.link is not None:
            self.finish()
        else:
            self.end_when_answered()


class TwistedHerdServer(protocol.ServerFactory):
    """One server of the herd: its records, its links, and the connections to its port."""

    noisy = False

    def __init__(self, reactor, setup, places):
        self.reactor, self.places = reactor, places
        self.herd, self.name = setup.herd, setup.server
        self.logs_lines = setup.log == "debug"
        self._echoes = setup.propagation == "flood-echo"
        self.expected = frozenset(setup.expect)
        self.servers = frozenset(setup.servers)
        self.mac_key = lines.mac_key(setup.secret)
        self._never_linked = {*setup.expect, *setup.dial}
        self.records = {}  # by client: (nanoseconds, AT line)
        self.links = {}

    def buildProtocol(self, addr):
        return TwistedHerdServerProtocol(self)

    # Reports from clients and neighbours.

    def iamat(self, client, location, stamp, nanoseconds):
        """Returns the AT line that answers a report, and floods the report if it is new."""
        line = lines.write_at(self.name, client, location, stamp, nanoseconds)
        held = self.records.get(client)
        if (held is None or nanoseconds > held[0]
                or nanoseconds == held[0] and self._wins_tie(line, held[1], own=True)):
            self.records[client] = (nanoseconds, line)
            self.flood(line, None)
        return line

    def news(self, client, nanoseconds, line, source):
        held = self.records.get(client)
        if (held is None or nanoseconds > held[0]
                or nanoseconds == held[0] and self._wins_tie(line, held[1])):
            self.records[client] = (nanoseconds, line)
            self.flood(line, source)

    @staticmethod
    def _wins_tie(line, held, own=False):
        """Decides between reports of the same time. A client's repetition is not newer."""
        if line == held:
            return False
        order, held_order = lines.tie_order(line), lines.tie_order(held)
        return order > held_order and not (own and order[:2] == held_order[:2])

    def flood(self, line, source):
        text = line + b"\n"
        for link in self.links.values():
            if self._echoes or link is not source:
                link.lines.append(text)

    def flush(self):
        for link in self.links.values():
            if link.lines:
                link.flush()

    # Links.

    def expects(self, herd, speaker, listener):
        return herd == self.herd and listener == self.name and speaker in self.expected

    def link_up(self, link):
        old = self.links.get(link.name)
        self.links[link.name] = link
        if old is not None:
            log.warn("link to {name}: replaced by another connection", name=link.name.decode())
            old.connection.finish()
        log.info("link to {name}: up", name=link.name.decode())
        if self._never_linked:
            self._never_linked.discard(link.name)
            self.say_when_linked()

    def link_down(self, link):
        if self.links.get(link.name) is link:
            del self.links[link.name]
            log.info("link to {name}: down", name=link.name.decode())

    def say_when_linked(self):
        if not self._never_linked:
            print("linked", flush=True)


class TwistedHerdClientProtocol(HerdLineReceiver):
    """A link that this server dialled."""

    max_line = lines.MAX_LINK_LINE

    def __init__(self, server, client):
        super().__init__(server)
        self._client = client
        self._handshake = Handshake(server, client.neighbor)

    def connectionMade(self):
        super().connectionMade()
        self.transport.write(lines.write_words(b"LINK", self.server.herd, self.server.name,
                                               self._client.neighbor, self._handshake.own_nonce))
        self._timeout = self.server.reactor.callLater(HANDSHAKE_TIMEOUT_S, self.drop)

    def lineReceived(self, line):
        if line[-1:] == b"\r":
            line = line[:-1]
        if self.server.logs_lines:
            log.debug("from {peer}: {line!r}", peer=self.peer, line=line)
        if self.link is not None:
            self.link_line(line)
            return
        if self._handshake.their_nonce is None:
            self._handshake.their_nonce = lines.read_nonce(line)
            if self._handshake.their_nonce is not None:
                self.out.append(lines.write_words(b"MAC", self._handshake.own_mac(b"MAC")))
                return
        elif self.is_proven(line):
            self._timeout.cancel()
            self._client.resetDelay()
            self.become_link(self._client.neighbor)
            return
        log.warn("link to {name}: not acknowledged: {line!r}",
                 name=self._client.neighbor.decode(), line=line[:200])
        self.drop()

    def is_proven(self, line):
        linked = lines.read_linked(line)
        names = (self.server.herd, self._client.neighbor, self.server.name)
        return (linked is not None and linked[:3] == names
                and compare_digest(linked[3], self._handshake.their_mac(b"LINKED")))

    def lineLengthExceeded(self, line):
        log.warn("link to {name}: a line too long", name=self._client.neighbor.decode())
        self.drop()

    def input_ended(self):
        self.finish()

    def connectionLost(self, reason=protocol.connectionDone):
        if self._timeout.active():
            self._timeout.cancel()
        super().connectionLost(reason)


class TwistedHerdClient(protocol.ReconnectingClientFactory):
    """Dials a neighbour, and dials again when that fails or the link is lost."""

    noisy = False
    delay = initialDelay = 0.05
    factor = 2
    maxDelay = 2

    def __init__(self, server, neighbor, host, port):
        self._server, self.neighbor = server, neighbor
        self.clock = server.reactor
        server.reactor.connectTCP(host, port, self, timeout=HANDSHAKE_TIMEOUT_S)

    def buildProtocol(self, addr):
        return TwistedHerdClientProtocol(self._server, self)

    def clientConnectionFailed(self, connector, reason):
        log.debug("link to {name}: dialling failed: {why}", name=self.neighbor.decode(),
                  why=reason.getErrorMessage())
        super().clientConnectionFailed(connector, reason)
