#!/usr/bin/python3
"""Reports clients to a server, once or repeatedly. Prints a line when it is done.

feeder.py PORT learn FIRST LAST     report clients FIRST to LAST-1 once, as fast as the server answers
feeder.py PORT churn KNOWN RATE S   report the KNOWN clients at RATE reports a second for S seconds
"""

import socket
import sys
import time

# Lines in flight: enough to keep a server busy, few enough for any socket buffer.
WINDOW = 200
TICK_S = 0.005


def line(client: int, moment: int) -> bytes:
    """Returns the report of a phone in the middle of Los Angeles."""
    return (b"IAMAT phone-%d.example.org +34.%06d-118.%06d %d.%09d\n"
            % (client, client % 1_000_000, moment % 1_000_000, 1_479_413_884 + moment // 1000,
               moment % 1000 * 1_000_000))


class Answers:
    def __init__(self, connection: socket.socket) -> None:
        self._connection, self.count = connection, 0

    def wait_for(self, count: int) -> None:
        while self.count < count:
            data = self._connection.recv(1 << 16)
            if not data:
                raise SystemExit("the server closed the connection")
            self.count += data.count(b"\n")


def learn(connection: socket.socket, first: int, last: int) -> None:
    answers = Answers(connection)
    for begin in range(first, last, WINDOW):
        end = min(begin + WINDOW, last)
        connection.sendall(b"".join(line(client, 0) for client in range(begin, end)))
        answers.wait_for(end - first)


def churn(connection: socket.socket, known: int, rate: float, seconds: float) -> None:
    answers, sent, begun = Answers(connection), 0, time.monotonic()
    while (passed := time.monotonic() - begun) < seconds:
        due = int(passed * rate)
        if due > sent:
            # A stride that is coprime to the count visits every client.
            reports = (line(number * 7919 % known, number + 1) for number in range(sent, due))
            connection.sendall(b"".join(reports))
            sent = due
            answers.wait_for(sent)
        time.sleep(TICK_S)


def main() -> None:
    port, what = int(sys.argv[1]), sys.argv[2]
    connection = socket.create_connection(("127.0.0.1", port), 30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if what == "learn":
        learn(connection, int(sys.argv[3]), int(sys.argv[4]))
    else:
        churn(connection, int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5]))
    print("done", flush=True)


if __name__ == "__main__":
    main()
