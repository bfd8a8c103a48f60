"""Propagation schemes on real sockets: what an update takes, and what a fault costs."""

from __future__ import annotations

import unittest
from typing import Any, Dict

from herdsim_e2e import PAPER_SERVERS, TestCase

TREES = {"scheme": "plumtree", "trees": "origin"}
SHARED = {"scheme": "plumtree", "trees": "shared"}
PULL = {"scheme": "gossip", "fanout": 1, "pull": "100ms"}


def herd(name: str, **more: Any) -> Dict[str, Any]:
    return {"name": name, "link": {"latency": "2ms"}, **more}


class SchemesLive(TestCase):
    def test_a_source_tree_of_the_papers_ring(self) -> None:
        run = self.run_scenario({
            "name": "tree", "clock": "live", "duration": "3s", "drain": "10s",
            "herds": [herd("tree", propagation="source-tree")],
            # After all servers have the map of the herd.
            "events": [{"at": "1s", "do": "burst", "server": server, "updates": 20, "clients": 20,
                        "over": "1s"} for server in PAPER_SERVERS]})
        self.assert_counts(run.summary("tree"), accepted=100, messages=400, duplicates=0,
                           undelivered=0, control_lines=0, violations=0)

    def test_nothing_is_lost_through_a_fault_with_sync(self) -> None:
        """A link goes and comes back while updates are under way, in each scheme at once."""
        schemes = {"tree": "source-tree", "trees": TREES, "shared": SHARED, "pull": PULL,
                   "mesh": "gossipsub"}
        herds = [herd(name, propagation=scheme, recovery="sync") for name, scheme in schemes.items()]
        herds += [herd("batch", propagation="flood", recovery="sync", batch={"wait": "10ms"}),
                  herd("window", propagation="source-tree", recovery="sync",
                       outbox={"window": "64B"})]
        run = self.run_scenario({
            "name": "fault", "clock": "live", "duration": "3s", "drain": "30s", "herds": herds,
            "clients": [{"id": "phone-{n}", "count": 40, "server": "spread", "updates": "5/s"}],
            "events": [
                {"at": "1s", "do": "link_down", "link": ["Alford", "Welsh"]},
                {"at": "2s", "do": "link_up", "link": ["Alford", "Welsh"]}]})
        for spec in herds:
            with self.subTest(spec["name"]):
                summary = run.summary(spec["name"])
                self.assert_counts(summary, undelivered=0, violations=0, link_drops=1, converged=1)
                self.assertEqual(summary["accepted"], summary["updates"])
                self.assertGreater(int(summary["accepted"]), 300)

    def test_a_map_is_told_where_its_changes_are(self) -> None:
        run = self.run_scenario({
            "name": "map", "clock": "live", "duration": "1s", "drain": "10s",
            "herds": [herd("tree", propagation="source-tree", recovery="sync")],
            "clients": [{"id": "phone", "server": "Ball", "updates": {"every": "200ms"}}],
            "events": [{"at": "500ms", "do": "link_down", "link": ["Alford", "Welsh"]}]})
        changes = [row["detail"] for row in run.table("events.csv", "tree")
                   if row["event"] == "map_changed"]
        last = dict(detail.split(": ") for detail in changes)
        self.assertEqual(set(last), {"Alford", "Ball", "Hamilton", "Holiday", "Welsh"})
        self.assertEqual(len(set(last.values())), 1, "the same map")


if __name__ == "__main__":
    unittest.main()
