"""Tests that `herdsim try` finds each of many bugs in the talk with clients, and names it."""

from __future__ import annotations

import unittest

from tried import BUGGY, Tried, TryCase


class Bugs(TryCase):
    def test_each_is_found_and_named(self) -> None:
        self.check_bugs({
            "no-echo": ("lines", "bad-line", r"nothing"),
            "short-echo": ("lines", "bad-line", r"'\?'"),
            "no-range-check": ("lines", "bad-line", r"AT Alford"),
            "dies-of-bad-numbers": ("lines", "server-ended", r"Alford: exit status 1.* yesterday"),
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
        })

    def test_a_server_that_has_died_is_not_accused_of_more(self) -> None:
        tried = Tried(["--only", "lines", *BUGGY, "dies-of-bad-numbers"], self.folder)
        self.assertEqual(tried.rules(), ["bad-line", "server-ended"])

    def test_only_an_echo_of_a_bad_line_is_missed_if_only_that_is_missing(self) -> None:
        tried = Tried(["--only", "lines", *BUGGY, "short-echo"], self.folder)
        self.assertLessEqual(set(tried.rules()), {
            "bad-line", "bad-whatsat", "bad-line-changes", "after-bad-line", "second-command",
            "endings", "pipelining", "pieces", "unended-line", "long-line", "order"})
        failure = tried.failures("bad-line")[0]
        self.assertEqual((failure["sent"], failure["expected"], failure["came"]),
                         ("''", "'? '", "'?'"))


if __name__ == "__main__":
    unittest.main()
