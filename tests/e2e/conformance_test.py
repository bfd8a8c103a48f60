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


# The live runs wait for most of their time. More of them at once would make each other late.
AT_ONCE = 3


class ConformanceTest(TestCase):
    def played(self, scenario: pathlib.Path) -> Tuple[compare.Played, compare.Played]:
        # A live run that is later than the links take has another order of events.
        return on_time(lambda: compare.play(BINARY, scenario, self.folder), gap_ms=8,
                       late_ms=lambda played: compare.late_ms(*played))

    def test_both_worlds_make_the_same_of_every_scenario(self) -> None:
        allow_many_files()
        scenarios = compare.scenarios()
        self.assertGreaterEqual(len(scenarios), 6)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            runs = [pool.submit(self.played, scenario) for scenario in scenarios]
        for scenario, run in zip(scenarios, runs):
            with self.subTest(scenario.stem):
                live, virtual = run.result()
                self.assertEqual([], list(compare.differences(live, virtual)))
                self.assertTrue(all(int(row["violations"]) == 0 for row in live.summary.values()))
                self.assertTrue(any(int(row["deliveries"]) > 0 for row in live.summary.values()))


if __name__ == "__main__":
    unittest.main()
