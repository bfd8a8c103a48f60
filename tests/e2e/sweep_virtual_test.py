"""Tests that sweeps in virtual time give the same bytes, whatever the number of parallel points."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import signal
import unittest
from typing import Any, Dict

from herdsim_e2e import SOURCE, Process, TestCase, wait_until, write_scenario

# Columns about the machine and its time.
OF_THE_MACHINE = ("cpu_s", "rss_mib", "wall_s")


def scenario(keys: Dict[str, Any], **members: Any) -> Dict[str, Any]:
    return {"name": "swept", "clock": "virtual", "duration": "2s",
            "herds": [{"name": "a", "servers": 8, "links": {"regular": 4},
                       "link": {"latency": "5ms", "jitter": "1ms", "loss": "1%"}},
                      {"name": "b", "servers": 8, "links": "ring"}],
            "clients": [{"id": "c-{n}", "count": 8, "server": "spread",
                         "updates": {"rate": "5/s", "arrivals": "poisson"}}],
            "expect": [{"herd": "*", "metric": "violations", "equals": 0}],
            "sweep": keys, **members}


KEYS = {"herds.*.servers": [6, 9], "herds.*.propagation": ["flood-echo", "flood"],
        "seed": {"count": 3}}


def figures(folder: pathlib.Path) -> Dict[str, Any]:
    """Returns every file of a results folder, without the figures of the machine."""
    told: Dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name == "report.html":  # which shows the machine's figures too
            continue
        name = str(path.relative_to(folder))
        text = path.read_text()
        if path.name == "run.json":
            run = json.loads(text)
            for key in ("machine", "start"):
                del run[key]
            told[name] = json.dumps(run)
        elif path.name == "summary.csv":
            told[name] = [{key: value for key, value in row.items() if key not in OF_THE_MACHINE}
                          for row in csv.DictReader(io.StringIO(text), strict=True)]
        elif path.name == "sweep.csv":
            told[name] = [row for row in csv.DictReader(io.StringIO(text), strict=True)
                          if row["metric"] not in OF_THE_MACHINE]
        else:
            told[name] = text
    return told


class SweepVirtualTest(TestCase):
    def run_into(self, out: str, swept: Dict[str, Any], *options: str) -> Dict[str, Any]:
        path = write_scenario(swept, self.folder)
        ended = self.herdsim("run", str(path), "--out", out, *options)
        self.assertEqual(ended.status, 0, ended.stdout + ended.stderr)
        return figures(self.folder / out)

    def test_the_files_are_the_same_whatever_the_number_of_jobs(self) -> None:
        one = self.run_into("one", scenario(KEYS), "--jobs", "1")
        self.assertEqual(len([name for name in one if name.endswith("deliveries.csv")]), 12)
        for jobs in ("2", "5"):
            self.assertTrue(self.run_into(jobs, scenario(KEYS), "--jobs", jobs) == one)

    def test_a_point_is_what_its_scenario_gives_by_itself(self) -> None:
        swept = self.run_into("swept", scenario(KEYS))
        as_run = json.loads(swept["points/0011/run.json"])["scenario"]
        alone = self.run_into("alone", as_run, "--report", "none")  # points have no page
        self.assertTrue(alone == {name.removeprefix("points/0011/"): told
                                  for name, told in swept.items() if name.startswith("points/0011/")})

    def test_one_that_was_interrupted_and_one_that_was_killed_end_as_if_they_were_not(self) -> None:
        # Far more points than can be done by the time that the first one is.
        swept = scenario({"seed": {"count": 400}}, record="summary")
        path = str(write_scenario(swept, self.folder))
        for which, status in ((signal.SIGTERM, 130), (signal.SIGKILL, -signal.SIGKILL)):
            process = self.start("run", path, "--out", "stopped", "--resume")
            done = self.folder / ".stopped.partial" / "points"
            before = self.finished(process, done, 1)
            self.finished(process, done, before + 1)
            process.send_signal(which)
            self.assertEqual(process.wait(), status, process.stderr())
        resumed = self.run_into("stopped", swept, "--resume")
        self.assertTrue(resumed == self.run_into("whole", swept))

    def finished(self, process: Process, points: pathlib.Path, least: int) -> int:
        def count() -> int:
            found = len(list(points.glob("*/run.json"))) if points.exists() else 0
            return found if found >= least or process.ended() else 0
        found = wait_until(count, f"{least} points are finished")
        self.assertFalse(process.ended(), "it has ended before it could be stopped")
        return found

    def test_sweep_size_holds_what_it_expects(self) -> None:
        ended = self.herdsim("run", str(SOURCE / "scenarios" / "sweep-size.json"), "--set",
                             "sweep.herds.*.servers=[5,12]", "--set", "sweep.seed.count=2")
        self.assertEqual(ended.status, 0, ended.stdout + ended.stderr)


if __name__ == "__main__":
    unittest.main()
