"""events: what threads cost with many connections."""

from __future__ import annotations

from typing import List, Sequence

import alone
import budget
import connection_probe
import effects
import engines
import throughput
import trust
from cell import Cell
from chart import Bound, Panel, bound, bounds, of_column, scaled
from claims import threads
from context import Context
from figures import View
from table import Column, Table, by_engine
from verdict import (DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, Control, Verdict, answers,
                     crossing, word_of)

ID = "events"
SECTION = "3.1"
NAMES = threads.ALSO_EVENTS
COUNTS = alone.COUNTS
OPEN = connection_probe.COUNTS
MANY = COUNTS[-1]
CLEARLY = 1.2

CLAIM = "A server with one event loop avoids the cost of threads."
TOPIC = "the cost of threads"
MEASURED = (
    "Two things. *At work*, with 1 and with 1,000 connections: each sends its next update when the "
    "answer to the last one arrives. The server is warm from the runs of `threads`, and each figure is "
    "steady state. The figures are updates answered per second, the wait of a client, and the "
    "processor seconds per 100,000 updates. `load-ceiling` is what the load generator can do at most "
    "with as many connections. *At rest*, with 10, 100 and 1,000 connections: each connection has sent "
    "one update to a server that was just started, and is idle; the figures are "
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


def _measure_rest(context: Context, engine: str) -> list:
    return connection_probe.measure(engine, engines.single_server_command(engine, context.binary, {}))


def cells(context: Context) -> List[Cell]:
    # The runs of `threads` measure what is at work.
    return [Cell(ID, name, "at rest", budget.CONNECTIONS_S,
                 lambda now, name=name: _measure_rest(now, name)) for name in context.present(NAMES)]


def _word(costs: dict) -> str:
    if all(costs.values()):
        return HOLDS
    return HOLDS_ONLY_WHEN if any(costs.values()) else DOES_NOT_HOLD


def judge(view: View) -> Verdict:
    work = effects.ratio(view, "java-threads", "java-selector", f"cpu_s_per_100000_{MANY}_connections")
    memory = effects.ratio(view, "java-threads", "java-selector", f"rss_mib_{MANY}_open")
    told = (f"with {MANY:,} connections a thread per connection takes {effects.times(work)} times the "
            f"processor seconds and {effects.times(memory)} times the memory of one selector")
    choices = {"work": answers(work.is_at_least(CLEARLY)), "memory": answers(memory.is_at_least(CLEARLY))}
    word = word_of(choices, _word)
    if word == UNDECIDED:
        return Verdict(word, f"{crossing(choices)}: {told}.")
    if word == HOLDS_ONLY_WHEN:
        counts = next(name for name, each in choices.items() if True in each)
        return Verdict(word, f"{counts} is what counts: {told}.")
    return Verdict(word, f"{told}.")


def control(view: View) -> Control:
    found = view.need("java-selector", f"threads_{MANY}_open")
    return Control(CONTROL, found < MANY, f"it has {found:.0f} threads in total")


def tables(view: View) -> List[Table]:
    def columns(metric: str, counts: Sequence[int] = COUNTS, unit: float = 1) -> List[Column]:
        return [Column(f"{count:,}", metric.format(count), unit) for count in counts]

    mark = throughput.marks(view.figures, ID)
    return [by_engine(view, "At work: updates answered per second, by connections",
                      (*NAMES, trust.CEILING), columns("updates_per_s_{}_connections"), mark),
            by_engine(view, "At work: processor seconds per 100,000 updates (scaled)", NAMES,
                      columns("cpu_s_per_100000_{}_connections"), mark),
            by_engine(view, "At work: updates answered per processor second", NAMES,
                      columns("updates_per_cpu_s_{}_connections")),
            by_engine(view, "At work: wait of a client, median, ms", NAMES,
                      columns("wait_p50_us_{}_connections", unit=1000)),
            by_engine(view, "At work: resident size at the end, MiB", NAMES,
                      columns("rss_mib_{}_connections")),
            by_engine(view, "At rest: resident size, MiB", NAMES, columns("rss_mib_{}_open", OPEN)),
            by_engine(view, "At rest: threads", NAMES, columns("threads_{}_open", OPEN))]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    def limit(metric: str) -> List[Bound]:
        return bounds(bound(scaled(view, "java-selector", metric, CLEARLY), "limit",
                            f"{CLEARLY:g} times java-selector"))

    many = f"{MANY:,}"
    return [of_column(found[1], many, limit(f"cpu_s_per_100000_{MANY}_connections")),
            of_column(found[5], many, limit(f"rss_mib_{MANY}_open")),
            of_column(found[6], many, [Bound(MANY, "each", "a thread per connection")],
                      ("java-selector",))]
