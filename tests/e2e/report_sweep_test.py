"""The page of a sweep in a real browser: its tables and its curves are those of sweep.csv."""

from __future__ import annotations

import re
import unittest
from typing import Any, Dict, List, Tuple

from herdsim_e2e import Row, Run
from page_axes import heights, widths
from page_case import PAGE, InBrowser, small

# The columns of sweep.csv for the swept keys.
SERVERS, SCHEME = "herds_servers", "herds_propagation"
CURVES = """return [...arguments[0].querySelectorAll("path.curve")].map(path => [path.getAttribute("class"), path.getAttribute("d")])"""
BANDS = """return [...arguments[0].querySelectorAll("path.spread")].map(path => path.getAttribute("d"))"""
FACETS = "return [...arguments[0].querySelectorAll('svg.main > g')]"
TITLE = "return arguments[0].querySelector('text.row-title').textContent"


def corners(path: str) -> List[Tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", path)]


class Sweep(InBrowser):
    @classmethod
    def subject(cls) -> Dict[str, Any]:
        ring = {"servers": 3, "links": "ring", "link": {"latency": "10ms", "jitter": "3ms"}}
        return small(duration="1s", events=[],
                     herds=[{"name": "ring", **ring}, {"name": "clique", **ring, "links": "complete"}],
                     sweep={"herds.*.servers": [3, 5, 8], "herds.*.propagation": ["flood-echo", "flood"], "seed": {"count": 3}})

    @classmethod
    def page_of(cls, run: Run) -> Any:
        return run.folder / PAGE

    def rows(self, metric: str) -> List[Row]:
        return [row for row in self.csv("sweep.csv") if row["metric"] == metric]

    def test_nothing_is_asked_for_said_or_covered(self) -> None:
        self.assertEqual(self.browser.run("return document.documentElement.dataset.ready"), "yes")
        self.assertEqual(self.browser.messages(), [])
        self.assertEqual([each for each in self.browser.requests() if each != self.page.resolve().as_uri()], [])
        for width in (320, 1280):
            self.browser.look(width)
            self.browser.settle()
            self.assertEqual(self.browser.problems(), {})

    def test_each_metric_as_a_table_is_the_file(self) -> None:
        for metric in ("messages_per_update", "coverage_p50_us", "accepted"):
            with self.subTest(metric):
                self.browser.choose("sweep", "Metric", metric)
                wanted = [[row[SERVERS], f"{SCHEME} = {row[SCHEME]}", row["herd"], *(float(row[column]) for column in ("runs", "median", "q1", "q3", "min", "max"))]
                          for row in self.rows(metric)]
                self.assertEqual(len(wanted), 12)
                self.assertEqual([[*row[:3], *map(float, row[3:])] for row in self.browser.table("sweep")], wanted)

    def test_each_curve_and_band_is_the_file(self) -> None:
        for metric in ("messages_per_update", "coverage_p50_us"):
            for scale in ("", "log"):
                with self.subTest(metric, scale=scale):
                    self.browser.choose("sweep", "Metric", metric)
                    self.browser.choose("sweep", "Scale", scale)
                    facets = self.browser.run(FACETS, self.browser.figure("sweep"))
                    self.assertEqual(len(facets), 2)
                    for facet in facets:
                        self.check_facet(facet, metric, scale == "log")

    def check_facet(self, facet: Any, metric: str, log: bool) -> None:
        scheme = self.browser.run(TITLE, facet).removeprefix(f"{SCHEME} = ")
        x, y = widths(self.browser, facet), heights(self.browser, facet, log)
        curves, bands = self.browser.run(CURVES, facet), self.browser.run(BANDS, facet)
        self.assertEqual([style for style, _ in curves], ["curve herd-0", "curve herd-1"])
        for herd, (_, curve), band in zip(("ring", "clique"), curves, bands):
            rows = [row for row in self.rows(metric) if row["herd"] == herd and row[SCHEME] == scheme]
            def line(column: str) -> List[Tuple[float, float]]:
                return [(x(float(row[SERVERS])), y(float(row[column]))) for row in rows]
            self.assert_near(corners(curve), line("median"))
            self.assert_near(corners(band), line("q3") + line("q1")[::-1])

    def assert_near(self, drawn: List[Tuple[float, float]], wanted: List[Tuple[float, float]]) -> None:
        self.assertEqual(len(drawn), len(wanted))
        for got, expected in zip(drawn, wanted):
            self.assertAlmostEqual(got[0], expected[0], delta=0.1)
            self.assertAlmostEqual(got[1], expected[1], delta=0.1)

    def test_the_finding_names_the_least_and_the_greatest_median(self) -> None:
        self.browser.choose("sweep", "Metric", "messages_per_update")
        said = self.browser.text("sweep")
        for herd in ("ring", "clique"):
            rows = sorted((row for row in self.rows("messages_per_update") if row["herd"] == herd), key=lambda row: float(row["median"]))
            least, greatest = rows[0], rows[-1]
            low, high = float(least["median"]), float(greatest["median"])
            for row in (least, greatest):
                self.assertIn(f"{SERVERS} = {row[SERVERS]}, {SCHEME} = {row[SCHEME]}", said)
            self.assertIn(f"{herd}: the median of messages_per_update is least, {low:g}, at ", said)
            self.assertIn(f"and greatest, {high:g}, at ", said)

    def test_a_metric_that_no_point_knows_says_so(self) -> None:
        self.assertEqual({row["runs"] for row in self.rows("query_p50_us")}, {"0"})
        self.browser.choose("sweep", "Metric", "query_p50_us")
        self.assertEqual(self.browser.text("sweep", ".missing"), "No point knows query_p50_us.")

    def test_the_other_key_can_be_the_axis(self) -> None:
        self.browser.choose("sweep", "Over", SCHEME)
        facets = [self.browser.run(TITLE, facet) for facet in self.browser.run(FACETS, self.browser.figure("sweep"))]
        self.assertEqual(facets, [f"{SERVERS} = {size}" for size in (3, 5, 8)])


if __name__ == "__main__":
    unittest.main()
