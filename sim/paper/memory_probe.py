"""Measures a server's resident size as it learns clients, and its pauses while records change."""

from __future__ import annotations

import subprocess
import time
from typing import List, Sequence

import budget
from cell import RunFailed
from figures import Sample
from project import HARNESS, PYTHON
from server_process import ServerProcess

TIMEOUT_S = 60
PAUSE_S = 0.05


def _start(program: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen([PYTHON, str(HARNESS / program), *map(str, arguments)],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)


def _finish(process: "subprocess.Popen[str]") -> str:
    try:
        said, _ = process.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise RunFailed(f"a client of the server took longer than {TIMEOUT_S} s") from None
    if process.returncode != 0:
        raise RunFailed(f"a client of the server failed: {said.strip()[-300:]}")
    return said


def measure(engine: str, command: Sequence[str], known: Sequence[int], churn_s: float,
            pause: bool = False) -> List[Sample]:
    """Returns the samples. With `pause`, stops the server for a moment in the middle, as a control."""
    found: List[Sample] = []

    def note(metric: str, value: float) -> None:
        found.append(Sample("memory", engine, metric, value))

    with ServerProcess(command) as server:
        note("rss_mib_idle", server.resident_mib())
        first = 0
        for count in known:
            _finish(_start("feeder.py", server.address[1], "learn", first, count))
            first = count
            note(f"rss_mib_{count}_known", server.resident_mib())
        p50, p999, longest = _pauses(server, first, churn_s, pause)
        note("reply_p50_us", p50)
        note("reply_p999_us", p999)
        note("reply_max_us", longest)
        note("rss_mib_after_churn", server.resident_mib())
    return found


def _pauses(server: ServerProcess, known: int, churn_s: float, pause: bool) -> List[float]:
    port = server.address[1]
    feeder = _start("feeder.py", port, "churn", known, budget.CHURN_PER_S, churn_s + 0.2)
    try:
        prober = _start("pauses.py", port, churn_s)
        try:
            if pause:
                time.sleep(churn_s / 2)
                server.pause(PAUSE_S)
            return [float(word) for word in _finish(prober).split()]
        finally:
            prober.kill()
            prober.communicate()
    finally:
        try:
            _finish(feeder)
        finally:
            feeder.kill()
