"""threads: which engines can use more than one core."""

from __future__ import annotations

from typing import List, Optional, Sequence

import budget
import engines
import throughput
from cell import Cell
from chart import Bound, Panel, of_column, scaled
from context import Context
from figures import Sample, View
from table import Column, Figure, Table, by_engine
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, Control, Verdict

ID = "threads"
SECTION = "2.3, 4.1"
NAMES = ("native", "twisted", "node", "node-cluster", "java-selector", "java-pool", "java-threads")
# Engines whose figures on all cores also serve `events` at 100 connections.
ALSO_EVENTS = ("native", "twisted", "node", "java-selector", "java-threads")
CONNECTIONS = 100
ONE, ALL = "_one_core", "_all_cores"
PARALLEL = ("java-pool", "java-threads")
ONE_CORE_MOST = 1.1
GAIN = 1.2
FULL_CORE = 0.7

CLAIM = ("Python's interpreter lock limits a server to one core, however many threads it has; Java's "
         "threads use all cores.")
TOPIC = "the interpreter lock"
MEASURED = (
    "One server of each engine receives far more updates than it can handle, over "
    f"{CONNECTIONS} connections; each connection sends its next update when the answer to the "
    "last one arrives. The server runs once limited to one core and once free to use all cores. "
    "The figures are the updates answered per second and the number of cores that the server "
    "keeps busy (the processor seconds of all its processes, divided by the time). The clients "
    "may use any core. `native-loops` is the paper's five servers in herdsim's own process, on "
    "one event loop and on two; its clients do not wait for answers, so compare its rates only "
    "with each other.")
RULE = (
    f"*Python*: Twisted, free to use all cores, keeps at most {ONE_CORE_MOST:g} of them busy and "
    f"answers less than {GAIN:g} times as many updates as on one core. *Java*: with a thread per "
    f"connection or a loop per core, it answers at least {GAIN:g} times as many updates on all "
    "cores as on one. If both are true, the claim holds. If only the Python half is true and Java "
    f"still keeps more than {ONE_CORE_MOST:g} cores busy, it holds only when the load generator "
    "leaves a core free. In every other case it does not hold. If Twisted on one core keeps less "
    f"than {FULL_CORE:g} of it busy, the load was too small for a verdict.")
CONTROL = (f"Java with threads, limited to one core: does it keep more than {ONE_CORE_MOST:g} cores busy?")
NOT_SHOWN = (
    "More than two cores. On two cores the load generator takes most of one, so an engine that "
    "can use all cores gets little more than the other one; on a larger machine the gain is "
    "larger. Rates compare engines only if they are far below what the clients can send; other "
    "rates are marked, and for those the processor seconds say more. A JVM is measured from its "
    "start, so its figures include the work of its compiler, which takes cores too. CPython "
    "without the lock (3.13t) is not measured, because Twisted does not run on it yet.")


def _burst(context: Context, engine: str, connections: int) -> dict:
    return {"events.0.updates": budget.BURST[context.kind][engine],
            "events.0.clients": connections}


def events_samples(engine: str, connections: int, summary: throughput.Summary) -> List[Sample]:
    suffix = f"_{connections}_connections"
    found = throughput.samples("events", engine, suffix, summary)
    return [*found, Sample("events", engine, f"rss_mib{suffix}", summary.number("rss_mib"))]


def burst(context: Context, engine: str, connections: int, pinned: bool) -> throughput.Summary:
    return context.run("threads", engine, _burst(context, engine, connections), pinned)


def _measure(context: Context, engine: str, pinned: bool) -> List[Sample]:
    summary = burst(context, engine, CONNECTIONS, pinned)
    suffix = ONE if pinned else ALL
    found = [*throughput.samples(ID, engine, suffix, summary),
             throughput.cores_used(ID, engine, suffix, summary)]
    if not pinned and engine in ALSO_EVENTS:
        found += events_samples(engine, CONNECTIONS, summary)
    return found


def _measure_loops(context: Context, loops: int) -> List[Sample]:
    each = budget.LOOPS_BURST[context.kind] // 5
    settings = {f"events.{number}.updates": each for number in range(5)}
    herd = "two-loops" if loops == 2 else "one-loop"
    summary = context.run("loops", herd, settings)
    return [Sample(ID, "native-loops", "updates_per_s" + (ALL if loops == 2 else ONE),
                   summary.number("updates_per_s"))]


def _measure_ceiling(context: Context) -> List[Sample]:
    """Measures a native server in a process of its own, to which clients send as to any engine."""
    settings = {"events.0.updates": budget.CEILING_BURST[context.kind],
                "events.0.clients": CONNECTIONS}
    summary = context.run("threads", "native", settings)
    engine = throughput.CEILING_ENGINE
    found = throughput.samples(throughput.CEILING_CLAIM, engine, "", summary)
    inside = context.run("ceiling", "inside", settings)
    return [*found, throughput.cores_used(ID, engine, "", summary),
            Sample(ID, engine, throughput.INSIDE_METRIC, inside.number("updates_per_s"))]


def cells(context: Context) -> List[Cell]:
    found = [Cell(ID, throughput.CEILING_ENGINE, "the clients' own ceiling",
                  context.seconds(2 * budget.BURST_S), _measure_ceiling)]
    for pinned in (True, False):
        for name in context.present(NAMES):
            seconds = budget.BURST_S + budget.START_S[engines.family(name)]
            found.append(Cell(ID, name, "one core" if pinned else "all cores",
                              context.seconds(seconds), lambda now, name=name, pinned=pinned:
                              _measure(now, name, pinned)))
    for loops in (1, 2):
        found.append(Cell(ID, "native-loops", f"{loops} loop{'s' * (loops - 1)}",
                          context.seconds(budget.BURST_S),
                          lambda now, loops=loops: _measure_loops(now, loops)))
    return found


def _gain(view: View, engine: str) -> float:
    return (view.need(engine, "updates_per_s" + ALL) / view.need(engine, "updates_per_s" + ONE))


def judge(view: View) -> Verdict:
    python_gain, python_cores = _gain(view, "twisted"), view.need("twisted", "cores_used" + ALL)
    gains = {name: _gain(view, name) for name in PARALLEL}
    best = max(gains, key=gains.get)
    cores = max(view.need(name, "cores_used" + ALL) for name in PARALLEL)
    told = (f"on all cores Twisted answers {python_gain:.2f} times as many updates as on one and "
            f"keeps {python_cores:.2f} cores busy; {best} answers {gains[best]:.2f} times as many, "
            f"and Java keeps up to {cores:.2f} cores busy")
    full = view.need("twisted", "cores_used" + ONE)
    if full < FULL_CORE:
        return Verdict(UNDECIDED, f"Twisted kept only {full:.2f} of its one core busy; {told}.")
    if python_cores > ONE_CORE_MOST or python_gain >= GAIN:
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    if gains[best] >= GAIN:
        return Verdict(HOLDS, f"{told}.")
    if cores > ONE_CORE_MOST:
        return Verdict(HOLDS_ONLY_WHEN, f"the load generator leaves a core free: {told}.")
    return Verdict(DOES_NOT_HOLD, f"{told}.")


def control(view: View) -> Control:
    cores = view.need("java-threads", "cores_used" + ONE)
    return Control(CONTROL, cores <= ONE_CORE_MOST, f"it keeps {cores:.2f} cores busy")


def tables(view: View) -> List[Table]:
    mark = throughput.marks(view.figures, ID)
    loops = [Column("one loop", "updates_per_s" + ONE), Column("two loops", "updates_per_s" + ALL)]
    rates = [Column("one core", "updates_per_s" + ONE), Column("all cores", "updates_per_s" + ALL)]
    cores = [Column("one core", "cores_used" + ONE), Column("all cores", "cores_used" + ALL)]
    work = [Column("one core", "cpu_s_per_100000" + ONE), Column("all cores", "cpu_s_per_100000" + ALL)]
    return [by_engine(view, "Updates answered per second", NAMES, rates, mark),
            by_engine(view, "Cores kept busy", NAMES, cores),
            by_engine(view, "Processor seconds per 100,000 updates (scaled)", NAMES,
                      work),
            by_engine(view, "Updates answered per second if clients do not wait for answers",
                      ("native-loops",), loops,
                      throughput.marks(view.figures, ID, throughput.INSIDE_METRIC))]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    one = Bound(ONE_CORE_MOST, "limit", f"{ONE_CORE_MOST:g} cores, the most that count as one core")

    def gain(figure: Figure) -> Optional[float]:
        return scaled(view, figure.engine, "updates_per_s" + ONE, GAIN)

    return [of_column(found[1], "one core", [one], ("java-threads",)),
            of_column(found[1], "all cores", [one]),
            of_column(found[0], "all cores", limit_of=gain,
                      limit_meaning=f"{GAIN:g} times the engine's own rate on one core")]
