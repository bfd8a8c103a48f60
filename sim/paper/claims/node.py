"""node: Node.js against Twisted."""

from __future__ import annotations

from typing import Dict, List, Sequence

import ring
import throughput
from cell import Cell
from chart import Panel, bound, bounds, of_column, scaled
from context import Context
from figures import Sample, View
from table import Column, Table, by_engine, listed
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "node"
SECTION = "4.2, 6"
NAMES = ring.NAMES
SERVERS = 5
CLEARLY = 1.1
# The figures that are compared, and whether a larger one is better.
COMPARED = {"updates_per_s": True, "cpu_s_per_100000": False, "reply_p99_us": False,
            "propagation_p99_us": False}
IN_WORDS = {"updates_per_s": "updates per second", "cpu_s_per_100000": "processor time",
            "reply_p99_us": "reply p99", "propagation_p99_us": "propagation p99"}
# Where the tables have each compared figure: table, column, divisor of its unit.
SHOWN = {"updates_per_s": (0, "updates answered per second", 1),
         "cpu_s_per_100000": (0, "processor seconds per 100,000", 1),
         "reply_p99_us": (1, "reply p99", 1000), "propagation_p99_us": (1, "propagation p99", 1000)}

CLAIM = "A herd on Node.js performs better than one on Twisted."
TOPIC = "Node.js against Twisted"
MEASURED = (
    "The paper's herd, one process per server, on any core. *At work*: each server receives far "
    "more updates than it can handle, and the servers are linked directly. The figures are the "
    "updates that the herd answers per second, and the processor seconds of its five processes "
    "per 100,000 updates (scaled from those sent; they include the flooding). *At ease*: 50 "
    "phones send 200 reports a second in total, and relays stand on the links. The figures are "
    "how long a phone waits, and how long a report takes to another server.")
RULE = (
    f"Better means: at least {CLEARLY:g} times the updates per second, or processor seconds, reply "
    f"p99 or propagation p99 that are at least {CLEARLY:g} times smaller. Worse means the same in "
    "the other direction; anything between is a draw. The claim holds if Node.js is worse in none "
    "of the four figures and better in at least two. It does not hold if Node.js is better in "
    "none. Otherwise it holds only when the figures in which Node.js is better are the ones that "
    "count.")
CONTROL = "Node.js against the native server by the same rule: does it perform better?"
NOT_SHOWN = (
    "Support, libraries, and how many people know the engine. Both engines were written for this "
    "comparison by the same rules: they handle lines in batches and write once per turn of the "
    "loop. A herd written with less care may differ by more than these two do. When a herd has "
    "answered its last update, some news may still be on the way to its neighbours: the processor "
    "seconds include that work, the updates per second do not. The five servers and the clients "
    "share two cores. In short runs the start of a just-in-time compiler weighs more.")


def _work(context: Context, engine: str) -> List[Sample]:
    summary = ring.at_work(context, "node-throughput", engine, SERVERS)
    return throughput.samples(ID, engine, "", summary) + ring.scale_work(engine, SERVERS, summary)


def _ease(context: Context, engine: str) -> List[Sample]:
    summary = ring.at_ease(context, "node-latency", engine)
    found = [Sample(ID, engine, name, summary.number(name)) for name in ring.LATENCIES]
    return found + ring.scale_ease(engine, SERVERS, summary)


def cells(context: Context) -> List[Cell]:
    return ring.cells(ID, context, SERVERS, {"at work": _work, "at ease": _ease})


def compare(view: View, engine: str, other: str) -> Dict[str, int]:
    """Returns for each figure 1 if the engine is better than the other, -1 if worse, 0 for a draw."""
    found = {}
    for metric, more_is_better in COMPARED.items():
        times = view.ratio(engine, other, metric)
        if not more_is_better:
            times = 1 / times if times else float("inf")
        found[metric] = (times >= CLEARLY) - (times <= 1 / CLEARLY)
    return found


def _performs_better(outcome: Dict[str, int]) -> bool:
    return min(outcome.values()) >= 0 and list(outcome.values()).count(1) >= 2


def judge(view: View) -> Verdict:
    outcome = compare(view, "node", "twisted")
    words = {1: "better", 0: "a draw", -1: "worse"}
    told = "; ".join(f"{IN_WORDS[metric]} {words[each]} "
                     f"({view.ratio('node', 'twisted', metric):.2f} times Twisted's)"
                     for metric, each in outcome.items())
    if _performs_better(outcome):
        return Verdict(HOLDS, f"{told}.")
    better = [IN_WORDS[metric] for metric, each in outcome.items() if each == 1]
    if not better:
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    return Verdict(HOLDS_ONLY_WHEN, f"{listed(better)} count: {told}.")


def control(view: View) -> Control:
    outcome = compare(view, "node", "native")
    return Control(CONTROL, not _performs_better(outcome),
                   f"it is better in {list(outcome.values()).count(1)} of {len(outcome)} figures and "
                   f"worse in {list(outcome.values()).count(-1)}")


def tables(view: View) -> List[Table]:
    mark = throughput.marks(view.figures, ID)
    return [by_engine(view, "At work", NAMES, [
                Column("updates answered per second", "updates_per_s"),
                Column("processor seconds per 100,000", "cpu_s_per_100000")], mark),
            by_engine(view, "At ease, ms", NAMES, [
                Column("reply p50", "reply_p50_us", 1000), Column("reply p99", "reply_p99_us", 1000),
                Column("propagation p50", "propagation_p50_us", 1000),
                Column("propagation p99", "propagation_p99_us", 1000)])]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    shown = []
    for metric, (table, header, unit) in SHOWN.items():
        times = CLEARLY if COMPARED[metric] else 1 / CLEARLY
        meaning = (f"{CLEARLY:g} times Twisted's, from where Node.js is better" if COMPARED[metric] else
                   f"Twisted's divided by {CLEARLY:g}, up to where Node.js is better")
        limit = bound(scaled(view, "twisted", metric, times, unit=unit), "better", meaning)
        shown.append(of_column(found[table], header, bounds(limit), ("native",)))
    return shown
