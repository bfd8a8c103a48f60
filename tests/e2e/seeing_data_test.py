"""Tests that timeline.csv, histograms.csv and undelivered.csv agree with summary.csv."""

from __future__ import annotations

import unittest
from decimal import Decimal
from typing import Any, Dict, List

from herdsim_e2e import SOURCE, Row, Run, TestCase, by

# With churn, cuts, moves, queries, slow links and other schemes among them.
SHIPPED = ["churn", "mobility", "partition", "places", "schemes", "slow-links"]
SUMS = ["accepted", "covered", "deliveries", "messages", "duplicates", "echoes", "stale", "lost",
        "repairs"]


def number(row: Row, column: str) -> int:
    return int(row[column] or 0)


class Agreement:
    """Compares the files of one run."""

    def __init__(self, test: unittest.TestCase, run: Run) -> None:
        self.test, self.run = test, run
        self.timeline = by(run.table("timeline.csv"), "herd")
        self.histograms = by(run.table("histograms.csv"), "herd")
        self.undelivered = by(run.table("undelivered.csv"), "herd")

    def check(self) -> None:
        for summary in self.run.table("summary.csv"):
            herd = summary["herd"]
            bins = self.timeline[herd]
            self.check_bins(summary, bins)
            self.check_greatest(summary, bins)
            for metric, count in (("propagation", number(summary, "deliveries")),
                                  ("coverage", number(summary, "covered")), ("reply", None),
                                  ("query", None), ("staleness", None)):
                self.check_histogram(summary, metric, count)
            counted = sum(int(row["undelivered"]) for row in self.undelivered.get(herd, []))
            self.test.assertEqual(counted, number(summary, "undelivered"), herd)

    def check_bins(self, summary: Row, bins: List[Row]) -> None:
        self.test.assertLessEqual(len(bins), 400)
        width = Decimal(bins[0]["to_us"])
        for i, row in enumerate(bins):
            self.test.assertEqual((Decimal(row["from_us"]), Decimal(row["to_us"])),
                                  (i * width, (i + 1) * width))
        for column in SUMS:
            self.test.assertEqual(sum(number(row, column) for row in bins),
                                  number(summary, column), (summary["herd"], column))
            self.test.assertEqual(summary[column] == "", bins[0][column] == "", column)
        still_open = number(summary, "accepted") - number(summary, "covered")
        self.test.assertEqual(number(bins[-1], "open_updates"), still_open, summary["herd"])

    def check_greatest(self, summary: Row, bins: List[Row]) -> None:
        for column in ("propagation_max_us", "reply_max_us"):
            known = [Decimal(row[column]) for row in bins if row[column]]
            wanted = summary[column]
            self.test.assertEqual(max(known, default=None), Decimal(wanted) if wanted else None)

    def check_histogram(self, summary: Row, metric: str, count: Any) -> None:
        rows = [row for row in self.histograms.get(summary["herd"], []) if row["metric"] == metric]
        total = sum(int(row["count"]) for row in rows)
        if count is not None:
            self.test.assertEqual(total, count, (summary["herd"], metric))
        for column in (name for name in summary if name.startswith(metric + "_p")):
            if not summary[column]:
                self.test.assertEqual(rows, [], column)
                continue
            percent = int(column[len(metric) + 2:].split("_")[0])
            rank, seen, below = -(-total * percent // 100), 0, Decimal(-1)
            for row in rows:
                seen += int(row["count"])
                if seen >= max(rank, 1):
                    break
                below = Decimal(row["upto_us"])
            self.test.assertLess(below, Decimal(summary[column]), column)
            self.test.assertLessEqual(Decimal(summary[column]), Decimal(row["upto_us"]), column)
        greatest = summary.get(metric + "_max_us")
        if greatest:
            self.test.assertEqual(Decimal(rows[-1]["upto_us"]), Decimal(greatest), metric)


class SeeingData(TestCase):
    def test_they_agree_in_shipped_scenarios(self) -> None:
        for name in SHIPPED:
            with self.subTest(name):
                Agreement(self, self.run_file(name)).check()

    def test_they_agree_in_a_live_run(self) -> None:
        Agreement(self, self.run_file("partition", "--clock", "live")).check()

    def test_timeline_and_histograms_are_the_same_at_every_record(self) -> None:
        told: Dict[str, Any] = {}
        for record in ("summary", "updates", "deliveries"):
            run = self.run_file("churn", "--set", f"record={record}")
            files = [(run.folder / name).read_bytes() for name in ("timeline.csv", "histograms.csv")]
            self.assertEqual(told.setdefault("files", files), files, record)

    def run_file(self, name: str, *options: str) -> Run:
        out = self.folder / f"out-{name}"
        clock = () if "--clock" in options else ("--clock", "virtual")
        run = self.herdsim("run", str(SOURCE / "scenarios" / f"{name}.json"), "--out", str(out),
                           "--quiet", *clock, *options)
        self.assertEqual(run.status, 0, run.stderr)
        run.folder = out
        return run


if __name__ == "__main__":
    unittest.main()
