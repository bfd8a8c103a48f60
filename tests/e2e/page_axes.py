"""Reads the pictures of report.html as a reader does: by the numbers at their axes."""

from __future__ import annotations

import math
import re
from typing import Any, Callable, Dict, List, Sequence, Tuple

UNITS = {"": 1.0, "k": 1e3, "M": 1e6, "ns": 1e-3, "µs": 1.0, "ms": 1e3, "s": 1e6}
TICKS = """return [...arguments[0].querySelectorAll("text.tick")].filter(t => t.getAttribute("text-anchor") === arguments[1])
    .map(t => [t.textContent, Number(t.getAttribute(arguments[1] === "end" ? "y" : "x"))])"""

Place = Callable[[float], float]


def number_of(label: str) -> float:
    """Returns the number of "1.5k", or of "20 ms" in microseconds."""
    found = re.fullmatch(r"(-?[\d.]+) ?(\D*)", label)
    assert found and found[2] in UNITS, label
    return float(found[1]) * UNITS[found[2]]


def line_through(ticks: Sequence[Tuple[float, float]], log: bool = False) -> Place:
    """Returns where the axis with these ticks, (number, place), puts a number; on a log axis, one above 0."""
    turn = math.log10 if log else float
    known = sorted((number, place) for number, place in ticks if number > 0 or not log)
    (low, start), (high, end) = known[0], known[-1]
    assert low < high, known
    return lambda number: start + (turn(number) - turn(low)) / (turn(high) - turn(low)) * (end - start)


def heights(browser: Any, picture: Any, log: bool = False) -> Place:
    """Returns the vertical axis of a picture: from a number to its height."""
    return line_through([(number_of(text), at) for text, at in browser.run(TICKS, picture, "end")], log)


def widths(browser: Any, picture: Any) -> Place:
    """Returns the horizontal axis, from a number to its place."""
    found: List[Tuple[str, float]] = browser.run(TICKS, picture, "middle")
    return line_through([(number_of(text), at) for text, at in found if re.match(r"[\d.]", text)])
