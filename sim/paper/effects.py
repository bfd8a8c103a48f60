"""Effects of a claim's figures over the rounds, for its rule: ratios, differences and values.

Each raises Unknown if a figure was not measured, or if no verdict may rest on it. If a wait was not
steady, the interval of its effect also covers the effects in each half of the runs.
"""

from __future__ import annotations

from typing import Callable, List, NamedTuple, Optional

import intervals
import trust
from figures import Unknown, View
from intervals import Effect
from table import short


class Name(NamedTuple):
    """The name of a figure within its claim."""

    engine: str
    metric: str


def _pairs(view: View, one: Name, other: Name, join: Callable[[float, float], float]) -> List[float]:
    """Joins the values of two figures in each round that has both."""
    for each in (one, other):
        view.need(each.engine, each.metric)
    values, others = view.by_round(*one), view.by_round(*other)
    found = [join(value, others[number]) for number, value in values.items() if number in others]
    if not found:
        raise Unknown(one.engine, f"{one.metric} (in any round with {other.metric} of {other.engine})")
    return found


def _check(view: View, *names: Name) -> None:
    for each in names:
        trust.check(view, each.engine, each.metric)


def _over_halves(of: Callable[..., Effect], view: View, *names: Name) -> Effect:
    found = of(view, *names)
    if not any(trust.is_uneven(view, *each) for each in names):
        return found
    parts = [of(view, *(Name(each.engine, half + each.metric) for each in names))
             for half in (trust.EARLY, trust.LATE)]
    return found._replace(low=min(each.low for each in (found, *parts)),
                          high=max(each.high for each in (found, *parts)))


def _any_ratio_of(view: View, one: Name, other: Name) -> Effect:
    return _over_halves(_plain_ratio_of, view, one, other)


def _plain_ratio_of(view: View, one: Name, other: Name) -> Effect:
    if min([*view.values(*one), *view.values(*other), 1]) <= 0:
        raise Unknown(one.engine, f"{one.metric} above 0")
    return intervals.of_ratios(_pairs(view, one, other, lambda a, b: a / b))


def ratio_of(view: View, one: Name, other: Name) -> Effect:
    """Returns how many times as large one figure is as the other."""
    found = _any_ratio_of(view, one, other)
    _check(view, one, other)
    return found


def is_ratio_at_least(view: View, one: Name, other: Name, bound: float) -> Optional[bool]:
    """Returns whether one figure is at least `bound` times the other.

    Returns None if that is open: if the interval crosses the bound, or if no verdict may rest on one of
    the figures. A rate that still rose is at least what was measured, which may be enough for an answer.
    """
    answer = _any_ratio_of(view, one, other).is_at_least(bound)
    greater, smaller = (one, other) if answer else (other, one)
    is_sure = trust.is_at_least_so_much(view, *greater) and trust.is_trusted(view, *smaller)
    return answer if is_sure else None


def ratio(view: View, engine: str, over: str, metric: str) -> Effect:
    return ratio_of(view, Name(engine, metric), Name(over, metric))


def difference(view: View, one: Name, other: Name) -> Effect:
    found = _over_halves(_plain_difference, view, one, other)
    _check(view, one, other)
    return found


def _plain_difference(view: View, one: Name, other: Name) -> Effect:
    return intervals.of_differences(_pairs(view, one, other, lambda a, b: a - b))


def value(view: View, engine: str, metric: str) -> Effect:
    """Returns the figure itself, with its interval."""
    one = Name(engine, metric)
    found = _over_halves(_plain_value, view, one)
    _check(view, one)
    return found


def _plain_value(view: View, one: Name) -> Effect:
    view.need(*one)
    return intervals.of_differences(view.values(*one))


def times(effect: Effect) -> str:
    """Returns a ratio and its interval as words: 1.25 [1.20 to 1.31]."""
    return f"{effect.estimate:.2f}{_interval(effect, lambda each: f'{each:.2f}')}"


def amount(effect: Effect, unit: float = 1) -> str:
    """Returns a value and its interval as words, divided by the unit."""
    return f"{short(effect.estimate / unit)}{_interval(effect, lambda each: short(each / unit))}"


def _interval(effect: Effect, words: Callable[[float], str]) -> str:
    return f" [{words(effect.low)} to {words(effect.high)}]" if effect.rounds > 1 else ""
