"""Runs the load generator against servers until they are steady, and reads its windows."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
from typing import List, NamedTuple, Optional, Sequence

import steady
from cell import RunFailed
from project import PROGRAMS
from thread_times import Compilers

PROGRAM = PROGRAMS / "load"
ENDS_WITHIN_S = 15


class Shape(NamedTuple):
    """The shape of a load: connections, and lines in flight on each of them."""

    connections: int
    in_flight: int


class Window(NamedTuple):
    """One window, with the columns of the generator's output; times are seconds of the run."""

    end: float
    answers: int
    p50_us: float
    p99_us: float
    max_us: float
    servers_cpu_s: float
    load_cpu_s: float
    # The part of the servers' time that the compilers of a JVM took, which have threads of their own.
    compilers_cpu_s: float = 0.0


class Run(NamedTuple):
    windows: Sequence[Window]
    state: steady.Steady

    def _begin(self, number: int) -> float:
        return self.windows[number - 1].end if number else 0.0

    def _sums(self, first: int, last: int) -> "tuple[float, int, float, float]":
        """Returns seconds, answers, and processor seconds of the servers and of the generator."""
        part = self.windows[first:last]
        return (part[-1].end - self._begin(first), sum(each.answers for each in part),
                sum(each.servers_cpu_s for each in part), sum(each.load_cpu_s for each in part))

    @property
    def warmup_s(self) -> float:
        return self._begin(self.state.begin)

    @property
    def steady_s(self) -> float:
        return self.windows[-1].end - self.warmup_s

    @property
    def rate(self) -> float:
        """Answers per second in the steady stretch."""
        seconds, answers, _, _ = self._sums(self.state.begin, len(self.windows))
        return answers / seconds

    @property
    def cold_rate(self) -> float:
        """Answers per second in the first second."""
        last = next((number for number, each in enumerate(self.windows, 1) if each.end >= 0.999),
                    len(self.windows))
        seconds, answers, _, _ = self._sums(0, last)
        return answers / seconds

    @property
    def cpu_s_per_answer(self) -> float:
        _, answers, servers, _ = self._sums(self.state.begin, len(self.windows))
        return servers / answers if answers else float("inf")

    @property
    def cores_used(self) -> float:
        seconds, _, servers, _ = self._sums(self.state.begin, len(self.windows))
        return servers / seconds

    @property
    def load_cores(self) -> float:
        """The cores that the generator kept busy; it has one thread."""
        seconds, _, _, load = self._sums(self.state.begin, len(self.windows))
        return load / seconds

    def wait_us(self, percentile: str) -> float:
        """Returns the median of the steady windows' `p50_us` or `p99_us`."""
        return statistics.median(getattr(each, percentile)
                                 for each in self.windows[self.state.begin:])


def read_window(line: str) -> Window:
    words = line.split()
    return Window(float(words[0]), int(words[1]), *(float(each) for each in words[2:]))


def rates(windows: Sequence[Window]) -> List[float]:
    begins = [0.0, *(each.end for each in windows[:-1])]
    return [each.answers / (each.end - begin) for begin, each in zip(begins, windows)]


def until_steady(ports: Sequence[int], pids: Sequence[int], shape: Shape, rule: steady.Rule) -> Run:
    """Loads servers with this shape until they are steady, or never are by the rule."""
    command = [str(PROGRAM), "--connections", str(shape.connections), "--in-flight",
               str(shape.in_flight), "--most", str(rule.greatest_s + 5)]
    if pids:
        command += ["--pids", ",".join(map(str, pids))]
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen([*command, *map(str, ports)], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=complaints, text=True)
        try:
            windows, state = _watch(process, pids, rule)
            process.communicate(timeout=ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            raise RunFailed("the load generator did not end: a server owes it answers") from None
        finally:
            process.kill()
            process.communicate()
        complaints.seek(0)
        said = complaints.read().strip()
        if process.returncode != 0 or state is None:
            raise RunFailed(said or "the load generator ended too early")
        return Run(windows, state)


def is_compiling(windows: Sequence[Window], begin: int, most: float) -> bool:
    """Returns whether compilers take more than this share of the servers' time from this window on."""
    compilers = sum(each.compilers_cpu_s for each in windows[begin:])
    return compilers > 0 and compilers > most * sum(each.servers_cpu_s for each in windows[begin:])


def state_of(windows: Sequence[Window], rule: steady.Rule) -> Optional[steady.Steady]:
    """Returns the steady state of a run so far; None if it should go on."""
    state = steady.find(rates(windows), [each.end for each in windows], rule)
    if state is not None and state.is_reached and is_compiling(windows, state.begin,
                                                                   rule.compilers_most):
        return steady.never(rates(windows), state.begin) if windows[-1].end >= rule.greatest_s else None
    return state


def _watch(process: "subprocess.Popen[str]", pids: Sequence[int], rule: steady.Rule
           ) -> "tuple[List[Window], Optional[steady.Steady]]":
    windows: List[Window] = []
    compilers = Compilers(pids)
    before, have_compilers = compilers.seconds(), True
    assert process.stdout is not None
    for line in process.stdout:
        window = read_window(line)
        if have_compilers:
            now = compilers.seconds()
            have_compilers = now > 0
            window = window._replace(compilers_cpu_s=now - before)
            before = now
        windows.append(window)
        state = state_of(windows, rule)
        if state is not None:
            return windows, state
    return windows, None
