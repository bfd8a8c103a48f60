"""Tests that timeline.csv, heat.csv, histograms.csv, undelivered.csv and messages.csv agree with summary.csv
and updates.csv."""

from __future__ import annotations

import collections
import unittest
from decimal import Decimal
from typing import Any, Dict, List, Tuple

from herdsim_e2e import SOURCE, Row, Run, TestCase, by, total

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
        self.heat = by(run.table("heat.csv"), "herd")
        self.histograms = by(run.table("histograms.csv"), "herd")
        self.undelivered = by(run.table("undelivered.csv"), "herd")

    def check(self) -> None:
        for summary in self.run.table("summary.csv"):
            herd = summary["herd"]
            bins = self.timeline[herd]
            self.check_bins(summary, bins)
            self.check_greatest(summary, bins)
            self.check_heat(self.heat.get(herd, []), bins)
            for metric, count in (("propagation", number(summary, "deliveries")),
                                  ("coverage", number(summary, "covered")), ("reply", None),
                                  ("query", None), ("staleness", None)):
                self.check_histogram(summary, metric, count)
            counted = sum(int(row["undelivered"]) for row in self.undelivered.get(herd, []))
            self.test.assertEqual(counted, number(summary, "undelivered"), herd)
        self.check_messages()

    def check_messages(self) -> None:
        updates = {(row["herd"], row["update"]): row for row in self.run.table("updates.csv")}
        counts: Dict[Tuple[str, str], List[int]] = {}
        for row in self.run.table("messages.csv"):
            count = counts.setdefault((row["herd"], row["update"]), [0, 0, 0])
            is_duplicate = row["kind"] == "duplicate"
            count[0] += 1
            count[1] += is_duplicate
            count[2] += is_duplicate and row["echo"] == "1"
            self.test.assertEqual(row["received_us"] == "", row["kind"] == "lost", row)
        self.test.assertTrue(counts)
        for key, count in counts.items():
            wanted = [int(updates[key][name]) for name in ("messages", "duplicates", "echoes")]
            self.test.assertEqual(count, wanted, key)

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

    def check_heat(self, rows: List[Row], bins: List[Row]) -> None:
        """Each slice has the deliveries of its two bins, and its last class the greatest latency."""
        slices = by(rows, "from_us")
        for first, second in zip(bins[::2], [*bins[1::2], None]):
            classes = slices.pop(first["from_us"], [])
            pair = [first] if second is None else [first, second]
            self.test.assertEqual(total(classes, "count"), sum(number(row, "deliveries") for row in pair), pair)
            known = [Decimal(row["propagation_max_us"]) for row in pair if row["propagation_max_us"]]
            self.test.assertEqual(bool(classes), bool(known), pair)
            if known:
                last = classes[-1]
                self.test.assertEqual(last["to_us"], pair[-1]["to_us"])
                self.test.assertLessEqual(Decimal(last["least_us"]), max(known))
                self.test.assertGreaterEqual(Decimal(last["upto_us"]), max(known))
        self.test.assertEqual(slices, {})

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

    def test_all_messages_add_up_to_the_summary(self) -> None:
        for name in ("churn", "chaos"):
            run = self.run_file(name, "--set", 'messages="all"')
            rows = by(run.table("messages.csv"), "herd")
            for summary in run.table("summary.csv"):
                kinds = collections.Counter(row["kind"] for row in rows[summary["herd"]])
                self.assertEqual(sum(kinds.values()), number(summary, "messages"))
                for kind, column in (("delivery", "deliveries"), ("again", "deliveries_again"),
                                     ("duplicate", "duplicates"), ("stale", "stale"),
                                     ("lost", "lost")):
                    self.assertEqual(kinds[kind], number(summary, column), (name, kind))
                self.assertEqual(total(rows[summary["herd"]], "repair"), number(summary, "repairs"))

    def test_first_arrivals_are_the_deliveries(self) -> None:
        run = self.run_file("mobility", "--set", 'messages={"updates": [3, 40]}')
        told = {(row["herd"], row["update"], row["to"], row["from"], row["hops"])
                for row in run.table("messages.csv") if row["kind"] == "delivery"}
        wanted = {(row["herd"], row["update"], row["server"], row["from"], row["hops"])
                  for row in run.table("deliveries.csv") if row["update"] in ("3", "40")}
        self.assertTrue(wanted)
        self.assertEqual(told, wanted)

    def test_the_scenario_says_which_updates_have_rows(self) -> None:
        for value, wanted in (("0", set()), ('{"updates": [5, 2]}', {"2", "5"}),
                              ('{"rows": 10}', {"100"})):
            run = self.run_file("flooding", "--set", f"messages={value}")
            self.assertEqual({row["update"] for row in run.table("messages.csv", "flood-echo")},
                             wanted, value)
        run = self.run_file("flooding", "--set", "record=summary")
        self.assertEqual(run.table("messages.csv"), [])
        run = self.run_file("flooding", "--set", 'messages={"updates": [900]}')
        self.assertIn('flood: "messages" names update 900, but the script has 200 updates',
                      run.json()["notes"])

    def test_timeline_heat_and_histograms_are_the_same_at_every_record(self) -> None:
        told: Dict[str, Any] = {}
        for record in ("summary", "updates", "deliveries"):
            run = self.run_file("churn", "--set", f"record={record}")
            files = [(run.folder / name).read_bytes() for name in ("timeline.csv", "heat.csv", "histograms.csv")]
            self.assertEqual(told.setdefault("files", files), files, record)

    def run_file(self, name: str, *options: str) -> Run:
        out = self.folder / f"out-{name}"
        clock = () if "--clock" in options else ("--clock", "virtual")
        run = self.herdsim("run", str(SOURCE / "scenarios" / f"{name}.json"), "--out", str(out),
                           "--quiet", *clock, *options)
        # A late live run may miss an expectation of the scenario; its files agree all the same.
        self.assertIn(run.status, (0, 1) if "live" in options else (0,), run.stderr)
        run.folder = out
        return run


if __name__ == "__main__":
    unittest.main()
