"""Percentiles of waits, and whether they were steady."""

from __future__ import annotations

import math
import statistics
from typing import Dict, List, Sequence, Tuple, TypeVar

import budget
import steady
import trust
from watch import Report

WINDOW_S = 0.25
T = TypeVar("T")


def percentile(values: Sequence[float], share: float) -> float:
    """Returns the nearest-rank percentile."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _series(reports: Sequence[Report]) -> Dict[str, List[float]]:
    found = {"reply": [each.reply_us for each in reports],
             "propagation": [value for each in reports for value in each.propagation_us]}
    return {name: values for name, values in found.items() if values}


def halves(ordered: Sequence[T]) -> List[Tuple[str, Sequence[T]]]:
    """Returns the whole run and its two halves, each with what the names of its figures begin with."""
    half = (len(ordered) + 1) // 2
    return [("", ordered), (trust.EARLY, ordered[:half]), (trust.LATE, ordered[-half:])]


def latencies(reports: Sequence[Report]) -> Dict[str, float]:
    """Returns p50 and p99 of the replies and, if the herd has several servers, of the propagation."""
    return {f"{name}_p{number}_us": percentile(values, number / 100)
            for name, values in _series(reports).items() for number in (50, 99)}


def medians(dues: Sequence[float], values: Sequence[float]) -> List[float]:
    """Returns the median of each window, by when the values were due, in seconds since the start."""
    windows: Dict[int, List[float]] = {}
    for due, value in zip(dues, values):
        windows.setdefault(int(due / WINDOW_S), []).append(value)
    return [statistics.median(windows[number]) for number in sorted(windows)]


def are_even(found: Sequence[float], kind: str) -> bool:
    """Returns whether the medians of windows, in microseconds, agree between their two halves."""
    return steady.is_even(found, budget.WAIT_TOLERANCE[kind], budget.WAIT_SLACK_US)


def is_even(reports: Sequence[Report], kind: str) -> bool:
    """Returns whether the medians of the windows agree between the two halves of the reports.

    `kind` is that of the run, full or quick.
    """
    dues = [each.due_s for each in reports]
    series = [[each.reply_us for each in reports]]
    if reports and reports[0].propagation_us:
        series.append([statistics.median(each.propagation_us) for each in reports])
    return all(are_even(medians(dues, values), kind) for values in series)
