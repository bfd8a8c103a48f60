"""node: Node.js against Twisted."""

from __future__ import annotations

from typing import Dict, List, Sequence

import bare_relays
import budget
import effects
import engines
import ring
import throughput
import trust
from cell import Cell
from chart import Panel, bound, bounds, of_column, scaled
from context import Context
from figures import View
from table import UNKNOWN, Column, Line, Table, by_engine, listed
from verdict import (DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, Answers, Control, Verdict,
                     crossing, possible, word_of)

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
# The place of each compared figure: table, column, divisor of its unit.
SHOWN = {"updates_per_s": (0, "updates answered per second", 1),
         "cpu_s_per_100000": (0, "processor seconds per 100,000", 1),
         "reply_p99_us": (1, "reply p99", 1000), "propagation_p99_us": (1, "propagation p99", 1000)}

CLAIM = "A herd on Node.js performs better than one on Twisted."
TOPIC = "Node.js against Twisted"
MEASURED = (
    "The paper's herd: a ring of five servers, one process per server, on any core. Each round starts "
    "it once. *At ease*, just started (cold) and again after the work (warm): 200 reports a second in "
    "total. The harness is a neighbour of every server meanwhile, and the kernel stamps what arrives. "
    "The figures are how long a client waits for its answer, and how long a report takes from the "
    "server that accepted it first to another server. *At work*: "
    f"{throughput.PIPELINED.connections} connections with {throughput.PIPELINED.in_flight} lines in "
    "flight on each, spread over the servers, which are linked directly. The figures are the updates "
    "that the herd answers per second, cold and steady, and the processor seconds of its five "
    "processes per 100,000 updates (scaled from those sent; they include the flooding). *floor*: a "
    "ring of five bare relays on the same runtime, which parse nothing and send the same messages "
    "(sim/paper/bare). [Profiles](paper-profiles.md) show which work takes the processor time of each "
    "engine and of its floor.")
RULE = (
    f"Better means: at least {CLEARLY:g} times the updates per second, or processor seconds, reply "
    f"p99 or propagation p99 that are at least {CLEARLY:g} times smaller, all of them warm. Worse means "
    "the same in the other direction; anything between is a draw. The claim holds if Node.js is worse in "
    "none of the four figures and better in at least two. It does not hold if Node.js is better in "
    "none. Otherwise it holds only when the figures in which Node.js is better are the ones that "
    "count. If the interval of a figure leaves open which of these it is, it is undecided.")
CONTROL = "Node.js against the native server by the same rule: does it perform better?"
NOT_SHOWN = (
    "Support, libraries, and how many people know the engine. Both engines were written for this "
    "comparison by the same rules: they handle lines in batches and write once per turn of the "
    "loop. A herd written with less care may differ by more than these two do. When a herd has "
    "answered its last update, some news may still be on the way to its neighbours: the table says for how "
    "many seconds, and a rate counts as not steady if they are more than "
    f"{budget.BEHIND_MOST['full']:.0%} of the work's duration. The five servers and the clients "
    "share two cores. The first second of a herd, with its compilers at work, is in the columns named "
    "cold, and the rule does not use it.")


def _bare_cells(context: Context) -> List[Cell]:
    found = [Cell(ID, trust.CEILING, "", context.seconds(budget.WARM_WORK_S), ring.measure_ceiling,
                  also=("scale",), rounds=budget.CEILING_ROUNDS)]
    for name in context.present(NAMES):
        family = engines.family(name)
        seconds = budget.herd_start(family, SERVERS) + budget.BARE_S
        found.append(Cell(ID, bare_relays.name(name), "", context.seconds(seconds),
                          lambda now, name=name: ring.measure_bare(now, name),
                          rounds=budget.BARE_ROUNDS))
    return found


def cells(context: Context) -> List[Cell]:
    return [*ring.cells(ID, context, SERVERS, also=("scale",)), *_bare_cells(context)]


def compare(view: View, engine: str, other: str) -> "tuple[Dict[str, Answers], Dict[str, effects.Effect]]":
    """Returns for each figure whether the engine is better (1), worse (-1) or neither (0), and the ratio.

    A figure has several answers if the interval of the ratio crosses a bound.
    """
    answers: Dict[str, Answers] = {}
    found: Dict[str, effects.Effect] = {}
    for metric, more_is_better in COMPARED.items():
        ratio = effects.ratio(view, engine, other, metric)
        high, low = ratio.is_at_least(CLEARLY), ratio.is_at_most(1 / CLEARLY)
        better, worse = (high, low) if more_is_better else (low, high)
        possible_ones = [1] if better else [-1] if worse else [
            *([1] if better is None else []), 0, *([-1] if worse is None else [])]
        answers[IN_WORDS[metric]], found[metric] = possible_ones, ratio
    return answers, found


def _performs_better(outcome: Dict[str, int]) -> bool:
    return min(outcome.values()) >= 0 and list(outcome.values()).count(1) >= 2


def _word(outcome: Dict[str, int]) -> str:
    if _performs_better(outcome):
        return HOLDS
    return HOLDS_ONLY_WHEN if 1 in outcome.values() else DOES_NOT_HOLD


def judge(view: View) -> Verdict:
    outcome, ratios = compare(view, "node", "twisted")
    words = {1: "better", 0: "a draw", -1: "worse"}
    told = "; ".join(f"{IN_WORDS[metric]} {' or '.join(words[each] for each in outcome[IN_WORDS[metric]])} "
                     f"({effects.times(ratio)} times Twisted's)" for metric, ratio in ratios.items())
    word = word_of(outcome, _word)
    if word == UNDECIDED:
        return Verdict(word, f"{crossing(outcome)}: {told}.")
    if word == HOLDS_ONLY_WHEN:
        better = [name for name, each in outcome.items() if 1 in each]
        return Verdict(word, f"{listed(better)} count: {told}.")
    return Verdict(word, f"{told}.")


def control(view: View) -> Control:
    outcome, _ = compare(view, "node", "native")
    found = possible(outcome, _performs_better)
    failed = None if len(found) > 1 else not found.pop()
    return Control(CONTROL, failed, f"it is better in {list(outcome.values()).count([1])} of "
                   f"{len(outcome)} figures and worse in {list(outcome.values()).count([-1])}")


def tables(view: View) -> List[Table]:
    mark = throughput.marks(view.figures, ID)

    def waits(name: str) -> List[Column]:
        return [Column(f"{name} {kind}", f"{begin}{name}_{kind}_us", 1000)
                for kind in ("p50", "p99") for begin in ("cold_", "")]

    def titled(columns: Sequence[Column]) -> List[Column]:
        return [each._replace(header=("cold " if each.metric.startswith("cold_") else "") + each.header)
                for each in columns]

    bare = [bare_relays.name(name) for name in NAMES]
    return [by_engine(view, "At work", (*NAMES, *bare, trust.CEILING), [
                Column("cold: updates answered per second", "cold_updates_per_s"),
                Column("updates answered per second", "updates_per_s"),
                Column("processor seconds per 100,000", "cpu_s_per_100000"),
                Column("updates per processor second", "updates_per_cpu_s"),
                Column("seconds until steady", "warmup_s"),
                Column("seconds behind at the end", "behind_s")], mark),
            by_engine(view, "At ease, ms", NAMES, titled([*waits("reply"), *waits("propagation")]), mark),
            floors(view)]


def floors(view: View) -> Table:
    """Makes the table of each engine's rate and processor time beside its runtime's floor."""
    rows = [Line(name, [_share(view, name, "updates_per_s"), _share(view, name, "updates_per_cpu_s")])
            for name in NAMES if view.values(bare_relays.name(name), "updates_per_s")]
    return Table("Share of the runtime's floor (the bare relay is 1; medians of both)",
                 ["engine", "updates per second", "updates per processor second"], rows)


def _share(view: View, name: str, metric: str) -> str:
    engine, floor = view.median(name, metric), view.median(bare_relays.name(name), metric)
    return f"{engine / floor:.2f}" if engine and floor else UNKNOWN


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    shown = []
    for metric, (table, header, unit) in SHOWN.items():
        times = CLEARLY if COMPARED[metric] else 1 / CLEARLY
        meaning = (f"{CLEARLY:g} times Twisted's, from where Node.js is better" if COMPARED[metric] else
                   f"Twisted's divided by {CLEARLY:g}, up to where Node.js is better")
        limit = bound(scaled(view, "twisted", metric, times, unit=unit), "better", meaning)
        shown.append(of_column(found[table]._replace(rows=[row for row in found[table].rows
                                                           if row.name in NAMES]),
                               header, bounds(limit), ("native",)))
    return shown
