"""Shared by the tests of `herdsim try`: calls it, and reads what it found."""

from __future__ import annotations

import concurrent.futures
import json
import os
import pathlib
import subprocess
from typing import Any, Callable, Dict, List, Sequence, Tuple, TypeVar

from herdsim_e2e import BINARY, SOURCE, TestCase

Case = TypeVar("Case")

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


class TryCase(TestCase):
    def at_once(self, cases: Sequence[Case], play: Callable[[Case], Tried]) -> Dict[Case, Tried]:
        """Plays the cases at the same time, because an attempt waits for most of its time."""
        with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
            return dict(zip(cases, pool.map(play, cases)))

    def check_bugs(self, bugs: Dict[str, Tuple[str, str, str]]) -> None:
        """`bugs`: by bug of wild/buggy_herd.py the part that shows it, the rule that is broken, and
        a pattern of the sentence, or of what came."""
        def play(bug: str) -> Tried:
            return Tried(["--only", bugs[bug][0], *BUGGY, bug], self.folder)

        for bug, tried in self.at_once(list(bugs), play).items():
            with self.subTest(bug=bug):
                _, rule, pattern = bugs[bug]
                self.assertEqual(tried.status, 1, tried.stderr + tried.stdout)
                self.assertIn(rule, tried.rules(), tried.stdout)
                self.assertRegex(json.dumps(tried.failures(rule)), pattern)

    def check_right(self, tried: Tried) -> None:
        """Checks that nothing is wrong with a herd, and that all could be played."""
        self.assertEqual((tried.status, tried.found.get("failures")), (0, []),
                         tried.stderr + tried.stdout)
        self.assertEqual(tried.found["not_played"], [])
