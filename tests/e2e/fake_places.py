"""A Places provider for tests, on 127.0.0.1, which answers whatever a test wants."""

from __future__ import annotations

import dataclasses
import http.server
import json
import socket
import threading
import urllib.parse
from typing import Any, Callable, Dict, List, Optional

PATH = "/maps/api/place/nearbysearch/json"


@dataclasses.dataclass
class Question:
    """A request as it was received."""

    path: str
    fields: Dict[str, str]
    headers: Dict[str, str]

    @property
    def latitude(self) -> float:
        return float(self.fields["location"].split(",")[0])


@dataclasses.dataclass
class Reply:
    body: bytes
    status: int = 200
    headers: Dict[str, str] = dataclasses.field(default_factory=dict)
    missing: int = 0  # bytes that the header promises but that are not sent
    chunked: bool = False


def answer(**members: Any) -> Reply:
    """Returns a Nearby Search answer, without places unless they are given."""
    return Reply(json.dumps({"html_attributions": [], "results": [], "status": "ZERO_RESULTS",
                             **members}).encode())


def place(name: str = "Here") -> Dict[str, Any]:
    return {"name": name, "place_id": name, "geometry": {"location": {"lat": 1.5, "lng": 2.5}}}


class FakePlaces(http.server.ThreadingHTTPServer):
    """A provider that answers each question with what `reply` returns. `reply` is called on the
    thread of the question's connection and may block. `questions` has all questions so far,
    `connections` the number of connections accepted."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, reply: Optional[Callable[[Question], Reply]] = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = reply or (lambda _: answer())
        self.lock = threading.Lock()
        self.questions: List[Question] = []
        self.connections = 0
        self.at_once = 0  # questions that wait for an answer
        self.at_once_peak = 0
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01},
                                        daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, *_: Any) -> None:
        """Ignores errors: the other side may leave at any time."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FakePlaces

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.connections += 1

    def do_GET(self) -> None:  # noqa: N802, the library's name
        url = urllib.parse.urlsplit(self.path)
        question = Question(url.path, dict(urllib.parse.parse_qsl(url.query)), dict(self.headers))
        fake = self.server
        with fake.lock:
            fake.questions.append(question)
            fake.at_once += 1
            fake.at_once_peak = max(fake.at_once_peak, fake.at_once)
        try:
            reply = fake.reply(question)
        finally:
            with fake.lock:
                fake.at_once -= 1
        self.give(reply)

    def give(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(reply.body) + reply.missing))
        self.end_headers()
        if reply.chunked:
            for at in range(0, len(reply.body), 65536):
                chunk = reply.body[at:at + 65536]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            self.wfile.write(b"" if reply.missing else b"0\r\n\r\n")
        else:
            self.wfile.write(reply.body)
        if reply.missing:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Prints nothing."""


class Deaf:
    """A port that accepts no connections: its queue is full, so they wait."""

    def __init__(self) -> None:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self._queued: List[socket.socket] = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(self._listener.getsockname())
            self._queued.append(client)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def stop(self) -> None:
        for each in [self._listener, *self._queued]:
            each.close()
