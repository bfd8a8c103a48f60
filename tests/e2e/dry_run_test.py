"""Tests `herdsim run --dry-run`: it writes the plan and does nothing else."""

from __future__ import annotations

import csv
import json
import pathlib
import unittest
from typing import Any, Dict, List

from herdsim_e2e import Run, TestCase, write_scenario

PLACES = {"Alford": "+34.068930-118.445127", "Ball": "+34.019454-118.491191",
          "Hamilton": "+34.092809-118.328661", "Holiday": "+34.052234-118.243685",
          "Welsh": "+33.941589-118.408530"}
SERVERS = [{"name": name, "at": at} for name, at in PLACES.items()]

ROAMERS = {"id": "roamer-{n}", "count": 4, "server": "nearest",
           "mobility": {"model": "waypoints", "points": ["+34.05-118.25", "+34.02-118.49"],
                        "speed": "1000km/h", "loop": True},
           "updates": {"from": "1/s", "to": "30/s", "arrivals": "poisson"},
           "handover": {"hysteresis": "100m", "check": "500ms"}}
NOMADS = {"id": "nomad-{n}", "count": 3, "server": "spread",
          "handover": {"rate": "30/min", "arrivals": "poisson", "to": "random"},
          "queries": {"rate": "1/s", "arrivals": "poisson"}, "skew": {"drift": "20ppm"}}
FAULTS: List[Dict[str, Any]] = [
    {"at": "5s", "do": "partition", "groups": [["Alford", "Hamilton"]]},
    {"at": "8s", "do": "heal"},
    {"at": "1s", "do": "flap", "server": "Ball", "up": "2s", "down": "1s", "over": "50s"},
    {"at": "1s", "do": "chaos", "over": "1min", "lasting": "2s", "link_down": "20/min",
     "blackhole": "10/min", "server_down": "10/min", "pause": "10/min", "partition": "3/min"}]


def world(**keys: Any) -> Dict[str, Any]:
    return {"name": "world", "duration": "70s", "clients": [ROAMERS, NOMADS], "events": FAULTS,
            "herds": [{"name": "a", "servers": SERVERS},
                      {"name": "b", "servers": SERVERS, "recovery": "sync"}], **keys}


class DryRun(TestCase):
    def plan(self, scenario: Dict[str, Any], *options: str) -> pathlib.Path:
        """Plans a scenario and returns its plan.csv."""
        ended = self.herdsim("run", "--dry-run", str(write_scenario(scenario, self.folder)),
                             *options)
        self.assertEqual((ended.status, ended.stderr), (0, ""))
        return self.folder / "results" / scenario["name"] / "plan.csv"

    def rows(self, text: bytes) -> List[Dict[str, str]]:
        rows = list(csv.DictReader(text.decode().splitlines(), strict=True))
        self.assertEqual(set(rows[0]), {"herd", "at_us", "action", "who", "detail"})
        return rows

    def test_one_seed_gives_the_same_bytes_and_another_does_not(self) -> None:
        first = self.plan(world()).read_bytes()
        self.assertEqual(self.plan(world()).read_bytes(), first)
        self.assertEqual(self.plan(world(), "--seed", "1").read_bytes(), first)
        self.assertNotEqual(self.plan(world(), "--seed", "2").read_bytes(), first)
        actions = {row["action"] for row in self.rows(first)}
        self.assertEqual(actions, {"connect", "update", "query", "move", "link_down", "link_up",
                                   "server_down", "server_up", "pause", "resume"})

    def test_another_group_or_herd_leaves_the_other_rows_as_they_were(self) -> None:
        before = self.rows(self.plan(world()).read_bytes())
        group = {**NOMADS, "id": "other-{n}", "updates": "3/s"}
        more = self.rows(self.plan(world(clients=[group, ROAMERS, NOMADS])).read_bytes())
        self.assertEqual([row for row in more if not row["who"].startswith("other-")], before)
        herds = [{"name": "z", "servers": SERVERS[:3], "links": "line"}, *world()["herds"]]
        events = [{**event, "herd": herd} for event in FAULTS for herd in "ab"]
        events.append({"at": "1s", "do": "chaos", "herd": "z", "over": "1min", "lasting": "1s",
                       "pause": "10/min"})
        more = self.rows(self.plan(world(herds=herds, events=events)).read_bytes())
        self.assertEqual([row for row in more if row["herd"] != "z"], before)
        self.assertTrue(any(row["action"] == "pause" for row in more if row["herd"] == "z"))

    def test_it_runs_nothing_and_says_so(self) -> None:
        ended = self.herdsim("run", "--dry-run", str(write_scenario(world(
            expect=[{"herd": "*", "metric": "updates", "equals": 0}]), self.folder)))
        self.assertEqual(ended.status, 0, ended.stderr)
        self.assertRegex(ended.stdout, r"^world: [1-9][0-9]* actions planned, nothing run; see "
                                       r"results/world/plan\.csv\n$")
        folder = self.folder / "results" / "world"
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ["plan.csv", "run.json"])
        told = Run(0, "", "", folder).json()
        self.assertEqual((told["complete"], told["dry_run"], told["files"]),
                         (False, True, ["plan.csv"]))
        self.assertEqual(told["scenario"]["clients"][0]["id"], "roamer-{n}")

    def test_a_run_replaces_a_dry_run_and_not_the_other_way_round(self) -> None:
        scenario = {"name": "small", "duration": "50ms", "herds": [{"name": "paper"}],
                    "clients": [{"id": "c", "server": "Ball", "updates": {"every": "25ms"}}]}
        path = write_scenario(scenario, self.folder)
        folder = self.folder / "results" / "small"
        self.plan(scenario)
        ended = self.herdsim("run", "--quiet", str(path))
        self.assertEqual(ended.status, 0, ended.stderr)
        self.assertFalse((folder / "plan.csv").exists())
        told = json.loads((folder / "run.json").read_text())
        self.assertEqual((told["complete"], told["dry_run"]), (True, False))

        def contents() -> Dict[str, bytes]:
            return {str(file.relative_to(folder)): file.read_bytes()
                    for file in folder.rglob("*") if file.is_file()}

        before = contents()
        plan = self.plan(scenario).read_bytes()
        after = contents()
        listed = json.loads(after.pop("run.json"))
        was_listed = json.loads(before.pop("run.json"))
        self.assertEqual(after, {**before, "plan.csv": plan})
        self.assertEqual(listed, {**was_listed, "files": was_listed["files"] + ["plan.csv"]})
        self.assertEqual(self.herdsim("run", "--quiet", str(path)).status, 0, "it replaces both")
        self.assertFalse((folder / "plan.csv").exists())
        self.assertEqual([row["action"] for row in self.rows(plan)],
                         ["connect", "update", "update"])
        self.assertEqual([p.name for p in folder.parent.iterdir()], ["small"])

    def test_out_and_the_folders_that_are_not_a_runs(self) -> None:
        path = str(write_scenario(world(), self.folder))
        self.assertEqual(self.herdsim("run", "--dry-run", path, "--out", "mine").status, 0)
        self.assertTrue((self.folder / "mine" / "plan.csv").exists())
        self.assertFalse((self.folder / "results").exists())
        (self.folder / "theirs").mkdir()
        (self.folder / "theirs" / "thesis.tex").write_text("years of work")
        self.assertEqual(self.herdsim("run", "--dry-run", path, "--out", "theirs").status, 3)
        self.assertEqual([p.name for p in (self.folder / "theirs").iterdir()], ["thesis.tex"])

    def test_a_bad_scenario_is_bad_here_too(self) -> None:
        path = str(write_scenario(world(duration="0s"), self.folder))
        self.assertEqual(self.herdsim("run", "--dry-run", path).status, 2)
        self.assertFalse((self.folder / "results").exists())


if __name__ == "__main__":
    unittest.main()
