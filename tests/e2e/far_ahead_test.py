"""Tests reports whose time is far ahead of all clocks: they silence their client, unless the herd has
a limit."""

from __future__ import annotations

import time
import unittest
from typing import Any, Dict, List

from herdsim_e2e import HERE, Client, TestCase, wait_until

LAST = "9223372036.854775807"  # the last time that a report may have


def scenario(**herd: Any) -> Dict[str, Any]:
    return {
        "name": "ahead", "duration": "2s",
        "herds": [{"name": "h", "servers": ["A", "B"], "links": "line", **herd}],
        "clients": [{"id": "kiwi", "server": "A", "updates": "10/s"},
                    {"id": "pear", "server": "B", "updates": "10/s"}],
        "events": [{"at": "1010ms", "do": "send", "client": "kiwi",
                    "line": f"IAMAT kiwi {HERE} {LAST}"}]}


def outcomes(rows: List[Dict[str, str]], client: str) -> List[str]:
    return [row["outcome"] for row in rows if row["client"] == client]


class FarAhead(TestCase):
    def test_a_run_says_that_a_client_was_silenced(self) -> None:
        for clock in ("virtual", "live"):
            with self.subTest(clock):
                run = self.run_scenario(scenario(), "--clock", clock)
                rows = run.table("updates.csv")
                mine = outcomes(rows, "kiwi")
                # The line of the event is the one after the update at 1 s.
                self.assertEqual(mine, ["accepted"] * 12 + ["superseded"] * 9)
                self.assertEqual(set(outcomes(rows, "pear")), {"accepted"})
                self.assertRegex(run.stdout, r'note +h: "kiwi" reported a time \d+\.\d years ahead')
                self.assertNotIn("pear", run.stdout)
                self.assert_counts(run.summary("h"), violations=0, undelivered=0)

    def test_a_limit_keeps_the_client_audible(self) -> None:
        for clock in ("virtual", "live"):
            with self.subTest(clock):
                run = self.run_scenario(scenario(max_ahead="1min"), "--clock", clock)
                mine = outcomes(run.table("updates.csv"), "kiwi")
                self.assertEqual(mine, ["accepted"] * 11 + ["refused"] + ["accepted"] * 9)
                self.assertRegex(run.stdout, r"note .*max_ahead refused 1 report")
                self.assert_counts(run.summary("h"), violations=0, undelivered=0, converged=1)

    def test_a_client_whose_clock_is_ahead_is_refused_and_no_update_is_missed(self) -> None:
        made = scenario(max_ahead="1s")
        made["clients"][0]["skew"] = "1h"
        del made["events"]
        run = self.run_scenario(made, "--clock", "virtual")
        rows = run.table("updates.csv")
        self.assertEqual(set(outcomes(rows, "kiwi")), {"refused"})
        self.assertEqual(set(outcomes(rows, "pear")), {"accepted"})
        self.assert_counts(run.summary("h"), violations=0, undelivered=0, accepted=20,
                           wrong_records=0)

    def test_all_is_said_of_ordinary_clients_is_nothing(self) -> None:
        made = scenario()
        del made["events"]
        self.assertNotIn("ahead of", self.run_scenario(made, "--clock", "virtual").stdout)

    def test_serve_logs_the_client_once(self) -> None:
        for limit, words in ((None, "do not count"), ("1h", "it is not taken")):
            made = scenario(**({"max_ahead": limit} if limit else {}))
            with self.subTest(limit):
                serving = self.serve(made, 2)
                with Client(serving.address("A")) as client:
                    for _ in range(3):
                        self.assertRegex(
                            client.ask(f"IAMAT kiwi {HERE} {LAST}\n".encode()), rb"^AT A -\d+\.")
                    answer = client.ask(f"IAMAT kiwi {HERE} {time.time():.9f}\n".encode())
                    self.assertTrue(answer.startswith(b"AT A "), answer)
                    for n in range(30):
                        client.ask(f"IAMAT k-{n} {HERE} {LAST}\n".encode())
                wait_until(lambda: "are not named" in serving.stderr(), "the last warning")
                log = serving.stderr()
                self.assertEqual(log.count('"kiwi"'), 1, log)
                self.assertEqual(log.count("ahead of this server's clock"), 10, log)
                self.assertIn(words, log)
                self.assertEqual(serving.stop(), 0)


if __name__ == "__main__":
    unittest.main()
