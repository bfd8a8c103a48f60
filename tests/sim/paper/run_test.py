"""The whole program as `make paper` starts it: files, exit status, messages about failures."""

import csv
import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

from harness import BINARY, ROOT

RUN = ROOT / "sim" / "paper" / "run.py"


class RunTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_it(self, *words, herdsim=BINARY):
        return subprocess.run(["/usr/bin/python3", RUN, "--herdsim", herdsim, "--out", self.folder, *words],
                              capture_output=True, text=True, check=False, timeout=240)

    def rows(self, name):
        with open(self.folder / name, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_a_claim_is_measured_and_written(self):
        done = self.run_it("--quick", "--claims", "skew")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        wrong = {row["engine"]: row for row in self.rows("paper-claims-quick.csv")
                 if row["metric"] == "wrong_records"}
        self.assertEqual(wrong["native"]["value"], "0")
        self.assertGreater(float(wrong["native-server-time"]["value"]), 0)
        page = (self.folder / "paper-claims-quick.md").read_text()
        self.assertNotIn("*Verdict*", page)
        self.assertNotIn("## The verdicts", page)
        self.assertIn("[published: ", page)
        self.assertEqual(sorted(os.listdir(self.folder)),
                         ["paper-claims-quick.csv", "paper-claims-quick.html", "paper-claims-quick.md"])

    def test_the_native_server_is_right_about_every_bad_line(self):
        done = self.run_it("--rounds", "1", "--claims", "typing")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("*Verdict*: ", (self.folder / "paper-claims-part.md").read_text())
        native = {row["metric"]: row["value"] for row in self.rows("paper-claims-part.csv")
                  if row["engine"] == "native"}
        self.assertEqual(native["right"], native["lines"])
        self.assertEqual(native["right_warm"], native["lines"])
        self.assertEqual(native["serves_afterwards"], "1")

    def test_a_herdsim_that_fails_is_told_and_makes_the_status(self):
        broken = self.folder / "broken"
        broken.write_text("#!/bin/sh\necho 'port 4000 is taken' >&2\nexit 3\n")
        broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
        done = self.run_it("--quick", "--claims", "skew", herdsim=broken)
        self.assertEqual(done.returncode, 1)
        self.assertIn("failed: skew: native, round 1: herdsim ended with 3", done.stderr)
        page = (self.folder / "paper-claims-quick.md").read_text()
        self.assertIn("port 4000 is taken", page)
        self.assertEqual(self.rows("paper-claims-quick.csv"), [])

    def test_the_plan_runs_nothing(self):
        done = self.run_it("--plan")
        self.assertEqual(done.returncode, 0)
        self.assertIn("herd", done.stdout)
        self.assertEqual(os.listdir(self.folder), [])

    def test_an_unknown_claim_is_an_error(self):
        done = self.run_it("--claims", "speed")
        self.assertEqual(done.returncode, 2)
        self.assertIn("speed", done.stderr)

    def test_without_herdsim_it_says_what_to_do(self):
        done = self.run_it("--quick", herdsim=self.folder / "none")
        self.assertEqual(done.returncode, 3)
        self.assertIn("make build", done.stderr)


if __name__ == "__main__":
    unittest.main()
