"""Cells. A cell is the smallest unit to run: one engine at one point of one claim, once per round."""

from __future__ import annotations

import dataclasses
from typing import Callable, Iterable, Iterator, List, Optional, Sequence, Tuple

from figures import Sample


class RunFailed(Exception):
    """A run failed and gave no figures; the message says why."""


@dataclasses.dataclass(frozen=True)
class Cell:
    claim: str
    engine: str
    # Distinguishes the cell from the engine's other cells of this claim.
    point: str
    # Expected duration; budget.py has the limits for the sums.
    seconds: float
    measure: Callable[["object"], Iterable[Sample]]
    # The number of rounds that include the cell; None means all.
    rounds: Optional[int] = None
    # Whether the quick run includes the cell.
    quick: bool = True
    # Other claims that use its figures.
    also: Tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.claim}: {self.engine}" + (f", {self.point}" if self.point else "")


@dataclasses.dataclass(frozen=True)
class Failure:
    cell: Cell
    round: int
    why: str


def interleaved(cells: Sequence[Cell], rounds: int) -> Iterator[Tuple[int, Cell]]:
    """Yields round 1 of every cell, then round 2, and so on, so that drift affects all engines alike."""
    for number in range(1, rounds + 1):
        for cell in cells:
            if cell.rounds is None or number <= cell.rounds:
                yield number, cell


def planned_seconds(cells: Sequence[Cell], rounds: int) -> float:
    return sum(cell.seconds for _, cell in interleaved(cells, rounds))


def of_claims(cells: Sequence[Cell], wanted: Sequence[str]) -> List[Cell]:
    return [cell for cell in cells if not wanted or {cell.claim, *cell.also} & set(wanted)]
