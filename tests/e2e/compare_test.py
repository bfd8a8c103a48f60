"""Tests `herdsim compare`: what differs, the verdicts, the gates, the formats."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import shutil
import unittest
from typing import Any, Callable, Dict, List, Tuple

from herdsim_e2e import SOURCE, Row, Run, TestCase

Change = Callable[[Row], None]
SWEEP = {"name": "small", "duration": "200ms", "record": "summary", "clock": "virtual",
         "herds": [{"name": "ring", "servers": 5, "links": "ring"}],
         "clients": [{"id": "c-{n}", "count": 5, "server": "spread", "updates": "20/s"}],
         "sweep": {"seed": {"count": 10}}}


class CompareCase(TestCase):
    def flooding(self, name: str = "flooding", *options: str) -> str:
        run = self.herdsim("run", str(SOURCE / "scenarios" / "flooding.json"), "--clock", "virtual",
                           "--quiet", "--report", "none", "--out", str(self.folder / name),
                           "--set", "duration=1s", "--set", "expect=[]", *options)
        self.assertEqual(run.status, 0, run.stderr)
        return name

    def compared(self, *arguments: str, status: int = 0) -> str:
        ended = self.herdsim("compare", *arguments)
        self.assertEqual((ended.status, ended.stderr), (status, ""), ended.stdout)
        return ended.stdout

    def as_json(self, *arguments: str, status: int = 0) -> Dict[str, Any]:
        return json.loads(self.compared(*arguments, "--format", "json", status=status))

    def refused(self, *arguments: str, status: int = 2) -> str:
        ended = self.herdsim("compare", *arguments)
        self.assertEqual((ended.status, ended.stdout), (status, ""), ended.stderr)
        self.assertNotIn("\n", ended.stderr[:-1])
        return ended.stderr

    def sweep(self, name: str = "base", **keys: Any) -> str:
        self.write_and_run({**SWEEP, **keys}, name)
        return name

    def write_and_run(self, scenario: Dict[str, Any], name: str) -> None:
        path = self.folder / "scenario.json"
        path.write_text(json.dumps(scenario))
        run = self.herdsim("run", str(path), "--quiet", "--report", "none", "--out",
                           str(self.folder / name))
        self.assertEqual(run.status, 0, run.stderr)

    def changed(self, name: str, copy: str, change: Change) -> str:
        """Copies a results folder, and changes the rows of its summary.csv."""
        shutil.copytree(self.folder / name, self.folder / copy)
        path = self.folder / copy / "summary.csv"
        rows = list(csv.DictReader(io.StringIO(path.read_text(), newline="")))
        for row in rows:
            change(row)
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return copy

    def live_sweeps(self, factor: float, seed: int) -> Tuple[str, str]:
        """Returns two sweeps with noisy reply times, the second slower by this factor."""
        chance = random.Random(seed)

        def noisy(times: float) -> Change:
            def change(row: Row) -> None:
                row["clock"] = "live"
                row["reply_p50_us"] = f"{200 * times * chance.lognormvariate(0, 0.05):.3f}"
            return change

        name = f"{seed}-{factor}"
        if not (self.folder / "virtual").exists():
            self.sweep("virtual")
        return (self.changed("virtual", f"a-{name}", noisy(1)),
                self.changed("virtual", f"b-{name}", noisy(factor)))


def metrics_of(comparison: Dict[str, Any], herd: int = 0) -> Dict[str, Dict[str, Any]]:
    found = comparison["comparisons"][0]["herds"][herd]["metrics"]
    return {each["metric"]: each for each in found}


class Runs(CompareCase):
    def test_a_run_with_itself_is_the_same_run(self) -> None:
        run = self.flooding()
        text = self.compared(run, run)
        self.assertIn("the same run  equal trace hashes\n", text)
        self.assertNotIn("not tested", text)
        again = self.flooding("again")
        document = self.as_json(run, again)
        self.assertTrue(document["comparisons"][0]["same_run"])
        verdicts = {name: each["verdict"] for name, each in metrics_of(document).items()
                    if name != "wall_s"}
        self.assertEqual(set(verdicts.values()), {"same"}, verdicts)

    def test_a_live_run_with_itself_is_the_same_run(self) -> None:
        scenario = {key: value for key, value in SWEEP.items() if key not in ("clock", "sweep")}
        run: Run = self.run_scenario(scenario)
        text = self.compared(str(run.folder), str(run.folder))
        self.assertIn("the same run  equal run.json\n", text)
        self.assertNotIn("undecided", text)

    def test_the_herds_of_a_run_are_compared_exactly(self) -> None:
        run = self.flooding()
        text = self.compared(f"{run}:flood-echo", f"{run}:flood")
        self.assertRegex(text, r'(?m)^scenario +herd\.propagation: "flood-echo" -> "flood"$')
        self.assertRegex(text, r"(?m)^messages +200 +120 +-40\.0 % +exact +better$")
        self.assertRegex(text, r"(?m)^same +servers, links, .*updates, accepted")
        self.assertLessEqual(max(map(len, text.splitlines())), 100)

    def test_what_differs(self) -> None:
        base = self.flooding("base")
        other = self.flooding("other", "--set", "herds.1.link.latency=5ms", "--seed", "7")
        differences = self.as_json(base, other)["comparisons"][0]["differences"]
        self.assertEqual([(each["topic"], each["key"], each["base"], each["other"])
                          for each in differences],
                         [("scenario", "herds.flood.link.latency", None, "5ms"),
                          ("scenario", "seed", 1, 7)])
        path = self.folder / other / "run.json"
        document = json.loads(path.read_text())
        document["herdsim"]["commit"] = "0123abc"
        document["machine"]["cores"] = 12345
        document["complete"] = False
        document["schedule_lag"]["p99_us"] = 2500
        path.write_text(json.dumps(document))
        text = self.compared(base, other)
        self.assertRegex(text, r'(?m)^program +commit: ".*" -> "0123abc"$')
        self.assertRegex(text, r"(?m)^machine +cores: \d+ -> 12345$")
        self.assertRegex(text, r"(?m)^caution +other is incomplete")
        self.assertRegex(text, r"(?m)^caution +other fell behind its script: .* at least 2\.50 ms\n")

    def test_more_sides_are_each_compared_with_the_first(self) -> None:
        run = self.flooding()
        document = self.as_json(f"{run}:flood-echo", f"split={run}:flood", f"{run}:flood-echo")
        self.assertEqual([(each["base"], each["other"]) for each in document["comparisons"]],
                         [(f"{run}:flood-echo", "split"),
                          (f"{run}:flood-echo", f"{run}:flood-echo (2)")])
        self.assertEqual([each["same_run"] for each in document["comparisons"]], [False, True])

    def test_what_only_one_side_has_is_listed(self) -> None:
        both = self.flooding("both")
        echo = self.flooding("echo", "--set", "herds=" + json.dumps([{"name": "flood-echo"}]))
        text = self.compared(both, echo)
        self.assertRegex(text, r"(?m)^only there +only both has herd flood$")
        self.assertRegex(text, r"(?m)^only there +only echo knows .*\brss_mib$")
        # A side that names a herd is compared with that herd alone.
        self.assertNotIn("only both has", self.compared(both, f"{echo}:flood-echo"))

    def test_one_live_run_each_is_not_tested(self) -> None:
        scenario = {key: value for key, value in SWEEP.items() if key not in ("clock", "sweep")}
        for name in ("one", "two"):
            self.write_and_run(scenario, name)
        text = self.compared("one", "two")
        self.assertRegex(text, r"(?m)^reply_p50_us .* not tested +undecided$")
        self.assertIn("\n1 run each: not tested. To repeat with ten seeds each:\n", text)
        command = re.search(r"(?m)^  (jq \.scenario one/run\.json \| herdsim run .*)$", text)
        assert command, text
        self.assertIn("--set sweep.seed.count=10 --out one-10", command[1])
        # What it does, without jq.
        (self.folder / "again.json").write_text(
            json.dumps(json.loads((self.folder / "one" / "run.json").read_text())["scenario"]))
        run = self.herdsim("run", "again.json", "--quiet", "--set", "sweep.seed.count=2", "--out",
                           "one-10", "--clock", "virtual")
        self.assertEqual(run.status, 0, run.stderr)


class Sweeps(CompareCase):
    def test_slower_by_a_fifth_is_found(self) -> None:
        base, other = self.live_sweeps(1.2, seed=1)
        document = self.as_json(base, other, "--fail-on", "reply_p50_us:+5%", status=1)
        found = metrics_of(document)["reply_p50_us"]
        self.assertEqual((found["method"], found["pairs"], found["verdict"], found["gate"]["state"]),
                         ("signed-rank", 10, "worse", "tripped"))
        self.assertLess(found["change"]["low"], 20)
        self.assertGreater(found["change"]["high"], 20)
        self.assertLess(found["p"], 0.05)
        self.assertEqual(metrics_of(document)["messages"]["verdict"], "same")

    def test_the_same_is_seldom_called_worse(self) -> None:
        worse = 0
        for seed in range(20):
            base, other = self.live_sweeps(1.0, seed)
            ended = self.herdsim("compare", base, other, "--fail-on", "reply_p50_us:+0",
                                 "--metrics", "reply_p50_us")
            self.assertIn(ended.status, (0, 1), ended.stderr)
            worse += ended.status
        self.assertLessEqual(worse, 1)

    def test_runs_without_common_seeds_are_two_sets(self) -> None:
        base, other = self.live_sweeps(1.2, seed=3)

        def shift(row: Row) -> None:
            row["seed"] = str(int(row["seed"]) + 1000)

        moved = self.changed(other, "moved", shift)
        found = metrics_of(self.as_json(base, moved))["reply_p50_us"]
        self.assertEqual((found["method"], found["pairs"], found["verdict"]),
                         ("rank-sum", 0, "worse"))
        self.assertRegex(self.compared(base, moved), r"(?m)^only there +only moved has the seeds 1001")

    def test_points_match_by_the_values_of_the_swept_keys(self) -> None:
        base = self.sweep("base", sweep={"herds.*.servers": [5, 6], "seed": {"count": 6}})
        other = self.sweep("other", sweep={"herds.*.servers": [7, 6], "seed": {"count": 6}})
        document = self.as_json(base, other)["comparisons"][0]
        self.assertEqual([herd["point"] for herd in document["herds"]], ["herds_servers = 6"])
        self.assertEqual({each["verdict"] for each in document["herds"][0]["metrics"]
                          if each["metric"] not in ("cpu_s", "rss_mib", "wall_s")}, {"same"})
        self.assertEqual(document["herds_of_one_side"],
                         {"base": ["herd ring at herds_servers = 5"],
                          "other": ["herd ring at herds_servers = 7"]})

    def test_a_sweep_with_itself_is_the_same_run(self) -> None:
        base = self.sweep()
        self.assertIn("the same run  equal trace hashes\n", self.compared(base, base))

    def test_the_machine_is_measured_in_virtual_time_too(self) -> None:
        base = self.sweep()

        def slow(row: Row) -> None:
            row["wall_s"] = str(float(row["wall_s"]) * 3 + 1)

        found = metrics_of(self.as_json(base, self.changed(base, "slow", slow)))
        self.assertEqual((found["wall_s"]["method"], found["wall_s"]["verdict"]),
                         ("signed-rank", "worse"))

    def test_many_gates_are_adjusted(self) -> None:
        base, other = self.live_sweeps(1.2, seed=5)
        gates = [part for name in ("reply_p50_us", "reply_p99_us", "messages", "violations")
                 for part in ("--fail-on", f"{name}:+5%")]
        document = self.as_json(base, other, *gates, status=1)
        found = metrics_of(document)
        self.assertAlmostEqual(found["reply_p50_us"]["p_adjusted"],
                               min(1.0, 4 * found["reply_p50_us"]["p"]))
        self.assertEqual(found["violations"]["p_adjusted"], 1)
        self.assertEqual(document["gates"], {"held": 3, "tripped": 1, "missing": 0})


class Gates(CompareCase):
    def test_statuses(self) -> None:
        run = self.flooding()
        echo, flood = f"{run}:flood-echo", f"{run}:flood"
        self.assertIn("gates         1 of 1 gated figures held\n",
                      self.compared(echo, flood, "--fail-on", "messages:+5%"))
        text = self.compared(flood, echo, "--fail-on", "messages:+5%", "--metrics", "echoes",
                             status=1)
        self.assertIn("gates         FAILED: 1 of 1 gated figures worse\n", text)
        self.assertIn("FAILED: beyond +5% messages of herds flood and flood-echo in flood-echo: "
                      "+66.7 %\n", text)
        self.compared(flood, echo, "--fail-on", "messages:+70%")
        self.compared(flood, echo, "--fail-on", "echoes:+5%", status=1)

    def test_a_gated_metric_that_is_missing_fails(self) -> None:
        run = self.flooding()
        text = self.compared(f"{run}:flood-echo", f"{run}:flood", "--fail-on", "cpu_s:+50%",
                             status=1)
        self.assertIn("FAILED: 0 of 1 gated figures worse, 1 missing\n", text)
        echo = self.flooding("echo", "--set", "herds=" + json.dumps([{"name": "flood-echo"}]))
        text = self.compared(run, echo, "--fail-on", "messages:+0", status=1)
        self.assertIn("FAILED: missing echo has no herd flood\n", text)

    def test_errors(self) -> None:
        run = self.flooding()
        self.assertIn('no metric "mesages" (did you mean messages?)',
                      self.refused(run, run, "--fail-on", "mesages:+0"))
        self.assertIn('no metric "dupes"', self.refused(run, run, "--metrics", "lost,dupes"))
        self.assertIn("messages:+1 and messages:+2 are of one metric",
                      self.refused(run, run, "--fail-on", "messages:+1", "--fail-on", "messages:+2"))
        self.assertIn('the label "x" is given twice', self.refused(f"x={run}", f"x={run}"))
        self.assertIn('has no herd "floods", did you mean "flood"? (it has flood-echo, flood)',
                      self.refused(run, f"{run}:floods"))
        self.assertIn("needs two results folders", self.refused(run))
        self.flooding("other", "--set", "herds=" + json.dumps([{"name": "a"}, {"name": "b"}]))
        self.assertIn("have nothing to compare", self.refused(run, "other"))
        dry = self.herdsim("run", str(SOURCE / "scenarios" / "flooding.json"), "--dry-run", "--out",
                           str(self.folder / "dry"))
        self.assertEqual(dry.status, 0, dry.stderr)
        self.assertIn("dry run", self.refused(run, "dry"))

    def test_what_cannot_be_read(self) -> None:
        run = self.flooding()
        self.assertIn("nowhere is not the results folder", self.refused(run, "nowhere", status=3))
        self.assertIn("is not the results folder", self.refused(run, str(self.folder), status=3))
        shutil.copytree(self.folder / run, self.folder / "bad")
        path = self.folder / "bad" / "summary.csv"
        text = path.read_text()
        for damage, said in ((text[:-40], "line 3 is no row of it"),
                             (text.replace(",virtual,", ",virtual,x", 1), ""),
                             (text.splitlines(True)[0], "has no rows"), ("", "is not the summary")):
            path.write_text(damage)
            error = self.refused(run, "bad", status=3)
            self.assertIn("bad/summary.csv ", error)
            self.assertIn(said, error)
        path.unlink()
        self.assertIn("cannot be read", self.refused(run, "bad", status=3))
        self.assertIn("cannot be created",
                      self.refused(run, run, "--out", str(self.folder / "no" / "file"), status=3))


class Formats(CompareCase):
    def test_json_has_a_version(self) -> None:
        run = self.flooding()
        document = self.as_json(f"{run}:flood-echo", f"{run}:flood")
        self.assertEqual((document["format"], document["level"], document["confidence"]),
                         (1, 0.05, 0.95))
        found = metrics_of(document)["messages"]
        self.assertEqual(found, {
            "metric": "messages", "better": "lower", "base": 200, "other": 120, "base_runs": 1,
            "other_runs": 1, "pairs": 1, "method": "exact", "p": None, "p_adjusted": None,
            "change": {"unit": "percent", "estimate": -40, "low": None, "high": None},
            "verdict": "better"})

    def test_csv_has_the_columns_of_the_dictionary(self) -> None:
        run = self.flooding()
        text = self.compared(f"{run}:flood-echo", f"{run}:flood", "--format", "csv")
        rows: List[Row] = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        page = (SOURCE / "results" / "README.md").read_text()
        table = page.partition("`--format csv` has one row")[2].partition("\n## ")[0]
        listed = re.findall(r"(?m)^\| `(\w+)` \|", table)
        self.assertEqual(list(rows[0]), listed)
        row = next(each for each in rows if each["metric"] == "messages")
        self.assertEqual((row["base"], row["other"], row["change"], row["change_unit"]),
                         ("flood-echo", "flood", "-40", "percent"))

    def test_markdown_is_a_table(self) -> None:
        run = self.flooding()
        text = self.compared(f"a|b={run}:flood", f"<c>={run}:flood-echo", "--format", "markdown",
                             "--fail-on", "messages:+5%", status=1)
        self.assertTrue(text.startswith("**FAILED: 1 of 1 gated figures worse**\n"), text)
        self.assertIn("| metric | a\\|b | \\<c\\> | change |", text)
        self.assertIn("| `messages` | 120 | 200 | +66.7 % |", text)
        rows = [line for line in text.splitlines() if line.startswith("|")]
        self.assertEqual({len(re.findall(r"(?<!\\)\|", line)) for line in rows}, {9})

    def test_the_page_asks_for_nothing_and_runs_nothing(self) -> None:
        label = "</title><script>alert(1)</script>"
        run = self.flooding("slow", "--set", "herds.*.link.latency=2ms")
        out = self.folder / "page.html"
        self.assertEqual("", self.compared(f"{label}={run}:flood", f"{run}:flood-echo", "--format",
                                           "html", "--out", str(out)))
        page = out.read_text(encoding="utf-8")
        self.assertIn("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                      "style-src 'sha256-", page)
        for forbidden in ("<script", "<img", "http://", "https://", " style=", "url("):
            self.assertNotIn(forbidden, page.replace("http-equiv", ""))
        self.assertIn("+66.7 %", page)
        self.assertEqual(page.count("<path class=\"curve herd-0\" d="),
                         page.count("Distribution of "))
        self.assertGreaterEqual(page.count("Distribution of "), 2)
        self.assertIn("<circle class=\"estimate worse\"", page)

    def test_the_page_of_sweeps_has_intervals(self) -> None:
        base, other = self.live_sweeps(1.2, seed=1)
        page = self.compared(base, other, "--format", "html")
        self.assertIn("<line class=\"interval worse\"", page)
        self.assertIn("10 pairs of runs with the same seed", page)

    def test_labels_cannot_change_the_terminal(self) -> None:
        run = self.flooding()
        for form in ("text", "markdown", "csv", "html"):
            text = self.compared(f"\x1b[31mred={run}", run, "--format", form)
            self.assertIn("red", text)
            if form != "csv":
                self.assertNotIn("\x1b", text)


if __name__ == "__main__":
    unittest.main()
