"""small: at which size the waste of flooding begins to matter."""

from __future__ import annotations

from typing import List, Sequence, Tuple

import herdsim
import scenario
from cell import Cell
from chart import Bound, Panel, bound, bounds, of_row, scaled, titled
from context import Context
from figures import Sample, View
from table import UNKNOWN, Column, Line, Table, cell, short
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "small"
SECTION = "3.2.3, 5"
SIZES = (5, 10, 25, 50, 100)
LINKS = ("ring", "regular", "complete")
SCHEMES = ("flood-echo", "flood")
# Beside the two that the rule compares.
BETTER = ("source-tree", "plumtree", "gossip", "gossipsub")
ENGINE = "native"
MOST_TIMES_LEAST = 3.0
MOST_TIMES_LATER = 1.25
# Columns of summary.csv.
SHOWN = ("messages_per_update", "duplicates_per_update", "coverage_p50_us")
SHOWN_OF_BETTER = ("redundancy_last_quarter", "undelivered")
MESSAGES_TITLE = "Messages per update"
COVERAGE_TITLE = "Time until the last server has the update, median, ms"

CLAIM = "With as few servers as the paper's five, the waste of flooding does not matter."
TOPIC = "flooding among few servers"
MEASURED = (
    "Herds of 5 to 100 servers with both flooding schemes and three kinds of links: a ring, a "
    "random graph with four links per server, and a link between every two servers. The runs are "
    "in virtual time, so the figures are exact and do not depend on a machine: a link takes 5 ms, "
    "and a server takes 20 µs per line. The figures are messages per update and the time until "
    "the last server has the update. One sweep has five seeds. Four better schemes, which the "
    "rule does not ask about, run on the same graphs: `source-tree`, `plumtree`, `gossip` with a "
    "fanout of two, and `gossipsub`. A scheme that learns costs less later on, so the page also "
    "has the redundancy in the last quarter of the updates: the messages per needed one, minus "
    "one.")
RULE = (
    "The waste matters at a point if flood-echo sends more than "
    f"{MOST_TIMES_LEAST:g} times the N-1 messages that are needed, or takes more than "
    f"{MOST_TIMES_LATER:g} times as long as `flood` to cover the herd. The claim holds if the "
    "waste matters at no point with five servers. It holds only when links are few if the waste "
    "matters at some of these points but not in the ring, which is the paper's. It does not hold "
    "if the waste matters in the ring of five.")
CONTROL = "A hundred servers with a link between every two: is the waste harmless there too?"
NOT_SHOWN = (
    "Real processors and networks: `scale` has those. The 20 µs per line are a model, and the "
    "load is light: under heavy load the useless lines delay the useful ones. The limits in the "
    "rule are our choice. The messages of `plumtree` include the first update of each origin, "
    "which is flooded. `gossip` promises no delivery, so a herd that uses it alone may end with "
    "servers that lack an update; its times are those of the updates that every server got. No "
    "link fails here; what a repair costs each scheme is in scenarios/repair.json.")


def _metric(what: str, links: str, size: int, scheme: str) -> str:
    return f"{what}_{links}_{size}_{scheme.replace('-', '_')}"


def _measure(context: Context) -> List[Sample]:
    found = []
    for row in herdsim.run(context.binary, scenario.load("small")):
        links, scheme = row.text("herd").split("-", 1)
        for column in SHOWN if scheme in SCHEMES else (*SHOWN, *SHOWN_OF_BETTER):
            if row.known(column):
                found.append(Sample(ID, ENGINE, _metric(column, links, int(row.number("servers")), scheme),
                                    row.number(column)))
    return found


def cells(context: Context) -> List[Cell]:
    del context
    return [Cell(ID, ENGINE, "sweep", 6, _measure, rounds=1)]


def _times(view: View, links: str, size: int) -> Tuple[float, float]:
    """Returns messages over those needed, and coverage time over that of `flood`."""
    messages = view.need(ENGINE, _metric("messages_per_update", links, size, "flood-echo"))
    slow, fast = (view.need(ENGINE, _metric("coverage_p50_us", links, size, scheme))
                  for scheme in SCHEMES)
    return messages / (size - 1), slow / fast


def matters(view: View, links: str, size: int) -> bool:
    least, later = _times(view, links, size)
    return least > MOST_TIMES_LEAST or later > MOST_TIMES_LATER


def _told_of_better(view: View) -> str:
    """Returns what the best scheme sends on the largest complete graph; empty if it was not measured."""
    size = SIZES[-1]
    found = {scheme: value for scheme in BETTER
             if view.values(ENGINE, _metric("undelivered", "complete", size, scheme))
             and not view.highest(ENGINE, _metric("undelivered", "complete", size, scheme))
             and (value := view.median(ENGINE, _metric("messages_per_update", "complete", size, scheme)))}
    if not found:
        return ""
    best = min(found, key=found.get)
    flood = view.need(ENGINE, _metric("messages_per_update", "complete", size, "flood"))
    return (f"; on the complete graph of {size}, where flood sends {short(flood)} messages per update, "
            f"{best} sends {short(found[best])} and reaches every server")


def judge(view: View) -> Verdict:
    small = {links: matters(view, links, SIZES[0]) for links in LINKS}
    fine = [f"{links} up to {max(sizes)} servers" for links in LINKS
            if (sizes := [size for size in SIZES if not matters(view, links, size)])]
    told = ("graphs in which the waste does not matter: " + (", ".join(fine) or "none")
            + f"; the paper's ring of five sends {_times(view, 'ring', 5)[0]:.1f} times the messages "
            f"needed, and the complete graph of five {_times(view, 'complete', 5)[0]:.1f} times"
            + _told_of_better(view))
    if small["ring"]:
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    if any(small.values()):
        return Verdict(HOLDS_ONLY_WHEN, f"links are few, at any size measured: {told}."
                       if not matters(view, "ring", SIZES[-1]) else f"links are few: {told}.")
    return Verdict(HOLDS, f"{told}.")


def control(view: View) -> Control:
    least, later = _times(view, "complete", SIZES[-1])
    return Control(CONTROL, matters(view, "complete", SIZES[-1]),
                   f"it sends {least:.0f} times the messages needed and takes {later:.2f} times as long")


def row_name(links: str, size: int) -> str:
    return f"{links}, {size} servers"


def _table(view: View, title: str, what: str, schemes: Sequence[str], unit: float = 1) -> Table:
    """Makes one row per graph and one column per scheme."""
    rows = []
    for links in LINKS:
        for size in SIZES:
            entries = [cell(view, ENGINE, Column(scheme, _metric(what, links, size, scheme), unit))
                       for scheme in schemes]
            if set(entries) != {UNKNOWN}:
                rows.append(Line(row_name(links, size), entries))
    return Table(title, ["links", *schemes], rows)


def tables(view: View) -> List[Table]:
    every = (*SCHEMES, *BETTER)
    return [_table(view, MESSAGES_TITLE, "messages_per_update", every),
            _table(view, "Duplicates among them", "duplicates_per_update", every),
            _table(view, COVERAGE_TITLE, "coverage_p50_us", every, 1000),
            _table(view, "Redundancy in the last quarter of the updates", "redundancy_last_quarter",
                   BETTER),
            _table(view, "Updates that a server lacks at the end, counted per server", "undelivered",
                   BETTER)]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    shown = []
    for size in (SIZES[0], SIZES[-1]):
        lines = [Bound(size - 1, "least", "servers minus one, which are needed", False),
                 Bound(MOST_TIMES_LEAST * (size - 1), "limit",
                       f"{MOST_TIMES_LEAST:g} times the least, for flood-echo")]
        for links in LINKS:
            is_control = (links, size) == ("complete", SIZES[-1])
            shown.append(of_row(titled(found, MESSAGES_TITLE), row_name(links, size), lines,
                                SCHEMES[:1] if is_control else ()))
    return shown + [_coverage(view, found, links) for links in LINKS]


def _coverage(view: View, found: Sequence[Table], links: str) -> Panel:
    limit = bound(scaled(view, ENGINE, _metric("coverage_p50_us", links, SIZES[0], "flood"),
                         MOST_TIMES_LATER, unit=1000), "limit",
                  f"{MOST_TIMES_LATER:g} times the time of flood, for flood-echo")
    return of_row(titled(found, COVERAGE_TITLE), row_name(links, SIZES[0]), bounds(limit))
