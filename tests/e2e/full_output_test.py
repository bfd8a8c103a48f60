"""Tests that what a command prints is never lost in silence: standard output on a full disk."""

from __future__ import annotations

import pathlib
import subprocess
import unittest
from typing import Any, List

from herdsim_e2e import BINARY, DEADLINE_S, PAPER_SERVERS, Serving, TestCase, write_scenario
from limited_process import tiny

FULL = pathlib.Path("/dev/full")


@unittest.skipUnless(FULL.exists(), "this system has no /dev/full")
class FullOutput(TestCase):
    def run_full(self, arguments: List[Any], **options: Any) -> "subprocess.CompletedProcess[str]":
        with FULL.open("w") as full:
            return subprocess.run([BINARY, *map(str, arguments)], cwd=self.folder, stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=DEADLINE_S,
                                  check=False, **options)

    def assert_told(self, arguments: List[Any]) -> None:
        with self.subTest(arguments=arguments):
            ended = self.run_full(arguments)
            self.assertEqual(ended.returncode, 3, ended.stderr)
            self.assertRegex(ended.stderr, r"standard output: cannot be written")
            self.assertEqual(ended.stderr.count("standard output"), 1, "said once")

    def test_of_every_command(self) -> None:
        live = write_scenario(tiny("live"), self.folder)
        virtual = write_scenario(tiny("virtual", "virtual"), self.folder)
        swept = write_scenario(tiny("swept", "virtual", sweep={"seed": {"count": 2}}), self.folder)
        for arguments in (["run", live, "--quiet"], ["run", virtual, "--quiet"],
                          ["run", swept, "--quiet"], ["run", virtual, "--dry-run"],
                          ["check", live], ["schema"], ["trace", live], ["serve", live],
                          ["places"], ["swarm", "--runs", "1", "--quiet"], ["--help"],
                          ["run", "--help"], ["--version"]):
            self.assert_told(arguments)
        for name in ("live", "virtual", "swept"):
            self.assertTrue((self.folder / "results" / name / "summary.csv").exists(),
                            "the files are written all the same")

    def test_of_client(self) -> None:
        serving = Serving({"name": "s", "duration": "1s", "herds": [{"name": "h"}]}, self.folder,
                          len(PAPER_SERVERS), log="off")
        self.addCleanup(serving.close)
        host, port = serving.address("Ball")
        self.assert_told(["client", f"{host}:{port}", "IAMAT k +1+1 5"])

    def test_wrong_usage_stays_wrong_usage(self) -> None:
        self.assertEqual(self.run_full(["check", "missing.json"]).returncode, 2)
        self.assertEqual(self.run_full(["fly"]).returncode, 2)


class StandardInput(TestCase):
    def test_is_the_file_that_is_a_dash(self) -> None:
        text = write_scenario(tiny("piped", "virtual"), self.folder).read_text()
        for call, said in ((["check", "-"], "-: ok\n"), (["trace", "-"], "time_s,client,lat,lon"),
                           (["run", "-", "--quiet"], "results/piped\n")):
            with self.subTest(call=call):
                ended = subprocess.run([BINARY, *call], cwd=self.folder, input=text,
                                       capture_output=True, text=True, timeout=DEADLINE_S,
                                       check=False)
                self.assertEqual(ended.returncode, 0, ended.stderr)
                self.assertIn(said, ended.stdout)

    def test_errors_name_it_as_it_was_given(self) -> None:
        ended = subprocess.run([BINARY, "check", "-"], input="{\n}\n", capture_output=True,
                               text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(ended.returncode, 2)
        self.assertIn("-:1: name: is missing", ended.stderr)


if __name__ == "__main__":
    unittest.main()
