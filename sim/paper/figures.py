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
        self._rounds: Dict[Key, List[int]] = {}

    def add(self, sample: Sample, number: Optional[int] = None) -> None:
        """Adds a value of this round; by default, of the round after that of its last value."""
        values = self._values.setdefault(sample[:3], [])
        rounds = self._rounds.setdefault(sample[:3], [])
        rounds.append(number or len(rounds) + 1)
        values.append(float(sample.value))

    def rows(self) -> Iterator[Row]:
        for (claim, engine, metric), values in self._values.items():
            yield Row(claim, engine, metric, statistics.median(values),
                      max(values) - min(values), len(values))

    def of(self, claim: str) -> "View":
        return View(self, claim)

    def values(self, claim: str, engine: str, metric: str) -> List[float]:
        return self._values.get((claim, engine, metric), [])

    def by_round(self, claim: str, engine: str, metric: str) -> Dict[int, float]:
        key = (claim, engine, metric)
        return dict(zip(self._rounds.get(key, []), self._values.get(key, [])))


class View:
    """The figures of one claim, as its rule and its tables ask for them."""

    def __init__(self, figures: Figures, claim: str) -> None:
        self.figures, self.claim = figures, claim

    def values(self, engine: str, metric: str) -> List[float]:
        return self.figures.values(self.claim, engine, metric)

    def by_round(self, engine: str, metric: str) -> Dict[int, float]:
        return self.figures.by_round(self.claim, engine, metric)

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


class Unknown(Exception):
    """A figure that a rule needs was not measured."""

    def __init__(self, engine: str, metric: str) -> None:
        super().__init__(f"{metric} of {engine} was not measured")
