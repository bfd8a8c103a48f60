"""Tests --format json of run, check and swarm, and --format github of check."""

from __future__ import annotations

import json
import os
import unittest
from typing import Any, Dict

from herdsim_e2e import SOURCE, TestCase, write_scenario

MUTANT = os.environ.get("HERDSIM_MUTANT", "")


def small(**more: Any) -> Dict[str, Any]:
    scenario = {"name": "small", "clock": "virtual", "duration": "2s",
                "herds": [{"name": "a"}, {"name": "b", "propagation": "flood"}],
                "clients": [{"id": "c-{n}", "count": 4, "server": "spread", "updates": "2/s"}],
                "expect": [{"herd": "*", "metric": "violations", "equals": 0}]}
    return {**scenario, **more}


class FormatCase(TestCase):
    def json(self, *call: str, status: int = 0) -> Dict[str, Any]:
        ended = self.herdsim(*call)
        self.assertEqual(ended.status, status, ended.stderr)
        document: Dict[str, Any] = json.loads(ended.stdout)
        self.assertEqual(document["format"], 1)
        self.assertRegex(self.herdsim("-V").stdout, rf"\Aherdsim {document['version']}\n")
        return document


class RunJson(FormatCase):
    def test_has_the_figures_of_summary_csv(self) -> None:
        path = write_scenario(small(), self.folder)
        document = self.json("run", str(path), "--out", "out", "--format", "json", "--quiet")
        self.assertEqual(document["status"], 0)
        run, = document["runs"]
        self.assertEqual((run["kind"], run["name"], run["file"], run["folder"], run["status"],
                          run["error"], run["clock"], run["seed"], run["complete"]),
                         ("run", "small", str(path), "out", 0, None, "virtual", 1, True))
        lines = (self.folder / "out" / "summary.csv").read_text().splitlines()
        columns = lines[0].split(",")
        for herd, line in zip(run["herds"], lines[1:], strict=True):
            self.assertEqual(list(herd), columns)
            for (name, value), cell in zip(herd.items(), line.split(","), strict=True):
                with self.subTest(name):
                    if isinstance(value, (int, float)):
                        self.assertEqual(value, float(cell))
                    else:
                        self.assertEqual(value or "", cell)
        self.assertEqual([(each["herd"], each["held"]) for each in run["expectations"]],
                         [("a", True), ("b", True)])
        self.assertEqual(run["violations"], {"a": [], "b": []})

    def test_says_what_does_not_hold_and_what_could_not_be_carried_out(self) -> None:
        failing = write_scenario(small(name="failing", expect=[
            {"herd": "b", "metric": "messages", "max": 1}]), self.folder)
        fine = write_scenario(small(name="fine"), self.folder)
        (self.folder / "results" / "fine").mkdir(parents=True)
        (self.folder / "results" / "fine" / "mine.txt").write_text("not a run's")
        document = self.json("run", str(failing), str(fine), "--format", "json", "--quiet", status=3)
        self.assertEqual(document["status"], 3)
        first, second = document["runs"]
        self.assertEqual((first["status"], first["expectations"][0]["held"]), (1, False))
        self.assertEqual((second["kind"], second["status"], second["folder"]), ("failure", 3, None))
        self.assertIn("results/fine", second["error"])

    def test_has_the_points_of_a_sweep(self) -> None:
        path = write_scenario(small(sweep={"herds.*.link.latency": ["1ms"], "seed": {"count": 2}}),
                              self.folder)
        document = self.json("run", str(path), "--format", "json", "--quiet")
        sweep, = document["runs"]
        self.assertEqual((sweep["kind"], sweep["status"], len(sweep["points"])), ("sweep", 0, 2))
        self.assertEqual([each["key"] for each in sweep["sweep"]], ["herds.*.link.latency", "seed"])
        for number, point in enumerate(sweep["points"], 1):
            self.assertEqual((point["point"], point["values"]["seed"], point["status"]),
                             (number, number, "held"))
            self.assertEqual([herd["herd"] for herd in point["herds"]], ["a", "b"])
            self.assertGreater(point["herds"][0]["messages"], 0)

    def test_has_the_plan_of_a_dry_run(self) -> None:
        path = write_scenario(small(), self.folder)
        document = self.json("run", str(path), "--dry-run", "--format", "json")
        plan, = document["runs"]
        self.assertEqual((plan["kind"], plan["plan"]), ("plan", "results/small/plan.csv"))
        rows = (self.folder / plan["plan"]).read_text().count("\n") - 1
        self.assertEqual(plan["actions"], rows)


class CheckFormats(FormatCase):
    def bad(self) -> str:
        (self.folder / "bad, 50%.json").write_text(
            '{"name": "bad",\n "duration": "2s",\n "herds": [{"name": "a",\n'
            '  "propagation": "floood"}]}\n')
        return "bad, 50%.json"

    def test_json_has_each_error_in_its_parts(self) -> None:
        good = write_scenario(small(), self.folder)
        document = self.json("check", str(good), self.bad(), "missing.json", "--format", "json",
                             status=2)
        self.assertFalse(document["valid"])
        first, second, third = document["files"]
        self.assertEqual((first["file"], first["valid"], first["errors"]), (str(good), True, []))
        error, = second["errors"]
        self.assertEqual((error["file"], error["line"], error["path"]),
                         ("bad, 50%.json", 4, "herds.0.propagation"))
        self.assertIn("floood", error["message"])
        self.assertIsNone(third["errors"][0]["line"])
        self.assertIn("cannot be read", third["errors"][0]["message"])

    def test_json_says_that_all_is_well(self) -> None:
        document = self.json("check", str(write_scenario(small(), self.folder)), "--format", "json")
        self.assertTrue(document["valid"])

    def test_github_has_commands_that_name_file_and_line(self) -> None:
        good = write_scenario(small(), self.folder)
        ended = self.herdsim("check", str(good), self.bad(), "--format", "github")
        self.assertEqual((ended.status, ended.stderr), (2, ""))
        ok, error = ended.stdout.splitlines()
        self.assertEqual(ok, f"{good}: ok")
        self.assertRegex(error, r"\A::error file=bad%2C 50%25\.json,line=4::herds\.0\.propagation: "
                                r".*floood")

    def test_standard_input_is_a_file_too(self) -> None:
        text = (SOURCE / "scenarios" / "flooding.json").open("rb")
        self.addCleanup(text.close)
        ended = self.herdsim("check", "-", stdin=text)
        self.assertEqual((ended.status, ended.stdout), (0, "-: ok\n"))


class SwarmJson(FormatCase):
    def test_says_what_was_played(self) -> None:
        document = self.json("swarm", "--runs", "20", "--seed", "5", "--quiet", "--format", "json")
        self.assertEqual((document["first_seed"], document["runs"], document["complete"],
                          document["failure"]), (5, 20, True, None))
        self.assertGreater(document["messages"], document["updates"])

    def test_standard_output_has_either_the_json_or_the_scenario(self) -> None:
        ended = self.herdsim("swarm", "--runs", "1", "--out", "-", "--format", "json")
        self.assertEqual((ended.status, ended.stdout), (2, ""))
        self.assertIn("herdsim swarm: --out: the JSON has the scenario", ended.stderr)
        ended = self.herdsim("swarm", "--runs", "5", "--out", "-", "--quiet")
        self.assertEqual((ended.status, ended.stdout), (0, ""), "no scenario failed")
        self.assertIn("5 runs, ", ended.stderr)


class StandardOutput(FormatCase):
    def test_is_named_by_a_hyphen(self) -> None:
        path = write_scenario(small(), self.folder)
        plain = self.herdsim("trace", str(path))
        named = self.herdsim("trace", str(path), "--out", "-")
        self.assertEqual((named.status, named.stdout), (0, plain.stdout))
        self.assertGreater(plain.stdout.count("\n"), 4)
        self.assertFalse((self.folder / "-").exists())


if __name__ == "__main__":
    unittest.main()
