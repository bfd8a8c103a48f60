"""Tests that `herdsim try` finds each of many bugs and names it, and finds nothing in a herd that has
none."""

from __future__ import annotations

import json
import re
import unittest
from typing import Dict, Tuple

from herdsim_e2e import TestCase, write_scenario
from tried import BUGGY, SECRET, Tried

# By bug of wild/buggy_herd.py: the part that shows it, the rule that is broken, and a pattern of the
# sentence, or of what came.
BUGS: Dict[str, Tuple[str, str, str]] = {
    "no-echo": ("lines", "bad-line", r"nothing"),
    "short-echo": ("lines", "bad-line", r"'\?'"),
    "no-range-check": ("lines", "bad-line", r"AT Alford"),
    "dies-of-bad-numbers": ("lines", "server-ended", r"Alford: exit status 1"),
    "stale-wins": ("lines", "newest-wins", r"not newer"),
    "float-times": ("lines", "newest-wins", r"nanosecond"),
    "drops-second": ("lines", "pipelining", r"come at once"),
    "one-command": ("lines", "second-command", r"not only the first"),
    "out-of-order": ("lines", "order", r"in the order of their commands"),
    "skew-sign": ("lines", "skew", r"server's clock less the client's"),
    "blocks": ("lines", "blocks-on-places", r"other clients must be answered"),
    "bare-json": ("lines", "whatsat", r"no empty line"),
    "no-bound": ("lines", "whatsat", r"results, and the bound is 2"),
    "lf-only": ("lines", "endings", r"CR LF"),
    "no-limit": ("lines", "long-line", r"8,192 bytes"),
    "takes-rest": ("lines", "unended-line", r"dropped when the connection closes"),
    "floods-for-ever": ("flood", "floods-for-ever", r"does not end"),
    "floods-twice": ("flood", "floods-twice", r"more than once"),
    "no-flood": ("flood", "flood", r"Hamilton never heard of try-flood-1: Alford sent no AT to "
                                   r"Hamilton"),
    "tells-one": ("flood", "flood", r"sent no AT to"),
    "renames": ("flood", "flood", r"another AT line than"),
    "no-redial": ("link-drop", "re-dial", r"Alford tells Hamilton nothing any more"),
    "no-rejoin": ("restart", "re-dial", r"after Holiday was killed and started again"),
    "forgets": ("link-drop", "forgets", r"forgot try-before-1 after the link"),
}


class Bugs(TestCase):
    def test_each_is_found_and_named(self) -> None:
        for bug, (part, rule, pattern) in BUGS.items():
            with self.subTest(bug=bug):
                tried = Tried(["--only", part, *BUGGY, bug], self.folder)
                self.assertEqual(tried.status, 1, tried.stderr + tried.stdout)
                self.assertIn(rule, tried.rules(), tried.stdout)
                words = json.dumps(tried.failures(rule))
                self.assertRegex(words, pattern)

    def test_only_an_echo_of_a_bad_line_is_missed_if_only_that_is_missing(self) -> None:
        tried = Tried(["--only", "lines", *BUGGY, "short-echo"], self.folder)
        self.assertLessEqual(set(tried.rules()), {
            "bad-line", "bad-whatsat", "bad-line-changes", "after-bad-line", "second-command",
            "endings", "pipelining", "pieces", "unended-line", "long-line", "order"})
        failure = tried.failures("bad-line")[0]
        self.assertEqual((failure["sent"], failure["expected"], failure["came"]),
                         ("''", "'? '", "'?'"))

    def test_a_failure_in_words(self) -> None:
        ended = self.herdsim("try", "--only", "flood", *BUGGY, "no-flood")
        self.assertEqual((ended.status, ended.stderr), (1, ""))
        self.assertRegex(ended.stdout, re.compile(
            r"^WRONG  Hamilton never heard of try-flood-1: Alford sent no AT to Hamilton \(flood\)\n"
            r" +sent +'IAMAT try-flood-1 \+34\.068930-118\.445127 1479413884\.392014450' to Alford\n"
            r" +expected +'AT Alford .*' at Hamilton\n"
            r" +came +Hamilton answers 'WHATSAT try-flood-1 10 1' with '\? WHATSAT try-flood-1 10 1'\n",
            re.M))


class NoBug(TestCase):
    def test_nothing_is_wrong_with_a_herd_that_has_none(self) -> None:
        tried = Tried(BUGGY, self.folder)
        self.assertEqual((tried.status, tried.found["failures"]), (0, []), tried.stdout)
        self.assertEqual(tried.found["not_played"], [])
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


class Habits(TestCase):
    def test_one_command_in_a_connection(self) -> None:
        tried = Tried(["--only", "flood", *BUGGY, "one-command"], self.folder)
        engine = tried.found["engine"]
        self.assertEqual((engine["connection"], engine["reply_end"]), ("one-command", "eof"))
        self.assertEqual(tried.rules(), [], "its floods are right")

    def test_a_herd_whose_links_cannot_be_seen_does_not_pass_for_one_that_floods(self) -> None:
        loner = self.folder / "loner.py"
        loner.write_text(
            "import socketserver, sys, time\n"
            "class Handler(socketserver.StreamRequestHandler):\n"
            "    def handle(self):\n"
            "        for line in self.rfile:\n"
            "            words = line.decode('latin-1').split()\n"
            "            text = '? ' + line.decode('latin-1').rstrip('\\n')\n"
            "            if words[:1] == ['IAMAT'] and len(words) == 4:\n"
            "                text = 'AT %s +0.000000000 %s' % (sys.argv[1], ' '.join(words[1:]))\n"
            "            self.wfile.write((text + '\\n').encode('latin-1'))\n"
            "socketserver.ThreadingTCPServer.allow_reuse_address = True\n"
            "socketserver.ThreadingTCPServer(('127.0.0.1', int(sys.argv[2])), Handler)"
            ".serve_forever()\n")
        tried = Tried(["--only", "flood,link-drop,partition", "/usr/bin/python3", str(loner),
                       "{server}", "{port}"], self.folder)
        self.assertEqual(tried.status, 1)
        self.assertIn("it cannot be told whether the herd floods", tried.failures("flood")[0]["sentence"])
        self.assertEqual([each["what"] for each in tried.found["not_played"]],
                         ["link-drop", "partition"])


class Usage(TestCase):
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


if __name__ == "__main__":
    unittest.main()
