"""Tests cuts of one direction: what one side says does not come through, and it hears the other."""

from __future__ import annotations

import unittest
from typing import Any, Dict, List

from herdsim_e2e import TestCase

SERVERS = ["A", "B", "C"]


def scenario(event: Dict[str, Any], **herd: Any) -> Dict[str, Any]:
    # A - B - C. Each server's client reports once while the link of A and B is cut.
    return {
        "name": "one-way", "duration": "4s", "drain": "10s",
        "herds": [{"name": "h", "servers": SERVERS, "links": "line", "keepalive": "off", **herd}],
        "events": [{"at": "1s", **event}] + [
            {"at": "2s", "do": "burst", "server": server, "updates": 1} for server in SERVERS
        ] + [{"at": "3s", "do": "link_up", "link": ["A", "B"]}
             if event["do"] == "link_down" else {"at": "3s", "do": "heal"}]}


class OneWay(TestCase):
    def late(self, made: Dict[str, Any], clock: str) -> List[str]:
        """Returns the deliveries that waited for the end of the cut, as A>B."""
        run = self.run_scenario(made, "--clock", clock, gap_ms=200)
        self.assert_counts(run.summary("h"), updates=3, accepted=3, deliveries=6, undelivered=0,
                           violations=0, link_drops=0)
        origin = {row["update"]: row["origin"] for row in run.table("updates.csv")}
        return sorted(f"{origin[row['update']]}>{row['server']}"
                      for row in run.table("deliveries.csv") if float(row["latency_us"]) > 500_000)

    def test_only_one_direction_is_cut(self) -> None:
        partition = {"do": "partition", "groups": [["A"]]}
        down = {"do": "link_down", "link": ["A", "B"]}
        for event, want in (
                ({**partition, "direction": "forward"}, ["A>B", "A>C"]),
                ({**partition, "direction": "backward", "how": "blackhole"}, ["B>A", "C>A"]),
                ({**partition, "how": "blackhole"}, ["A>B", "A>C", "B>A", "C>A"]),
                ({**down, "direction": "forward"}, ["A>B", "A>C"]),
                ({**down, "link": ["B", "A"], "direction": "forward"}, ["B>A", "C>A"])):
            for clock, loops in (("virtual", 1), ("live", 1), ("live", 3)):
                with self.subTest(event=event, clock=clock, loops=loops):
                    self.assertEqual(self.late(scenario(event, loops=loops), clock), want)

    def test_the_side_that_hears_nothing_closes_the_link(self) -> None:
        made = scenario({"do": "partition", "groups": [["A"]], "direction": "forward"},
                        keepalive={"every": "100ms", "timeout": "300ms"}, recovery="sync")
        for clock in ("virtual", "live"):
            with self.subTest(clock):
                run = self.run_scenario(made, "--clock", clock, gap_ms=100)
                self.assert_counts(run.summary("h"), undelivered=0, violations=0, converged=1)
                lost = [float(row["at_us"]) for row in run.table("events.csv")
                        if row["event"] == "link_lost"]
                self.assertEqual(len(lost), 1)
                self.assertGreater(lost[0], 1_000_000)
                # It cannot be dialled before the end of the cut.
                proven = [float(row["at_us"]) for row in run.table("events.csv")
                          if row["event"] == "link_proven" and float(row["at_us"]) > lost[0]]
                self.assertEqual(len(proven), 1)
                self.assertGreaterEqual(proven[0], 3_000_000)

    def test_events_name_the_direction(self) -> None:
        made = scenario({"do": "partition", "groups": [["B"]], "direction": "forward"})
        run = self.run_scenario(made, "--clock", "virtual")
        details = [row["detail"] for row in run.table("events.csv")
                   if row["event"] in ("partition", "link_down")]
        self.assertIn("A - B, blackhole, from B to A", details)
        self.assertIn("B - C, blackhole, from B to C", details)
        self.assertIn("B, blackhole, from a group to later ones", details)

    def test_a_cut_that_ends_connections_has_both_directions(self) -> None:
        made = scenario({"do": "partition", "groups": [["A"]], "direction": "forward",
                         "how": "close"})
        run = self.run_scenario(made, status=2)
        self.assertIn("events.0.how: ends the connections of a link in both directions",
                      run.stderr)


if __name__ == "__main__":
    unittest.main()
