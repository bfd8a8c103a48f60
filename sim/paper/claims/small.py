"""small: at which size the waste of flooding begins to matter."""

from __future__ import annotations

from typing import List, Tuple

import herdsim
import scenario
from cell import Cell
from context import Context
from figures import Sample, View
from table import Table, short
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "small"
SECTION = "3.2.3, 5"
SIZES = (5, 10, 25, 50, 100)
LINKS = ("ring", "regular", "complete")
SCHEMES = ("flood-echo", "flood")
ENGINE = "native"
MOST_TIMES_LEAST = 3.0
MOST_TIMES_LATER = 1.25

CLAIM = "With as few servers as the paper's five, the waste of flooding does not matter."
TOPIC = "flooding among few servers"
MEASURED = (
    "Herds of 5 to 100 servers with both flooding schemes and three kinds of links: a ring, a "
    "random graph with four links per server, and a link between every two servers. The runs are "
    "in virtual time, so the figures are exact and do not depend on a machine: a link takes 5 ms, "
    "and a server takes 20 µs per line. The figures are messages per update and the time until "
    "the last server has the update. One sweep has five seeds.")
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
    "rule are our choice.")


def _metric(what: str, links: str, size: int, scheme: str) -> str:
    return f"{what}_{links}_{size}_{scheme.replace('-', '_')}"


def _measure(context: Context) -> List[Sample]:
    found = []
    wanted = {"messages_per_update": "messages_per_update",
              "duplicates_per_update": "duplicates_per_update", "coverage_p50_us": "coverage_p50_us"}
    for row in herdsim.run(context.binary, scenario.load("small")):
        links, scheme = row.text("herd").split("-", 1)
        for metric, column in wanted.items():
            found.append(Sample(ID, ENGINE, _metric(metric, links, int(row.number("servers")), scheme),
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


def judge(view: View) -> Verdict:
    small = {links: matters(view, links, SIZES[0]) for links in LINKS}
    fine = [f"{links} up to {max(sizes)} servers" for links in LINKS
            if (sizes := [size for size in SIZES if not matters(view, links, size)])]
    told = ("graphs in which the waste does not matter: " + (", ".join(fine) or "none")
            + f"; the paper's ring of five sends {_times(view, 'ring', 5)[0]:.1f} times the messages "
            f"needed, and the complete graph of five {_times(view, 'complete', 5)[0]:.1f} times")
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


def _table(view: View, title: str, what: str, unit: float) -> Table:
    rows = []
    for size in SIZES:
        values = [view.median(ENGINE, _metric(what, links, size, scheme))
                  for links in LINKS for scheme in SCHEMES]
        rows.append([f"{size}", *("–" if value is None else short(value / unit)
                                  for value in values)])
    return Table(title, ["servers", *(f"{links}, {scheme}" for links in LINKS for scheme in SCHEMES)],
                 rows)


def tables(view: View) -> List[Table]:
    return [_table(view, "Messages per update", "messages_per_update", 1),
            _table(view, "Duplicates among them", "duplicates_per_update", 1),
            _table(view, "Time until the last server has the update, median, ms", "coverage_p50_us", 1000)]
