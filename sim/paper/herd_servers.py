"""Starts a ring of servers, or one server alone: each is a process of its own."""

from __future__ import annotations

import contextlib
from typing import Callable, List, NamedTuple, Sequence

from server_process import HOST, ServerProcess

SECRET = "of a herd that is measured"
HERD = "measured"
# The name of the neighbour that watch.py plays.
WATCH = "Watch"


class Place(NamedTuple):
    """A server's place in the herd."""

    name: str
    # NAME=HOST:PORT for each neighbour that it dials.
    dial: Sequence[str]
    # Names of the neighbours that dial it.
    expect: Sequence[str]
    # Names of all servers of the herd.
    servers: Sequence[str]


CommandOf = Callable[[Place], List[str]]


def names(count: int) -> List[str]:
    return [f"S{number + 1}" for number in range(count)]


def wave(number: int, count: int) -> int:
    """Returns when a server of a ring starts: it dials its neighbours of earlier waves."""
    if count % 2 == 1 and number == count - 1:
        return 2
    return number % 2


def neighbors(number: int, count: int) -> List[int]:
    return sorted({(number - 1) % count, (number + 1) % count} - {number})


class HerdServers:
    """Running servers, which end with the `with` block."""

    def __init__(self, command_of: CommandOf, count: int, is_watched: bool = False) -> None:
        """Starts the servers. If they are watched, each expects one more neighbour, WATCH."""
        self._command_of, self._names = command_of, names(count)
        self._is_watched = is_watched
        self.servers: List[ServerProcess] = []
        with contextlib.ExitStack() as stack:
            self._start(stack)
            self._stack = stack.pop_all()

    def __enter__(self) -> "HerdServers":
        return self

    def __exit__(self, *unused: object) -> None:
        self._stack.close()

    def _start(self, stack: contextlib.ExitStack) -> None:
        count = len(self._names)
        started: "dict[int, ServerProcess]" = {}
        for number in range(3):
            this_wave = [each for each in range(count) if wave(each, count) == number]
            for each in this_wave:
                command = self._command_of(self._place(each, started))
                started[each] = stack.enter_context(
                    ServerProcess(command, {"HERD_SECRET": SECRET}, waits=False))
            for each in this_wave:
                started[each].wait_listening()
        self.servers = [started[each] for each in range(count)]

    def _place(self, number: int, started: "dict[int, ServerProcess]") -> Place:
        around, own = neighbors(number, len(self._names)), wave(number, len(self._names))
        dial = [f"{self._names[each]}={HOST}:{started[each].address[1]}" for each in around
                if wave(each, len(self._names)) < own]
        expect = [self._names[each] for each in around if wave(each, len(self._names)) > own]
        watch = [WATCH] if self._is_watched else []
        return Place(self._names[number], dial, [*expect, *watch], [*self._names, *watch])

    def wait_linked(self) -> None:
        """Waits until every server has said that all its links are up."""
        for number, server in enumerate(self.servers):
            wanted = len(neighbors(number, len(self._names))) + self._is_watched
            server.wait_until(lambda said, wanted=wanted: is_linked(said, wanted), "link")

    @property
    def names(self) -> Sequence[str]:
        return self._names

    @property
    def ports(self) -> List[int]:
        return [server.address[1] for server in self.servers]

    def pids(self) -> List[int]:
        return [pid for server in self.servers for pid in server.pids()]

    def resident_mib(self) -> float:
        return sum(server.resident_mib() for server in self.servers)


def is_linked(said: bytes, links: int) -> bool:
    """Returns whether a server's output says that it has all its links.

    The engines say `linked`; `herdsim serve` has a line of its log for each link.
    """
    return said.startswith(b"linked\n") or b"\nlinked\n" in said or said.count(b": up\n") >= links
