"""The measured figures: one value per run for each claim, engine and metric."""

from __future__ import annotations

import statistics
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

Key = Tuple[str, str, str]


class Sample(NamedTuple):
    """One value from one run."""

    claim: str
    engine: str
    metric: str
    value: float


class Row(NamedTuple):
    """A metric over its runs: the median, and the largest value minus the smallest."""

    claim: str
    engine: str
    metric: str
    value: float
    spread: float
    runs: int


class Figures:
    """All samples; iterates over metrics in the order in which they were first added."""

    def __init__(self) -> None:
        self._values: Dict[Key, List[float]] = {}

    def add(self, sample: Sample) -> None:
        self._values.setdefault(sample[:3], []).append(float(sample.value))

    def rows(self) -> Iterator[Row]:
        for (claim, engine, metric), values in self._values.items():
            yield Row(claim, engine, metric, statistics.median(values),
                      max(values) - min(values), len(values))

    def of(self, claim: str) -> "View":
        return View(self, claim)

    def values(self, claim: str, engine: str, metric: str) -> List[float]:
        return self._values.get((claim, engine, metric), [])


class View:
    """The figures of one claim, as its rule and its tables ask for them."""

    def __init__(self, figures: Figures, claim: str) -> None:
        self.figures, self.claim = figures, claim

    def values(self, engine: str, metric: str) -> List[float]:
        return self.figures.values(self.claim, engine, metric)

    def median(self, engine: str, metric: str) -> Optional[float]:
        values = self.values(engine, metric)
        return statistics.median(values) if values else None

    def highest(self, engine: str, metric: str) -> Optional[float]:
        return max(self.values(engine, metric), default=None)

    def lowest(self, engine: str, metric: str) -> Optional[float]:
        return min(self.values(engine, metric), default=None)

    def spread(self, engine: str, metric: str) -> Optional[float]:
        values = self.values(engine, metric)
        return max(values) - min(values) if values else None

    def need(self, engine: str, metric: str) -> float:
        """Returns the median; raises Unknown if there is none, which stops the rule."""
        value = self.median(engine, metric)
        if value is None:
            raise Unknown(engine, metric)
        return value

    def ratio(self, engine: str, over: str, metric: str) -> float:
        """Returns the engine's median divided by that of `over`."""
        below = self.need(over, metric)
        return self.need(engine, metric) / below if below else float("inf")


class Unknown(Exception):
    """A figure that a rule needs was not measured."""

    def __init__(self, engine: str, metric: str) -> None:
        super().__init__(f"{metric} of {engine} was not measured")
