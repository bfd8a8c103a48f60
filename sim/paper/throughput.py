"""Throughput: updates answered per second, and the processor time that they take."""

from __future__ import annotations

from typing import List

from figures import Figures, Sample
from herdsim import Summary

# A rate this close to what the clients can send may be limited by the clients.
BOUNDED_FROM = 0.8
CEILING_CLAIM = "threads"
CEILING_ENGINE = "native-ceiling"
CEILING_METRIC = "updates_per_s"
# The ceiling of clients that do not wait for answers, as clients of native herds do.
INSIDE_METRIC = "updates_per_s_inside"
BOUNDED_MARK = "*"


def samples(claim: str, engine: str, suffix: str, summary: Summary) -> List[Sample]:
    updates = summary.number("replies")
    return [
        Sample(claim, engine, f"updates_per_s{suffix}", summary.number("updates_per_s")),
        Sample(claim, engine, f"cpu_s_per_100000{suffix}", summary.number("cpu_s") / updates * 100_000),
    ]


def cores_used(claim: str, engine: str, suffix: str, summary: Summary) -> Sample:
    """Computes the cores used by a single server, whose work ends with its last answer."""
    busy = summary.number("replies") / summary.number("updates_per_s")
    return Sample(claim, engine, f"cores_used{suffix}", summary.number("cpu_s") / busy)


def ceiling(figures: Figures, metric: str = CEILING_METRIC) -> float:
    """Returns the highest rate that the clients reached; infinite if it was not measured."""
    found = figures.of(CEILING_CLAIM).median(CEILING_ENGINE, metric)
    return float("inf") if found is None else found


def is_bounded(value: float, most: float) -> bool:
    return value >= BOUNDED_FROM * most


def marks(figures: Figures, claim: str, metric: str = CEILING_METRIC):
    """Returns a function that marks rates in a table if the clients may have limited them."""
    most, view = ceiling(figures, metric), figures.of(claim)

    def mark(engine: str, column: str) -> str:
        value = view.median(engine, column)
        is_rate = column.startswith("updates_per_s")
        return BOUNDED_MARK if is_rate and value and is_bounded(value, most) else ""

    return mark
