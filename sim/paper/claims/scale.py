"""scale: which engine for many servers."""

from __future__ import annotations

from typing import Dict, List

import ring
import throughput
from cell import Cell
from claims import node
from context import Context
from figures import Sample, View
from table import Column, Table, by_engine
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "scale"
SECTION = "6"
NAMES = ring.NAMES
SIZES = ring.SIZES
MANY = SIZES[-1]
# Among those that the paper chooses from.
RIVALS = ("twisted", "node", "java-selector")
CLEARLY = 1.1
COMPARED = {"updates_per_s": True, "propagation_p99_us": False, "rss_mib": False}
IN_WORDS = {"updates_per_s": "updates a second", "propagation_p99_us": "propagation",
            "rss_mib": "memory"}

CLAIM = "For a herd of many servers Node.js is the engine to choose."
MEASURED = (
    "Rings of 5, 10 and 25 servers, a process each (those of 5 are `node`'s). *At work*: five "
    "of the servers are sent far more updates than the herd can take, with nothing of ours "
    "between them: how many are answered a second. *At ease*: phones that report 50 times a "
    "second in all (in the ring of five 200), relays on the links: how long a report takes to "
    "another server; resident size of all processes.")
RULE = (
    f"At the largest size that was measured ({MANY} servers in the full run): an engine wins in "
    f"updates a second, propagation p99 or memory where it is at least {CLEARLY:g} times better "
    "than each of the other two that the paper chooses from (Twisted, Node.js, Java). It holds "
    "where Node.js wins in at least two of the three, does not hold where it wins in none, and "
    "else holds only when what counts is that in which it wins.")
CONTROL = ("The same of Java (a JVM a server): is it the engine to choose?")
NOT_SHOWN = (
    "Many machines: here 25 servers share two cores with the clients and the relays, which is "
    "what a report waits for. The rings get longer as they grow, so that a report has further "
    "to go. JVMs run with small heaps, as the Java engine's README has it. Respect and support "
    "are not measured.")


def _measures(servers: int) -> Dict[str, object]:
    settings = {"herds.0.servers": servers}

    def work(context: Context, engine: str) -> List[Sample]:
        summary = ring.at_work(context, "scale-throughput", engine, servers, settings)
        return ring.scale_work(engine, servers, summary)

    def ease(context: Context, engine: str) -> List[Sample]:
        summary = ring.at_ease(context, "scale-latency", engine, settings)
        return ring.scale_ease(engine, servers, summary)

    return {"at work": work, "at ease": ease}


def cells(context: Context) -> List[Cell]:
    found = []
    for servers in SIZES:
        if servers != node.SERVERS:
            found += ring.cells(ID, context, servers, _measures(servers), quick=servers != MANY)
    return found


def largest(view: View) -> int:
    """The largest size of which the claim's engine has all figures."""
    known = [size for size in SIZES if all(
        view.values("node", f"{metric}_{size}_servers") for metric in COMPARED)]
    return max(known, default=MANY)


def wins(view: View, engine: str) -> List[str]:
    found = []
    size = largest(view)
    for metric, more_is_better in COMPARED.items():
        name = f"{metric}_{size}_servers"
        times = [view.ratio(engine, other, name) if more_is_better else view.ratio(other, engine, name)
                 for other in RIVALS if other != engine]
        if min(times) >= CLEARLY:
            found.append(IN_WORDS[metric])
    return found


def judge(view: View) -> Verdict:
    won = wins(view, "node")
    told = f"with {largest(view)} servers " + "; ".join(
        f"{name} wins in {' and '.join(wins(view, name)) or 'nothing'}" for name in RIVALS)
    if len(won) >= 2:
        return Verdict(HOLDS, f"{told}.")
    if not won:
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    return Verdict(HOLDS_ONLY_WHEN, f"{won[0]} is what counts: {told}.")


def control(view: View) -> Control:
    won = wins(view, "java-selector")
    return Control(CONTROL, len(won) < 2, f"it wins in {' and '.join(won) or 'nothing'}")


def tables(view: View) -> List[Table]:
    def columns(metric: str, unit: float = 1) -> List[Column]:
        return [Column(f"{size} servers", f"{metric}_{size}_servers", unit) for size in SIZES]

    mark = throughput.marks(view.figures, ID)
    return [by_engine(view, "Updates answered a second", NAMES, columns("updates_per_s"), mark),
            by_engine(view, "Propagation, median, ms", NAMES, columns("propagation_p50_us", 1000)),
            by_engine(view, "Propagation, 99th percentile, ms", NAMES,
                      columns("propagation_p99_us", 1000)),
            by_engine(view, "Resident size of all servers, MiB", NAMES, columns("rss_mib"))]
