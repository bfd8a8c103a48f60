"""Tests the command line of `herdsim try`, what it says of a herd that has no bug, and its end."""

from __future__ import annotations

import pathlib
import signal
import unittest
from typing import List

from herdsim_e2e import wait_until, write_scenario
from tried import BUGGY, SECRET, Tried, TryCase


class NoBug(TryCase):
    def test_nothing_is_wrong_with_a_herd_that_has_none(self) -> None:
        tried = Tried(BUGGY, self.folder)
        self.check_right(tried)
        self.assertIn("lets a server that was down lose its memory", tried.stdout)

    def test_the_engine_that_is_printed_drives_the_herd(self) -> None:
        tried = Tried(["--only", "lines", *BUGGY], self.folder)
        engine = tried.found["engine"]
        self.assertEqual(engine["links"], "persistent")
        self.assertIs(engine["pipelining"], True)
        path = write_scenario({
            "name": "mine", "duration": "1s", "herds": [{"name": "mine", "engine": engine}],
            "clients": [{"id": "c{n}", "count": 5, "server": "spread", "updates": "2/s",
                         "start": "+1+1"}],
            "expect": [{"herd": "*", "metric": "undelivered", "equals": 0}]}, self.folder)
        ended = self.herdsim("run", "--quiet", str(path))
        self.assertEqual(ended.status, 0, ended.stderr)

    def test_one_command_in_a_connection(self) -> None:
        tried = Tried(["--only", "flood", *BUGGY, "one-command"], self.folder)
        engine = tried.found["engine"]
        self.assertEqual((engine["connection"], engine["reply_end"]), ("one-command", "eof"))
        self.assertEqual(tried.rules(), [], "its floods are right")


class Usage(TryCase):
    def test_a_command_is_needed(self) -> None:
        ended = self.herdsim("try")
        self.assertEqual((ended.status, ended.stdout), (2, ""))
        self.assertIn("herdsim try: needs the command of a herd", ended.stderr)

    def test_a_wrong_option_is_no_command(self) -> None:
        ended = self.herdsim("try", "--formt", "json", "true")
        self.assertEqual((ended.status, ended.stdout), (2, ""))
        self.assertIn("there is no option '--formt'", ended.stderr)

    def test_a_wrong_placeholder(self) -> None:
        ended = self.herdsim("try", "true", "{prot}")
        self.assertEqual((ended.status, ended.stdout), (2, ""))
        self.assertIn("{prot} stands for nothing", ended.stderr)

    def test_a_herd_that_does_not_start(self) -> None:
        ended = self.herdsim("try", *SECRET, "sh", "-c", "echo out of luck; exit 7", "{port}",
                             "{neighbors}")
        self.assertEqual((ended.status, ended.stdout), (3, ""))
        self.assertIn("exit status 7", ended.stderr)
        self.assertIn("out of luck", ended.stderr)


class Interrupt(TryCase):
    def programs(self, mark: bytes) -> List[List[bytes]]:
        """Returns the words of the processes whose last word is the mark."""
        found = []
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().split(b"\0")[:-1]
            except OSError:
                continue
            if words[-1:] == [mark]:
                found.append(words)
        return found

    def test_a_signal_ends_all_processes(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                mark = f"mark-{self.folder.name}-{number}".encode()
                process = self.start("try", *BUGGY, "", mark.decode())
                wait_until(lambda: sum(words[0].endswith(b"python3")
                                       for words in self.programs(mark)) >= 5, "the herd runs")
                process.send_signal(number)
                self.assertEqual(process.wait(), 130)
                wait_until(lambda: not self.programs(mark), "no process is left")


if __name__ == "__main__":
    unittest.main()
