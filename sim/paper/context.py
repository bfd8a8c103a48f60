"""The context of one run of the harness: paths, amount of work, missing engines."""

from __future__ import annotations

import dataclasses
import os
import pathlib
from typing import Any, Dict, List, Mapping, Sequence, Tuple

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

    def _herd(self, name: str, herd: str, settings: Mapping[str, object]
              ) -> Tuple[pathlib.Path, Dict[str, Any], Dict[str, object]]:
        return self.binary, scenario.alone(scenario.load(name), herd), {"seed": self.round, **settings}

    def run(self, name: str, herd: str, settings: Mapping[str, object] = {}) -> herdsim.Summary:
        """Runs one herd of scenarios/paper/NAME.json alone and returns its row of summary.csv."""
        return herdsim.run_one(*self._herd(name, herd, settings))

    def run_with_updates(self, name: str, herd: str, settings: Mapping[str, object] = {}
                         ) -> Tuple[herdsim.Summary, List[herdsim.Update]]:
        """Does the same; returns the updates too."""
        return herdsim.run_with_updates(*self._herd(name, herd, settings))
