"""Measures the memory and threads that idle connections cost a server."""

from __future__ import annotations

import socket
from typing import List, Sequence

from cell import RunFailed
from figures import Sample
from server_process import ServerProcess

COUNTS = (10, 100, 1_000)


def _report(connection: socket.socket, client: int) -> None:
    """Uses a connection once, as a phone would."""
    connection.sendall(b"IAMAT phone-%d +34.068930-118.445127 1479413884\n" % client)
    answer = b""
    while not answer.endswith(b"\n"):
        data = connection.recv(4096)
        if not data:
            raise RunFailed(f"the server closed connection {client}")
        answer += data


def measure(engine: str, command: Sequence[str]) -> List[Sample]:
    found: List[Sample] = []
    connections: List[socket.socket] = []
    with ServerProcess(command) as server:
        try:
            for count in COUNTS:
                while len(connections) < count:
                    connections.append(socket.create_connection(server.address, 10))
                    _report(connections[-1], len(connections))
                found.append(Sample("events", engine, f"rss_mib_{count}_open",
                                    server.resident_mib()))
                found.append(Sample("events", engine, f"threads_{count}_open", server.threads()))
        except OSError as why:
            raise RunFailed(f"connection {len(connections) + 1}: {why}") from None
        finally:
            for connection in connections:
                connection.close()
    return found
