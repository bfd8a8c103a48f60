"""Tests that `herdsim try` finds each of many bugs in how servers tell each other of updates, and names
it."""

from __future__ import annotations

import re
import unittest

from tried import BUGGY, Tried, TryCase

# A server that answers clients rightly, and knows no other server.
LONER = """
import socketserver, sys
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            words = line.decode('latin-1').split()
            text = '? ' + line.decode('latin-1').rstrip('\\n')
            if words[:1] == ['IAMAT'] and len(words) == 4:
                text = 'AT %s +0.000000000 %s' % (sys.argv[1], ' '.join(words[1:]))
            self.wfile.write((text + '\\n').encode('latin-1'))
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(('127.0.0.1', int(sys.argv[2])), Handler).serve_forever()
"""


class Floods(TryCase):
    def test_each_bug_is_found_and_named(self) -> None:
        self.check_bugs({
            "floods-for-ever": ("flood", "floods-for-ever", r"does not end"),
            "floods-twice": ("flood", "floods-twice", r"more than once"),
            "no-flood": ("flood", "flood", r"Hamilton never heard of try-flood-1: Alford sent no AT "
                                           r"to Hamilton"),
            "tells-one": ("flood", "tells-all", r"sent no AT to"),
            "renames": ("flood", "at-line", r"another AT line than"),
            "no-redial": ("link-drop", "re-dial", r"Alford tells Hamilton nothing any more"),
            "no-rejoin": ("restart", "re-dial", r"after Holiday was killed and started again"),
            "forgets": ("link-drop", "forgets", r"forgot try-before-1 after the link"),
        })

    def test_a_failure_in_words(self) -> None:
        ended = self.herdsim("try", "--only", "flood", *BUGGY, "no-flood")
        self.assertEqual((ended.status, ended.stderr), (1, ""))
        self.assertRegex(ended.stdout, re.compile(
            r"^WRONG  Hamilton never heard of try-flood-1: Alford sent no AT to Hamilton \(flood\)\n"
            r" +sent +'IAMAT try-flood-1 \+34\.068930-118\.445127 1479413884\.392014450' to Alford\n"
            r" +expected +'AT Alford .*' at Hamilton\n"
            r" +came +Hamilton answers 'WHATSAT try-flood-1 10 1' with '\? WHATSAT try-flood-1 10 1'\n",
            re.M))

    def test_worlds_that_need_a_flood_are_named_if_there_is_none(self) -> None:
        tried = Tried(["--only", "link-drop,partition,restart", *BUGGY, "no-flood"], self.folder)
        self.assertEqual(tried.rules(), ["flood"])
        self.assertEqual([each["what"] for each in tried.found["not_played"]],
                         ["link-drop", "partition", "restart"])

    def test_a_herd_whose_links_cannot_be_seen_does_not_pass_for_one_that_floods(self) -> None:
        loner = self.folder / "loner.py"
        loner.write_text(LONER)
        tried = Tried(["--only", "flood,link-drop,partition", "/usr/bin/python3", str(loner),
                       "{server}", "{port}"], self.folder)
        self.assertEqual(tried.status, 1)
        self.assertIn("it cannot be told whether the herd floods",
                      tried.failures("flood")[0]["sentence"])
        self.assertEqual([each["what"] for each in tried.found["not_played"]],
                         ["link-drop", "partition"])

    def test_a_server_that_says_nothing_to_its_neighbours_is_named(self) -> None:
        loner = self.folder / "loner.py"
        loner.write_text(LONER)
        tried = Tried(["--only", "flood", "/usr/bin/python3", str(loner), "{server}", "{port}",
                       "{neighbors}"], self.folder)
        self.assertEqual(tried.status, 1)
        self.assertIn("Hamilton never heard of try-flood-1: Alford sent no AT to Hamilton",
                      [each["sentence"] for each in tried.failures("flood")])


if __name__ == "__main__":
    unittest.main()
