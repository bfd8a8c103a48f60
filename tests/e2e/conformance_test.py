"""Tests that counts, records and answers are the same in both worlds, to the last one."""

from __future__ import annotations

import pathlib
import sys
import tempfile
import unittest

from herdsim_e2e import BINARY, SOURCE, allow_many_files, on_time

sys.path.insert(0, str(SOURCE / "tests" / "conformance"))
import compare  # noqa: E402  pylint: disable=wrong-import-position


class ConformanceTest(unittest.TestCase):
    def test_both_worlds_make_the_same_of_every_scenario(self) -> None:
        allow_many_files()
        self.assertGreaterEqual(len(compare.scenarios()), 6)
        for scenario in compare.scenarios():
            with self.subTest(scenario.stem), tempfile.TemporaryDirectory() as folder:
                # A live run that is later than the links take has another order of events.
                live, virtual = on_time(
                    lambda: compare.play(BINARY, scenario, pathlib.Path(folder)), gap_ms=8,
                    late_ms=lambda played: compare.late_ms(*played))
                self.assertEqual([], list(compare.differences(live, virtual)))
                self.assertTrue(all(int(row["violations"]) == 0 for row in live.summary.values()))
                self.assertTrue(any(int(row["deliveries"]) > 0 for row in live.summary.values()))


if __name__ == "__main__":
    unittest.main()
