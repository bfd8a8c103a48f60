"""Shared by the tests of `herdsim try`: calls it, and reads what it found."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
from typing import Any, Dict, List, Sequence

from herdsim_e2e import BINARY, SOURCE

# An attempt plays for a minute on a machine that does nothing else.
DEADLINE_S = 560
SECRET = ["--env", "HERD_SECRET={secret}"]
BUGGY = [*SECRET, "/usr/bin/python3", str(SOURCE / "tests" / "e2e" / "wild" / "buggy_herd.py"),
         "{server}", "{port}", "{dial}", "{places_url}"]


class Tried:
    """An attempt that has ended."""

    def __init__(self, arguments: Sequence[str], folder: pathlib.Path) -> None:
        ended = subprocess.run([BINARY, "try", "--format", "json", *arguments], cwd=folder,
                               env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                               stdin=subprocess.DEVNULL, capture_output=True, text=True,
                               timeout=DEADLINE_S, check=False)
        self.status, self.stdout, self.stderr = ended.returncode, ended.stdout, ended.stderr
        self.found: Dict[str, Any] = json.loads(ended.stdout) if ended.stdout else {}

    def failures(self, rule: str) -> List[Dict[str, Any]]:
        return [each for each in self.found["failures"] if each["rule"] == rule]

    def rules(self) -> List[str]:
        return sorted({each["rule"] for each in self.found["failures"]})
