"""events: what threads cost with many connections."""

from __future__ import annotations

from typing import List, Sequence

import budget
import connection_probe
import engines
import throughput
from cell import Cell
from chart import Bound, Panel, bound, bounds, of_column, scaled
from claims import threads
from context import Context
from figures import View
from table import Column, Table, by_engine
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "events"
SECTION = "3.1"
NAMES = threads.ALSO_EVENTS
COUNTS = connection_probe.COUNTS
MANY = COUNTS[-1]
CLEARLY = 1.2

CLAIM = "A server with one event loop avoids the cost of threads."
TOPIC = "the cost of threads"
MEASURED = (
    "Two things, each with 10, 100 and 1,000 connections. *At work*: one server receives far more "
    "updates than it can handle, and each connection sends its next update when the answer to the "
    "last one arrives; the figures are updates answered per second and processor seconds per "
    "100,000 updates. *At rest*: each connection has sent one update and is idle; the figures are "
    "the server's resident size and number of threads, as the system reports them. Both modes of "
    "the Java engine run the same code except for how they wait on sockets, so the threads are "
    "their only difference.")
RULE = (
    f"With {MANY:,} connections, compare Java with a thread per connection against Java with one "
    "selector. Threads cost *work* if they take at least "
    f"{CLEARLY:g} times the processor seconds per 100,000 updates, and cost *memory* if the "
    f"resident size at rest is at least {CLEARLY:g} times as large. If both are true, the claim "
    "holds; if neither is true, it does not hold; if one is true, it holds only when that one "
    "counts.")
CONTROL = (f"Java with one selector and {MANY:,} connections at rest: does it have a thread for each?")
NOT_SHOWN = (
    "Threads cost less if the connections are mostly idle, and more if they share more data than "
    "this herd's records. Java 17 has no virtual threads. Above 1,000 connections this machine "
    "reaches other limits first. Rates that the clients may have limited are marked.")


def _measure(context: Context, engine: str, connections: int) -> list:
    return threads.events_samples(engine, connections,
                                  threads.burst(context, engine, connections, pinned=False))


def _measure_rest(context: Context, engine: str) -> list:
    return connection_probe.measure(engine, engines.single_server_command(engine, context.binary, {}))


def cells(context: Context) -> List[Cell]:
    found = []
    for count in COUNTS:
        if count == threads.CONNECTIONS:
            continue  # measured for `threads`
        for name in context.present(NAMES):
            seconds = budget.BURST_S + budget.START_S[engines.family(name)]
            found.append(Cell(ID, name, f"{count} connections", context.seconds(seconds),
                              lambda now, name=name, count=count: _measure(now, name, count)))
    for name in context.present(NAMES):
        found.append(Cell(ID, name, "at rest", budget.CONNECTIONS_S,
                          lambda now, name=name: _measure_rest(now, name)))
    return found


def judge(view: View) -> Verdict:
    work = view.ratio("java-threads", "java-selector", f"cpu_s_per_100000_{MANY}_connections")
    memory = view.ratio("java-threads", "java-selector", f"rss_mib_{MANY}_open")
    told = (f"with {MANY:,} connections a thread per connection takes {work:.2f} times the processor "
            f"seconds and {memory:.2f} times the memory of one selector")
    costs = work >= CLEARLY, memory >= CLEARLY
    if all(costs):
        return Verdict(HOLDS, f"{told}.")
    if not any(costs):
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    return Verdict(HOLDS_ONLY_WHEN, ("work" if costs[0] else "memory") + f" is what counts: {told}.")


def control(view: View) -> Control:
    found = view.need("java-selector", f"threads_{MANY}_open")
    return Control(CONTROL, found < MANY, f"it has {found:.0f} threads in total")


def tables(view: View) -> List[Table]:
    def columns(metric: str) -> List[Column]:
        return [Column(f"{count:,}", metric.format(count)) for count in COUNTS]

    mark = throughput.marks(view.figures, ID)
    return [by_engine(view, "At work: updates answered per second, by connections", NAMES,
                      columns("updates_per_s_{}_connections"), mark),
            by_engine(view, "At work: processor seconds per 100,000 updates (scaled)", NAMES,
                      columns("cpu_s_per_100000_{}_connections")),
            by_engine(view, "At work: resident size at the end, MiB", NAMES,
                      columns("rss_mib_{}_connections")),
            by_engine(view, "At rest: resident size, MiB", NAMES, columns("rss_mib_{}_open")),
            by_engine(view, "At rest: threads", NAMES, columns("threads_{}_open"))]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    def limit(metric: str) -> List[Bound]:
        return bounds(bound(scaled(view, "java-selector", metric, CLEARLY), "limit",
                            f"{CLEARLY:g} times java-selector"))

    many = f"{MANY:,}"
    return [of_column(found[1], many, limit(f"cpu_s_per_100000_{MANY}_connections")),
            of_column(found[3], many, limit(f"rss_mib_{MANY}_open")),
            of_column(found[4], many, [Bound(MANY, "each", "a thread per connection")],
                      ("java-selector",))]
