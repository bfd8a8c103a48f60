"""scale: which engine suits many servers."""

from __future__ import annotations

from typing import Dict, List, Sequence

import ring
import throughput
from cell import Cell
from chart import Panel, bound, bounds, extreme, of_column
from claims import node
from context import Context
from figures import Sample, View
from table import Column, Table, by_engine, listed
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "scale"
SECTION = "6"
NAMES = ring.NAMES
SIZES = ring.SIZES
MANY = SIZES[-1]
# The engines that the paper chooses from.
RIVALS = ("twisted", "node", "java-selector")
CLEARLY = 1.1
COMPARED = {"updates_per_s": True, "propagation_p99_us": False, "rss_mib": False}
IN_WORDS = {"updates_per_s": "updates per second", "propagation_p99_us": "propagation",
            "rss_mib": "memory"}
# Where the tables have each compared figure: table, divisor of its unit.
SHOWN = {"updates_per_s": (0, 1), "propagation_p99_us": (2, 1000), "rss_mib": (3, 1)}

CLAIM = "For a herd of many servers Node.js is the engine to choose."
TOPIC = "Node.js for many servers"
MEASURED = (
    "Rings of 5, 10 and 25 servers, one process per server (the figures for 5 are those of "
    "`node`). *At work*: five of the servers receive far more updates than the herd can handle, "
    "and the servers are linked directly. The figure is the updates answered per second. *At "
    "ease*: phones send 50 reports a second in total (200 in the ring of five), and relays stand "
    "on the links. The figures are how long a report takes to another server, and the resident "
    "size of all processes.")
RULE = (
    f"Compare the engines at the largest size measured ({MANY} servers in the full run). An engine "
    "wins in updates per second, propagation p99 or memory if it is at least "
    f"{CLEARLY:g} times better than each of the other two that the paper chooses from (Twisted, "
    "Node.js, Java). The claim holds if Node.js wins in at least two of the three figures. It does "
    "not hold if Node.js wins in none. Otherwise it holds only when the figure in which Node.js "
    "wins is the one that counts.")
CONTROL = ("Java (one JVM per server) by the same rule: is it the engine to choose?")
NOT_SHOWN = (
    "Many machines: here 25 servers share two cores with the clients and the relays, and a report "
    "mostly waits for a core. A larger ring is also longer, so a report has further to go. The "
    "JVMs run with small heaps, as the README of the Java engine describes. Reputation and "
    "support are not measured.")


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
    """Returns the largest size for which all figures of Node.js are known."""
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
        f"{name} wins in {listed(wins(view, name)) or 'no figure'}" for name in RIVALS)
    if len(won) >= 2:
        return Verdict(HOLDS, f"{told}.")
    if not won:
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    return Verdict(HOLDS_ONLY_WHEN, f"{won[0]} is what counts: {told}.")


def control(view: View) -> Control:
    won = wins(view, "java-selector")
    return Control(CONTROL, len(won) < 2, f"it wins in {listed(won) or 'no figure'}")


def tables(view: View) -> List[Table]:
    def columns(metric: str, unit: float = 1) -> List[Column]:
        return [Column(f"{size} servers", f"{metric}_{size}_servers", unit) for size in SIZES]

    mark = throughput.marks(view.figures, ID)
    return [by_engine(view, "Updates answered per second", NAMES, columns("updates_per_s"), mark),
            by_engine(view, "Propagation, median, ms", NAMES, columns("propagation_p50_us", 1000)),
            by_engine(view, "Propagation, 99th percentile, ms", NAMES,
                      columns("propagation_p99_us", 1000)),
            by_engine(view, "Resident size of all servers, MiB", NAMES, columns("rss_mib"))]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    size = largest(view)
    others = [name for name in RIVALS if name != "node"]
    shown = []
    for metric, (table, unit) in SHOWN.items():
        more = COMPARED[metric]
        best = extreme(view, others, f"{metric}_{size}_servers", max if more else min,
                       (CLEARLY if more else 1 / CLEARLY) / unit)
        meaning = (f"{CLEARLY:g} times the better of Twisted and Java, from where Node.js wins" if more
                   else f"the better of Twisted and Java divided by {CLEARLY:g}, up to where Node.js wins")
        shown.append(of_column(found[table], f"{size} servers", bounds(bound(best, "win", meaning)),
                               ("java-selector",)))
    return shown
