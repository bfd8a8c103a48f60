"""Fake neighbours: they do the handshake, send any line and see every line."""

from __future__ import annotations

import hashlib
import hmac
import select
import socket
from typing import List, Optional

from engines import HOST, Address, Setup
from herdsim_e2e import DEADLINE_S, Client


def proof(secret: str, herd: str, speaker: str, listener: str) -> str:
    """Returns the MAC: HMAC-SHA-512 of the names, cut to 32 bytes; its key is the secret's SHA-256."""
    key = hashlib.sha256(secret.encode()).digest()
    return hmac.new(key, f"{herd} {speaker} {listener}".encode(),
                    hashlib.sha512).digest()[:32].hex()


def greeting(word: str, setup: Setup, speaker: str, listener: str) -> bytes:
    """Returns a LINK or LINKED line without its ending."""
    shown = proof(setup.secret, setup.herd, speaker, listener)
    return f"{word} {setup.herd} {speaker} {listener} {shown}".encode()


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

    @classmethod
    def dialling(cls, address: Address, setup: Setup, name: str) -> "FakeNeighbor":
        link = cls(socket.create_connection(address, DEADLINE_S), setup, name)
        try:
            link.send(greeting("LINK", setup, name, setup.server) + b"\n")
            answer = link.line()
            assert answer == greeting("LINKED", setup, setup.server, name) + b"\n", answer
        except BaseException:
            link.close()
            raise
        return link

    @classmethod
    def dialled(cls, listener: Listener, setup: Setup, name: str) -> "FakeNeighbor":
        link = cls(listener.accept(), setup, name)
        try:
            said = link.line()
            assert said == greeting("LINK", setup, setup.server, name) + b"\n", said
            link.send(greeting("LINKED", setup, name, setup.server) + b"\n")
        except BaseException:
            link.close()
            raise
        return link

    def lines_until(self, last: bytes) -> List[bytes]:
        """Returns the lines before the given one, all without endings."""
        lines: List[bytes] = []
        while True:
            line = self.line()
            assert line.endswith(b"\n"), f"the link ended after {lines + [line]}"
            if line[:-1] == last:
                return lines
            lines.append(line[:-1])
