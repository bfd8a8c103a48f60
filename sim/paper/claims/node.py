"""node: Node.js against Twisted."""

from __future__ import annotations

from typing import Dict, List

import ring
import throughput
from cell import Cell
from context import Context
from figures import Sample, View
from table import Column, Table, by_engine
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "node"
SECTION = "4.2, 6"
NAMES = ring.NAMES
SERVERS = 5
CLEARLY = 1.1
# What is compared, and whether more of it is better.
COMPARED = {"updates_per_s": True, "cpu_s_per_100000": False, "reply_p99_us": False,
            "propagation_p99_us": False}
IN_WORDS = {"updates_per_s": "updates a second", "cpu_s_per_100000": "processor time",
            "reply_p99_us": "reply p99", "propagation_p99_us": "propagation p99"}

CLAIM = "A herd on Node.js performs better than one on Twisted."
MEASURED = (
    "The paper's herd, a process a server, nothing pinned. *At work*: each server is sent far "
    "more updates than it can take, with nothing of ours between the servers: how many the "
    "herd answers a second, and the processor seconds of its five processes for 100,000 of "
    "them (scaled from those sent; its flooding is in it). *At ease*: 50 phones, 200 reports a "
    "second in all, with relays on the links: how long a phone waits, and how long a report "
    "takes to another server.")
RULE = (
    f"Better is: at least {CLEARLY:g} times the updates a second, {CLEARLY:g} times fewer "
    f"processor seconds, a reply p99 {CLEARLY:g} times shorter, a propagation p99 {CLEARLY:g} "
    "times shorter; worse is the same the other way; between the two it is a draw. It holds "
    "where Node.js is worse in none of the four and better in at least two; it does not hold "
    "where it is better in none; else it holds only when what counts is that in which it is "
    "better.")
CONTROL = "The same of Node.js against the native server: does it perform better?"
NOT_SHOWN = (
    "Support, libraries, people who know it. Both engines were written for this comparison, by "
    "the same rules: batches of lines, one write a turn of the loop; a herd written without "
    "that care may differ by more than these do. When a herd has answered its last update it "
    "may still owe its neighbours the news of it: that is in its processor seconds, not in its "
    "updates a second. On two cores five servers and the clients share what there is. Short "
    "runs weigh a just-in-time compiler's start.")


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
    """Of each figure: 1 where the engine is better than the other, -1 where worse, 0 for a draw."""
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
    told = "; ".join(f"{IN_WORDS[metric]}: {words[each]} "
                     f"({view.ratio('node', 'twisted', metric):.2f} times Twisted's)"
                     for metric, each in outcome.items())
    if _performs_better(outcome):
        return Verdict(HOLDS, f"{told}.")
    better = [IN_WORDS[metric] for metric, each in outcome.items() if each == 1]
    if not better:
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    return Verdict(HOLDS_ONLY_WHEN, f"{' and '.join(better)} count: {told}.")


def control(view: View) -> Control:
    outcome = compare(view, "node", "native")
    return Control(CONTROL, not _performs_better(outcome),
                   f"it is better in {list(outcome.values()).count(1)} of {len(outcome)} and "
                   f"worse in {list(outcome.values()).count(-1)}")


def tables(view: View) -> List[Table]:
    mark = throughput.marks(view.figures, ID)
    return [by_engine(view, "At work", NAMES, [
                Column("updates answered a second", "updates_per_s"),
                Column("processor seconds for 100,000", "cpu_s_per_100000")], mark),
            by_engine(view, "At ease, ms", NAMES, [
                Column("reply p50", "reply_p50_us", 1000), Column("reply p99", "reply_p99_us", 1000),
                Column("propagation p50", "propagation_p50_us", 1000),
                Column("propagation p99", "propagation_p99_us", 1000)])]
