"""The context of one run of the harness: paths, amount of work, missing engines."""

from __future__ import annotations

import dataclasses
import os
import pathlib
from typing import Dict, List, Mapping, Sequence

import budget
import engines
import herdsim
import scenario


@dataclasses.dataclass
class Context:
    binary: pathlib.Path
    quick: bool
    # Families of engines that cannot run here, and the reasons.
    missing: Dict[str, str]
    # A temporary folder of this run, removed at its end.
    folder: pathlib.Path
    round: int = 1

    @property
    def kind(self) -> str:
        return budget.kind(self.quick)

    def present(self, names: Sequence[str]) -> List[str]:
        return engines.present(names, self.missing)

    def seconds(self, full: float) -> float:
        return full * budget.QUICK_SHARE if self.quick else full

    def one_core(self) -> int:
        """Returns the first core that this process may use."""
        return min(os.sched_getaffinity(0))

    def run(self, name: str, herd: str, settings: Mapping[str, object] = {},
            pinned: bool = False) -> herdsim.Summary:
        """Runs one herd of scenarios/paper/NAME.json alone and returns its row of summary.csv."""
        found = scenario.alone(scenario.load(name), herd)
        if pinned:
            found = scenario.pinned(found, self.one_core())
        return herdsim.run_one(self.binary, found, {"seed": self.round, **settings})
