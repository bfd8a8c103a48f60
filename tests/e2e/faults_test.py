"""Tests faults end to end: the messages that they lose, what recovery repairs, and what that
costs."""

from __future__ import annotations

import math
import unittest
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

from herdsim_e2e import HERE, PAPER_SERVERS, Row, Run, TestCase, by, on_time, total

HERDS = [{"name": "none"}, {"name": "sync", "recovery": "sync"}]
WEST = {"Alford", "Hamilton"}
EAST = set(PAPER_SERVERS) - WEST


class FaultTest(TestCase):
    loops = 1  # in each herd

    def play(self, events: List[Dict[str, Any]], clients: List[Dict[str, Any]], duration: str,
             herds: Optional[List[Dict[str, Any]]] = None, gap_ms: float = math.inf,
             late_ms: Callable[[Run], float] = Run.late_ms, **keys: Any) -> Run:
        herds = [{"loops": self.loops, **herd} for herd in herds or HERDS]
        scenario = {"name": "faults", "duration": duration, "drain": "30s", "herds": herds,
                    "clients": clients, "events": events, **keys}
        run = on_time(lambda: self.run_scenario(scenario), gap_ms, late_ms)
        for row in run.table("summary.csv"):
            self.assertEqual(row["violations"], "0", run.json()["violations"])
            parts = ("deliveries", "deliveries_again", "duplicates", "stale", "lost")
            self.assertEqual(int(row["messages"]), sum(int(row[part]) for part in parts))
        return run

    def assert_whole(self, run: Run, herd: str = "sync") -> None:
        self.assert_counts(run.summary(herd), undelivered=0, converged=1)

    def happened(self, run: Run, herd: str, event: str) -> List[float]:
        return [float(row["at_us"]) for row in run.table("events.csv")
                if row["herd"] in (herd, "") and row["event"] == event]


def reached(run: Run, herd: str) -> Dict[str, Set[str]]:
    """Returns the servers that applied each update."""
    servers = {row["update"]: {row["origin"]} for row in run.table("updates.csv", herd)}
    for row in run.table("deliveries.csv", herd):
        servers[row["update"]].add(row["server"])
    return servers


def missing(run: Run, herd: str) -> Set[Tuple[str, str]]:
    """Returns the pairs of an update and a server that has neither it nor a newer one of its
    client."""
    servers = reached(run, herd)
    out = set()
    for rows in by(run.table("updates.csv", herd), "client").values():
        have: Set[str] = set()
        for row in reversed(rows):  # newest first
            have |= servers[row["update"]]
            out |= {(row["update"], server) for server in set(PAPER_SERVERS) - have}
    return out


class Partition(FaultTest):
    def cut(self, how: str) -> Run:
        # 100 updates per second. Half of them are from clients that send once, so that no newer
        # update replaces theirs; the others are from five clients that go on sending. No update is
        # sent at the instant of another event.
        once = [{"at": "157ms", "do": "burst", "server": server, "updates": 35, "clients": 35,
                 "over": "3500ms"} for server in PAPER_SERVERS]
        return self.play(
            once + [{"at": "1s", "do": "partition", "groups": [sorted(WEST)], "how": how},
                    {"at": "3s", "do": "heal"}],
            [{"id": "c-{n}", "count": 5, "server": "spread", "updates": "10/s"}], "4s")

    def check(self, run: Run) -> None:
        row = run.summary("none")
        self.assert_counts(row, updates=375, accepted=375)
        lost = missing(run, "none")
        self.assertEqual(int(row["undelivered"]), len(lost))
        # Two links are cut, Alford - Welsh and Hamilton - Holiday, until they are up again.
        cut_links = {("Alford", "Welsh"), ("Hamilton", "Holiday")}
        dropped = [link for link in run.table("links.csv", "none") if link["drops"] != "0"]
        self.assertEqual({tuple(sorted((link["from"], link["to"]))) for link in dropped}, cut_links)
        down = self.happened(run, "none", "link_lost")
        up = self.happened(run, "none", "link_proven")
        self.assertEqual((len(down), len(up)), (2, 2), run.table("events.csv"))

        updates = {each["update"]: each for each in run.table("updates.csv", "none")}
        newest = {rows[-1]["update"] for rows in by(updates.values(), "client").values()}
        for update, server in lost:
            origin = updates[update]["origin"]
            self.assertNotEqual(origin in WEST, server in WEST, "within a side all is heard")
        # An update accepted while the links were cut did not cross before the first of them was up
        # again. If it crossed later, it was still in flight on its own side then.
        arrivals: Dict[str, List[Row]] = by(run.table("deliveries.csv", "none"), "update")
        ends = {end for link in cut_links for end in link}
        stayed, in_flight = 0, 0
        for number, update in updates.items():
            other = EAST if update["origin"] in WEST else WEST
            accepted = float(update["accepted_us"])
            crossed = [accepted + float(row["latency_us"]) for row in arrivals.get(number, [])
                       if row["server"] in other]
            lacks = {server for each, server in lost if each == number}
            if max(down) <= accepted < min(up):
                self.assertTrue(all(at >= min(up) for at in crossed), update)
                if number in newest and not crossed:
                    self.assertEqual(lacks, other, update)
                    stayed += 1
            elif accepted >= max(up):
                self.assertEqual(lacks, set(), "all is well again")
            elif accepted < max(down) and lacks:
                at_cut = [accepted] if update["origin"] in ends else []
                at_cut += [accepted + float(row["latency_us"]) for row in arrivals.get(number, [])
                           if row["server"] in ends - other]
                in_flight += min(at_cut) < min(down)
        self.assertGreater(stayed, 50)
        # An update that reached a cut link before the cut and is missing had a message lost in the
        # cut.
        self.assertLessEqual(in_flight, int(row["lost"]))

        self.assert_whole(run)
        self.assertEqual(missing(run, "sync"), set())
        self.assertGreater(int(run.summary("sync")["repairs"]), 0)
        self.assert_counts(row, repairs=0, sync_bytes=0, converged=0)

    def test_a_clean_cut_loses_exactly_what_was_said_meanwhile(self) -> None:
        self.check(self.cut("close"))

    def test_so_does_a_reset(self) -> None:
        self.check(self.cut("reset"))

    def test_a_blackhole_is_found_out_and_made_up_for(self) -> None:
        keep = {"every": "100ms", "timeout": "800ms"}
        run = self.play(
            [{"at": "100ms", "do": "burst", "server": "Alford", "updates": 100, "clients": 100,
              "over": "2s"},
             {"at": "500ms", "do": "partition", "groups": [sorted(WEST)], "how": "blackhole"},
             {"at": "2s", "do": "heal"}], [], "2500ms",
            herds=[{**herd, "keepalive": keep} for herd in HERDS], gap_ms=200)
        for herd in ("none", "sync"):
            self.assertEqual(total(run.table("links.csv", herd), "drops"), 4)
        self.assertEqual(int(run.summary("none")["undelivered"]), len(missing(run, "none")))
        self.assertGreater(int(run.summary("none")["undelivered"]), 0)
        self.assert_whole(run)

    def test_sync_costs_what_was_missing_and_not_what_is_held(self) -> None:
        clients = 5000
        run = self.play(
            [{"at": "0s", "do": "burst", "server": "Ball", "updates": clients, "clients": clients,
              "over": "4s"},
             {"at": "5s", "do": "partition", "groups": [sorted(WEST)]},
             *({"at": "5500ms", "do": "send", "client": f"mover-{n}",
                "line": f"IAMAT mover-{n} {HERE} 1000"} for n in range(10)),
             {"at": "6s", "do": "heal"}],
            [{"id": "mover-{n}", "count": 10, "server": "Ball"}], "6500ms", herds=HERDS[1:],
            record="updates", gap_ms=400)
        self.assert_whole(run)
        row = run.summary("sync")
        self.assert_counts(row, clients=clients + 10, accepted=clients + 10)
        self.assertEqual({server["clients_known"] for server in run.table("servers.csv")},
                         {str(clients + 10)})
        links = [link for link in run.table("links.csv")
                 if (link["from"] in WEST) != (link["to"] in WEST)]
        self.assertEqual(len(links), 4)
        # Ball told Holiday of every client exactly once: that is the cost of sending everything.
        everything, = (int(link["bytes"]) for link in run.table("links.csv")
                       if (link["from"], link["to"]) == ("Ball", "Holiday"))
        self.assertGreater(everything, clients * 70)
        self.assertGreaterEqual(total(links, "repairs"), 10)
        for west, east in (("Alford", "Welsh"), ("Hamilton", "Holiday")):
            both = [link for link in links if {link["from"], link["to"]} == {west, east}]
            self.assertLessEqual(total(both, "repairs"), 10, both)
            cost = total(both, "sync_bytes") + total(both, "repairs") * 200
            self.assertLess(cost, everything * 5 // 100, both)


class Servers(FaultTest):
    def test_a_restart_loses_the_memory_and_sync_brings_it_back(self) -> None:
        run = self.play(
            [{"at": "100ms", "do": "burst", "server": "Alford", "updates": 50, "clients": 50},
             {"at": "600ms", "do": "server_down", "server": "Ball"},
             {"at": "800ms", "do": "burst", "server": "Alford", "updates": 30, "clients": 30},
             {"at": "1200ms", "do": "server_up", "server": "Ball"}],
            [{"id": "stays", "server": "Ball", "updates": {"every": "50ms"}},
             {"id": "flees", "server": "Ball", "updates": {"every": "50ms"},
              "handover": {"on_loss": "next"}}], "2s", gap_ms=150, late_ms=Run.lag_ms)
        for herd in ("none", "sync"):
            row = run.summary(herd)
            self.assert_counts(row, server_restarts=1)
            clients = {each["client"]: each for each in run.table("clients.csv", herd)}
            self.assertGreaterEqual(int(clients["stays"]["connections_lost"]), 2,
                                    "the one it had, and tries while the port was closed")
            self.assertEqual(clients["flees"]["connections_lost"], "1")
            self.assertEqual(int(row["connections_lost"]),
                             total(clients.values(), "connections_lost"))
            where = {each["origin"] for each in run.table("updates.csv", herd)
                     if each["client"] == "flees" and float(each["sent_us"]) > 1_300_000}
            self.assertEqual(where, {"Hamilton"}, "the next, and there it stays")
            restarts = {each["server"]: each["restarts"]
                        for each in run.table("servers.csv", herd)}
            self.assertEqual(restarts, {name: str(int(name == "Ball")) for name in PAPER_SERVERS})
        # Without recovery, Ball misses both bursts; later updates of the two clients replace the
        # rest.
        self.assert_counts(run.summary("none"), deliveries_again=0, undelivered=80, converged=0)
        self.assert_whole(run)
        again = int(run.summary("sync")["deliveries_again"])
        self.assertGreaterEqual(again, 50, "what it had known before it died")
        known = {each["clients_known"] for each in run.table("servers.csv", "sync")}
        self.assertEqual(known, {"82"})

    def test_a_pause_loses_nothing(self) -> None:
        # Shorter than the timeout of either endpoint.
        herds = [{**herd, "keepalive": "off"} for herd in HERDS]
        run = self.play(
            [{"at": "300ms", "do": "pause", "server": "Welsh"},
             {"at": "1s", "do": "resume", "server": "Welsh"}],
            [{"id": "c-{n}", "count": 10, "server": "spread", "updates": "20/s"}], "1500ms",
            herds=herds)
        for herd in ("none", "sync"):
            self.assert_whole(run, herd)
            self.assert_counts(run.summary(herd), accepted=300, lost=0, connections_lost=0,
                               link_drops=0)
            paused, = self.happened(run, herd, "pause")
            resumed, = self.happened(run, herd, "resume")
            for each in run.table("clients.csv", herd):
                meanwhile = [float(update["sent_us"]) for update in run.table("updates.csv", herd)
                             if update["client"] == each["client"] and update["origin"] == "Welsh"
                             and paused + 1000 < float(update["sent_us"]) < resumed]
                if each["client"] in ("c-4", "c-9"):
                    self.assertGreater(len(meanwhile), 2)
                if meanwhile:  # there is no answer before the pause ends
                    self.assertGreater(float(each["reply_max_us"]), resumed - meanwhile[0] - 1000)

    def test_flapping_links_and_servers_are_whole_in_the_end(self) -> None:
        flap = {"do": "flap", "at": "100ms", "up": "150ms", "down": "50ms", "over": "2s"}
        run = self.play(
            [{**flap, "link": ["Ball", "Welsh"], "how": "reset"}, {**flap, "server": "Hamilton"}],
            [{"id": "c-{n}", "count": 10, "server": "spread", "updates": "20/s"}], "2500ms")
        self.assert_whole(run)
        for herd in ("none", "sync"):
            row = run.summary(herd)
            self.assertGreater(int(row["server_restarts"]), 1)
            self.assertGreater(int(row["link_drops"]), 1)
        self.assertEqual(run.summary("none")["server_restarts"],
                         run.summary("sync")["server_restarts"], "the same plan for both")


class Chaos(FaultTest):
    def chaos(self, seed: int, **kinds: str) -> Run:
        return self.play(
            [{"at": "200ms", "do": "chaos", "over": "2500ms", "lasting": "200ms",
              "link_down": "3/s", "blackhole": "1/s", "pause": "1/s", "partition": "1/s", **kinds},
             *({"at": "100ms", "do": "burst", "server": server, "updates": 60, "clients": 60,
                "over": "2500ms"} for server in PAPER_SERVERS)],
            [{"id": "c-{n}", "count": 10, "server": "spread", "updates": "10/s",
              "handover": {"on_loss": "next"}}], "3s", seed=seed,
            herds=[{**herd, "keepalive": {"every": "50ms", "timeout": "150ms"}}
                   for herd in HERDS])

    def test_sync_makes_good_whatever_links_go_through(self) -> None:
        for seed in (1, 2):
            with self.subTest(seed=seed):
                run = self.chaos(seed)
                self.assert_counts(run.summary("sync"), undelivered=0, converged=1,
                                   server_restarts=0)
                self.assertGreater(int(run.summary("sync")["link_drops"]), 0)

    def test_only_what_died_with_a_server_before_anybody_heard_it_is_lost_to_sync(self) -> None:
        for seed in (1, 2):
            with self.subTest(seed=seed):
                run = self.chaos(seed, server_down="2/s")
                row = run.summary("sync")
                self.assert_counts(row, converged=1)
                self.assertGreater(int(row["server_restarts"]), 0)
                deaths = [(each["detail"], float(each["at_us"]))
                          for each in run.table("events.csv", "sync")
                          if each["event"] == "server_down"]
                self.assertGreater(len(deaths), 0)
                updates = {each["update"]: each for each in run.table("updates.csv", "sync")
                           if each["outcome"] == "accepted"}
                lost = updates.keys() & {update for update, _ in missing(run, "sync")}
                # All servers hold the same at the end: an update that one of them lacks, all lack.
                self.assertEqual(int(row["undelivered"]), len(PAPER_SERVERS) * len(lost))
                # A client is known to all servers at the end, or to none.
                kept = {each["client"] for number, each in updates.items() if number not in lost}
                known = {int(each["clients_known"]) for each in run.table("servers.csv", "sync")}
                self.assertEqual(known, {len(kept)})
                for update in lost:
                    origin, at = updates[update]["origin"], float(updates[update]["accepted_us"])
                    self.assertTrue(any(server == origin and died > at for server, died in deaths),
                                    (updates[update], deaths))


# The same with links whose endpoints are on two loops, and with all links on one loop.

class PartitionOnLoops(Partition):
    loops = 2


class ServersOnLoops(Servers):
    loops = 3


class ChaosOnLoops(Chaos):
    loops = 2


class Loops(FaultTest):
    def test_counts_are_those_of_one_loop(self) -> None:
        once = [{"at": "57ms", "do": "burst", "server": server, "updates": 40, "clients": 40,
                 "over": "2s"} for server in PAPER_SERVERS]
        run = self.play(
            once + [{"at": "300ms", "do": "link_down", "link": ["Ball", "Welsh"], "how": "reset"},
                    {"at": "500ms", "do": "partition", "groups": [sorted(WEST)],
                     "how": "blackhole"},
                    {"at": "600ms", "do": "set_link", "link": ["Hamilton", "Holiday"],
                     "latency": "5ms"},
                    {"at": "1500ms", "do": "link_up", "link": ["Ball", "Welsh"]},
                    {"at": "1600ms", "do": "heal"}], [], "2500ms",
            herds=[{"name": f"{recovery}-{loops}", "recovery": recovery, "loops": loops,
                    "keepalive": {"every": "100ms", "timeout": "800ms"}}
                   for recovery in ("none", "sync") for loops in (1, 2, 5)], gap_ms=200)
        for loops in (1, 2, 5):
            self.assert_counts(run.summary(f"none-{loops}"), updates=200, accepted=200,
                               link_drops=3, converged=0)
            self.assert_counts(run.summary(f"sync-{loops}"), updates=200, accepted=200,
                               deliveries=800, undelivered=0, link_drops=3, converged=1)


if __name__ == "__main__":
    unittest.main()
