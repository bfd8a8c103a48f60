#!/usr/bin/python3
"""Measures how long a client waits that sends one report every millisecond for S seconds.

pauses.py PORT S     prints p50, p99.9 and max in microseconds, counted from when each line was due
"""

import gc
import math
import socket
import sys
import time

EVERY_S = 0.001


def replies(connection: socket.socket, seconds: float) -> list:
    """Returns the sorted delays. A report that was due during a pause counts from when it was due."""
    delays = []
    begun = time.perf_counter()
    for number in range(int(seconds / EVERY_S)):
        due = begun + number * EVERY_S
        while (left := due - time.perf_counter()) > 0:
            time.sleep(left)
        connection.sendall(b"IAMAT probe +34.068930-118.445127 %d\n" % (1_479_413_884 + number))
        answer = b""
        while not answer.endswith(b"\n"):
            data = connection.recv(4096)
            if not data:
                raise SystemExit("the server closed the connection")
            answer += data
        delays.append(time.perf_counter() - due)
    return sorted(delays)


def percentile(ordered: list, share: float) -> float:
    return ordered[math.ceil(share * len(ordered)) - 1]


def main() -> None:
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    connection = socket.create_connection(("127.0.0.1", port), 30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    gc.disable()
    found = replies(connection, seconds)
    print(*(f"{percentile(found, share) * 1e6:.1f}" for share in (0.5, 0.999, 1)), flush=True)


if __name__ == "__main__":
    main()
