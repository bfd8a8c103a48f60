"""The rates measured again: the words and figures of the page on made-up rates, and the other generator."""

import csv
import io
import subprocess
import unittest

from harness import BINARY
from probe_test import serving

from again import page
from again.measure import Rates
from again.page import Again

PROGRAM = BINARY.parent / "paper" / "other_load"
FIRST = [Rates(100.0, 104.0, 90.0, True), Rates(200.0, 190.0, 200.0, True), Rates(120.0, 120.0, 60.0, False)]


def found(**rates):
    """Returns engines by name, each with its rate, and its ratios with twice the work and another generator."""
    return {name: Again(rate, twice, other, True, False, 3) for name, (rate, twice, other) in rates.items()}


class FiguresTest(unittest.TestCase):
    def test_medians_of_the_ratios_and_not_ratios_of_medians(self):
        each = page.again_of(FIRST)
        self.assertAlmostEqual(each.other, 90 / 104)
        self.assertEqual(each._replace(other=0), Again(120.0, 1.0, 0, True, False, 3))

    def test_a_rate_is_steady_if_most_of_its_rounds_were(self):
        self.assertFalse(page.again_of([FIRST[0], FIRST[2]]).is_steady)
        self.assertTrue(page.again_of(FIRST).is_steady)

    def test_ratios_of_two_engines_differ_by_what_they_gain_apart(self):
        each = found(a=(10, 1, 1.0), b=(5, 1, 0.8), c=(1, 1, 1.0))
        self.assertEqual([(one, other, round(share, 6)) for one, other, share in page.differences_of_ratios(each)],
                         [("a", "b", 0.25), ("a", "c", 0.0), ("b", "c", 0.25)])


class WordsTest(unittest.TestCase):
    def said(self, **rates):
        return " ".join(page.sentences(found(**rates)))

    def test_what_agrees(self):
        said = self.said(a=(10, 1.02, 1.1), b=(5, 0.96, 1.05))
        self.assertIn("changes no steady rate by more than 4% (`b`)", said)
        self.assertIn("the same order: `a` and `b`.", said)
        self.assertIn("by at most 5% (`a` to `b`).", said)

    def test_a_rate_that_grows_with_the_work(self):
        self.assertIn("changes the steady rate of `b` by more than 10%.", self.said(a=(10, 1, 1), b=(5, 1.2, 1)))

    def test_a_rate_that_never_became_steady_is_not_held_to_twice_the_work(self):
        each = found(a=(10, 1, 1), b=(5, 1.3, 1), c=(4, 0.7, 1))
        each["b"] = each["b"]._replace(is_steady=False, is_rising=True)
        each["c"] = each["c"]._replace(is_steady=False)
        said = " ".join(page.sentences(each))
        self.assertIn("changes no steady rate by more than 0% (`a`)", said)
        self.assertIn("`b` still rose when its time was over, so verdicts take it for a lower bound", said)
        self.assertIn("`c` never became steady, so no verdict rests on it", said)
        self.assertEqual([each[name].mark for name in "abc"], ["", "↑", "†"])

    def test_ratios_of_what_never_became_steady_are_told_apart(self):
        each = found(a=(10, 1, 1), b=(5, 1, 1.1), c=(4, 1, 1.5))
        each["c"] = each["c"]._replace(is_steady=False)
        said = page.sentences(each)[-2:]
        self.assertEqual(said, ["The ratio of two engines differs by at most 10% (`a` to `b`).",
                                "The ratio of two engines, if one was not steady, differs by at most 50% (`a` to `c`), "
                                "which is more than 20%."])

    def test_the_order_is_that_of_the_rates_just_before(self):
        self.assertIn("the same order: `b` and `a`.", self.said(a=(10, 1, 1), b=(9, 1.2, 1)))

    def test_another_order(self):
        said = self.said(a=(10, 1, 0.5), b=(8, 1, 1))
        self.assertIn("another order: `b` and `a` in place of `a` and `b`", said)
        self.assertIn("by at most 100% (`a` to `b`), which is more than 20%.", said)

    def test_rates_as_good_as_equal_may_change_places(self):
        said = self.said(a=(104, 1, 1), b=(100, 1, 1.3), c=(10, 1, 1))
        self.assertIn("the same order: `a`, `b` and `c`; `a` and `b` change places, but differ by at most 5% "
                      "for one of the generators.", said)
        self.assertIn("another order: `b`, `a` and `c`", self.said(a=(106, 1, 1), b=(100, 1, 1.3), c=(10, 1, 1)))

    def test_the_page_and_its_figures(self):
        report = page.Report({"One server": {"a": FIRST, "b": [FIRST[2]]}}, [("cores", "2")], "today")
        text = page.text_of(report)
        self.assertIn("| a | 120 | 1.00 | 0.87 |", text)
        self.assertIn("| b | 120† | 1.00 | 0.50 |", text)
        self.assertIn("| cores | 2 |", text)
        rows = list(csv.DictReader(io.StringIO(page.figures_of(report))))
        self.assertEqual([(row["engine"], row["metric"], row["value"], row["runs"]) for row in rows][:4],
                         [("a", "updates_per_s", "120", "3"), ("a", "twice_the_work", "1", "3"),
                          ("a", "other_generator", "0.865385", "3"), ("a", "is_steady", "1", "3")])


class OtherGeneratorTest(unittest.TestCase):
    def load(self, *words):
        return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False, timeout=60)

    def test_every_line_is_a_report_and_newer_than_the_last(self):
        lines = []

        def answer(line):
            lines.append(line)
            return b"AT " + line

        with serving(answer) as address:
            done = self.load(2, 4, 0.1, 0.3, address[1])
        self.assertEqual(done.returncode, 0, done.stderr)
        answers, seconds = done.stdout.split()
        self.assertGreater(int(answers), 0)
        self.assertLessEqual(int(answers), len(lines))
        self.assertGreaterEqual(float(seconds), 0.3)
        stamps = {}
        for line in lines:
            self.assertRegex(line, rb"^IAMAT walker-00[01]\.example \+34\.068930-118\.445127 \d{10}\.\d{9}$")
            _, client, _, stamp = line.split()
            stamps.setdefault(client, []).append(stamp)
        for own in stamps.values():
            self.assertEqual(own, sorted(set(own)))
        self.assertEqual(len(stamps), 2)
        self.assertFalse(set(stamps[b"walker-000.example"]) & set(stamps[b"walker-001.example"]))

    def test_loads_all_its_ports(self):
        heard = [[], []]
        with serving(lambda line: heard[0].append(line) or b"AT\n") as one, \
                serving(lambda line: heard[1].append(line) or b"AT\n") as other:
            self.assertEqual(self.load(3, 1, 0, 0.2, one[1], other[1]).returncode, 0)
        self.assertTrue(all(heard))

    def test_says_what_is_wrong(self):
        self.assertEqual(self.load(1, 1).returncode, 1)
        refused = self.load(1, 1, 0, 1, 1)
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertIn("cannot connect", refused.stderr)


if __name__ == "__main__":
    unittest.main()
