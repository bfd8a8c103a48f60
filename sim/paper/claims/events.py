"""events: what threads cost where there are many connections."""

from __future__ import annotations

from typing import List

import budget
import connection_probe
import engines
import throughput
from cell import Cell
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

CLAIM = "A server that reacts to events in one loop is spared what threads cost."
MEASURED = (
    "Two things with 10, 100 and 1,000 connections. *At work*: one server is sent far more "
    "updates than it can take, each connection saying the next when it has the answer to the "
    "last; how many it answers a second, and its processor seconds for 100,000. *At rest*: "
    "each connection has sent one update and waits; the server's resident size and threads, as "
    "the system tells them. The Java engine does both with the same code but for who waits for "
    "the sockets, so that its two modes differ by the threads and nothing else.")
RULE = (
    f"With {MANY:,} connections, Java with a thread a connection against Java with one "
    "selector: it is a cost in *work* where its processor seconds for 100,000 updates are at "
    f"least {CLEARLY:g} times as many, and a cost in *memory* where its resident size at rest "
    f"is at least {CLEARLY:g} times as large. Both: it holds; neither: it does not; one: it "
    "holds only when that one counts.")
CONTROL = (f"Java with one selector and {MANY:,} connections at rest: has it a thread for each?")
NOT_SHOWN = (
    "Threads are cheaper where connections seldom have anything to say, and dearer where they "
    "share more than this herd's records. Java 17 has no virtual threads. Above 1,000 "
    "connections other limits come first here. Rates that the clients may have bounded are "
    "marked.")


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
    told = (f"with {MANY:,} connections a thread each takes {work:.2f} times the processor seconds and "
            f"{memory:.2f} times the memory of one selector")
    costs = work >= CLEARLY, memory >= CLEARLY
    if all(costs):
        return Verdict(HOLDS, f"{told}.")
    if not any(costs):
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    return Verdict(HOLDS_ONLY_WHEN, ("work" if costs[0] else "memory") + f" is what counts: {told}.")


def control(view: View) -> Control:
    found = view.need("java-selector", f"threads_{MANY}_open")
    return Control(CONTROL, found < MANY, f"it has {found:.0f} threads in all")


def tables(view: View) -> List[Table]:
    def columns(metric: str) -> List[Column]:
        return [Column(f"{count:,}", metric.format(count)) for count in COUNTS]

    mark = throughput.marks(view.figures, ID)
    return [by_engine(view, "At work: updates answered a second, by connections", NAMES,
                      columns("updates_per_s_{}_connections"), mark),
            by_engine(view, "At work: processor seconds for 100,000 updates (scaled)", NAMES,
                      columns("cpu_s_per_100000_{}_connections")),
            by_engine(view, "At work: resident size at the end, MiB", NAMES,
                      columns("rss_mib_{}_connections")),
            by_engine(view, "At rest: resident size, MiB", NAMES, columns("rss_mib_{}_open")),
            by_engine(view, "At rest: threads", NAMES, columns("threads_{}_open"))]
