#!/usr/bin/env python3
"""Plays one long live run with faults, and prints how its memory and its descriptors grow.

usage: tests/soak/soak.py HERDSIM SECONDS

The run's herd takes a thousand updates a second, WHATSATs, handovers, and all kinds of chaos. The
process is looked at a hundred times. At the end the growth of the second half is printed, in which
nothing is set up any more: a straight line fitted to the looks. Status 0: the run went through, and
its own expectations hold. Nothing is asserted about the growth.
"""
from __future__ import annotations

import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import time

LOOKS = 100
# The clients' last part is calm, so that the run can end whole.
CALM_S = 5


def scenario(seconds: int) -> dict:
    chaos = {"at": "1s", "do": "chaos", "over": f"{max(1, seconds - CALM_S - 1)}s", "lasting": "300ms",
             "link_down": "20/min", "blackhole": "4/min", "server_down": "10/min", "pause": "10/min"}
    return {
        "name": "soak", "duration": f"{seconds}s", "drain": "5s", "record": "summary",
        "herds": [{"name": "paper", "recovery": "sync", "places": "embedded"}],
        "clients": [
            {"id": "steady-{n}", "count": 100, "server": "spread", "updates": "9/s",
             "handover": {"every": "20s", "to": "next", "on_loss": "next"}},
            {"id": "asking-{n}", "count": 10, "server": "spread", "updates": "10/s", "queries": "1/s",
             "link": {"latency": "20ms", "loss": "1%"}, "handover": {"on_loss": "next"}},
        ],
        "events": [chaos],
        "expect": [{"herd": "*", "metric": "violations", "equals": 0}],
    }


def resident_kib(process: int) -> int:
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise ProcessLookupError(process)


def descriptors(process: int) -> int:
    return len(list(pathlib.Path(f"/proc/{process}/fd").iterdir()))


def slope(looks: list[tuple[float, float]]) -> float:
    """Returns the slope of the straight line through the points with the least squares."""
    n = len(looks)
    mean_x, mean_y = (sum(point[i] for point in looks) / n for i in (0, 1))
    spread = sum((x - mean_x) ** 2 for x, _ in looks)
    return sum((x - mean_x) * (y - mean_y) for x, y in looks) / spread if spread else 0.0


def watch(run: subprocess.Popen, seconds: int) -> list[tuple[float, int, int]]:
    """Prints and returns what each look sees: seconds, KiB resident, open descriptors."""
    looks: list[tuple[float, int, int]] = []
    began = time.monotonic()
    while run.poll() is None:
        try:
            looks.append((time.monotonic() - began, resident_kib(run.pid), descriptors(run.pid)))
        except OSError:
            break  # it has just ended
        print("{:8.0f} s {:10d} KiB {:6d} descriptors".format(*looks[-1]), flush=True)
        try:
            run.wait(max(0.2, seconds / LOOKS))
        except subprocess.TimeoutExpired:
            pass
    return looks


def main() -> int:
    if len(sys.argv) != 3 or not sys.argv[2].isdigit() or int(sys.argv[2]) <= CALM_S + 1:
        print(f"usage: {sys.argv[0]} HERDSIM SECONDS, with more than {CALM_S + 1} seconds",
              file=sys.stderr)
        return 2
    herdsim, seconds = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "soak.json"
        file.write_text(json.dumps(scenario(seconds)))
        run = subprocess.Popen([herdsim, "run", "--quiet", "--out", "results", file.name], cwd=folder)
        try:
            looks = watch(run, seconds)
        finally:
            run.terminate()  # no effect if it has ended
            run.wait()
        if run.returncode not in (0, 1):
            print(f"the run ended with status {run.returncode}", file=sys.stderr)
            return 1
        with open(pathlib.Path(folder) / "results" / "summary.csv", newline="") as summary:
            updates = int(next(csv.DictReader(summary))["updates"])
    later = [look for look in looks if seconds / 2 <= look[0] <= seconds]
    memory = slope([(at, kib * 1024) for at, kib, _ in later])
    files = slope([(at, count) for at, _, count in later])
    per_update = memory / (updates / seconds) if updates else 0.0
    print(f"{updates} updates. In the second half the memory grew by {memory / 1024:.1f} KiB a second "
          f"({per_update:.0f} bytes an update), the descriptors by {files * 60:.2f} a minute.")
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
