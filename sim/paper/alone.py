"""Measures one server under load: at its best, limited to one core, and with many connections."""

from __future__ import annotations

import contextlib
import os
from typing import Callable, Iterable, Iterator, List, Sequence

import bare_relays
import budget
import engines
import herd_servers
import load_generator
import phones
import steady
import throughput
from context import Context
from figures import Sample
from load_generator import Run, Shape
from server_process import ServerProcess

# The numbers of connections with one line in flight each.
COUNTS = (1, 1_000)
# The engines that `deferred` measures in the same start.
WITH_PHONES = ("native", "twisted", "node", "java-selector", "java-threads")
ONE, ALL = "_one_core", "_all_cores"


def at_connections(count: int) -> str:
    return f"_{count}_connections"


def _load(server: ServerProcess, shape: Shape, rule: steady.Rule) -> Run:
    return load_generator.until_steady([server.address[1]], server.pids(), shape, rule)


def _pinned(server: ServerProcess, core: int, measure: Callable[[], Run]) -> Run:
    """Measures with all threads of the server limited to one core, and lifts the limit again."""
    server.limit_to({core})
    try:
        return measure()
    finally:
        server.limit_to(os.sched_getaffinity(0))


@contextlib.contextmanager
def _server(context: Context, engine: str) -> Iterator[ServerProcess]:
    if engine in WITH_PHONES:
        with phones.server_with_places(engine, context) as server:
            yield server
    else:
        with ServerProcess(engines.single_server_command(engine, context.binary, {})) as server:
            yield server


def measure(context: Context, engine: str, is_limited: bool, counts: Sequence[int]) -> List[Sample]:
    """Returns samples of `threads`, of `events` for each number of connections, and of `deferred`.

    The server is started once: what comes first finds it cold, and warms it for what follows.
    """
    has_phones = engine in WITH_PHONES
    found: List[Sample] = []
    with _server(context, engine) as server:
        if has_phones:
            found += phones.cold(engine, server, context.kind)
        found += _pipelined(context, engine, server, is_limited)
        for count in counts:
            found += _one_line_at_a_time(context, engine, server, count)
        if has_phones:
            found += phones.warm(engine, server, context.kind)
    return found


def pipelined_rule(context: Context, engine: str) -> steady.Rule:
    """Returns when a server that is just started and gets all that it can handle counts as steady."""
    return (budget.THREADS_PIPELINED if engine == "java-threads" else budget.WORK)[context.kind]


def _pipelined(context: Context, engine: str, server: ServerProcess, is_limited: bool) -> List[Sample]:
    run = _load(server, throughput.PIPELINED, pipelined_rule(context, engine))
    found = throughput.samples("threads", engine, ALL, run, is_fresh=True)
    found.append(throughput.cores_used("threads", engine, ALL, run))
    if is_limited:
        run = _pinned(server, context.one_core(), lambda: _load(
            server, throughput.PIPELINED, budget.WARM_WORK[context.kind]))
        found += throughput.samples("threads", engine, ONE, run)
        found.append(throughput.cores_used("threads", engine, ONE, run))
    return found


def _has_many_threads(engine: str, count: int) -> bool:
    return engine == "java-threads" and count > 1


def rule_at(context: Context, engine: str, count: int) -> steady.Rule:
    """Returns when a warm server with so many connections, each with one line in flight, counts as steady."""
    return (budget.THREADS_WORK if _has_many_threads(engine, count) else budget.WARM_WORK)[context.kind]


def expected_s(engine: str, count: int) -> float:
    """Returns the expected seconds of that load if the server is warm."""
    return budget.THREADS_WORK_S if _has_many_threads(engine, count) else budget.WARM_WORK_S


def _one_line_at_a_time(context: Context, engine: str, server: ServerProcess, count: int
                        ) -> List[Sample]:
    run = _load(server, Shape(count, 1), rule_at(context, engine, count))
    suffix = at_connections(count)
    return [*throughput.samples("events", engine, suffix, run),
            Sample("events", engine, f"wait_p50_us{suffix}", run.wait_us("p50_us")),
            Sample("events", engine, f"rss_mib{suffix}", server.resident_mib())]


def measure_command(context: Context, name: str, command: Sequence[str]) -> List[Sample]:
    """Measures a server with this command, free to use all cores."""
    with ServerProcess(command) as server:
        run = _load(server, throughput.PIPELINED, budget.WORK[context.kind])
    return throughput.samples("threads", name, ALL, run, is_fresh=True)


def measure_bare_threads(context: Context) -> List[Sample]:
    """Measures the bare relay of the engine that no ring has: Java with a thread per connection."""
    place = herd_servers.Place("S1", [], [], ["S1"])
    return measure_command(context, bare_relays.name("java-threads"),
                           bare_relays.command("java-threads", place))


def measure_ceiling(context: Context) -> Iterable[Sample]:
    """Measures what the load generator can do, with a bare relay that only answers."""
    warm = budget.WARM_WORK[context.kind]
    place = herd_servers.Place("S1", [], [], ["S1"])
    with ServerProcess(bare_relays.command("native", place)) as server:
        run = _load(server, throughput.PIPELINED, warm)
        found = [*throughput.ceiling_samples("threads", ALL, run),
                 *throughput.ceiling_samples("threads", ONE, run)]
        for count in COUNTS:
            found += throughput.ceiling_samples("events", at_connections(count),
                                                _load(server, Shape(count, 1), warm))
    return found
