"""The processor time of other processes by thread, as Linux tells it in /proc (see proc(5))."""

from __future__ import annotations

import os
import pathlib
from typing import Dict, Iterator, NamedTuple, Optional, Sequence, Set, Tuple

_COMPILERS = ("C1 Comp", "C2 Comp")


class Thread(NamedTuple):
    """A thread's name, and its processor seconds so far."""

    name: str
    user: float
    system: float


Threads = Dict[int, Thread]


def _numbers(pids: Sequence[int]) -> Iterator[Tuple[int, int]]:
    """Returns each thread's process and number."""
    for pid in pids:
        try:
            names = os.listdir(f"/proc/{pid}/task")
        except OSError:  # The process has ended.
            continue
        yield from ((pid, int(name)) for name in names)


def _read(pid: int, number: int) -> Optional[Thread]:
    try:
        text = pathlib.Path(f"/proc/{pid}/task/{number}/stat").read_text()
    except OSError:  # The thread has ended.
        return None
    name, _, rest = text.partition("(")[2].rpartition(")")
    words, tick = rest.split(), os.sysconf("SC_CLK_TCK")
    return Thread(name, int(words[11]) / tick, int(words[12]) / tick)


def threads(pids: Sequence[int]) -> Threads:
    """Returns all threads of these processes by their numbers."""
    found = {number: _read(pid, number) for pid, number in _numbers(pids)}
    return {number: each for number, each in found.items() if each}


class Compilers:
    """The threads in which JVMs compile, which have names of their own.

    They are asked for several times a second while servers are measured, and a server may have a thread for
    each of a thousand connections. So a thread that has another name at its second sight is not read again:
    reading all of them takes so long that the servers work differently.
    """

    def __init__(self, pids: Sequence[int]):
        self._pids = pids
        self._seconds: Dict[int, float] = {}
        self._seen_once: Set[int] = set()
        self._others: Set[int] = set()

    def seconds(self) -> float:
        """Returns the processor seconds so far of all that have been seen, also of those that have ended."""
        for pid, number in _numbers(self._pids):
            if number not in self._others:
                self._look(pid, number)
        return sum(self._seconds.values())

    def _look(self, pid: int, number: int) -> None:
        thread = _read(pid, number)
        if thread is None:
            return
        if thread.name.startswith(_COMPILERS):
            self._seconds[number] = thread.user + thread.system
        elif number in self._seen_once:
            self._others.add(number)
        else:
            # A thread gets its name after its start.
            self._seen_once.add(number)
