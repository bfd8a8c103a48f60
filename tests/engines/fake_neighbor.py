"""Fake neighbours: they do the handshake, send any line and see every line."""

from __future__ import annotations

import hashlib
import hmac
import select
import socket
from typing import List, Optional

from engines import HOST, Address, Setup
from herdsim_e2e import DEADLINE_S, Client


NONCE = b"5ca1ab1e" * 8  # of every fake neighbour; only servers need fresh ones


def mac(word: bytes, setup: Setup, speaker: str, listener: str, speakers_nonce: bytes,
        listeners_nonce: bytes) -> bytes:
    """Returns the MAC: HMAC-SHA-512 of the fields, cut to 32 bytes; its key is the secret's SHA-256."""
    key = hashlib.sha256(setup.secret.encode()).digest()
    names = f"{setup.herd} {speaker} {listener}".encode()
    fields = b" ".join((word, names, speakers_nonce, listeners_nonce))
    return hmac.new(key, fields, hashlib.sha512).digest()[:32].hex().encode()


def link_line(setup: Setup, speaker: str, listener: str, nonce: bytes = NONCE) -> bytes:
    """Returns a LINK line without its ending."""
    return f"LINK {setup.herd} {speaker} {listener} ".encode() + nonce


def mac_line(setup: Setup, speaker: str, listener: str, listeners_nonce: bytes,
             nonce: bytes = NONCE) -> bytes:
    """Returns the MAC line that follows a NONCE, without its ending."""
    return b"MAC " + mac(b"MAC", setup, speaker, listener, nonce, listeners_nonce)


def linked_line(setup: Setup, speaker: str, listener: str, dialers_nonce: bytes,
                nonce: bytes = NONCE) -> bytes:
    """Returns a LINKED line without its ending."""
    shown = mac(b"LINKED", setup, speaker, listener, nonce, dialers_nonce)
    return f"LINKED {setup.herd} {speaker} {listener} ".encode() + shown


def nonce_of(line: bytes) -> bytes:
    """Returns the nonce of a NONCE or LINK line."""
    words = line.split()
    assert words[0] in (b"NONCE", b"LINK") and len(words[-1]) >= 32, line
    return words[-1]


class Listener:
    """A port that accepts the connections of a server that dials."""

    def __init__(self, listens: bool = True) -> None:
        self._socket = socket.socket()
        self._socket.settimeout(DEADLINE_S)
        self._socket.bind((HOST, 0))
        self.address: Address = self._socket.getsockname()
        if listens:
            self.listen()

    def listen(self) -> None:
        """Begins to listen. Before that, the port refuses connections."""
        self._socket.listen()

    def is_dialled(self) -> bool:
        """Returns whether a connection waits to be accepted."""
        return bool(select.select([self._socket], [], [], 0)[0])

    def accept(self) -> socket.socket:
        return self._socket.accept()[0]

    def close(self) -> None:
        self._socket.close()


class FakeNeighbor(Client):
    """The other endpoint of a link. It sends only what a test tells it to send."""

    def __init__(self, end: socket.socket, setup: Setup, name: str) -> None:
        # Does not call Client's constructor, because the socket is already connected.
        self.socket = end
        self.socket.settimeout(DEADLINE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._held = bytearray()
        self.setup, self.name = setup, name
        self.listener: Optional[Listener] = None
        self.their_nonce = b""

    @classmethod
    def dialling(cls, address: Address, setup: Setup, name: str) -> "FakeNeighbor":
        link = cls(socket.create_connection(address, DEADLINE_S), setup, name)
        try:
            link.ask()
            answer = link.line()
            want = linked_line(setup, setup.server, name, NONCE, link.their_nonce)
            assert answer == want + b"\n", answer
        except BaseException:
            link.close()
            raise
        return link

    @classmethod
    def dialled(cls, listener: Listener, setup: Setup, name: str) -> "FakeNeighbor":
        link = cls(listener.accept(), setup, name)
        try:
            link.send(link.hear() + b"\n")
        except BaseException:
            link.close()
            raise
        return link

    def ask(self, behind: bytes = b"") -> None:
        """Says LINK and MAC, with more behind them."""
        self.send(link_line(self.setup, self.name, self.setup.server) + b"\n")
        self.their_nonce = nonce_of(self.line())
        line = mac_line(self.setup, self.name, self.setup.server, self.their_nonce)
        self.send(line + b"\n" + behind)

    def hear(self) -> bytes:
        """Takes LINK and MAC; returns the LINKED that acknowledges them, without its ending."""
        said = self.line()
        self.their_nonce = nonce_of(said)
        assert said == link_line(self.setup, self.setup.server, self.name,
                                 self.their_nonce) + b"\n", said
        self.send(b"NONCE " + NONCE + b"\n")
        shown = self.line()
        assert shown == mac_line(self.setup, self.setup.server, self.name, NONCE,
                                 self.their_nonce) + b"\n", shown
        return linked_line(self.setup, self.name, self.setup.server, self.their_nonce)

    def lines_until(self, last: bytes) -> List[bytes]:
        """Returns the lines before the given one, all without endings."""
        lines: List[bytes] = []
        while True:
            line = self.line()
            assert line.endswith(b"\n"), f"the link ended after {lines + [line]}"
            if line[:-1] == last:
                return lines
            lines.append(line[:-1])
