"""scale: which engine suits many servers."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence

import effects
import ring
import throughput
import trust
from cell import Cell
from chart import Panel, bound, bounds, extreme, of_column
from claims import node
from context import Context
from effects import Name
from figures import View
from table import Column, Table, by_engine, listed
from verdict import (DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, YES_OR_NO, Answers, Control,
                     Verdict, possible, word_of)

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
# The place of each compared figure: table, divisor of its unit.
SHOWN = {"updates_per_s": (0, 1), "propagation_p99_us": (2, 1000), "rss_mib": (3, 1)}

CLAIM = "For a herd of many servers Node.js is the engine to choose."
TOPIC = "Node.js for many servers"
MEASURED = (
    "Rings of 5 and 25 servers, one process per server, measured as in `node` (the figures for 5 are "
    "the same runs). The clients use five of the servers. *At work*: the updates answered per second, "
    "and how long the herd worked until it was steady, which takes longer if processes outnumber "
    "cores. *At ease*, warm: 50 reports a second in total (200 in the ring of five); the figure is how "
    "long a report takes to another server. The resident size of all processes is that after the work.")
RULE = (
    f"Compare the engines at the largest size measured ({MANY} servers in the full run). An engine "
    "wins in updates per second, propagation p99 (both warm) or memory if it is at least "
    f"{CLEARLY:g} times better than each of the other two that the paper chooses from (Twisted, "
    "Node.js, Java). The claim holds if Node.js wins in at least two of the three figures. It does "
    "not hold if Node.js wins in none. Otherwise it holds only when the figure in which Node.js "
    "wins is the one that counts. If an interval leaves open who wins, it is undecided. A figure that never "
    "became steady leaves it open too, but a rate that still rose when its time was over is at least the "
    "one that was measured.")
CONTROL = "Node.js by the same rule, with the native server as its only rival: is it the engine to choose?"
NOT_SHOWN = (
    "Many machines: here 25 servers share two cores with the clients, and a report "
    "mostly waits for a core. A larger ring is also longer, so a report has further to go. The "
    "JVMs run with small heaps, as the README of the Java engine describes. Reputation and "
    "support are not measured.")


def cells(context: Context) -> List[Cell]:
    return [cell for servers in SIZES if servers != node.SERVERS
            for cell in ring.cells(ID, context, servers, quick=servers != MANY)]


def largest(view: View) -> int:
    """Returns the largest size for which all figures of Node.js are known."""
    known = [size for size in SIZES if all(
        view.values("node", f"{metric}_{size}_servers") for metric in COMPARED)]
    return max(known, default=MANY)


def _beats(view: View, engine: str, other: str, metric: str) -> Optional[bool]:
    name = f"{metric}_{largest(view)}_servers"
    own, others = Name(engine, name), Name(other, name)
    pair = (own, others) if COMPARED[metric] else (others, own)
    return effects.is_ratio_at_least(view, *pair, CLEARLY)


def wins(view: View, engine: str, rivals: Sequence[str] = RIVALS) -> Dict[str, Answers]:
    """Returns for each figure whether the engine wins; both answers if that is open."""
    found: Dict[str, Answers] = {}
    for metric in COMPARED:
        each = [_beats(view, engine, other, metric) for other in rivals if other != engine]
        found[IN_WORDS[metric]] = [False] if False in each else YES_OR_NO if None in each else [True]
    return found


def _in_words(won: Dict[str, Answers]) -> str:
    sure = [name for name, each in won.items() if False not in each]
    open_ones = [f"perhaps {name}" for name, each in won.items() if len(each) > 1]
    return listed([*sure, *open_ones]) or "no figure"


def _word(won: Dict[str, bool]) -> str:
    count = list(won.values()).count(True)
    return HOLDS if count >= 2 else HOLDS_ONLY_WHEN if count else DOES_NOT_HOLD


def judge(view: View) -> Verdict:
    won = wins(view, "node")
    told = f"with {largest(view)} servers " + "; ".join(
        f"{name} wins in {_in_words(wins(view, name))}" for name in RIVALS)
    word = word_of(won, _word)
    if word == UNDECIDED:
        names = [name for name, each in won.items() if len(each) > 1]
        return Verdict(word, f"it is open whether Node.js wins in {listed(names)}, because an interval crosses "
                       f"the rule's bound or no verdict may rest on a figure: {told}.")
    if word == HOLDS_ONLY_WHEN:
        return Verdict(word, f"{_in_words(won)} is what counts: {told}.")
    return Verdict(word, f"{told}.")


def control(view: View) -> Control:
    won = wins(view, "node", ["native"])
    found = possible(won, lambda each: list(each.values()).count(True) >= 2)
    return Control(CONTROL, None if len(found) > 1 else not found.pop(), f"it wins in {_in_words(won)}")


def tables(view: View) -> List[Table]:
    def columns(*metrics: str, unit: float = 1) -> List[Column]:
        return [Column(("cold, " if metric.startswith("cold_") else "") + f"{size} servers",
                       f"{metric}_{size}_servers", unit) for size in SIZES for metric in metrics]

    mark = throughput.marks(view.figures, ID)
    return [by_engine(view, "Updates answered per second", (*NAMES, trust.CEILING),
                      columns("cold_updates_per_s", "updates_per_s"), mark),
            by_engine(view, "Propagation, median, ms", NAMES,
                      columns("cold_propagation_p50_us", "propagation_p50_us", unit=1000), mark),
            by_engine(view, "Propagation, 99th percentile, ms", NAMES,
                      columns("cold_propagation_p99_us", "propagation_p99_us", unit=1000), mark),
            by_engine(view, "Resident size of all servers after the work, MiB", NAMES, columns("rss_mib")),
            by_engine(view, "Seconds at work until steady", NAMES, columns("warmup_s")),
            by_engine(view, "Seconds by which the news was behind when the work ended", NAMES,
                      columns("behind_s")),
            by_engine(view, "Updates answered per processor second", NAMES, columns("updates_per_cpu_s"))]


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
