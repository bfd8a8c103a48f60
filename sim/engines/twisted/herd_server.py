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
GREETING_TIMEOUT_S = 5
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
        if report is not None:
            client, nanoseconds = report
            self.server.news(client, nanoseconds, line, self.link)
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


class TwistedHerdServerProtocol(HerdLineReceiver):
    """A connection from outside: a client, or a neighbour if its first line is a valid handshake."""

    def __init__(self, server):
        super().__init__(server)
        self._has_spoken = False
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
        greeting = lines.read_link(line)
        if greeting is not None and not self._has_spoken:
            herd, speaker, listener, proof = greeting
            if self.server.believes(herd, speaker, listener, proof, self.server.expected):
                self.out.append(self.server.greeting(b"LINKED", speaker))
                self.become_link(speaker)
                return
            log.warn("{peer}: refused as a neighbour", peer=self.peer)
            self._ending = True
        self.answer(b"? " + line + ending)
        if self._ending:
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
        self._neighbors = self.expected | set(setup.dial)
        self._own_proof = {each: lines.link_proof(setup.secret, self.herd, self.name, each)
                           for each in self._neighbors}
        self._their_proof = {each: lines.link_proof(setup.secret, self.herd, each, self.name)
                             for each in self._neighbors}
        self._never_linked = set(self._neighbors)
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

    def greeting(self, word, neighbor):
        return lines.write_greeting(word, self.herd, self.name, neighbor,
                                    self._own_proof[neighbor])

    def believes(self, herd, speaker, listener, proof, among):
        return (herd == self.herd and listener == self.name and speaker in among
                and compare_digest(proof, self._their_proof[speaker]))

    def link_up(self, link):
        old = self.links.get(link.name)
        self.links[link.name] = link
        if old is not None:
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

    def connectionMade(self):
        super().connectionMade()
        self.transport.write(self.server.greeting(b"LINK", self._client.neighbor))
        self._patience = self.server.reactor.callLater(GREETING_TIMEOUT_S, self.drop)

    def lineReceived(self, line):
        if line[-1:] == b"\r":
            line = line[:-1]
        if self.server.logs_lines:
            log.debug("from {peer}: {line!r}", peer=self.peer, line=line)
        if self.link is not None:
            self.link_line(line)
            return
        greeting = lines.read_linked(line)
        if greeting is None or not self.server.believes(*greeting, {self._client.neighbor}):
            log.warn("link to {name}: not acknowledged: {line!r}",
                     name=self._client.neighbor.decode(), line=line[:200])
            self.drop()
            return
        self._patience.cancel()
        self._client.resetDelay()
        self.become_link(self._client.neighbor)

    def lineLengthExceeded(self, line):
        log.warn("link to {name}: a line too long", name=self._client.neighbor.decode())
        self.drop()

    def input_ended(self):
        self.finish()

    def connectionLost(self, reason=protocol.connectionDone):
        if self._patience.active():
            self._patience.cancel()
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
        server.reactor.connectTCP(host, port, self, timeout=GREETING_TIMEOUT_S)

    def buildProtocol(self, addr):
        return TwistedHerdClientProtocol(self._server, self)

    def clientConnectionFailed(self, connector, reason):
        log.debug("link to {name}: dialling failed: {why}", name=self.neighbor.decode(),
                  why=reason.getErrorMessage())
        super().clientConnectionFailed(connector, reason)
