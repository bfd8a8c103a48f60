"""Measures the waits of phones at one server: without queries, and while Places is slow."""

from __future__ import annotations

import contextlib
from typing import Iterator, List, Sequence

import budget
import scenario
from context import Context
from figures import Sample
from server_process import ServerProcess
from slow_places import Asker, SlowPlaces
from waits import halves, is_even, latencies
from watch import Report, Watch

CLAIM = "deferred"
SLOW, FAST = "_slow_places", "_no_query"
PHONES, PER_S, PLACES_S = 20, 200, 0.5
# The engine whose waits are never steady, because it stops for each query.
BLOCKING = "twisted-blocking"


@contextlib.contextmanager
def server_with_places(engine: str, context: Context) -> Iterator[ServerProcess]:
    """Starts one server of the engine with the slow provider."""
    with SlowPlaces(PLACES_S) as places:
        command = scenario.command_of(scenario.load("deferred"), engine, {
            "server": "Alford", "port": "0", "host": "127.0.0.1", "herd": engine, "dial": "",
            "expect": "", "servers": "", "propagation": "flood-echo", "herdsim": str(context.binary),
            "places_url": places.url})
        with ServerProcess(command, {"HERD_PLACES_API_KEY": "none"}) as server:
            yield server


def _samples(engine: str, begin: str, suffix: str, reports: Sequence[Report], kind: str
             ) -> List[Sample]:
    parts = [(begin, reports)] if begin else halves(reports)
    found = [Sample(CLAIM, engine, f"{start}{name}{suffix}", value)
             for start, part in parts for name, value in latencies(part).items()]
    if not begin:
        found.append(Sample(CLAIM, engine, f"is_steady_at_ease{suffix}",
                            engine == BLOCKING or is_even(reports, kind)))
    return found


def cold(engine: str, server: ServerProcess, kind: str) -> List[Sample]:
    """Measures a server that was just started."""
    with Watch([], [], [server.address[1]] * PHONES) as watch:
        return _samples(engine, "cold_", FAST, watch.reports(PER_S, budget.COLD_EASE_S[kind]),
                        kind)


def warm(engine: str, server: ServerProcess, kind: str) -> List[Sample]:
    """Measures a server that is warm, without queries and then with one query always open."""
    port = server.address[1]
    with Watch([], [], [port] * PHONES) as watch:
        fast = watch.reports(PER_S, budget.DEFERRED_S[kind])
        with Asker(port):
            slow = watch.reports(PER_S, budget.DEFERRED_S[kind])
    return [*_samples(engine, "", FAST, fast, kind),
            *_samples(engine, "", SLOW, slow, kind)]
