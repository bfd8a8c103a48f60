"""Estimates and intervals with known answers."""

import itertools
import random
import unittest

import harness  # noqa: F401, puts the harness on the path
import intervals


class EffectTest(unittest.TestCase):
    def test_five_rounds_give_the_range_of_the_rounds(self):
        found = intervals.of_differences([1, 2, 3, 4, 10])
        self.assertEqual((found.low, found.high), (1, 10))
        self.assertEqual(found.confidence, 1 - 2 / 32)
        self.assertEqual(found.estimate, 3)

    def test_the_estimate_is_the_median_of_the_pairs_means(self):
        self.assertEqual(intervals.walsh_means([1, 3]), [1, 2, 3])
        self.assertEqual(intervals.of_differences([1, 3]).estimate, 2)

    def test_six_rounds_reach_95_percent(self):
        found = intervals.of_differences([1, 2, 3, 4, 5, 6])
        self.assertEqual((found.low, found.high), (1, 6))
        self.assertAlmostEqual(found.confidence, 0.96875)

    def test_ten_rounds_leave_out_eight_means_at_each_end(self):
        # The table of the signed-rank test has 8 as the critical value for ten pairs.
        values = [1.1, 2.3, 3.7, 4.1, 5.9, 6.2, 7.8, 8.4, 9.6, 10.5]
        means = intervals.walsh_means(values)
        found = intervals.of_differences(values)
        self.assertEqual((found.low, found.high), (means[8], means[-9]))
        self.assertGreaterEqual(found.confidence, 0.95)

    def test_one_round_has_no_confidence(self):
        found = intervals.of_ratios([2.0])
        self.assertAlmostEqual(found.low, 2)
        self.assertAlmostEqual(found.high, 2)
        self.assertEqual(found.confidence, 0)

    def test_ratios_are_symmetric(self):
        values = [1.2, 1.5, 0.9, 2.0, 1.1]
        one, other = intervals.of_ratios(values), intervals.of_ratios([1 / each for each in values])
        self.assertAlmostEqual(one.estimate, 1 / other.estimate)
        self.assertAlmostEqual(one.low, 1 / other.high)

    def test_the_counts_are_those_of_all_signs(self):
        for count in range(1, 7):
            found = [0] * (count * (count + 1) // 2 + 1)
            for signs in itertools.product((0, 1), repeat=count):
                found[sum(rank for rank, sign in enumerate(signs, 1) if sign)] += 1
            self.assertEqual(intervals.signed_rank_counts(count), found)

    def test_intervals_contain_the_truth_as_often_as_they_say(self):
        drawn = random.Random(1)
        for rounds in (5, 8, 12):
            inside, runs = 0, 2000
            for _ in range(runs):
                found = intervals.of_differences([drawn.gauss(3, 1) for _ in range(rounds)])
                inside += found.low <= 3 <= found.high
            self.assertGreater(inside / runs, found.confidence - 0.02)


class BoundTest(unittest.TestCase):
    def test_an_interval_is_on_one_side_or_crosses(self):
        found = intervals.Effect(1.2, 1.1, 1.3, 0.9, 5)
        self.assertIs(found.is_at_least(1.1), True)
        self.assertIs(found.is_at_least(1.2), None)
        self.assertIs(found.is_at_least(1.31), False)
        self.assertIs(found.is_at_most(1.3), True)
        self.assertIs(found.is_at_most(1.2), None)
        self.assertIs(found.is_at_most(1.05), False)


if __name__ == "__main__":
    unittest.main()
