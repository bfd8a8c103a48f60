"""The rule of steady state on known series."""

import math
import unittest

import harness  # noqa: F401, puts the harness on the path
import budget
import steady
from steady import Rule

RULE = Rule(least_s=1, steady_s=2, greatest_s=12, tolerance=0.05)
WINDOW_S = 0.25


def ends(count):
    return [(number + 1) * WINDOW_S for number in range(count)]


def run_of(rate, most_s=60.0, rule=RULE):
    """Plays a run whose rate is a function of the time; returns its steady state and its length."""
    values = []
    while len(values) * WINDOW_S < most_s:
        values.append(rate((len(values) + 0.5) * WINDOW_S))
        found = steady.find(values, ends(len(values)), rule)
        if found is not None:
            return found, len(values) * WINDOW_S
    raise AssertionError("the run never ended")


class SeriesTest(unittest.TestCase):
    def test_an_even_run_ends_as_soon_as_it_may(self):
        found, length = run_of(lambda _: 1000)
        self.assertTrue(found.is_reached)
        self.assertEqual((found.begin, length), (4, 3.0))

    def test_a_slow_first_second_is_not_part_of_it(self):
        found, length = run_of(lambda time: 100 if time < 1 else 1000)
        self.assertEqual((found.begin, length), (4, 3.0))

    def test_a_step_within_the_stretch_delays_it(self):
        found, length = run_of(lambda time: 100 if time < 2 else 1000)
        self.assertTrue(found.is_reached)
        self.assertGreaterEqual(found.begin * WINDOW_S, 1.75)
        self.assertEqual(length, 3.75)

    def test_a_rate_that_rises_for_ever_is_never_steady(self):
        for rate in (lambda time: 1000 * time, lambda time: 1000 * 1.1 ** time):
            found, length = run_of(rate)
            self.assertFalse(found.is_reached)
            self.assertEqual(length, RULE.greatest_s)
            self.assertEqual(found.begin * WINDOW_S, 6)

    def test_a_rate_that_swings_from_window_to_window_is_steady(self):
        found, length = run_of(lambda time: 1000 + (100 if int(time / WINDOW_S) % 2 else -100))
        self.assertTrue(found.is_reached)
        self.assertEqual(length, 3.0)

    def test_what_flattens_becomes_steady_near_its_end(self):
        rate = lambda time: 1000 * (1 - math.exp(-time))  # noqa: E731
        found, length = run_of(rate)
        self.assertTrue(found.is_reached)
        mean = sum(rate((number + 0.5) * WINDOW_S) for number in range(found.begin, int(length * 4))) \
            / (length * 4 - found.begin)
        self.assertGreater(mean, 900)

    def test_twice_the_work_changes_a_logarithmic_warm_up_by_a_tenth_at_most(self):
        rule = RULE._replace(greatest_s=1000)
        rate = lambda time: 100 * (1 + math.log1p(time))  # noqa: E731
        _, length = run_of(rate, 1000, rule)
        self.assertLess(rate(length * 1.5) / rate(length * 0.75), 1.11)


    def test_the_stretch_is_a_share_of_the_run(self):
        rate = lambda time: 100 * min(1.0, time / 36)  # noqa: E731
        lengths = []
        for share in (0.5, 1 / 3):
            found, length = run_of(rate, 200, RULE._replace(greatest_s=200, share=share))
            self.assertTrue(found.is_reached)
            self.assertAlmostEqual(found.begin * WINDOW_S, length * (1 - share), delta=WINDOW_S)
            lengths.append(length)
        self.assertLess(lengths[1], lengths[0])


class ShortTest(unittest.TestCase):
    def test_no_window_gives_nothing(self):
        self.assertIsNone(steady.find([], [], RULE))

    def test_a_short_run_goes_on(self):
        self.assertIsNone(steady.find([1.0] * 11, ends(11), RULE))

    def test_a_run_that_ends_early_is_not_steady_but_has_a_last_part(self):
        rule = RULE._replace(greatest_s=1.0)
        self.assertEqual(steady.find([1.0] * 4, ends(4), rule), steady.Steady(2, False))

    def test_a_quick_run_is_steady_however_long_its_windows_are(self):
        for rule in (budget.WORK["quick"], budget.WARM_WORK["quick"], budget.RING_WORK["quick"]):
            for window_s in (0.25, 0.26, 0.3, 0.4, 0.7):
                series, found = [], None
                while found is None:
                    series.append(float(len(series) + 1))
                    found = steady.find(series, [(n + 1) * window_s for n in range(len(series))], rule)
                self.assertTrue(found.is_reached)
                self.assertLess(len(series) * window_s, 3)

    def test_values_agree_within_the_tolerance(self):
        self.assertTrue(steady.agree(100, 105, 0.05))
        self.assertTrue(steady.agree(105, 100, 0.05))
        self.assertFalse(steady.agree(100, 105.1, 0.05))
        self.assertFalse(steady.agree(0, 1, 0.05))
        self.assertTrue(steady.agree(0, 0, 0.05))
        self.assertTrue(steady.agree(1, 1000, float("inf")))

    def test_one_window_is_not_even(self):
        self.assertFalse(steady.is_even([1.0], 0.05))

    def test_the_words_have_the_numbers(self):
        said = steady.in_words(RULE)
        for part in ("2 s", "5%", "12 s", "first 1 s", "compilers"):
            self.assertIn(part, said)


if __name__ == "__main__":
    unittest.main()
