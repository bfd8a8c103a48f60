#!/usr/bin/python3
"""Measures how long a client waits that sends one report every millisecond for S seconds.

pauses.py PORT S     prints the wait for each line in microseconds, counted from when the line was due
"""

import gc
import socket
import sys
import time

EVERY_S = 0.001


def replies(connection: socket.socket, seconds: float) -> list:
    """Returns the delays in order. A report that was due during a pause counts from when it was due."""
    delays = []
    # Reports of a later call are newer.
    stamp = time.time_ns() // 1_000_000
    begun = time.perf_counter()
    for number in range(int(seconds / EVERY_S)):
        due = begun + number * EVERY_S
        while (left := due - time.perf_counter()) > 0:
            time.sleep(left)
        now = stamp + number
        connection.sendall(b"IAMAT probe +34.068930-118.445127 %d.%03d\n" % (now // 1000, now % 1000))
        answer = b""
        while not answer.endswith(b"\n"):
            data = connection.recv(4096)
            if not data:
                raise SystemExit("the server closed the connection")
            answer += data
        delays.append(time.perf_counter() - due)
    return delays


def main() -> None:
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    connection = socket.create_connection(("127.0.0.1", port), 30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    gc.disable()
    print(*(f"{each * 1e6:.1f}" for each in replies(connection, seconds)), flush=True)


if __name__ == "__main__":
    main()
