"""Steady state: from when on a program that was just started no longer becomes faster.

A program with a just-in-time compiler is slow at first. So its work is measured in windows, and its
figures come from the *steady stretch*: the last windows of the run, at least `steady_s` of them and
at least the last `share` of the run, which is half of it. The run is steady if the two halves of this stretch agree: their
medians differ by at most `tolerance`. The run ends when it is steady, or after `greatest_s`.

The stretch grows with the run because warm-up slows down. For a rate that rises with the logarithm
of the time, halves of the last half that differ by 5 % mean that a run of twice the length would
give 10 % more. For anything that flattens, they mean less. The share is smaller only where a JVM's compilers
say when it flattens.
"""

from __future__ import annotations

import statistics
from typing import NamedTuple, Optional, Sequence


class Rule(NamedTuple):
    # No window that begins earlier is steady. The first second is the cold one.
    least_s: float = 1.0
    # The least length of the steady stretch.
    steady_s: float = 2.0
    # A run that is not steady by then never is.
    greatest_s: float = 12.0
    # The largest relative difference of two medians that count as equal.
    tolerance: float = 0.05
    # While a JVM's compilers take more of its processor time than this, it is not steady: its code still
    # becomes faster, even if its rate stands still for a while.
    compilers_most: float = 0.05
    # The share of the run that the steady stretch has at least.
    share: float = 0.5


class Steady(NamedTuple):
    # The index of the first window of the steady stretch, which lasts to the end.
    begin: int
    # Whether the run became steady. If not, the stretch is only its last part.
    is_reached: bool
    # Whether a run that never became steady still rose in this stretch.
    is_rising: bool = False


def agree(one: float, other: float, tolerance: float, slack: float = 0) -> bool:
    """Returns whether two values differ by at most the tolerance, relative to the smaller one.

    A difference of at most `slack`, in the unit of the values, is allowed too.
    """
    low, high = sorted((one, other))
    return high - low <= slack or high - low <= low * tolerance


def is_even(values: Sequence[float], tolerance: float, slack: float = 0) -> bool:
    """Returns whether the medians of the two halves agree. The middle of an odd number is in both."""
    if len(values) < 2:
        return False
    half = (len(values) + 1) // 2
    return agree(statistics.median(values[:half]), statistics.median(values[-half:]), tolerance, slack)


def stretch(ends: Sequence[float], rule: Rule) -> Optional[int]:
    """Returns where the steady stretch would begin; None if the run is still too short for one.

    `ends` has the end of each window, in seconds since the start of the run.
    """
    if not ends:
        return None
    latest = ends[-1] - max(rule.steady_s, ends[-1] * rule.share)
    begins = [0.0, *ends[:-1]]
    fitting = [number for number, begin in enumerate(begins) if begin <= latest + 1e-6]
    if not fitting or begins[fitting[-1]] < rule.least_s - 1e-6:
        return None
    return fitting[-1]


def never(values: Sequence[float], begin: int) -> Steady:
    """Returns the state of a run that is over without having become steady."""
    own = values[begin:]
    half = (len(own) + 1) // 2
    return Steady(begin, False, statistics.median(own[-half:]) > statistics.median(own[:half]))


def find(values: Sequence[float], ends: Sequence[float], rule: Rule) -> Optional[Steady]:
    """Returns the steady state of a run so far; None if the run should go on."""
    begin = stretch(ends, rule)
    if begin is not None and is_even(values[begin:], rule.tolerance):
        return Steady(begin, True)
    if ends and ends[-1] >= rule.greatest_s:
        return never(values, len(ends) // 2 if begin is None else begin)
    return None


def in_words(rule: Rule) -> str:
    """Returns the rule as sentences for the page."""
    share = "half" if rule.share == 0.5 else f"{rule.share:.0%}"
    return (f"A run is steady if its last {share}, and at least its last {rule.steady_s:g} s, can be split "
            f"into two halves whose medians differ by at most {rule.tolerance:.0%}. No window of the "
            f"first {rule.least_s:g} s counts. A run that is not steady after "
            f"{rule.greatest_s:g} s never is. A JVM is not steady either while its compilers take more than "
            f"{rule.compilers_most:.0%} of its processor time.")
