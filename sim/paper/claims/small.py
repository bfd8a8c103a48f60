"""small: from which size on a flood's waste matters."""

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

CLAIM = "With no more servers than the paper's five it does not matter that the flood is wasteful."
MEASURED = (
    "Herds of 5 to 100 servers as a ring, with four links a server at random, and with a link "
    "between every two, both ways of flooding, in virtual time (exact, no machine in it): a "
    "link takes 5 ms, a server 20 µs for a line. Messages an update, and how long until the "
    "last server has it. Five seeds in one sweep.")
RULE = (
    f"Waste matters at a point where flood-echo sends more than {MOST_TIMES_LEAST:g} times the "
    f"N-1 messages that are needed, or covers the herd in more than {MOST_TIMES_LATER:g} times "
    "the time that `flood` takes. It holds where it matters at none of the points with five "
    "servers; it holds only when links are few where it matters at some of them but not in the "
    "ring, the paper's; it does not hold where it matters in the ring of five.")
CONTROL = "A hundred servers, each linked to every other: does waste not matter there either?"
NOT_SHOWN = (
    "Real processors and networks: `scale` has those. That a server takes 20 µs for any line "
    "is a model, and the load is light: under heavy load the useless lines are in the way of "
    "the useful. What one calls too much is a choice, and stands in the rule.")


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
    """Messages over those needed, and coverage over `flood`'s."""
    messages = view.need(ENGINE, _metric("messages_per_update", links, size, "flood-echo"))
    slow, fast = (view.need(ENGINE, _metric("coverage_p50_us", links, size, scheme))
                  for scheme in SCHEMES)
    return messages / (size - 1), slow / fast


def matters(view: View, links: str, size: int) -> bool:
    least, later = _times(view, links, size)
    return least > MOST_TIMES_LEAST or later > MOST_TIMES_LATER


def judge(view: View) -> Verdict:
    small = {links: matters(view, links, SIZES[0]) for links in LINKS}
    fine = [f"{links} up to {max(sizes)}" for links in LINKS
            if (sizes := [size for size in SIZES if not matters(view, links, size)])]
    told = ("it does not matter in: " + (", ".join(fine) or "none") + "; the paper's ring of five "
            f"sends {_times(view, 'ring', 5)[0]:.1f} times what is needed, and five servers all "
            f"linked to each other {_times(view, 'complete', 5)[0]:.1f} times")
    if small["ring"]:
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    if any(small.values()):
        return Verdict(HOLDS_ONLY_WHEN, f"links are few, and then at any size measured: {told}."
                       if not matters(view, "ring", SIZES[-1]) else f"links are few: {told}.")
    return Verdict(HOLDS, f"{told}.")


def control(view: View) -> Control:
    least, later = _times(view, "complete", SIZES[-1])
    return Control(CONTROL, matters(view, "complete", SIZES[-1]),
                   f"{least:.0f} times the messages needed, covered in {later:.2f} times the time")


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
    return [_table(view, "Messages an update", "messages_per_update", 1),
            _table(view, "Of them duplicates", "duplicates_per_update", 1),
            _table(view, "Until the last server has it, median, ms", "coverage_p50_us", 1000)]
