"""Tests what a terminal gets: the progress bar, colours and the width of tables."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unittest
from typing import Any, Dict, Tuple

from herdsim_e2e import BINARY, DEADLINE_S, TestCase, write_scenario

RED = "\x1b[31m"


def scenario(herds: int = 2, **more: Any) -> Dict[str, Any]:
    return {"name": "t", "clock": "virtual", "duration": "20s",
            "herds": [{"name": f"herd-{n}"} for n in range(herds)],
            "clients": [{"id": "c-{n}", "count": 4, "server": "spread", "updates": "2/s"}],
            "expect": [{"herd": "herd-0", "metric": "messages", "max": 1}], **more}


class Terminal(TestCase):
    def on_terminal(self, *call: str, columns: int = 120, **variables: str) -> Tuple[int, str]:
        """Runs herdsim on a terminal of this width; returns its status and what the terminal got."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("TERM", "NO_COLOR")}
        process = subprocess.Popen([BINARY, *call], stdin=subprocess.DEVNULL, stdout=theirs,
                                   stderr=theirs, cwd=self.folder, env={**environment, **variables})
        os.close(theirs)
        got = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # what Linux says once nobody has the other end
                break
            if not part:
                break
            got += part
        return process.wait(DEADLINE_S), got.decode()

    def run_on_terminal(self, of: Dict[str, Any], *options: str, **how: Any) -> str:
        path = write_scenario(of, self.folder)
        status, text = self.on_terminal("run", str(path), *options, **how)
        self.assertEqual(status, 1, text)
        return text

    def test_failures_are_red_and_said_in_words(self) -> None:
        text = self.run_on_terminal(scenario(), "--quiet", TERM="xterm")
        self.assertRegex(text, r"expectations  0 of 1 held\r\n  \x1b\[31mFAILED\x1b\[0m herd-0: ")

    def test_no_colours_if_they_are_not_wanted(self) -> None:
        for variables in ({"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb"}, {}):
            with self.subTest(variables):
                text = self.run_on_terminal(scenario(), "--quiet", **variables)
                self.assertIn("  FAILED herd-0: ", text)
                self.assertNotIn("\x1b", text)
        text = self.run_on_terminal(scenario(), "--quiet", TERM="xterm", NO_COLOR="")
        self.assertIn(RED, text, "an empty variable is as one that is not set")

    def test_only_a_terminal_with_escapes_has_the_bar(self) -> None:
        live = scenario(1, clock="live", duration="1s")
        self.assertIn("\x1b[K", self.run_on_terminal(live, TERM="xterm"))
        with_no_colour = self.run_on_terminal(live, TERM="xterm", NO_COLOR="1")
        self.assertIn("\x1b[K", with_no_colour, "the bar has no colour")
        self.assertNotIn("\x1b[3", with_no_colour)
        dumb = self.run_on_terminal(live, TERM="dumb")
        self.assertNotIn("\x1b", dumb)
        self.assertRegex(dumb, r"(?m)^t: ", "progress is told in lines")

    def test_a_pipe_gets_no_escapes(self) -> None:
        path = write_scenario(scenario(), self.folder)
        ended = self.herdsim("run", str(path), env={**os.environ, "TERM": "xterm"})
        self.assertEqual(ended.status, 1)
        self.assertNotIn("\x1b", ended.stdout + ended.stderr)

    def test_a_table_turns_if_its_herds_do_not_fit(self) -> None:
        wide = self.run_on_terminal(scenario(5), "--quiet", columns=100, TERM="dumb")
        self.assertRegex(wide, r"(?m)^messages per update +\d")
        narrow = self.run_on_terminal(scenario(5), "--quiet", columns=50, TERM="dumb")
        self.assertRegex(narrow, r"(?m)^herd ")
        table = narrow.replace("\r", "").partition("\n\n")[2].partition("\nexpectations")[0]
        self.assertLessEqual(max(map(len, table.splitlines())), 50, table)
        figures = re.findall(r"(?m)^herd-\d .*", table)
        self.assertGreater(len(figures), 5, "the table is in parts below each other")


if __name__ == "__main__":
    unittest.main()
