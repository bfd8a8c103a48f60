"""Tests `herdsim show`, which tells a run and its floods in words."""

from __future__ import annotations

import csv
import re
import unittest
from typing import Any, Dict

from herdsim_e2e import HERE, SOURCE, Run, TestCase

LINE = re.compile(r" *(\d+)\. +\+(\S+ \S+)  (\S+) +<- (\S+) +(.*)")


class Show(TestCase):
    def ran(self, name: str, *options: str) -> str:
        out = str(self.folder / "out")
        run = self.herdsim("run", str(SOURCE / "scenarios" / f"{name}.json"), "--clock", "virtual",
                           "--quiet", "--out", out, *options)
        self.assertEqual(run.status, 0, run.stderr)
        return out

    def shown(self, *arguments: str) -> str:
        ended = self.herdsim("show", *arguments)
        self.assertEqual((ended.status, ended.stderr), (0, ""))
        return ended.stdout

    def refused(self, *arguments: str) -> str:
        ended = self.herdsim("show", *arguments)
        self.assertEqual((ended.status, ended.stdout), (2, ""))
        self.assertNotIn("\n", ended.stderr[:-1])
        return ended.stderr

    def test_a_flood_is_a_numbered_list(self) -> None:
        out = self.ran("flooding", "--set", "herds.*.link.latency=1ms")
        text = self.shown(out, "--update", "3", "--herd", "flood-echo")
        self.assertTrue(text.startswith("herd flood-echo: update 3 of "), text)
        found = [LINE.fullmatch(line) for line in text.splitlines()]
        lines = [match.groups() for match in found if match]
        self.assertEqual([int(line[0]) for line in lines], list(range(1, 11)))
        kinds = [line[4].split(":")[0] for line in lines]
        self.assertEqual({kind: kinds.count(kind) for kind in set(kinds)},
                         {"new": 4, "echo": 4, "duplicate": 2})
        self.assertEqual(lines[0][1], "1.00 ms")
        self.assertRegex(text, r"duplicate: had it from \w+ (0 µs|1\.00 ms) before\n")
        self.assertIn("echo: sent straight back\n", text)
        self.assertIn("reached 5 of 5 servers in 2.00 ms, with 10 messages, 6 of them duplicates, "
                      "4 of these echoes; its client had the answer after", text)

    def test_without_a_number_it_says_what_stands_out(self) -> None:
        text = self.shown(self.ran("partition"))
        self.assertEqual(re.findall(r"^herd (\S+)$", text, re.M), ["none", "sync"])
        self.assertEqual(len(re.findall(r"^  slowest +update \d+ of ", text, re.M)), 2)
        self.assertEqual(len(re.findall(r"^  most wasteful +update \d+ of ", text, re.M)), 2)
        with (self.folder / "out" / "updates.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        for herd in ("none", "sync"):
            open_updates = sum(row["herd"] == herd and row["servers_reached"] != "5"
                               for row in rows)
            self.assertIn(f"  never covered  {open_updates}\n", text)
        self.assertIn(" (cut off)", text)

    def test_who_missed_an_update_and_why(self) -> None:
        out = self.ran("partition")
        with (self.folder / "out" / "undelivered.csv").open(newline="") as file:
            row = next(csv.DictReader(file))
        text = self.shown(out, "--herd", row["herd"], "--update", row["update"])
        self.assertIn(f"{row['server']} ({row['reason'].replace('_', ' ')})", text.splitlines()[-1])

    def test_errors_say_what_is_wrong_and_what_to_do(self) -> None:
        self.assertIn("is not the results folder of a run", self.refused(str(self.folder)))
        self.assertIn("is not the results folder of a run", self.refused("nowhere"))
        out = self.ran("flooding", "--set", 'messages={"updates": [2, 5]}')
        error = self.refused(out, "--update", "3", "--herd", "flood")
        self.assertIn("messages.csv has no rows of update 3. It has those of updates 2, 5.", error)
        self.assertIn("""--set 'messages={"updates": [3]}'""", error)
        self.assertIn("herd flood has no update 999", self.refused(out, "--update", "999", "--herd",
                                                                   "flood"))
        self.assertIn('the run has no herd "f"', self.refused(out, "--herd", "f"))
        (self.folder / "out" / "messages.csv").write_text("herd,update\nflood,x\n")
        self.assertIn("messages.csv, line 2, is not a row of such a file", self.refused(out))
        out = self.ran("flooding", "--set", "record=summary")
        self.assertIn('"record": "summary"', self.refused(out))

    def test_controls_in_ids_do_not_reach_the_terminal(self) -> None:
        scenario: Dict[str, Any] = {
            "name": "odd", "duration": "100ms", "clock": "virtual", "herds": [{"name": "h"}],
            "clients": [{"id": "c", "server": "Ball"}],
            "events": [{"at": "10ms", "do": "send", "client": "c",
                        "line": f"IAMAT \u001b[31mred {HERE} 5"}]}
        run: Run = self.run_scenario(scenario)
        for more in ([], ["--update", "0"]):
            text = self.shown(str(run.folder), *more)
            self.assertNotIn("\x1b", text)
            self.assertIn("update 0 of \\x1b[31mred, accepted by Ball", text)


if __name__ == "__main__":
    unittest.main()
