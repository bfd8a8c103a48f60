"""Throughput in the figures: rates, processor time, and what each run of the load generator says."""

from __future__ import annotations

from typing import Callable, List, Optional

from figures import Figures, Sample
from herdsim import Summary
from load_generator import Run, Shape
from trust import BOUNDED_MARK, CEILING, is_bounded, is_rising, is_steady, mark_of

# The load of a throughput at its best, and of one line at a time.
PIPELINED = Shape(16, 32)
# The greatest rate of herdsim's own clients, which do not wait for answers.
INSIDE_ENGINE = "native-ceiling"
INSIDE_METRIC = "updates_per_s_inside"
INSIDE_CLAIM = "threads"


def samples(claim: str, engine: str, suffix: str, run: Run, is_fresh: bool = False) -> List[Sample]:
    """Returns the figures of a run; of its cold first second too if the servers were just started."""
    found = {
        "updates_per_s": run.rate, "cpu_s_per_100000": run.cpu_s_per_answer * 100_000,
        "updates_per_cpu_s": 1 / run.cpu_s_per_answer if run.cpu_s_per_answer else 0.0,
        "load_cores": run.load_cores, "warmup_s": run.warmup_s,
        "is_steady": run.state.is_reached, "is_rising": run.state.is_rising,
    }
    if is_fresh:
        found["cold_updates_per_s"] = run.cold_rate
    return [Sample(claim, engine, name + suffix, value) for name, value in found.items()]


def cores_used(claim: str, engine: str, suffix: str, run: Run) -> Sample:
    return Sample(claim, engine, f"cores_used{suffix}", run.cores_used)


def ceiling_samples(claim: str, suffix: str, run: Run) -> List[Sample]:
    """Returns the figures of a bare relay under the same load: the most that the generator can do."""
    return [Sample(claim, CEILING, f"updates_per_s{suffix}", run.rate),
            Sample(claim, CEILING, f"load_cores{suffix}", run.load_cores)]


def inside_samples(claim: str, engine: str, suffix: str, summary: Summary) -> List[Sample]:
    """Returns the figures of a herd that runs in herdsim itself, with herdsim's own clients."""
    updates = summary.number("replies")
    return [
        Sample(claim, engine, f"updates_per_s{suffix}", summary.number("updates_per_s")),
        Sample(claim, engine, f"cpu_s_per_100000{suffix}", summary.number("cpu_s") / updates * 100_000),
    ]


def inside_ceiling(figures: Figures) -> Optional[float]:
    """Returns the greatest rate of herdsim's own clients; None if it was not measured."""
    return figures.of(INSIDE_CLAIM).median(INSIDE_ENGINE, INSIDE_METRIC)


def marks(figures: Figures, claim: str) -> Callable[[str, str], str]:
    """Returns a function that marks figures in a table that no verdict may rest on."""
    view = figures.of(claim)

    def mark(engine: str, metric: str) -> str:
        bounded = BOUNDED_MARK if is_bounded(view, engine, metric) else ""
        return bounded + mark_of(is_steady(view, engine, metric), is_rising(view, engine, metric))

    return mark
