"""Tests the shards of sweeps and swarms, and `herdsim gather`, which joins them."""

from __future__ import annotations

import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import unittest
from typing import Any, Dict, List, Sequence

from herdsim_e2e import DEADLINE_S, Run, TestCase, wait_until, write_scenario
from sweep_virtual_test import KEYS, figures, scenario

POINTS = 12  # of KEYS
MUTANT = os.environ.get("HERDSIM_MUTANT", "")
ANSWERS_TWICE = "4"  # the number of that rule in core/mutation.h


class ShardsTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.results = self.folder / "results"
        self.file = str(write_scenario(scenario(KEYS), self.folder))

    def called(self, *call: str, status: int = 0, **variables: str) -> Run:
        options: Dict[str, Any] = {"env": {**os.environ, **variables}} if variables else {}
        ended = self.herdsim(*call, **options)
        self.assertEqual(ended.status, status, f"{call}\n{ended.stdout}\n{ended.stderr}")
        return ended

    def shards(self, of: int, *options: str) -> List[str]:
        """Runs all shards, each to a folder of its own, and returns these."""
        folders = [f"shards/{number}-of-{of}" for number in range(1, of + 1)]
        for number, folder in enumerate(folders, 1):
            self.called("run", self.file, "--quiet", "--shard", f"{number}/{of}", "--out", folder,
                        *options)
        return folders

    def gather(self, out: str, shards: Sequence[str], *options: str, status: int = 0) -> Run:
        ended = self.called("gather", "--out", out, *shards, *options, status=status)
        ended.folder = self.folder / out
        return ended

    def refused(self, *shards: str) -> str:
        """Returns why the shards cannot be gathered, and checks that no file was written."""
        said = self.gather("out", shards, status=2).stderr
        for left in ("out", ".out.partial"):
            self.assertFalse((self.folder / left).exists(), said)
        self.assertEqual(said.count("\n"), 1, said)
        return said

    def change(self, path: pathlib.Path, what: str, instead: str) -> None:
        """Changes a file without those that are hard links to it."""
        text = path.read_text()
        self.assertIn(what, text)
        path.unlink()
        path.write_text(text.replace(what, instead, 1))


class Gather(ShardsTest):
    def test_gathered_shards_are_what_one_machine_makes(self) -> None:
        self.called("run", self.file, "--quiet", "--out", "whole")
        whole = figures(self.folder / "whole")
        order = random.Random(1)
        for of in (1, 2, 3, 7, POINTS + 5):
            folders = self.shards(of)
            order.shuffle(folders)
            gathered = self.gather(f"of-{of}", folders)
            self.assertTrue(figures(gathered.folder) == whole, f"of {of}")
            self.assertIn("sweep.csv has the spreads", gathered.stdout)
            self.assertEqual((self.folder / "whole" / "report.html").exists(),
                             (gathered.folder / "report.html").exists())
        # Some are gathered first, and the whole is then gathered from that and the others.
        folders = self.shards(3)
        part = self.gather("part", folders[:2], status=3)
        again = self.gather("again", [str(part.folder), folders[2], folders[0]])
        self.assertTrue(figures(again.folder) == whole)
        self.assertTrue(figures(self.gather("again", ["again"]).folder) == whole)

    def test_a_shard_has_its_points_alone(self) -> None:
        shards = [Run(0, "", "", self.folder / each) for each in self.shards(5)]
        points = [[point["point"] for point in shard.json()["points"]] for shard in shards]
        self.assertEqual(sorted(sum(points, [])), list(range(1, POINTS + 1)))
        for number, shard in enumerate(shards, 1):
            self.assertEqual((shard.json()["shard"], shard.json()["complete"]), (f"{number}/5", True))
            self.assertEqual({path.name for path in shard.folder.iterdir()},
                             {"summary.csv", "run.json", "points"})
            self.assertEqual([path.name for path in sorted((shard.folder / "points").iterdir())],
                             [f"{point:04}" for point in points[number - 1]])
            self.assertEqual({int(row["point"]) for row in shard.table("summary.csv")},
                             set(points[number - 1]))

    def test_expectations_and_columns_are_those_of_the_whole(self) -> None:
        self.file = str(write_scenario(scenario(
            KEYS, expect=[{"herd": "b", "metric": "messages", "max": 700}]), self.folder))
        self.called("run", self.file, "--quiet", "--out", "whole", "--columns", "messages,lost",
                    status=1)
        folders = ["shards/1", "shards/2"]
        for number, folder in enumerate(folders, 1):
            ended = self.herdsim("run", self.file, "--quiet", "--shard", f"{number}/2", "--out",
                                 folder)
            self.assertIn(ended.status, (0, 1), ended.stderr)
        gathered = self.gather("out", folders, "--columns", "messages,lost", "--report", "none",
                               status=1)
        self.assertIn("messages is ", gathered.stdout)
        self.assertTrue(figures(gathered.folder)
                        == {**figures(self.folder / "whole"), **figures(gathered.folder)})
        self.assertFalse((gathered.folder / "report.html").exists())
        told = json.loads(self.gather("out", folders, "--format", "json", status=1).stdout)
        self.assertEqual((told["status"], told["runs"][0]["kind"], len(told["runs"][0]["points"])),
                         (1, "sweep", POINTS))

    def test_missing_points_are_named_and_resume_runs_those_only(self) -> None:
        self.called("run", self.file, "--quiet", "--out", "whole")
        folders = self.shards(3)
        missing = {point["point"] for point
                   in Run(0, "", "", self.folder / folders[1]).json()["points"]}
        shutil.rmtree(self.folder / folders[1])
        gathered = self.gather("out", folders, status=3)
        self.assertIn(f"{folders[1]}: is not there", gathered.stderr)
        self.assertIn("swept: 4 points are missing:\n", gathered.stderr)
        self.assertEqual({int(point) for point in re.findall(r"(?m)^  point (\d+) \(herds",
                                                            gathered.stderr)}, missing)
        self.assertEqual({point["point"] for point in gathered.json()["points"]
                          if point["status"] == "not run"}, missing)
        kept = {path: path.stat().st_ino for path in gathered.folder.rglob("points/*/run.json")}
        resumed = self.called("run", self.file, "--resume", "--out", "out")
        self.assertIn(f"swept: {POINTS - 4} of {POINTS} points\n", resumed.stderr)
        for path, number in kept.items():
            self.assertEqual(path.stat().st_ino, number)
        self.assertTrue(figures(gathered.folder) == figures(self.folder / "whole"))

    def test_a_killed_shard_is_missing_until_it_is_resumed(self) -> None:
        self.file = str(write_scenario(scenario({"seed": {"count": 400}}, record="summary"),
                                       self.folder))
        call = ["run", self.file, "--shard", "1/2", "--out", "shards/1", "--jobs", "1"]
        killed = self.start(*call)
        partial = self.folder / "shards" / ".1.partial" / "points"
        wait_until(lambda: killed.ended() or len(list(partial.glob("*/run.json"))) > 3,
                   "some points are finished")
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        self.called("run", self.file, "--quiet", "--shard", "2/2", "--out", "shards/2")
        gathered = self.gather("out", ["shards/1", "shards/2"], status=3)
        self.assertIn("swept: 200 points are missing:\n  point ", gathered.stderr)
        left = {path.parent.name for path in partial.glob("*/run.json")}
        resumed = self.called(*call, "--resume")
        # The last one may have been killed while it was written.
        first = re.search(r"(?m)^swept: (\d+) of 200 points$", resumed.stderr)
        self.assertIsNotNone(first, resumed.stderr)
        self.assertIn(int(first[1]), (len(left) - 1, len(left)))
        self.gather("out", ["shards/1", "shards/2"])
        self.called("run", self.file, "--quiet", "--out", "whole")
        self.assertTrue(figures(self.folder / "out") == figures(self.folder / "whole"))

    def test_what_does_not_belong_together_is_refused(self) -> None:
        one, two = self.shards(2)
        self.called("run", self.file, "--quiet", "--shard", "2/2", "--set", "drain=3s", "--out",
                    "other")
        self.assertIn("other: is from another scenario", self.refused(one, "other"))
        run_json = self.folder / two / "run.json"
        text = run_json.read_text()
        self.change(run_json, '"version": "', '"version": "9.')
        self.assertRegex(self.refused(one, two), r"shards/2-of-2: is from another version \(9\.")
        run_json.write_text(text[:len(text) // 2])
        self.assertIn("shards/2-of-2: its run.json is missing or cut off", self.refused(one, two))
        run_json.write_text(text)
        point = sorted((self.folder / two / "points").iterdir())[0]
        text = (point / "run.json").read_text()
        self.change(point / "run.json", '"architecture": "', '"architecture": "old-')
        self.assertRegex(self.refused(one, two), r"points/\d+: is from another architecture \(old-")
        (point / "run.json").write_text(text)
        links = (point / "links.csv").read_text()
        (point / "links.csv").write_text(links[:-9])
        self.assertIn("links.csv is cut off or changed: it has ", self.refused(one, two))
        (point / "links.csv").write_text(links)
        shutil.copytree(self.folder / two, self.folder / "twin")
        self.gather("together", [one, two, "twin"])
        events = self.folder / "twin" / "points" / point.name / "events.csv"
        self.change(events, "at_us", "at_ms")  # as long as before
        self.assertIn(f"twin/points/{point.name}: has another events.csv than in shards/2-of-2",
                      self.refused(one, two, "twin"))
        self.assertEqual(self.called("gather", "none", status=3).stderr.splitlines()[-1],
                         "herdsim gather: there is nothing to gather")

    def test_shards_made_from_another_trace_are_refused(self) -> None:
        moved = scenario({"seed": [1, 2]})
        moved["clients"] = [{"id": "c-{n}", "count": 1, "server": "spread",
                             "mobility": {"model": "trace", "file": "walk.csv"},
                             "updates": "1/s"}]
        folders = []
        for number, place in ((1, "34.06"), (2, "34.07")):
            home = self.folder / f"machine-{number}"
            home.mkdir()
            (home / "walk.csv").write_text("time_s,client,lat,lon\n"
                                           f"0,a,{place},-118.4\n1,a,34.08,-118.4\n")
            folders.append(f"shard-{number}")
            self.called("run", str(write_scenario(moved, home)), "--quiet", "--shard",
                        f"{number}/2", "--out", folders[-1])
        inputs = Run(0, "", "", next((self.folder / folders[0] / "points").iterdir()))
        self.assertEqual([each["file"] for each in inputs.json()["inputs"]], ["walk.csv"])
        self.assertRegex(self.refused(*folders), "was made from another walk.csv, unlike the points")


class Shard(ShardsTest):
    def test_where_it_goes_without_out(self) -> None:
        self.called("run", self.file, "--quiet", "--shard", "2/3")
        self.called("run", self.file, "--quiet", "--shard", "3/3")
        self.called("run", self.file, "--quiet", "--shard", "1/3")
        self.assertEqual([path.name for path in sorted((self.results / "swept.shards").iterdir())],
                         ["1-of-3", "2-of-3", "3-of-3"])
        ended = self.called("gather", *map(str, (self.results / "swept.shards").iterdir()))
        self.assertIn("files         results/swept: ", ended.stdout)

    def test_it_replaces_nothing_but_the_same_shard(self) -> None:
        self.called("run", self.file, "--quiet", "--out", "whole")
        refused = self.called("run", self.file, "--shard", "2/3", "--out", "whole", status=3)
        self.assertIn("whole: has other results, which shard 2/3 does not replace", refused.stderr)
        call = ["run", self.file, "--quiet", "--out", "shard", "--shard"]
        self.called(*call, "1/3")
        refused = self.called(*call, "2/3", status=3)
        self.assertIn("shard: has shard 1/3, which shard 2/3 does not replace", refused.stderr)
        self.called(*call, "1/3")
        self.assertIn("nothing was run", self.called(*call, "1/3", "--resume").stdout)

    def test_what_it_does_not_go_with(self) -> None:
        for options, said in (
                (["--shard", "0/3"], "'0/3' is not I/N with I from 1 to N"),
                (["--shard", "4/3"], "'4/3' is not I/N"), (["--shard", "auto/0"], "'auto/0'"),
                (["--shard", "1/2", "--columns", "lost"], "give --columns to gather"),
                (["--shard", "1/2", "--report", "html"], "a shard has no page"),
                (["--shard", "1/2", "--set", "sweep=null"], "--shard: is for sweeps"),
                (["--shard", "auto"], "no scheduler says which part this is")):
            with self.subTest(options):
                self.assertIn(said, self.called("run", self.file, *options, status=2).stderr)
        self.assertFalse(self.results.exists())

    def test_auto_asks_the_scheduler_and_says_so(self) -> None:
        array = {"SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "3",
                 "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_MAX": "3"}
        ended = self.called("run", self.file, "--quiet", "--shard", "auto", **array)
        self.assertEqual(ended.stderr,
                         "--shard auto: this is shard 2/3, because SLURM_ARRAY_TASK_ID=2\n")
        self.assertTrue((self.results / "swept.shards" / "2-of-3").exists())
        self.called("run", self.file, "--quiet", "--shard", "auto/4", JOB_COMPLETION_INDEX="0")
        self.assertTrue((self.results / "swept.shards" / "1-of-4").exists())
        # Without --shard they mean nothing.
        self.called("run", self.file, "--quiet", **array)
        self.assertEqual(len(Run(0, "", "", self.results / "swept").json()["points"]), POINTS)

    def test_several_processes_of_one_launcher_write_nothing(self) -> None:
        for launcher, variables in (
                ("mpirun", {"OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "4"}),
                ("srun", {"SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "4"})):
            for call in (["run", self.file], ["swarm", "--runs", "4"], ["gather", "a"]):
                said = self.called(*call, status=2, **variables).stderr
                self.assertIn(f"herdsim {call[0]}: {launcher} has started this command 4 times",
                              said)
                self.assertIn("--shard auto", said)
        self.assertFalse(self.results.exists())
        self.called("run", self.file, "--quiet", "--shard", "auto", OMPI_COMM_WORLD_RANK="1",
                    OMPI_COMM_WORLD_SIZE="4")
        self.assertTrue((self.results / "swept.shards" / "2-of-4").exists())
        self.called("run", self.file, "--quiet", OMPI_COMM_WORLD_RANK="0", OMPI_COMM_WORLD_SIZE="1")


class Swarm(ShardsTest):
    def swarm(self, shard: str, out: str, *options: str, status: int = 0) -> Run:
        return self.called("swarm", "--runs", "30", "--seed", "5", "--quiet", "--shard", shard,
                           "--out", out, *options, status=status)

    def test_gathered_shards_have_played_what_one_machine_plays(self) -> None:
        whole = self.called("swarm", "--runs", "30", "--seed", "5", "--quiet").stdout
        folders = [str(number) for number in range(1, 5)]
        for folder in folders:
            self.assertIn(f"shard {folder}/4 of seeds 5 to 34", self.swarm(f"{folder}/4",
                                                                         folder).stdout)
        gathered = self.called("gather", *reversed(folders))
        self.assertEqual(gathered.stdout.split(", no violation")[0], whole.split(", no violation")[0])
        told = json.loads(self.called("gather", "results/swarm", "--format", "json").stdout)
        self.assertEqual([(part["first_seed"], part["seeds"]) for part in told["parts"]],
                         [(5, 8), (13, 8), (21, 7), (28, 7)])
        self.assertEqual(told["missing"], [])

    def test_missing_seeds_are_named(self) -> None:
        self.swarm("1/3", "a")
        self.swarm("3/3", "c")
        ended = self.called("gather", "--out", "out", "a", "b", "c", status=3)
        self.assertEqual(ended.stderr, "b: is not there, so what it would have is missing\n"
                                       "swarm: seeds 15 to 24: no shard has played them to the "
                                       "end\n")
        self.swarm("2/3", "b")
        self.called("gather", "--out", "out", "out", "b")

    def test_what_does_not_belong_together_is_refused(self) -> None:
        self.swarm("1/3", "a")
        self.called("swarm", "--runs", "9", "--quiet", "--shard", "1/3", "--out", "b")
        self.assertIn("b: is of another swarm (seeds 1 to 9)", self.refused("a", "b"))
        self.swarm("2/2", "b")
        self.swarm("2/3", "c")
        self.assertIn("overlaps another shard in seeds 20 to 34", self.refused("a", "c", "b"))
        self.called("run", self.file, "--quiet", "--shard", "1/9", "--out", "d")
        self.assertIn("d: is not from a swarm", self.refused("a", "d"))
        self.assertIn("a: is not from a sweep", self.refused("d", "a"))

    @unittest.skipUnless(MUTANT, "HERDSIM_MUTANT does not name the program whose rules can be broken")
    def test_what_a_shard_has_found_is_gathered(self) -> None:
        for number in ("1", "2"):
            ended = subprocess.run(
                [MUTANT, ANSWERS_TWICE, "swarm", "--runs", "8", "--quiet", "--jobs", "1", "--shard",
                 f"{number}/2", "--out", number],
                cwd=self.folder, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            self.assertEqual(ended.returncode, 1, ended.stderr)
            found = re.search(rf"(?m)^written to {number}/(swarm-\d+\.json)$", ended.stdout)
            assert found, ended.stdout
            self.assertTrue((self.folder / number / found[1]).exists())
        gathered = self.gather("out", ["2", "1"], status=1)
        seeds = re.findall(r"(?m)^seed (\d+) fails: \S.*\n"
                           r"to repeat it: herdsim swarm --seed \1 --runs 1\n"
                           r"reduced in out/swarm-\1\.json$", gathered.stdout)
        self.assertEqual([int(seed) > 4 for seed in seeds], [False, True])  # of each shard the first
        self.assertIn(", 2 with a violation\n", gathered.stdout)
        for seed in seeds:
            self.called("check", f"out/swarm-{seed}.json")
        again = self.gather("out", ["out"], status=1)
        self.assertEqual(again.stdout, gathered.stdout)
        cut = self.folder / "out" / f"swarm-{seeds[1]}.json"
        cut.write_text(cut.read_text()[:100])
        self.assertIn(f"out: swarm-{seeds[1]}.json is missing or cut off",
                      self.called("gather", "out", status=2).stderr)


if __name__ == "__main__":
    unittest.main()
