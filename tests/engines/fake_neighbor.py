"""Neighbours that are the tests' own: they prove themselves, say what they like and hear all."""

from __future__ import annotations

import hashlib
import hmac
import select
import socket
from typing import List, Optional

from engines import HOST, Address, Setup
from herdsim_e2e import DEADLINE_S, Client


def proof(secret: str, herd: str, speaker: str, listener: str) -> str:
    """HMAC-SHA-512 cut to 32 bytes, keyed with the secret's SHA-256, over the three names."""
    key = hashlib.sha256(secret.encode()).digest()
    return hmac.new(key, f"{herd} {speaker} {listener}".encode(),
                    hashlib.sha512).digest()[:32].hex()


def greeting(word: str, setup: Setup, speaker: str, listener: str) -> bytes:
    """LINK or LINKED without its ending."""
    shown = proof(setup.secret, setup.herd, speaker, listener)
    return f"{word} {setup.herd} {speaker} {listener} {shown}".encode()


class Listener:
    """A port that takes the connections that a server dials."""

    def __init__(self, listens: bool = True) -> None:
        self._socket = socket.socket()
        self._socket.settimeout(DEADLINE_S)
        self._socket.bind((HOST, 0))
        self.address: Address = self._socket.getsockname()
        if listens:
            self.listen()

    def listen(self) -> None:
        """Until then whoever dials is refused."""
        self._socket.listen()

    def is_dialled(self) -> bool:
        """Whether there is somebody to accept."""
        return bool(select.select([self._socket], [], [], 0)[0])

    def accept(self) -> socket.socket:
        return self._socket.accept()[0]

    def close(self) -> None:
        self._socket.close()


class FakeNeighbor(Client):
    """A link's other end. It echoes and relays nothing unless told to."""

    def __init__(self, end: socket.socket, setup: Setup, name: str) -> None:
        # Not Client's own: the socket stands already.
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
        """What the server says up to this line, which is left out; all without endings."""
        lines: List[bytes] = []
        while True:
            line = self.line()
            assert line.endswith(b"\n"), f"the link ended after {lines + [line]}"
            if line[:-1] == last:
                return lines
            lines.append(line[:-1])
