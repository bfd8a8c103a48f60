"""Charts: which figures a panel shows, and where bars, ranges and bounds are drawn."""

import unittest

from harness import figures_of
from html_support import Page

import chart
import svg
import table
from chart import Bar, Bound, Panel
from claims import brevity, deferred, echo, herd_or_central, memory, node, scale, small
from figures import Figures
from rules_test import of_brevity, of_deferred, of_echo, of_herd, of_memory, of_node, of_scale, of_small
from table import Figure, Line, Table


def figure(value, lowest=None, highest=None, unit=1, engine="native"):
    return Figure(engine, "m", value, value if lowest is None else lowest,
                  value if highest is None else highest, unit)


def panels_of(claim, values):
    view = figures_of(claim.ID, values).of(claim.ID)
    return claim.panels(view, claim.tables(view))


class PanelTest(unittest.TestCase):
    def setUp(self):
        self.table = Table("T", ["engine", "a", "b"], [
            Line("native", [figure(1), figure(2)]), Line("node", [table.UNKNOWN, figure(4)])])

    def test_a_column_has_a_bar_for_each_row_with_a_figure(self):
        made = chart.of_column(self.table, "a", controls=("native",))
        self.assertEqual([(bar.name, bar.value, bar.is_control) for bar in made.bars],
                         [("native", 1, True)])
        self.assertEqual(made.title, "T: a")

    def test_a_row_has_a_bar_for_each_column_with_a_figure(self):
        made = chart.of_row(self.table, "node")
        self.assertEqual([(bar.name, bar.value) for bar in made.bars], [("b", 4)])
        self.assertEqual(chart.of_row(self.table, "twisted").bars, [])

    def test_a_table_that_is_not_there_is_an_error(self):
        with self.assertRaises(KeyError):
            chart.titled([self.table], "U")

    def test_what_is_not_known_makes_no_bound(self):
        view = Figures().of("node")
        self.assertIsNone(chart.scaled(view, "native", "m"))
        self.assertIsNone(chart.extreme(view, ["native"], "m", min))
        self.assertEqual(chart.bounds(chart.bound(None, "limit", "x")), [])


class BoundsTest(unittest.TestCase):
    """The lines are where the rules change their verdicts."""

    def bound_values(self, claim, values):
        return [[each.value for each in panel.bounds] for panel in panels_of(claim, values)]

    def test_brevity(self):
        self.assertEqual(self.bound_values(brevity, of_brevity(node_lines=1000)), [[900]])

    def test_memory(self):
        size, pause = self.bound_values(memory, of_memory(node_size=55))
        self.assertEqual((size, pause), ([60], [10.5]))

    def test_deferred_has_a_limit_for_each_bar(self):
        slow = panels_of(deferred, of_deferred())[1]
        self.assertEqual({bar.limit for bar in slow.bars}, {50.5})
        self.assertEqual([bar.name for bar in slow.bars if bar.is_control], [deferred.BLOCKING])

    def test_node(self):
        rate, work, reply, spread = self.bound_values(node, of_node())
        self.assertAlmostEqual(rate[0], 110)
        self.assertAlmostEqual(work[0], 1 / 1.1)
        self.assertAlmostEqual(reply[0], 0.2 / 1.1)
        self.assertAlmostEqual(spread[0], 0.2 / 1.1)

    def test_scale(self):
        rate, spread, size = self.bound_values(scale, of_scale())
        self.assertAlmostEqual(rate[0], 110)
        self.assertAlmostEqual(spread[0], 0.1 / 1.1)
        self.assertAlmostEqual(size[0], 100 / 1.1)

    def test_small_and_echo_show_what_is_needed_beside_the_rule(self):
        ring = panels_of(small, of_small())[0]
        self.assertEqual([(each.value, each.is_of_rule) for each in ring.bounds], [(4, False), (12, True)])
        better = {(echo.BETTER_ENGINE, "messages_per_update_source_tree"): 4}
        last = panels_of(echo, of_echo() | better)[-1]
        self.assertEqual([(bar.name, bar.value) for bar in last.bars],
                         [("flood-echo", 10), ("flood", 6), ("source-tree", 4)])
        self.assertEqual([(each.value, each.is_of_rule) for each in last.bounds], [(4, False)])

    def test_herd(self):
        made = self.bound_values(herd_or_central, of_herd())
        self.assertAlmostEqual(made[0][0], 0.15)
        self.assertEqual(made[-1], [30_000])


class DrawingTest(unittest.TestCase):
    def drawn(self, *bars, bounds=(), limit_meaning=""):
        return Page(svg.draw(Panel("`T`", bars, bounds, limit_meaning), "p"))

    def bars_in(self, page):
        return [each for each in page.all("rect") if each.get("class") in ("bar", "control")]

    def test_lengths_are_in_the_ratio_of_the_values(self):
        page = self.drawn(Bar("a", figure(500, unit=100)), Bar("b", figure(1000, unit=100)))
        widths = [float(each.get("width")) for each in self.bars_in(page)]
        self.assertAlmostEqual(widths[1] / widths[0], 2, places=2)
        self.assertEqual({each.get("x") for each in self.bars_in(page)}, {str(svg.LEFT)})

    def test_a_bound_stands_at_the_end_of_a_bar_of_its_value(self):
        page = self.drawn(Bar("a", figure(30)), Bar("b", figure(50)), bounds=[Bound(30, "limit", "m")])
        line = next(each for each in page.all("line") if each.get("class") == "bound of-rule")
        end = svg.LEFT + float(self.bars_in(page)[0].get("width"))
        self.assertAlmostEqual(float(line.get("x1")), end, delta=0.1)
        self.assertEqual(line.get("x1"), line.get("x2"))

    def test_the_range_goes_from_the_least_to_the_greatest_run(self):
        page = self.drawn(Bar("a", figure(20, 10, 40)), Bar("b", figure(40)))
        lines = [each for each in page.all("line") if each.get("class") == "range"]
        full = float(self.bars_in(page)[1].get("width"))
        self.assertAlmostEqual(float(lines[0].get("x1")), svg.LEFT + full / 4, delta=0.1)
        self.assertAlmostEqual(float(lines[0].get("x2")), svg.LEFT + full, delta=0.1)
        self.assertEqual(len(lines), 3, "bar b has no range")

    def test_nothing_leaves_the_picture(self):
        page = self.drawn(Bar("a", figure(1, 0, 90), limit=120), bounds=[Bound(100, "limit", "m")])
        for each in page.all("line"):
            for name in ("x1", "x2"):
                self.assertLessEqual(float(each.get(name)), svg.WIDTH)

    def test_a_control_is_marked_by_a_word_and_a_pattern(self):
        page = self.drawn(Bar("a", figure(1), True), Bar("b", figure(2)))
        self.assertEqual([each.get("fill") for each in self.bars_in(page)], ["url(#p-h)", None])
        self.assertEqual(page.all("pattern")[0].get("id"), "p-h")
        self.assertIn("a (control)", [each.text for each in page.all("text")])

    def test_the_description_has_every_bar_and_every_bound(self):
        page = self.drawn(Bar("a", figure(20, 10, 40), limit=15), Bar("b", figure(40)),
                          bounds=[Bound(30, "limit", "what is allowed")])
        self.assertEqual(page.all("desc")[0].text,
                         "a 20, from 10 to 40, its limit 15; b 40; limit 30: what is allowed.")
        self.assertEqual(page.all("title")[0].text, "T")

    def test_zeros_can_be_drawn(self):
        page = self.drawn(Bar("a", figure(0)), bounds=[Bound(0, "limit", "none")])
        self.assertEqual(float(self.bars_in(page)[0].get("width")), 0)

    def test_ticks_are_few_and_round(self):
        for most in (0.0031, 0.99, 1, 1.1, 4, 7.2, 10, 329, 9900, 171_234):
            found = svg.ticks(most)
            self.assertEqual(found[0], 0)
            self.assertTrue(2 <= len(found) <= 5, (most, found))
            self.assertLessEqual(found[-1], most)
            self.assertIn(f"{found[1]:e}"[0], "1245", (most, found))


if __name__ == "__main__":
    unittest.main()
