"""The figure of handovers in a real browser: its table, its marks and its finding are those of handovers.csv."""

from __future__ import annotations

import pathlib
import unittest
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Dict, List

from herdsim_e2e import Row, Run
from page_axes import heights, number_of, widths
from page_case import PAGE, InBrowser, rewrite, small

MARKS = """return [...arguments[0].querySelectorAll("svg.main path.handover")].map(path => [path.getAttribute("class"), path.querySelector("title").textContent,
    ...path.getAttribute("transform").match(/-?[\\d.]+/g).map(Number)])"""


# What a client saw that was connected, by "known", unless its location came late.
WORDS = {"1": "its location was known", "0": "its location never came", "": "not known"}


def moment(row: Row) -> str:
    """Returns when it happened as the page says it: JavaScript rounds a half up, Python to the even digit."""
    return f"{Decimal(float(row['at_us']) / 1e6).quantize(Decimal('0.001'), ROUND_HALF_UP)} s"


class InFigure(InBrowser):
    """What holds for each handovers.csv."""

    def rows(self) -> List[Row]:
        return self.csv("handovers.csv", "echo")

    def check_table(self) -> None:
        """Each row of the file is a row of the table, with its times in three digits."""
        shown = {(row[0], row[1]): row for row in self.browser.table("handovers")}
        rows = self.rows()
        self.assertEqual(len(shown), len(rows))
        for row in rows:
            _, _, from_, to, connected, saw = shown[row["client"], moment(row)]
            self.assertEqual((from_, to), (row["from"], row["to"]))
            self.check_time(connected, row["connected_us"])
            came = "its location came after "
            if row["stale_us"] and row["known"] == "0":
                self.assertTrue(saw.startswith(came), saw)
                self.check_time(saw.removeprefix(came), row["stale_us"])
            else:
                self.assertEqual(saw, WORDS[row["known"]] if row["connected_us"] else "was never connected")

    def check_time(self, shown: str, cell: str) -> None:
        if not cell:
            self.assertEqual(shown, "never")
        else:
            self.assertAlmostEqual(number_of(shown), float(cell), delta=0.006 * float(cell))

    def check_marks(self) -> None:
        figure = self.browser.figure("handovers")
        x, y = widths(self.browser, figure), heights(self.browser, figure, log=True)
        rows, marks = self.rows(), self.browser.run(MARKS, figure)
        self.assertEqual(len(marks), len(rows))
        for row, (style, title, left, top) in zip(rows, marks):
            self.assertEqual(style, "handover " + {"1": "known", "0": "stale", "": "unknown"}[row["known"]])
            self.assertTrue(title.startswith(f"{row['client']} at {moment(row)}, {row['from']} to {row['to']}: "), title)
            self.assertAlmostEqual(left, x(float(row["at_us"])), delta=0.5)
            if row["stale_us"] and float(row["stale_us"]) > 0:
                self.assertAlmostEqual(top, y(float(row["stale_us"])), delta=0.5)
        never = {mark[3] for row, mark in zip(rows, marks) if row["known"] == "0" and not row["stale_us"]}
        others = [mark[3] for row, mark in zip(rows, marks) if row["stale_us"]]
        self.assertLessEqual(len(never), 1)
        for top in never:  # above every mark with a time
            self.assertLess(top, min(others))


class EachOutcome(InFigure):
    @classmethod
    def subject(cls) -> Dict[str, Any]:
        return small()

    @classmethod
    def page_of(cls, run: Run) -> pathlib.Path:
        return rewrite(super().page_of(run), "handovers.csv", """
herd client at_us from to latency_us connected_us known stale_us
echo phone-0 100000.000 Alford Ball 9000.000 2000.000 - -
echo phone-2 300000.000 Alford Ball - 2500.000 0 -
echo phone-3 500000.000 Ball Alford - - - -
echo phone-0 1600000.000 Ball Welsh 9000.000 2100.000 0 34000.000
echo phone-1 1700000.000 Ball Welsh 9000.000 2000.000 1 0.000
echo phone-2 1800000.000 Ball Welsh 9000.000 2000.000 0 700.000
flood phone-0 1600000.000 Ball Welsh 9000.000 2000.000 1 0.000
""")

    def test_the_table_is_the_file(self) -> None:
        self.check_table()

    def test_each_row_has_its_mark(self) -> None:
        self.check_marks()

    def test_the_worst_come_first(self) -> None:
        self.assertEqual([row[5] for row in self.browser.table("handovers")][:3],
                         ["its location never came", "its location came after 34.0 ms", "its location came after 700 µs"])

    def test_the_finding_counts_them(self) -> None:
        said = self.browser.text("handovers")
        self.assertIn("echo: 6 handovers, of which 3 went to a server that did not know the client's last location.", said)
        self.assertIn("The longest was that of phone-0 to Welsh at 1.600 s: 34.0 ms.", said)
        self.assertIn("1 of these locations never came", said)

    def test_another_herd_has_its_own(self) -> None:
        self.browser.open(self.page, "#herd=flood")
        self.assertEqual(len(self.browser.table("handovers")), 1)
        self.assertTrue(self.browser.text("handovers").startswith("flood: 1 handover, of which 0 went"))


class OfARun(InFigure):
    """A run in which clients go from server to server faster than their updates do."""

    @classmethod
    def subject(cls) -> Dict[str, Any]:
        return small(herds=[{"name": "echo", "propagation": "flood-echo", "link": {"latency": "300ms"}}], clients=[{"id": "phone-{n}", "count": 8, "server": "spread", "updates": "20/s", "handover": {"every": "300ms"}}],
                     events=[{"at": "500ms", "do": "server_down", "server": "Ball"}, {"at": "900ms", "do": "server_up", "server": "Ball"},
                             {"at": "1.2s", "do": "server_down", "server": "Welsh"}])

    @classmethod
    def page_of(cls, run: Run) -> pathlib.Path:
        return run.folder / PAGE

    def test_it_has_handovers_of_two_kinds(self) -> None:
        self.assertEqual({row["known"] for row in self.rows()} & {"0", "1"}, {"0", "1"})

    def test_the_table_is_the_file(self) -> None:
        self.check_table()

    def test_each_row_has_its_mark(self) -> None:
        self.check_marks()

    def test_the_finding_is_the_summary(self) -> None:
        summary = self.csv("summary.csv", "echo")[0]
        self.assertIn(f"{summary['handovers']} handovers, of which {summary['handovers_stale']} went to a server that did not know",
                      self.browser.text("handovers"))


if __name__ == "__main__":
    unittest.main()
