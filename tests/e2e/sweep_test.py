"""Tests sweeps as scripts use them: what is run, what is written, and how they are resumed."""

from __future__ import annotations

import json
import pathlib
import re
import signal
import socket
import unittest
from typing import Any, Dict, List

from herdsim_e2e import (Process, Row, Run, TestCase, free_ports, nearest_rank, wait_until,
                         write_scenario)

POINT_FILES = {"summary.csv", "updates.csv", "deliveries.csv", "links.csv", "servers.csv",
               "clients.csv", "queries.csv", "handovers.csv", "events.csv", "messages.csv",
               "timeline.csv", "heat.csv", "histograms.csv", "undelivered.csv", "run.json", "logs"}


def sweep(keys: Dict[str, Any], name: str = "swept", **members: Any) -> Dict[str, Any]:
    """Returns a sweep over short points: one update of each of four clients, in a ring and in a
    clique."""
    return {"name": name, "duration": "50ms",
            "herds": [{"name": "ring", "servers": 5, "links": "ring"},
                      {"name": "clique", "servers": 5, "links": "complete"}],
            "clients": [{"id": "c-{n}", "count": 4, "server": "spread",
                         "updates": {"every": "50ms"}}],
            "sweep": keys, **members}


SIZES = {"herds.*.servers": [3, 6], "herds.*.propagation": ["flood-echo", "flood"],
         "seed": {"count": 2}}


class SweepTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.results = self.folder / "results"

    def run_sweep(self, scenario: Dict[str, Any], *options: str) -> Run:
        ended = self.herdsim("run", str(write_scenario(scenario, self.folder)), *options)
        ended.folder = self.results / scenario["name"]
        self.assertEqual([path.name for path in self.folder.rglob("*.partial")], [])
        return ended

    def begin(self, scenario: Dict[str, Any], point: str, *options: str) -> Process:
        """Starts a run and waits until it has reached that point."""
        path = write_scenario(scenario, self.folder)
        process = self.start("run", str(path), *options)
        logs = self.results / f".{scenario['name']}.partial" / "points" / point / "logs"
        # The first progress is shown after the remains of an earlier run are removed.
        wait_until(lambda: process.ended() or (" points" in process.stderr() and logs.exists()),
                   f"point {point} runs")
        self.assertFalse(process.ended(), process.stderr())
        return process

    def statuses(self, run: Run) -> List[str]:
        return [point["status"] for point in run.json()["points"]]

    @staticmethod
    def contents(folder: pathlib.Path) -> Dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes()
                for path in sorted(folder.rglob("*")) if path.is_file()}


class Files(SweepTest):
    def test_every_point_is_a_run_and_the_tables_gather_them(self) -> None:
        run = self.run_sweep(sweep(SIZES))
        self.assertEqual(run.status, 0, run.stderr)
        # The page report.html is there if herdsim was built with it.
        self.assertEqual({path.name for path in run.folder.iterdir()} - {"report.html"},
                         {"summary.csv", "sweep.csv", "run.json", "points"})
        points = sorted((run.folder / "points").iterdir())
        self.assertEqual([path.name for path in points], [f"{n:04}" for n in range(1, 9)])
        rows = run.table("summary.csv")
        self.assertEqual(list(rows[0])[:4],
                         ["point", "herds_servers", "herds_propagation", "scenario"])
        gathered: List[Row] = []
        for number, path in enumerate(points, 1):
            self.assertEqual({each.name for each in path.iterdir()}, POINT_FILES)
            point = Run(0, "", "", path)
            self.assertIs(point.json()["complete"], True)
            self.assertNotIn("sweep", point.json()["scenario"])
            gathered += [{"point": str(number), "herds_servers": row["servers"],
                          "herds_propagation": row["propagation"], **row}
                         for row in point.table("summary.csv")]
        self.assertEqual(rows, gathered)
        self.assertEqual([row["seed"] for row in run.table("summary.csv", "ring")], ["1", "2"] * 4)

    def test_the_user_chooses_the_columns(self) -> None:
        scenario = sweep({"herds.*.link.loss": ["1%", 0], "seed": {"count": 2}}, clock="virtual")
        run = self.run_sweep(scenario, "--columns", "coverage_p99_us,covered_share,lost")
        self.assertEqual(run.status, 0, run.stderr)
        self.assertIn("cover p99", run.stdout)
        self.assertNotIn("msgs/upd", run.stdout)
        rows = run.table("sweep.csv")
        self.assertEqual([row["metric"] for row in rows],
                         ["coverage_p99_us", "covered_share", "lost"] * 4)
        self.assertEqual([row["herds_link_loss"] for row in rows], ["0.01"] * 6 + ["0"] * 6)
        self.assertEqual(run.json()["sweep"][0], {"key": "herds.*.link.loss",
                                                  "column": "herds_link_loss", "values": ["1%", 0]})
        # A name as pandas and R have names, so that neither changes it.
        for table in ("sweep.csv", "summary.csv"):
            for name in run.table(table)[0]:
                self.assertRegex(name, r"^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$")
        for options, said in (
                (("--columns", "coverage_p9_us"), "did you mean coverage_p99_us?"),
                (("--columns", "lost", "--set", "sweep=null"), "--columns: is for sweeps")):
            refused = self.herdsim("run", str(self.folder / "swept.json"), *options)
            self.assertEqual(refused.status, 2)
            self.assertIn(said, refused.stderr)

    def test_the_figures_are_those_of_each_points_scenario(self) -> None:
        run = self.run_sweep(sweep(SIZES))
        for row in run.table("summary.csv"):
            n = int(row["herds_servers"])
            links = n if row["herd"] == "ring" else n * (n - 1) // 2
            echoes = row["herds_propagation"] == "flood-echo"
            messages = 2 * links - (0 if echoes else n - 1)
            self.assert_counts(row, accepted=4, messages=4 * messages, violations=0,
                               duplicates=4 * (messages - n + 1))

    def test_spreads_are_over_the_seeds(self) -> None:
        run = self.run_sweep(sweep({"seed": {"count": 5}, "clients.0.count": [4, 8]}, seed=3))
        rows = run.table("summary.csv")
        self.assertEqual({row["seed"] for row in rows}, {"3", "4", "5", "6", "7"})
        keyed = {(row["clients_0_count"], row["herd"], row["metric"]): row
                 for row in run.table("sweep.csv")}
        self.assertEqual(len(keyed), len(run.table("sweep.csv")))
        self.assertNotIn(("4", "ring", "seed"), keyed)
        self.assertEqual(keyed["8", "ring", "query_p50_us"]["runs"], "0")
        self.assertEqual(keyed["8", "ring", "query_p50_us"]["median"], "")
        for count in ("4", "8"):
            for herd in ("ring", "clique"):
                for metric in ("accepted", "messages", "coverage_p50_us", "reply_max_us"):
                    values = [row[metric] for row in rows
                              if (row["clients_0_count"], row["herd"]) == (count, herd)]
                    figures = [float(value) for value in values]
                    told = keyed[count, herd, metric]
                    self.assertEqual(told["runs"], "5")
                    for column, percent in (("min", 0), ("q1", 25), ("median", 50), ("q3", 75),
                                            ("max", 100)):
                        self.assertIn(told[column], values)
                        self.assertEqual(float(told[column]), nearest_rank(figures, percent))

    def test_run_json_says_what_was_swept(self) -> None:
        scenario = sweep(SIZES, seed=8)
        run = self.run_sweep(scenario)
        told = run.json()
        self.assertIs(told["complete"], True)
        self.assertEqual((told["name"], told["seed"], told["clock"]), ("swept", 8, "live"))
        self.assertEqual(told["scenario"], scenario)
        self.assertEqual([key["key"] for key in told["sweep"]], [*SIZES])
        self.assertEqual(told["sweep"][2]["values"], [8, 9])
        self.assertEqual(told["points"][4], {
            "point": 5, "status": "held", "folder": "points/0005",
            "values": {"herds.*.servers": 6, "herds.*.propagation": "flood-echo", "seed": 8}})
        self.assertEqual([file for file in told["files"] if file != "report.html"],
                         ["summary.csv", "sweep.csv"])

    def test_the_table_has_each_combination_and_says_where_the_rest_is(self) -> None:
        run = self.run_sweep(sweep(SIZES))
        self.assertIn("swept  8 points, medians over 2 seeds\n", run.stdout)
        self.assertRegex(run.stdout, r"(?m)^ +6 +flood +clique +25\.00 +4\.00 ")
        self.assertRegex(run.stdout, r"(?m)^files +results/swept: sweep\.csv ")
        self.assertLessEqual(max(map(len, run.stdout.splitlines())), 100)
        self.assertRegex(run.stderr, r"(?m)^swept: 0 of 8 points$")
        self.assertEqual(self.run_sweep(sweep(SIZES), "--quiet").stderr, "")

    def test_the_command_line_changes_the_sweep_too(self) -> None:
        run = self.run_sweep(sweep(SIZES), "--seed", "20", "--set", "sweep.seed.count=1", "--set",
                             "sweep.herds.*.servers=[4]", "--set", "herds.*.recovery=sync")
        self.assertEqual(run.status, 0, run.stderr)
        rows = run.table("summary.csv")
        self.assertEqual({(row["seed"], row["servers"], row["recovery"]) for row in rows},
                         {("20", "4", "sync")})
        self.assertEqual(len(rows), 4)

    def test_null_takes_the_sweep_away(self) -> None:
        run = self.run_sweep(sweep(SIZES), "--set", "sweep=null")
        self.assertEqual(run.status, 0, run.stderr)
        self.assertEqual(len(run.table("summary.csv")), 2)
        self.assertTrue((run.folder / "deliveries.csv").exists())


class Status(SweepTest):
    def test_1_names_the_point_and_the_figure_that_does_not_hold(self) -> None:
        expect = [{"herd": "ring", "metric": "messages", "max": 24},
                  {"herd": "*", "metric": "accepted", "equals": 4}]
        run = self.run_sweep(sweep({"herds.*.servers": [3, 5]}, expect=expect))
        self.assertEqual(run.status, 1, run.stderr)
        self.assertIn("  FAILED point 2 (herds.*.servers = 5) ring: messages is 40, should be at "
                      "most 24\n", run.stdout)
        self.assertIn("expectations  5 of 6 held\n", run.stdout)
        self.assertEqual(self.statuses(run), ["held", "not held"])
        self.assertEqual([(each["point"], each["herd"], each["figure"])
                          for each in run.json()["expectations"] if not each["held"]],
                         [(2, "ring", 40)])
        self.assertIs(run.json()["complete"], True)

    def test_2_for_points_that_are_wrong_and_none_is_run(self) -> None:
        scenario = sweep({"herds.0.links": ["ring", {"regular": 4}], "herds.*.servers": [4, 6]})
        for command in ("run", "check"):
            ended = self.herdsim(command, str(write_scenario(scenario, self.folder)))
            self.assertEqual(ended.status, 2)
            path = re.escape(str(self.folder / "swept.json"))
            self.assertRegex(
                ended.stderr,
                rf"^{path}:[0-9]+: herds\.0\.links\.regular: .*, when the sweep sets "
                r'herds\.0\.links = \{"regular":4\} and herds\.\*\.servers = 4 \(.*\)\n$')
            self.assertFalse(self.results.exists())

    def test_2_for_what_only_sweeps_have_and_for_what_no_sweep_has(self) -> None:
        plain = {**sweep({}), "name": "plain"}
        del plain["sweep"]
        without = str(write_scenario(plain, self.folder))
        swept = str(write_scenario(sweep(SIZES), self.folder))
        for call, said in (
                (["run", without, "--resume"], "--resume"), (["run", without, "--jobs", "2"],
                                                             "--jobs"),
                (["run", swept, "--jobs", "0"], "--jobs"), (["run", swept, "--jobs", "2"], "--jobs"),
                (["run", swept, "--dry-run"], "sweep"), (["serve", swept], "sweep"),
                (["trace", swept], "sweep"), (["run", swept, swept], "swept"),
                (["run", swept, "--set", "herds.0.servers=4"], "--set herds.0.servers")):
            with self.subTest(call=call):
                ended = self.herdsim(*call)
                self.assertEqual((ended.status, ended.stdout), (2, ""))
                self.assertIn(said, ended.stderr)
                self.assertFalse(self.results.exists())

    def test_a_plain_scenario_beside_a_sweep(self) -> None:
        plain = {**sweep({}), "name": "plain"}
        del plain["sweep"]
        run = self.run_sweep(sweep(SIZES), str(write_scenario(plain, self.folder)), "--resume",
                             "--jobs", "1")
        self.assertEqual(run.status, 0, run.stderr)
        self.assertTrue((self.results / "plain" / "deliveries.csv").exists())
        self.assertTrue((run.folder / "sweep.csv").exists())


def with_port(name: str, port: int) -> Dict[str, Any]:
    """Returns a sweep of three points, the second of which needs that port."""
    servers = [["S1", "S2", "S3", {"name": "S4", "port": p}] for p in (0, port)]
    return sweep({"herds.0.servers": [3, servers[1], 5]}, name)


class Failures(SweepTest):
    def setUp(self) -> None:
        super().setUp()
        self.taken = socket.socket()
        self.addCleanup(self.taken.close)
        self.taken.bind(("127.0.0.1", free_ports(1)[0]))  # which no other process is given
        self.taken.listen()
        self.port = self.taken.getsockname()[1]

    def test_3_for_a_point_that_fails_and_the_others_are_there(self) -> None:
        run = self.run_sweep(with_port("swept", self.port))
        self.assertEqual(run.status, 3, run.stdout)
        self.assertRegex(run.stderr,
                         rf"(?m)^swept: point 2 \(.*\): not carried out: .*{self.port}")
        self.assertEqual(self.statuses(run), ["held", "failed", "held"])
        self.assertIn(str(self.port), run.json()["points"][1]["why"])
        self.assertIs(run.json()["complete"], False)
        self.assertEqual([row["point"] for row in run.table("summary.csv", "ring")], ["1", "3"])
        self.assertEqual([path.name for path in sorted((run.folder / "points").iterdir())],
                         ["0001", "0003"])

    def test_what_failed_is_run_again_with_resume_and_nothing_else(self) -> None:
        run = self.run_sweep(with_port("swept", self.port))
        before = self.contents(run.folder / "points")
        self.taken.close()
        again = self.run_sweep(with_port("swept", self.port), "--resume")
        self.assertEqual(again.status, 0, again.stderr)
        self.assertEqual(self.statuses(again), ["held"] * 3)
        self.assertIs(again.json()["complete"], True)
        after = self.contents(again.folder / "points")
        self.assertEqual({name: after[name] for name in before}, before)
        self.assertEqual([row["point"] for row in again.table("summary.csv", "ring")],
                         ["1", "2", "3"])

    def test_where_all_fail_the_earlier_results_stay(self) -> None:
        keys = {"seed": {"count": 2}}
        self.assertEqual(self.run_sweep(sweep(keys)).status, 0)
        before = self.contents(self.results)
        scenario = sweep(keys)
        scenario["herds"][0]["servers"] = ["A", "B", {"name": "C", "port": self.port}]
        run = self.run_sweep(scenario)
        self.assertEqual((run.status, run.stdout), (3, ""))
        self.assertRegex(run.stderr, rf"point 1 \(seed = 1\) and 1 more point: .*{self.port}")
        self.assertEqual(self.contents(self.results), before)


class Resume(SweepTest):
    def endless(self) -> Dict[str, Any]:
        """Returns a sweep of three points, the second of which only an interruption ends."""
        return sweep({"duration": ["50ms", "10min", "60ms"]})

    def test_130_when_interrupted_and_what_is_finished_is_written(self) -> None:
        first: Dict[str, bytes] = {}
        for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = self.begin(self.endless(), "0002", "--resume")
            process.send_signal(which)
            self.assertEqual(process.wait(), 130, process.stderr())
            run = Run(130, process.stdout(), process.stderr(), self.results / "swept")
            self.assertEqual(self.statuses(run), ["held", "not run", "not run"])
            self.assertIs(run.json()["complete"], False)
            self.assertEqual({row["point"] for row in run.table("summary.csv")}, {"1"})
            self.assertEqual([path.name for path in (run.folder / "points").iterdir()], ["0001"])
            self.assertIn("INCOMPLETE: 2 points not run yet (--resume runs the rest)", run.stdout)
            self.assertFalse((self.results / ".swept.partial").exists())
            points = self.contents(run.folder / "points")
            self.assertTrue(points == (first or points), "taken, not run again")
            first = points

    def test_a_killed_sweep_goes_on_from_what_it_left(self) -> None:
        process = self.begin(self.endless(), "0002")
        left = self.results / ".swept.partial"
        first = self.contents(left / "points" / "0001")
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.assertFalse((self.results / "swept").exists())
        process = self.begin(self.endless(), "0002", "--resume")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        self.assertTrue(self.contents(self.results / "swept" / "points" / "0001") == first)
        self.assertFalse(left.exists())

    def test_without_resume_it_begins_anew(self) -> None:
        process = self.begin(self.endless(), "0002")
        first = self.contents(self.results / ".swept.partial" / "points" / "0001")
        process.send_signal(signal.SIGKILL)
        process.wait()
        process = self.begin(self.endless(), "0002")
        point = self.results / ".swept.partial" / "points" / "0001"
        self.assertTrue(self.contents(point) != first)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)

    def test_a_whole_sweep_is_not_run_again(self) -> None:
        self.assertEqual(self.run_sweep(sweep(SIZES)).status, 0)
        before = self.contents(self.results)
        run = self.run_sweep(sweep(SIZES), "--resume")
        self.assertEqual(run.status, 0, run.stderr)
        self.assertIn("nothing was run", run.stdout)
        self.assertIn("swept  8 points", run.stdout)
        self.assertEqual(self.contents(self.results), before)

    def test_a_whole_sweep_has_its_status_again(self) -> None:
        scenario = sweep(SIZES, expect=[{"herd": "*", "metric": "lost", "min": 1}])
        self.assertEqual(self.run_sweep(scenario).status, 1)
        self.assertEqual(self.run_sweep(scenario, "--resume").status, 1)

    def test_where_nothing_is_all_is_run(self) -> None:
        run = self.run_sweep(sweep(SIZES), "--resume")
        self.assertEqual(run.status, 0, run.stderr)
        self.assertEqual(self.statuses(run), ["held"] * 8)

    def test_3_where_the_results_are_of_something_else(self) -> None:
        self.assertEqual(self.run_sweep(sweep(SIZES)).status, 0)
        told = self.results / "swept" / "run.json"
        other = json.loads(told.read_text())
        before = self.contents(self.results)
        run = self.run_sweep(sweep(SIZES), "--resume", "--set", "drain=3s")
        self.assertEqual((run.status, run.stdout), (3, ""))
        self.assertIn("is from another scenario (leave --resume out", run.stderr)
        self.assertEqual(self.contents(self.results), before)

        other["version"] = "0.0.0"
        told.write_text(json.dumps(other))
        run = self.run_sweep(sweep(SIZES), "--resume")
        self.assertEqual(run.status, 3)
        self.assertIn("is from another version (0.0.0)", run.stderr)

        plain = sweep(SIZES)
        del plain["sweep"]
        self.run_sweep(plain)
        run = self.run_sweep(sweep(SIZES), "--resume")
        self.assertEqual(run.status, 3)
        self.assertIn("is not from a sweep", run.stderr)


if __name__ == "__main__":
    unittest.main()
