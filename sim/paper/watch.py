"""Watches a herd at ease: reports at an even rate, and when each server passes on each report.

The harness is one more neighbour of every server. A server sends a report to all its neighbours when it
accepts it, so the time between the arrivals from two servers is the time between their acceptances. The
kernel stamps each arrival, so it does not matter how soon the harness reads it.
"""

from __future__ import annotations

import gc
import hashlib
import hmac
import secrets
import selectors
import socket
import struct
import time
from typing import Dict, List, NamedTuple, Sequence, Tuple

from cell import RunFailed
from herd_servers import HERD, SECRET, WATCH

ANSWERS_WITHIN_S = 20.0
# Linux: asks for the time at which the last byte of a read arrived; socket.py does not have it.
SO_TIMESTAMPNS = 35
_TIME = struct.Struct("qq")


class Report(NamedTuple):
    """One report: when it was due, in seconds since the start, and what became of it."""

    due_s: float
    # From its sending until the answer was there.
    reply_us: float
    # From the first server's acceptance to that of each other server.
    propagation_us: Sequence[float]


def mac(word: bytes, speaker: str, listener: str, speakers: bytes, listeners: bytes) -> bytes:
    """Returns the MAC of a handshake: HMAC-SHA-512 of the fields, cut to 32 bytes, in hex."""
    key = hashlib.sha256(SECRET.encode()).digest()
    fields = b" ".join((word, f"{HERD} {speaker} {listener}".encode(), speakers, listeners))
    return hmac.digest(key, fields, "sha512")[:32].hex().encode()


class _Lines:
    """A connection that is read as lines, with the time of their arrival."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), ANSWERS_WITHIN_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._rest = b""

    def receive(self) -> Tuple[List[bytes], int]:
        """Returns the complete lines, and the arrival of the last one in POSIX nanoseconds."""
        data, told, _, _ = self.socket.recvmsg(1 << 16, 64)
        if not data:
            raise RunFailed("a server closed its connection")
        *found, self._rest = (self._rest + data).split(b"\n")
        for _, kind, value in told:
            if kind == SO_TIMESTAMPNS:
                seconds, nanoseconds = _TIME.unpack(value)
                return found, seconds * 1_000_000_000 + nanoseconds
        return found, time.time_ns()

    def one(self) -> bytes:
        """Waits for one line. Only for handshakes, in which each side waits for the other."""
        while not (found := self.receive()[0]):
            pass
        return found[0]


class Watch:
    """Links to servers of a herd, and clients. Use it as a context."""

    def __init__(self, names: Sequence[str], ports: Sequence[int], clients: Sequence[int]) -> None:
        """Becomes a neighbour of the servers with these names and ports.

        `clients` has the port of each client. If there are links, client n is at server n.
        """
        self._links: List[_Lines] = []
        self._clients: List[_Lines] = []
        try:
            for name, port in zip(names, ports):
                self._links.append(_Lines(port))
                _prove(self._links[-1], name)
            for port in clients:
                self._clients.append(_Lines(port))
        except (OSError, RunFailed) as why:
            self.close()
            raise RunFailed(f"could not become a neighbour or a client: {why}") from None

    def __enter__(self) -> "Watch":
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def close(self) -> None:
        for each in (*self._links, *self._clients):
            each.socket.close()

    def reports(self, per_s: float, seconds: float) -> List[Report]:
        """Sends reports, each from the next client; returns all, in their order.

        Raises RunFailed if a report does not reach every server.
        """
        gc.collect()
        gc.disable()
        try:
            return _Round(self._links, self._clients, per_s, seconds).play()
        finally:
            gc.enable()


def _prove(link: _Lines, name: str) -> None:
    """Does the handshake of a link as the neighbour that dials."""
    own = secrets.token_hex(32).encode()
    link.socket.sendall(f"LINK {HERD} {WATCH} {name} ".encode() + own + b"\n")
    words = link.one().split()
    if len(words) != 2 or words[0] != b"NONCE":
        raise RunFailed("it refused the LINK")
    link.socket.sendall(b"MAC " + mac(b"MAC", WATCH, name, own, words[1]) + b"\n")
    said = link.one().split()
    if not said or said[-1] != mac(b"LINKED", name, WATCH, words[1], own):
        raise RunFailed("it did not acknowledge the link")


class _Round:
    """One series of reports."""

    def __init__(self, links: Sequence[_Lines], clients: Sequence[_Lines], per_s: float,
                 seconds: float) -> None:
        self._links, self._clients = links, clients
        self._count, self._every_s = int(per_s * seconds), 1 / per_s
        # A series of its own for each call, because a server may know clients of an earlier one.
        self._series = secrets.token_hex(4)
        # By report: when it was sent and answered, and when each server passed it on.
        self._sent: List[int] = []
        self._replied: Dict[int, int] = {}
        self._arrived: List[Dict[int, int]] = [{} for _ in links]

    def play(self) -> List[Report]:
        with selectors.DefaultSelector() as selector:
            for number, each in enumerate(self._links):
                selector.register(each.socket, selectors.EVENT_READ, (each, self._arrived[number]))
            for each in self._clients:
                selector.register(each.socket, selectors.EVENT_READ, (each, self._replied))
            self._begun = time.perf_counter()
            while not self._is_over():
                for key, _ in selector.select(self._wait_s()):
                    self._take(*key.data)
                self._send_due()
        return [self._report(number) for number in range(self._count)]

    def _due_s(self, number: int) -> float:
        return number * self._every_s

    def _passed_s(self) -> float:
        return time.perf_counter() - self._begun

    def _wait_s(self) -> float:
        if len(self._sent) == self._count:
            return 0.05
        return max(0.0, self._due_s(len(self._sent)) - self._passed_s())

    def _send_due(self) -> None:
        while len(self._sent) < self._count and self._passed_s() >= self._due_s(len(self._sent)):
            number, now = len(self._sent), time.time_ns()
            self._sent.append(now)
            self._clients[number % len(self._clients)].socket.sendall(
                b"IAMAT watched-%s-%d +34.068930-118.445127 %d.%09d\n" % (
                    self._series.encode(), number, now // 1_000_000_000, now % 1_000_000_000))

    def _take(self, lines: _Lines, times: Dict[int, int]) -> None:
        mark = b"watched-%s-" % self._series.encode()
        found, now = lines.receive()
        for line in found:
            words = line.split()
            if len(words) > 3 and words[3].startswith(mark):
                times.setdefault(int(words[3][len(mark):]), now)

    def _is_over(self) -> bool:
        if len(self._sent) < self._count:
            return False
        if len(self._replied) == self._count and all(len(each) == self._count
                                                     for each in self._arrived):
            return True
        if self._passed_s() > self._due_s(self._count) + ANSWERS_WITHIN_S:
            raise RunFailed("a report did not reach every server within "
                            f"{ANSWERS_WITHIN_S:g} s")
        return False

    def _report(self, number: int) -> Report:
        reply_us = (self._replied[number] - self._sent[number]) / 1000
        if not self._links:
            return Report(self._due_s(number), reply_us, [])
        origin = number % len(self._clients)
        accepted = self._arrived[origin][number]
        # A server may tell the watch before it tells its clients, so a time may be a little below 0.
        return Report(self._due_s(number), reply_us, [
            max(0, times[number] - accepted) / 1000
            for place, times in enumerate(self._arrived) if place != origin])
