"""How many updates an engine answers in a second, and what of the machine it takes for it."""

from __future__ import annotations

from typing import List

from figures import Figures, Sample
from herdsim import Summary

# A figure this close to what the clients can send at all may be theirs.
BOUNDED_FROM = 0.8
CEILING_CLAIM = "threads"
CEILING_ENGINE = "native-ceiling"
CEILING_METRIC = "updates_per_s"
# Of clients that say the next line without a wait for the answer, as they do to herds of our own.
INSIDE_METRIC = "updates_per_s_inside"
BOUNDED_MARK = "\\*"


def samples(claim: str, engine: str, suffix: str, summary: Summary) -> List[Sample]:
    updates = summary.number("replies")
    return [
        Sample(claim, engine, f"updates_per_s{suffix}", summary.number("updates_per_s")),
        Sample(claim, engine, f"cpu_s_per_100000{suffix}", summary.number("cpu_s") / updates * 100_000),
    ]


def cores_used(claim: str, engine: str, suffix: str, summary: Summary) -> Sample:
    """Of a server alone, which has nothing left to do when it has answered the last update."""
    busy = summary.number("replies") / summary.number("updates_per_s")
    return Sample(claim, engine, f"cores_used{suffix}", summary.number("cpu_s") / busy)


def ceiling(figures: Figures, metric: str = CEILING_METRIC) -> float:
    """What the clients could send and have answered at the most; infinite where not measured."""
    found = figures.of(CEILING_CLAIM).median(CEILING_ENGINE, metric)
    return float("inf") if found is None else found


def is_bounded(value: float, most: float) -> bool:
    return value >= BOUNDED_FROM * most


def marks(figures: Figures, claim: str, metric: str = CEILING_METRIC):
    """Marks rates that the clients may have bounded, for tables."""
    most, view = ceiling(figures, metric), figures.of(claim)

    def mark(engine: str, column: str) -> str:
        value = view.median(engine, column)
        is_rate = column.startswith("updates_per_s")
        return BOUNDED_MARK if is_rate and value and is_bounded(value, most) else ""

    return mark
