"""A wire for a link that can be cut and mended, and that records every line."""

from __future__ import annotations

import socket
import threading
from typing import List, Optional, Tuple

from engines import HOST, Address


class Wire:
    """A server dials it in place of `target`. It refuses connections until `target` is set.

    `heard[0]` has the lines of the server that dials, `heard[1]` those of the other.
    """

    def __init__(self) -> None:
        self.target: Optional[Address] = None
        self._listener = socket.create_server((HOST, 0))
        self.address: Address = self._listener.getsockname()
        self._lock = threading.Lock()
        self._ends: List[socket.socket] = []
        self.is_cut = self._closed = False
        self.heard: Tuple[List[bytes], List[bytes]] = ([], [])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.socket()
            with self._lock:
                target = self.target
                refused = target is None or self.is_cut or self._closed
                if not refused:
                    self._ends += [near, far]
            try:
                if refused:
                    raise ConnectionRefusedError
                far.connect(target)
                for end in (near, far):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                near.close()
                far.close()
                continue
            for source, to, lines in ((near, far, self.heard[0]), (far, near, self.heard[1])):
                threading.Thread(target=self._carry, args=(source, to, lines), daemon=True).start()

    def _carry(self, source: socket.socket, to: socket.socket, lines: List[bytes]) -> None:
        held = b""
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                to.sendall(data)
                *whole, held = (held + data).split(b"\n")
                lines += whole
        except OSError:
            pass
        for end in (source, to):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self) -> None:
        """Closes all connections and refuses new ones."""
        with self._lock:
            self.is_cut = True
            ends, self._ends = self._ends, []
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def mend(self) -> None:
        with self._lock:
            self.is_cut = False

    def updates(self, client: bytes) -> Tuple[int, int]:
        """Returns the number of AT lines about the client from each endpoint."""
        def count(lines: List[bytes]) -> int:
            return sum(line.split()[3:4] == [client] for line in list(lines))

        return count(self.heard[0]), count(self.heard[1])

    def close(self) -> None:
        with self._lock:
            self._closed = True
        self._listener.close()
        self.cut()
