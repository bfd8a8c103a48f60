"""Intervals of effects over the rounds: the Hodges-Lehmann estimate with its exact interval.

Engines take turns, so values of the same round belong together: an effect is computed in each round,
and the rounds are the sample. The estimate is the median of the means of all pairs of rounds (each
round with itself too). The interval has two of these means as its ends, and its confidence comes from
the exact distribution of Wilcoxon's signed-rank statistic.
"""

from __future__ import annotations

import math
import statistics
from typing import List, NamedTuple, Optional, Sequence

CONFIDENCE = 0.95


class Effect(NamedTuple):
    estimate: float
    low: float
    high: float
    # The probability that an interval made like this has the true effect in it.
    confidence: float
    rounds: int

    def is_at_least(self, bound: float) -> Optional[bool]:
        """Returns whether the effect reaches the bound; None if the interval crosses it."""
        if self.low >= bound:
            return True
        return False if self.high < bound else None

    def is_at_most(self, bound: float) -> Optional[bool]:
        """Returns whether the effect is within the bound; None if the interval crosses it."""
        if self.high <= bound:
            return True
        return False if self.low > bound else None


def walsh_means(values: Sequence[float]) -> List[float]:
    """Returns the sorted means of all pairs, each value with itself too."""
    return sorted((values[i] + values[j]) / 2
                  for i in range(len(values)) for j in range(i, len(values)))


def signed_rank_counts(count: int) -> List[int]:
    """Returns for each sum of ranks of 1 to `count` the number of subsets that have it."""
    ways = [1] + [0] * (count * (count + 1) // 2)
    for rank in range(1, count + 1):
        for total in range(len(ways) - 1, rank - 1, -1):
            ways[total] += ways[total - rank]
    return ways


def _left_out(count: int, confidence: float) -> "tuple[int, float]":
    """Returns how many means to leave out at each end, and the confidence of what is left.

    If the sample is too small for the confidence, no mean is left out.
    """
    ways, subsets = signed_rank_counts(count), 2 ** count
    # The interval from mean number k to the same one from the end misses if the statistic is below k.
    best, below = (0, 1 - 2 / subsets if count > 1 else 0.0), 0
    for place, each in enumerate(ways):
        below += each
        reached = 1 - 2 * below / subsets
        if reached < confidence:
            break
        best = (place, reached)
    return best


def of_differences(values: Sequence[float], confidence: float = CONFIDENCE) -> Effect:
    """Returns the effect of values that are differences, one for each round."""
    means = walsh_means(values)
    out, reached = _left_out(len(values), confidence)
    return Effect(statistics.median(means), means[out], means[-1 - out], reached, len(values))


def of_ratios(values: Sequence[float], confidence: float = CONFIDENCE) -> Effect:
    """Returns the effect of values that are ratios above 0: on a logarithmic scale."""
    found = of_differences([math.log(each) for each in values], confidence)
    return found._replace(estimate=math.exp(found.estimate), low=math.exp(found.low),
                          high=math.exp(found.high))
