"""A Places provider that takes its time, and a client that always has one query open."""

from __future__ import annotations

import http.server
import socket
import threading
import time

from cell import RunFailed

_BODY = b'{"html_attributions": [], "results": [], "status": "OK"}\n'


class _Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802, the name that http.server calls
        time.sleep(self.server.latency_s)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(_BODY)))
        self.end_headers()
        self.wfile.write(_BODY)

    def log_message(self, *unused: object) -> None:
        """Says nothing."""


class SlowPlaces:
    """The provider, on its own threads until the `with` block ends."""

    def __init__(self, latency_s: float) -> None:
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
        self._server.daemon_threads = True
        self._server.latency_s = latency_s
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "SlowPlaces":
        return self

    def __exit__(self, *unused: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Asker:
    """A client that sends its next query when the last one is answered, until the block ends."""

    def __init__(self, port: int) -> None:
        self.answers = 0
        self._socket = socket.create_connection(("127.0.0.1", port), 10)
        self._thread = threading.Thread(target=self._ask)
        self._over = False
        self.why = ""

    def __enter__(self) -> "Asker":
        self._thread.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._over = True
        self._thread.join()
        self._socket.close()
        if self.why:
            raise RunFailed(self.why)

    def _ask(self) -> None:
        try:
            self._socket.sendall(b"IAMAT friend.example +34.068930-118.445127 1479413884\n")
            self._until(b"\n")
            while not self._over:
                self._socket.sendall(b"WHATSAT friend.example 10 5\n")
                self._until(b"\n\n")
                self.answers += 1
        except OSError as why:
            self.why = f"the client that asks: {why}"

    def _until(self, end: bytes) -> None:
        answer = b""
        while not answer.endswith(end):
            data = self._socket.recv(4096)
            if not data:
                raise OSError("the server closed its connection")
            answer += data
            if answer.startswith(b"?"):
                raise OSError(f"the server refused the query: {answer[:80]!r}")
