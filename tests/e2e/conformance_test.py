"""Tests that counts, records and answers are the same in both worlds, to the last one."""

from __future__ import annotations

import concurrent.futures
import pathlib
import sys
import unittest
from typing import Tuple

from herdsim_e2e import BINARY, SOURCE, TestCase, allow_many_files, on_time

sys.path.insert(0, str(SOURCE / "tests" / "conformance"))
import compare  # noqa: E402  pylint: disable=wrong-import-position


# The live runs wait for most of their time. Runs that make each other late are played again, alone.
AT_ONCE = 3
LATE_MS = 8  # a live run that is later than the links take has another order of events
Pair = Tuple[compare.Played, compare.Played]


class ConformanceTest(TestCase):
    def play(self, scenario: pathlib.Path) -> Pair:
        return compare.play(BINARY, scenario, self.folder)

    def unless_late(self, scenario: pathlib.Path, first: Pair) -> Pair:
        if compare.late_ms(*first) < LATE_MS:
            return first
        return on_time(lambda: self.play(scenario), gap_ms=LATE_MS,
                       late_ms=lambda pair: compare.late_ms(*pair))

    def test_both_worlds_make_the_same_of_every_scenario(self) -> None:
        allow_many_files()
        scenarios = compare.scenarios()
        self.assertGreaterEqual(len(scenarios), 6)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            pairs = list(pool.map(self.play, scenarios))
        for scenario, pair in zip(scenarios, pairs):
            with self.subTest(scenario.stem):
                live, virtual = self.unless_late(scenario, pair)
                self.assertEqual([], list(compare.differences(live, virtual)))
                self.assertTrue(all(int(row["violations"]) == 0 for row in live.summary.values()))
                self.assertTrue(any(int(row["deliveries"]) > 0 for row in live.summary.values()))


if __name__ == "__main__":
    unittest.main()
