"""Rounds, time limits, and failed runs."""

import tempfile
import unittest

from harness import cell, context

import budget
import run
from cell import RunFailed, interleaved, of_claims, planned_seconds
from figures import Figures, Sample


def names(pairs):
    return [(number, each.engine) for number, each in pairs]


class RoundsTest(unittest.TestCase):
    def test_engines_take_turns(self):
        cells = [cell("node", "twisted"), cell("node", "node"), cell("node", "native")]
        self.assertEqual(names(interleaved(cells, 2)),
                         [(1, "twisted"), (1, "node"), (1, "native"),
                          (2, "twisted"), (2, "node"), (2, "native")])

    def test_some_take_part_in_the_first_rounds_only(self):
        cells = [cell("small", "native", rounds=1), cell("node", "node")]
        self.assertEqual(names(interleaved(cells, 3)),
                         [(1, "native"), (1, "node"), (2, "node"), (3, "node")])
        self.assertEqual(planned_seconds(cells, 3), 4)

    def test_no_two_runs_of_a_claim_are_the_same_engine_at_the_same_point(self):
        with tempfile.TemporaryDirectory() as folder:
            for quick in (False, True):
                found = [each.name for each in run.cells_of(context(folder, quick=quick), [])]
                self.assertEqual(len(found), len(set(found)))

    def test_the_plan_fits_the_time_limit(self):
        with tempfile.TemporaryDirectory() as folder:
            for quick in (False, True):
                now = context(folder, quick=quick)
                planned = planned_seconds(run.cells_of(now, []), budget.ROUNDS[now.kind])
                self.assertLessEqual(planned, budget.MOST_S[now.kind])
            self.assertGreaterEqual(budget.ROUNDS["full"], 5)

    def test_a_cell_that_measures_for_another_claim_runs_for_it_too(self):
        cells = [cell("threads", "node", also=("events",)), cell("node", "node")]
        self.assertEqual([each.claim for each in of_claims(cells, ["events"])], ["threads"])
        self.assertEqual(len(of_claims(cells, [])), 2)

    def test_five_rounds_have_ten_seconds_of_steady_work(self):
        for rule in (budget.WORK, budget.WARM_WORK, budget.RING_WORK, budget.MANY_WORK, budget.THREADS_WORK):
            self.assertGreaterEqual(rule["full"].steady_s * budget.ROUNDS["full"], 10)

    def test_an_engine_that_is_missing_is_not_run(self):
        with tempfile.TemporaryDirectory() as folder:
            found = run.cells_of(context(folder, missing={"java": "no", "native-central": "no"}), [])
        self.assertFalse([each.name for each in found if each.engine.startswith("java")
                          and each.claim != "brevity"])
        self.assertFalse([each.name for each in found if each.engine.startswith("native-central")])
        self.assertTrue([each for each in found if each.engine == "node"])


class FailuresTest(unittest.TestCase):
    def run_cells(self, cells, rounds=2, most_s=60.0):
        figures = Figures()
        with tempfile.TemporaryDirectory() as folder:
            failures, done = run.run_cells(context(folder), cells, rounds, figures, most_s, self.said.append,
                                           self.spent)
        return figures, failures, done

    def setUp(self):
        self.said, self.spent = [], {}

    def test_a_failure_is_kept_and_the_others_go_on(self):
        def fails(now):
            if now.round == 1:
                raise RunFailed("it broke")
            return [Sample("node", "twisted", "m", 1)]

        cells = [cell("node", "twisted", fails),
                 cell("node", "node", lambda _: [Sample("node", "node", "m", 2)])]
        figures, failures, done = self.run_cells(cells)
        self.assertEqual([(each.cell.engine, each.round, each.why) for each in failures],
                         [("twisted", 1, "it broke")])
        self.assertEqual([(row.engine, row.value, row.runs) for row in figures.rows()],
                         [("node", 2, 2), ("twisted", 1, 1)])
        self.assertEqual(done, 2)
        self.assertEqual(list(self.spent), ["node"])
        self.assertGreaterEqual(self.spent["node"], 0)

    def test_a_run_that_breaks_midway_gives_no_figures(self):
        def breaks(_):
            yield Sample("node", "twisted", "m", 1)
            raise RunFailed("midway")

        figures, failures, _ = self.run_cells([cell("node", "twisted", breaks)], rounds=1)
        self.assertEqual(list(figures.rows()), [])
        self.assertEqual(len(failures), 1)

    def test_a_mistake_of_the_harness_is_a_failure_too(self):
        _, failures, _ = self.run_cells([cell("node", "twisted", lambda _: {}["loops"])], rounds=1)
        self.assertEqual([each.why for each in failures], ["KeyError: 'loops'"])

    def test_the_first_round_is_finished_even_when_time_is_up(self):
        cells = [cell("node", name, lambda _, name=name: [Sample("node", name, "m", 1)])
                 for name in ("a", "b")]
        figures, _, done = self.run_cells(cells, rounds=5, most_s=-1)
        self.assertEqual([row.runs for row in figures.rows()], [1, 1])
        self.assertEqual(done, 1)
        self.assertIn("the time is over in round 2", self.said)


if __name__ == "__main__":
    unittest.main()
