"""Which figures a verdict may rest on: steady ones that the load did not limit."""

from __future__ import annotations

from typing import Optional, Sequence, Tuple

from figures import Unknown, View

# The bare relay in C++ under the same load: what the load generator can do at most.
CEILING = "load-ceiling"
# From this share of the ceiling on, the generator may limit a rate.
BOUNDED_FROM = 0.8
# A generator that is busy for this share of its one core may limit a rate too.
BUSY_FROM = 0.9
# What the names of waits in each half of a run begin with.
EARLY, LATE = "early_", "late_"
BOUNDED_MARK, UNSTEADY_MARK, RISING_MARK = "*", "†", "↑"

# The figures of one run of the load, and the word that says whether it was steady; likewise for runs
# at ease. The rest of a metric's name is the point at which it was measured.
_WORK = ("updates_per_s", "cpu_s_per_100000", "updates_per_cpu_s", "cores_used", "floor_share")
_EASE = ("reply_p50_us", "reply_p99_us", "reply_p999_us", "reply_max_us", "propagation_p50_us",
         "propagation_p99_us")


class Untrusted(Unknown):
    """A figure was measured, but no verdict may rest on it."""

    def __init__(self, engine: str, metric: str, why: str) -> None:
        super().__init__(engine, metric)
        self.args = (f"{metric} of {engine} {why}",)


def _split(metric: str) -> Optional[Tuple[str, str, str]]:
    """Returns the figure, the word for steadiness and the point; None for any other metric."""
    for names, word in ((_WORK, "is_steady"), (_EASE, "is_steady_at_ease")):
        for name in names:
            if metric.startswith(name):
                return name, word, metric[len(name):]
    return None


def mostly(said: Sequence[float]) -> bool:
    """Returns whether more than half of the rounds said 1, which is yes."""
    return sum(said) * 2 > len(said)


def mark_of(is_steady: bool, is_rising: bool) -> str:
    """Returns the mark of a rate that may never have become steady, and then may still have risen."""
    return "" if is_steady else RISING_MARK if is_rising else UNSTEADY_MARK


def is_steady(view: View, engine: str, metric: str) -> bool:
    """Returns whether most runs of the figure became steady; True if no run says."""
    found = _split(metric)
    if found is None:
        return True
    _, word, point = found
    said = view.values(engine, word + point)
    return not said or mostly(said)


def is_uneven(view: View, engine: str, metric: str) -> bool:
    """Returns whether a figure is a wait that was not steady, of which each half of the run is known."""
    return not is_steady(view, engine, metric) and all(
        view.values(engine, half + metric) for half in (EARLY, LATE))


def is_rising(view: View, engine: str, metric: str) -> bool:
    """Returns whether a rate that never became steady still rose in most runs when their time was over.

    The steady rate is then at least the one that was measured.
    """
    found = _split(metric)
    if found is None or found[0] != "updates_per_s" or is_steady(view, engine, metric):
        return False
    return mostly(view.values(engine, "is_rising" + found[2]))


def is_bounded(view: View, engine: str, metric: str) -> bool:
    """Returns whether the load may have limited a rate."""
    found = _split(metric)
    if found is None or found[0] != "updates_per_s" or engine == CEILING:
        return False
    rate, most = view.median(engine, metric), view.median(CEILING, metric)
    busy = view.median(engine, "load_cores" + found[2])
    return (rate is not None and most is not None and rate >= BOUNDED_FROM * most
            or busy is not None and busy >= BUSY_FROM)


def _why_not(view: View, engine: str, metric: str) -> Optional[str]:
    """Returns why no verdict may rest on the figure; None if one may.

    One may rest on an uneven wait, because its effects cover both halves of the run.
    """
    if not is_steady(view, engine, metric) and not is_uneven(view, engine, metric):
        return "never became steady"
    return "may be limited by the load generator" if is_bounded(view, engine, metric) else None


def is_trusted(view: View, engine: str, metric: str) -> bool:
    """Returns whether a verdict may rest on the figure."""
    return _why_not(view, engine, metric) is None


def is_at_least_so_much(view: View, engine: str, metric: str) -> bool:
    """Returns whether a rate is known to be no less than its figure, though perhaps more."""
    return is_trusted(view, engine, metric) or is_rising(view, engine, metric)


def check(view: View, engine: str, metric: str) -> None:
    """Raises Untrusted if no verdict may rest on the figure."""
    why = _why_not(view, engine, metric)
    if why is not None:
        raise Untrusted(engine, metric, why)
