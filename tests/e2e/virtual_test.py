"""Tests runs in virtual time: the same bytes every time, and no port that listens."""

from __future__ import annotations

import json
import pathlib
import signal
import subprocess
import unittest
from typing import Any, Dict

from herdsim_e2e import BINARY, SOURCE, Process, TestCase, wait_until

MACHINES = ("machine", "version", "start", "herdsim")  # of run.json
TIMES = {"cpu_s", "rss_mib", "wall_s"}                # of summary.csv


def without_machine(folder: pathlib.Path) -> Dict[str, Any]:
    """Returns everything in a results folder that must be the same in every run."""
    out: Dict[str, Any] = {}
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.name == "report.html":  # which shows the machine's figures too
            continue
        text = file.read_text(encoding="utf-8")
        if file.name == "run.json":
            document = json.loads(text)
            for name in MACHINES:
                document.pop(name)
            out[file.name] = document
        elif file.name == "summary.csv":
            rows = [line.split(",") for line in text.splitlines()]
            kept = [i for i, name in enumerate(rows[0]) if name not in TIMES]
            out[file.name] = [[row[i] for i in kept] for row in rows]
        else:
            out[file.name] = text
    return out


class VirtualTest(TestCase):
    def run_virtual(self, name: str, into: str, *options: str) -> pathlib.Path:
        folder = self.folder / into
        done = subprocess.run([BINARY, "run", "--quiet", "--clock", "virtual", "--out", str(folder),
                               *options, str(SOURCE / "scenarios" / f"{name}.json")],
                              capture_output=True, text=True, check=False)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        return folder

    def test_shipped_scenarios_give_the_same_bytes_every_time(self) -> None:
        for name in ("paper", "chaos", "mobility", "places"):
            with self.subTest(name):
                first = without_machine(self.run_virtual(name, name + "-1"))
                second = without_machine(self.run_virtual(name, name + "-2"))
                self.assertEqual(first, second)
                self.assertRegex(first["run.json"]["trace_hash"], r"^[0-9a-f]{16}$")
                self.assertEqual("virtual", first["run.json"]["clock"])
                other = without_machine(self.run_virtual(name, name + "-3", "--seed", "99"))
                self.assertNotEqual(first["run.json"]["trace_hash"],
                                    other["run.json"]["trace_hash"])

    def test_text_on_the_wire_gives_the_same_as_values(self) -> None:
        for name in ("chaos", "partition"):
            values = without_machine(self.run_virtual(name, name + "-values"))
            text = without_machine(self.run_virtual(name, name + "-text", "--set", "wire=text"))
            for one in (values, text):
                one["run.json"].pop("scenario")
            self.assertEqual(values, text)

    def test_a_port_that_is_taken_is_nothing_to_it(self) -> None:
        folder = self.run_virtual("paper", "ports", "--set", 'herds.0.servers=[{"name": "Alford", '
                                  '"port": 1}, "Ball", "Hamilton", "Holiday", "Welsh"]',
                                  "--set", "herds.0.links=paper")
        ports = {line.split(",")[2] for line in
                 (folder / "servers.csv").read_text(encoding="utf-8").splitlines()[1:]}
        self.assertEqual({"0"}, ports)
        self.assertFalse((folder / "logs").exists())

    def test_130_when_interrupted_and_what_was_played_is_written(self) -> None:
        folder = self.folder / "interrupted"
        process = Process(["run", "--out", folder, "--set", "herds.*.servers=1000", "--set",
                           "duration=1h", SOURCE / "scenarios" / "large.json"], self.folder)
        self.addCleanup(process.close)
        wait_until(lambda: "running" in process.stderr(), "the run is under way")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(130, process.wait())
        document = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        self.assertFalse(document["complete"])
        self.assertEqual({"flood": [], "flood-echo": []}, document["violations"])

    def test_who_asks_for_logs_is_told_that_there_are_none(self) -> None:
        done = subprocess.run([BINARY, "run", "--quiet", "--clock", "virtual", "--log", "debug",
                               "--out", str(self.folder / "logged"),
                               str(SOURCE / "scenarios" / "paper.json")],
                              capture_output=True, text=True, check=False)
        self.assertEqual(0, done.returncode)
        self.assertEqual("--log: servers write no logs in virtual time\n", done.stderr)


if __name__ == "__main__":
    unittest.main()
