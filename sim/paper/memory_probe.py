"""Measures a server's resident size as it learns clients, and its pauses while records change."""

from __future__ import annotations

import subprocess
import time
from typing import Callable, List, Sequence

import budget
import garbage
import load_generator
import throughput
import waits
from cell import RunFailed
from figures import Sample
from project import HARNESS, PYTHON
from server_process import ServerProcess

TIMEOUT_S = 60
PAUSE_S = 0.05
# The interval of the reports of pauses.py.
EVERY_S = 0.001
# From this number of known clients on, a step collects garbage too.
COLLECTED_FROM = 10_000


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


def measure(engine: str, kind: str, name: str, command: Sequence[str], pause: bool = False
            ) -> List[Sample]:
    """Returns the samples. With `pause`, stops the server for a moment in the middle, as a control.

    `kind` is that of the run, full or quick; `name` is the engine's name in the figures.
    """
    found: List[Sample] = []

    def note(metric: str, value: float) -> None:
        found.append(Sample("memory", name, metric, value))

    with ServerProcess(command) as server:
        note("rss_mib_idle", server.resident_mib())
        known = budget.KNOWN[kind]
        first = 0
        for count in known:
            _finish(_start("feeder.py", server.address[1], "learn", first, count))
            note(f"rss_mib_{count}_known", server.resident_mib())
            if first == 0:
                cold = _pauses(server, count, budget.COLD_CHURN_S[kind], False)
                _note_waits(note, "cold_", cold)
            if count >= COLLECTED_FROM:
                garbage.collect(engine, server)
                note(f"rss_mib_{count}_collected", server.resident_mib())
            first = count
        run = load_generator.until_steady([server.address[1]], server.pids(), throughput.PIPELINED,
                                          budget.WORK[kind])
        note("warmup_s", run.warmup_s)
        warm = _pauses(server, first, budget.CHURN_S[kind], pause)
        for start, part in waits.halves(warm):
            _note_waits(note, start, part)
        note("is_steady_at_ease", pause or _is_even(warm, kind))
        note("rss_mib_after_churn", server.resident_mib())
        garbage.collect(engine, server)
        note("rss_mib_after_churn_collected", server.resident_mib())
    return found


def _note_waits(note: Callable[[str, float], None], begin: str, delays: Sequence[float]) -> None:
    for metric, share in (("reply_p50_us", 0.5), ("reply_p999_us", 0.999), ("reply_max_us", 1)):
        note(begin + metric, waits.percentile(delays, share))


def _is_even(delays: Sequence[float], kind: str) -> bool:
    dues = [number * EVERY_S for number in range(len(delays))]
    return waits.are_even(waits.medians(dues, delays), kind)


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
