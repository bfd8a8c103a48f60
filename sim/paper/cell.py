"""The smallest thing that is run: one engine at one point of one claim, once a round."""

from __future__ import annotations

import dataclasses
from typing import Callable, Iterable, Iterator, List, Optional, Sequence, Tuple

from figures import Sample


class RunFailed(Exception):
    """A run that gave no figures, and why."""


@dataclasses.dataclass(frozen=True)
class Cell:
    claim: str
    engine: str
    # What distinguishes it from the engine's other cells in this claim.
    point: str
    # What it is expected to take; budget.py has the sums.
    seconds: float
    measure: Callable[["object"], Iterable[Sample]]
    # In how many of the rounds it is run; None: in every one.
    rounds: Optional[int] = None
    # Whether the quick run has it too.
    quick: bool = True

    @property
    def name(self) -> str:
        return f"{self.claim}: {self.engine}" + (f", {self.point}" if self.point else "")


@dataclasses.dataclass(frozen=True)
class Failure:
    cell: Cell
    round: int
    why: str


def interleaved(cells: Sequence[Cell], rounds: int) -> Iterator[Tuple[int, Cell]]:
    """Round 1 of every cell, then round 2 of every cell: what drifts meets all engines alike."""
    for number in range(1, rounds + 1):
        for cell in cells:
            if cell.rounds is None or number <= cell.rounds:
                yield number, cell


def planned_seconds(cells: Sequence[Cell], rounds: int) -> float:
    return sum(cell.seconds for _, cell in interleaved(cells, rounds))


def of_claims(cells: Sequence[Cell], wanted: Sequence[str]) -> List[Cell]:
    return [cell for cell in cells if not wanted or cell.claim in wanted]
