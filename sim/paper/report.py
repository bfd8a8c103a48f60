"""What one run of the harness found: the figures, the verdicts on all claims, and how it ran."""

from __future__ import annotations

import dataclasses
from typing import List, Mapping, Sequence, Tuple

import published
from cell import Failure
from figures import Figures, Key
from table import Table
from verdict import decide


@dataclasses.dataclass
class Report:
    """The content of the page, in Markdown and in HTML."""

    claims: Sequence[object]
    figures: Figures
    failures: Sequence[Failure]
    missing: Mapping[str, str]
    machine: Sequence[Tuple[str, str]]
    quick: bool
    rounds: int
    planned_rounds: int
    planned_s: float
    took_s: float
    date: str
    # True if only some claims ran, or fewer rounds than budget.py has.
    is_part: bool = False
    # Seconds that the cells of each claim took.
    spent_s: Mapping[str, float] = dataclasses.field(default_factory=dict)
    # The figures of the published page, for a quick run.
    published: Mapping[Key, float] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        self.decided = {claim.ID: decide(claim, self.figures.of(claim.ID)) for claim in self.claims}

    @property
    def has_verdicts(self) -> bool:
        """Whether the figures are good enough to decide something. Those of a quick run are not."""
        return not self.quick

    def tables_of(self, claim) -> List[Table]:
        return published.beside(claim.tables(self.figures.of(claim.ID)), claim.ID, self.published)

    def claims_with(self, word: str) -> List[object]:
        return [claim for claim in self.claims if self.decided[claim.ID][0].word == word]

    def controls_that_held(self) -> List[str]:
        return [name for name, (_, control) in self.decided.items() if control.failed is False]

    def failures_of(self, claim) -> List[Failure]:
        return [each for each in self.failures if each.cell.claim == claim.ID]
