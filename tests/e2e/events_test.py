"""Tests that the script happens as planned: arrivals, bursts, moves, lines word for word, cuts."""

from __future__ import annotations

import decimal
import statistics
import time
import unittest
from typing import Any, Dict, List, Optional

from herdsim_e2e import HERE, PAPER_SERVERS, Row, Run, RunOnce, TestCase, by, total

Decimal = decimal.Decimal


def sent(rows: List[Row]) -> List[Decimal]:
    """Returns the exact planned times of the updates, in microseconds."""
    return [Decimal(row["sent_us"]) for row in rows]


class EventTest(TestCase):
    def run_clients(self, *clients: Dict[str, Any], duration: str = "300ms", options: Any = (),
                    gap_ms: Optional[float] = None, **keys: Any) -> Run:
        return self.run_scenario({"name": "events", "duration": duration, "drain": "10s",
                                  "herds": [{"name": "h"}], "clients": list(clients), **keys},
                                 *options, gap_ms=gap_ms)

    def assert_sound(self, run: Run, herd: str = "h") -> None:
        self.assertEqual(run.summary(herd)["violations"], "0", run.json()["violations"])


class Arrivals(EventTest):
    def test_a_group_spreads_its_first_updates_over_a_period(self) -> None:
        for count, period_us in ((1, 60_000), (3, 90_000), (7, 100_000)):
            run = self.run_clients({"id": "c-{n}", "count": count, "server": "spread",
                                    "updates": {"every": f"{period_us}us"}}, duration="200ms")
            self.assert_sound(run)
            planned = by(run.table("updates.csv"), "client")
            self.assertEqual(len(planned), count)
            for k in range(count):
                first = Decimal(k * period_us) / count
                expected = [first + i * period_us for i in range(4)]
                times = sent(planned[f"c-{k}"])
                self.assertEqual(len(times), sum(at < 200_000 for at in expected))
                for time_us, at in zip(times, expected):
                    self.assertLessEqual(abs(time_us - at), Decimal("0.001"), (count, k))

    def test_counts_of_steady_rates(self) -> None:
        run = self.run_clients({"id": "fast", "server": "Ball", "updates": "100/s"},
                               {"id": "slow", "server": "Ball", "updates": "600/min"},
                               {"id": "same", "server": "Ball",
                                "updates": {"rate": "50/s", "arrivals": "steady"}},
                               {"id": "never", "server": "Ball"}, duration="500ms")
        self.assertEqual({row["client"]: row["updates"] for row in run.table("clients.csv")},
                         {"fast": "50", "slow": "5", "same": "25", "never": "0"})
        self.assert_counts(run.summary("h"), clients=4, updates=80, accepted=80, violations=0)

    def test_the_same_seed_plans_the_same_and_every_herd_the_same(self) -> None:
        def plan(seed: str, herd: str = "h") -> List[Any]:
            run = self.run_clients(
                {"id": "p-{n}", "count": 5, "server": "spread",
                 "updates": {"rate": "100/s", "arrivals": "poisson"}},
                {"id": "s-{n}", "count": 5, "server": "spread", "updates": "30/s"},
                options=("--seed", seed), herds=[{"name": "h"}, {"name": "other"}])
            plans = [[(row["client"], row["sent_us"]) for row in run.table("updates.csv", herd)]
                     for herd in ("h", "other")]
            self.assertEqual(*plans)
            return plans[0]

        first, again, other = plan("1"), plan("1"), plan("2")
        self.assertEqual(first, again)
        steady = [[row for row in rows if row[0].startswith("s-")] for rows in (first, other)]
        poisson = [[row for row in rows if row[0].startswith("p-")] for rows in (first, other)]
        self.assertEqual(sorted(steady[0]), sorted(steady[1]))
        times = [{at for _, at in rows} for rows in poisson]
        fixed = {f"{k * 2000}.000" for k in range(5)}  # k/C of the period
        self.assertEqual(times[0] & times[1], fixed)
        self.assertEqual(len(times[0]), len(poisson[0]), "each has random times of its own")

    def test_poisson_arrivals_look_it(self) -> None:
        for arrivals in ({"rate": "40/s", "arrivals": "poisson"},
                         {"every": "25ms", "arrivals": "poisson"}):
            run = self.run_clients({"id": "p-{n}", "count": 50, "server": "spread",
                                    "updates": arrivals}, duration="1s", record="updates")
            self.assert_sound(run)
            counts, gaps = [], []
            for client, rows in by(run.table("updates.csv"), "client").items():
                times = sent(rows)
                self.assertEqual(times[0], int(client[2:]) * 500, "the first at k/C of the period")
                self.assertEqual(times, sorted(times))
                self.assertTrue(all(0 <= at < 1_000_000 for at in times))
                counts.append(len(rows))
                gaps += [float(b - a) for a, b in zip(times, times[1:])]
            # 2,000 are expected, with a standard deviation of 45. The gaps' deviation equals their
            # mean.
            self.assertLess(abs(sum(counts) - 2000), 5 * 45)
            mean = statistics.fmean(gaps)
            self.assertTrue(22_000 < mean < 27_000, mean)
            self.assertTrue(0.85 < statistics.stdev(gaps) / mean < 1.15)
            self.assertTrue(3 < statistics.stdev(counts) < 10, "counts vary by about √40")

    def test_stamps_are_base_and_plan_and_skew_and_strictly_increase(self) -> None:
        before = Decimal(time.time())
        run = self.run_clients(
            {"id": "plain", "server": "Alford", "updates": {"every": "10ms"}},
            {"id": "ahead", "server": "Ball", "skew": "+1h", "updates": {"every": "10ms"}},
            {"id": "behind", "server": "Welsh", "skew": "-1h", "updates": {"every": "10ms"}},
            events=[{"at": "50ms", "do": "burst", "server": "Holiday", "updates": 100,
                     "clients": 2}],
            options=("--log", "debug"))
        after = Decimal(time.time())
        stamps: Dict[str, List[Decimal]] = {}
        for client in ("plain", "ahead", "behind"):
            texts = run.stamps("h", client)
            for text in texts:
                self.assertRegex(text, r"^[0-9]+\.[0-9]{9}$")
            stamps[client] = [Decimal(text) for text in texts]
            self.assertEqual(len(texts), 30)
            planned = sent([r for r in run.table("updates.csv") if r["client"] == client])
            for stamp, at in zip(stamps[client], planned):
                offset = (at - planned[0]) / 1_000_000
                self.assertEqual(stamp - stamps[client][0], offset, client)
        self.assertTrue(before - 60 < stamps["plain"][0] < after + 60, "the wall clock's time")
        for client, skew in (("ahead", 3600), ("behind", -3600)):
            self.assertEqual(stamps[client][0] - stamps["plain"][0], skew)
        # A burst plans many updates at one instant, but a client's stamps still differ from each
        # other.
        bursts = {row["client"] for row in run.table("clients.csv")} - set(stamps)
        self.assertEqual(len(bursts), 2)
        for client in bursts:
            told = [Decimal(text) for text in run.stamps("h", client)]
            self.assertEqual(len(told), 50)
            self.assertTrue(all(a < b for a, b in zip(told, told[1:])), client)
        self.assert_counts(run.summary("h"), accepted=190, violations=0)


class Bursts(EventTest):
    def burst(self, **keys: Any) -> Run:
        run = self.run_clients(events=[{"at": "100ms", "do": "burst", "server": "Hamilton",
                                        **keys}])
        self.assert_sound(run)
        self.assertEqual({row["origin"] for row in run.table("updates.csv")}, {"Hamilton"})
        return run

    def test_all_at_once_by_one_client(self) -> None:
        run = self.burst(updates=500)
        self.assert_counts(run.summary("h"), clients=1, updates=500, accepted=500, undelivered=0,
                           converged=1)
        self.assertEqual({row["sent_us"] for row in run.table("updates.csv")}, {"100000.000"})

    def test_by_many_clients_evenly_over_time(self) -> None:
        run = self.burst(updates=200, clients=40, over="100ms")
        self.assert_counts(run.summary("h"), clients=40, updates=200, accepted=200, undelivered=0)
        self.assertEqual([row["updates"] for row in run.table("clients.csv")], ["5"] * 40)
        times = sorted(sent(run.table("updates.csv")))
        self.assertGreaterEqual(times[0], 100_000)
        self.assertLessEqual(times[-1], 200_000)
        gaps = {b - a for a, b in zip(times, times[1:])}
        self.assertLessEqual(max(gaps) - min(gaps), Decimal("0.002"), "evenly")

    def test_counts_that_do_not_divide(self) -> None:
        run = self.burst(updates=100, clients=7)
        self.assert_counts(run.summary("h"), clients=7, updates=100, accepted=100)
        counts = [int(row["updates"]) for row in run.table("clients.csv")]
        self.assertEqual((sum(counts), max(counts) - min(counts)), (100, 1))

    def test_a_burst_at_one_herd_is_not_at_the_other(self) -> None:
        run = self.run_clients(herds=[{"name": "h"}, {"name": "calm"}], events=[
            {"at": "0s", "herd": "h", "do": "burst", "server": "Ball", "updates": 50,
             "clients": 50}])
        self.assert_counts(run.summary("h"), clients=50, updates=50, accepted=50, messages=500)
        self.assert_counts(run.summary("calm"), clients=0, updates=0, messages=0, violations=0)

    def test_a_large_burst_all_accepted_and_converged(self) -> None:
        run = self.run_clients(record="updates", events=[
            {"at": "0s", "do": "burst", "server": "Alford", "updates": 20_000, "clients": 20}])
        self.assert_counts(run.summary("h"), clients=20, updates=20_000, accepted=20_000, lost=0,
                           undelivered=0, converged=1, violations=0)


class Moves(EventTest):
    def test_each_handover_counts_and_every_update_is_still_answered_once(self) -> None:
        moves = [("Ball", 60), ("Welsh", 120), ("Alford", 180), ("Holiday", 240)]
        run = self.run_clients(
            {"id": "nomad", "server": "Alford", "updates": {"every": "2ms"}},
            {"id": "settler", "server": "Alford", "updates": {"every": "50ms"}},
            events=[{"at": f"{at}ms", "do": "move", "client": "nomad", "to": to}
                    for to, at in moves], options=("--log", "debug"))
        self.assert_counts(run.summary("h"), handovers=4, updates=156, accepted=156,
                           undelivered=0, converged=1, violations=0)
        self.assertNotEqual(run.summary("h")["handover_p50_us"], "")
        clients = {row["client"]: row for row in run.table("clients.csv")}
        self.assertEqual((clients["nomad"]["handovers"], clients["settler"]["handovers"]),
                         ("4", "0"))
        self.assertEqual(len(run.stamps("h", "nomad")), 150, "each is sent just once")
        self.assertEqual(len(set(run.stamps("h", "nomad"))), 150)
        # Each update is at the server where its client should be at that time.
        where = [("Alford", 0)] + moves
        for row in run.table("updates.csv"):
            if row["client"] == "nomad":
                at = Decimal(row["sent_us"]) / 1000
                self.assertEqual(row["origin"], [to for to, since in where if since <= at][-1], row)

    def test_a_move_to_where_the_client_is_already(self) -> None:
        run = self.run_clients({"id": "c", "server": "Ball", "updates": {"every": "10ms"}},
                               events=[{"at": "55ms", "do": "move", "client": "c", "to": "Ball"}])
        self.assert_counts(run.summary("h"), updates=30, accepted=30, violations=0)
        self.assertEqual({row["origin"] for row in run.table("updates.csv")}, {"Ball"})

    def test_many_clients_move_at_once_with_answers_outstanding(self) -> None:
        events = [{"at": f"{at}ms", "do": "move", "client": f"c-{n}",
                   "to": PAPER_SERVERS[(n + at // 40) % 5]}
                  for at in (40, 80, 120) for n in range(40)]
        run = self.run_clients({"id": "c-{n}", "count": 40, "server": "spread",
                                "updates": {"every": "4ms"}}, duration="200ms", events=events)
        self.assert_counts(run.summary("h"), handovers=120, updates=2000, accepted=2000,
                           undelivered=0, converged=1, violations=0)


class Lines(EventTest):
    def send(self, at: str, client: str, line: str) -> Dict[str, Any]:
        return {"at": at, "do": "send", "client": client, "line": line}

    def test_iamat_by_hand_older_ones_are_superseded(self) -> None:
        run = self.run_clients({"id": "hand", "server": "Alford"}, events=[
            self.send("10ms", "hand", f"IAMAT hand {HERE} 1000.5"),
            self.send("100ms", "hand", f"IAMAT hand {HERE} 1000.25"),
            self.send("200ms", "hand", f"IAMAT hand {HERE} 1001"),
            self.send("250ms", "hand", f"IAMAT hand {HERE} 1001")])
        rows = run.table("updates.csv")
        self.assertEqual([(r["client"], r["outcome"], r["servers_reached"], r["messages"])
                          for r in rows],
                         [("hand", "accepted", "5", "10"), ("hand", "superseded", "0", "0"),
                          ("hand", "accepted", "5", "10"), ("hand", "superseded", "0", "0")])
        self.assertEqual(sent(rows), [10_000, 100_000, 200_000, 250_000])
        self.assert_counts(run.summary("h"), updates=4, accepted=2, messages=20, violations=0)

    def test_events_come_before_the_clients_updates_and_in_file_order(self) -> None:
        # All at one instant, the newest first, so that the two after it are superseded.
        run = self.run_clients(
            {"id": "c", "server": "Alford", "skew": "-1h", "updates": {"every": "100ms"}},
            duration="100ms", events=[
                self.send("0s", "c", f"IAMAT c {HERE} 9000000000.2"),
                self.send("0s", "c", f"IAMAT c {HERE} 9000000000.1")])
        self.assertEqual([row["outcome"] for row in run.table("updates.csv")],
                         ["accepted", "superseded", "superseded"])
        self.assert_sound(run)

    def test_bad_lines_are_counted_and_do_no_harm(self) -> None:
        run = self.run_clients(
            {"id": "c", "server": "Ball", "updates": {"every": "20ms"}},
            events=[self.send("15ms", "c", ""), self.send("45ms", "c", "nonsense"),
                    self.send("55ms", "c", "IAMAT c nowhere 5"),
                    self.send("65ms", "c", "AT Ball +0.1 c +1+1 99"),
                    self.send("75ms", "c", "WHATSAT nobody 10 5"),
                    self.send("85ms", "c", "\u00e9t\u00e9 \u2026")])
        # An IAMAT is an update even if its location is bad. It can only be reported as unanswered.
        accepted = [row for row in run.table("updates.csv") if row["outcome"] == "accepted"]
        self.assertEqual(len(accepted), 15)
        invalid = {row["server"]: row["invalid_lines"] for row in run.table("servers.csv")}
        self.assertEqual(invalid, {**dict.fromkeys(PAPER_SERVERS, "0"), "Ball": "6"})
        self.assert_counts(run.summary("h"), accepted=15, messages=150, converged=1, violations=0)

    def test_two_clients_with_the_same_id(self) -> None:
        run = self.run_clients(
            {"id": "one", "server": "Alford"}, {"id": "two", "server": "Holiday"}, events=[
                self.send("10ms", "one", "IAMAT shared +1+1 1000"),
                self.send("700ms", "two", "IAMAT shared +2+2 2000"),
                self.send("1400ms", "one", "IAMAT shared +3+3 1500"),
                self.send("2s", "two", "IAMAT one +4+4 1000")], duration="2100ms", gap_ms=300)
        rows = run.table("updates.csv")
        self.assertEqual([(row["origin"], row["outcome"]) for row in rows],
                         [("Alford", "accepted"), ("Holiday", "accepted"),
                          ("Alford", "superseded"), ("Holiday", "accepted")])
        self.assertEqual({row["clients_known"] for row in run.table("servers.csv")}, {"2"})
        self.assert_counts(run.summary("h"), updates=4, accepted=3, messages=30, converged=1,
                           undelivered=0, violations=0)

    def test_equal_times_at_two_servers_end_alike_everywhere(self) -> None:
        run = self.run_clients(
            {"id": "one", "server": "Alford"}, {"id": "two", "server": "Holiday"}, events=[
                event for n in range(20) for event in (
                    self.send(f"{10 * n}ms", "one", f"IAMAT tie-{n} +1+1 1000"),
                    self.send(f"{10 * n}ms", "two", f"IAMAT tie-{n} +{n % 3}+1 1000"))])
        self.assert_counts(run.summary("h"), updates=40, converged=1, undelivered=0, violations=0)

    def test_a_long_line_by_hand(self) -> None:
        run = self.run_clients({"id": "c", "server": "Ball", "updates": {"every": "20ms"}},
                               events=[self.send("50ms", "c", "x" * 8192)])
        self.assert_counts(run.summary("h"), updates=15, accepted=15, violations=0)


class CutOff(RunOnce):
    """Both links of Ball are down from 0.3 s to 1.2 s. One client sends at a time, and each update
    once."""

    gap_ms = 100

    @classmethod
    def scenario(cls) -> Dict[str, Any]:
        both = [["Ball", "Holiday"], ["Ball", "Welsh"]]
        speak = [("before", "Alford", 0), ("early", "Alford", 450), ("alone", "Ball", 550),
                 ("late", "Welsh", 700), ("after", "Alford", 2100)]
        events = [{"at": at, "do": do, "link": link}
                  for at, do in (("300ms", "link_down"), ("1200ms", "link_up")) for link in both]
        events += [{"at": f"{at}ms", "do": "send", "client": client,
                    "line": f"IAMAT {client} {HERE} 1000"} for client, _, at in speak]
        events += [{"at": f"{at}ms", "do": "send", "client": "twice",
                    "line": f"IAMAT twice {HERE} {at}"} for at in (600, 2200)]
        return {"name": "cut-off", "duration": "2300ms",
                "herds": [{"name": scheme, "propagation": scheme}
                          for scheme in ("flood-echo", "flood")],
                "clients": [{"id": client, "server": server} for client, server, _ in speak] +
                           [{"id": "twice", "server": "Hamilton"}], "events": events}

    def test_the_undelivered_are_counted_exactly_and_named(self) -> None:
        for herd in ("flood-echo", "flood"):
            rows = {(row["client"], row["sent_us"]): row
                    for row in self.run_.table("updates.csv", herd)}
            reached = {client: row["servers_reached"]
                       for (client, at), row in rows.items() if client != "twice"}
            self.assertEqual(reached, {"before": "5", "early": "4", "alone": "1", "late": "4",
                                       "after": "5"})
            self.assertEqual([rows["twice", at]["servers_reached"]
                              for at in ("600000.000", "2200000.000")], ["4", "5"])
            for row in rows.values():
                self.assertEqual(row["outcome"], "accepted")
                self.assertEqual(row["coverage_us"] == "", row["servers_reached"] != "5", row)
            # The client `twice` sends a newer update later, so its update during the cut is not
            # undelivered.
            wanted = {"accepted": 7, "undelivered": 1 + 4 + 1, "covered": 3, "link_drops": 2,
                      "converged": 0, "lost": 0, "violations": 0}
            summary = self.run_.summary(herd)
            self.assertEqual({key: int(summary[key]) for key in wanted}, wanted,
                             self.run_.json()["violations"])

    def test_messages_follow_the_links_that_there_are(self) -> None:
        for herd, whole, line in (("flood-echo", "10", "6"), ("flood", "6", "3")):
            messages = {row["client"]: row["messages"]
                        for row in self.run_.table("updates.csv", herd) if row["client"] != "twice"}
            self.assertEqual(messages, {"before": whole, "early": line, "alone": "0", "late": line,
                                        "after": whole})

    def test_links_csv_and_events_tell_of_the_cut(self) -> None:
        for row in self.run_.table("links.csv"):
            cut = "Ball" in (row["from"], row["to"])
            self.assertEqual(row["drops"], str(int(cut)))
            if cut:  # from the cut until the link is up again
                self.assertGreater(float(row["down_us"]), 500_000)
            else:
                self.assertEqual(float(row["down_us"]), 0)
        told = [row["event"] for row in self.run_.table("events.csv")]
        self.assertEqual((told.count("link_down"), told.count("link_up")), (2, 2))
        details = " ".join(row["detail"] for row in self.run_.table("events.csv"))
        for server in ("Ball", "Holiday", "Welsh"):
            self.assertIn(server, details)


class Cuts(EventTest):
    def test_a_cut_at_one_herd_is_not_at_the_other(self) -> None:
        run = self.run_clients(
            {"id": "c-{n}", "count": 10, "server": "spread", "updates": {"every": "300ms"}},
            herds=[{"name": "h"}, {"name": "whole"}],
            events=[{"at": "0s", "herd": "h", "do": "link_down", "link": ["Ball", "Welsh"]}])
        self.assert_counts(run.summary("h"), messages=80, link_drops=1, violations=0)
        self.assert_counts(run.summary("whole"), messages=100, link_drops=0, violations=0)

    def test_a_link_that_flaps_under_load_keeps_every_promise(self) -> None:
        events = [{"at": f"{at}ms", "do": f"link_{'up' if at % 40 else 'down'}",
                   "link": ["Alford", "Welsh"]} for at in range(40, 460, 20)]
        run = self.run_clients({"id": "c-{n}", "count": 20, "server": "spread",
                                "updates": {"every": "5ms"}}, duration="500ms", events=events)
        self.assert_sound(run)
        summary = run.summary("h")
        self.assert_counts(summary, updates=2000, accepted=2000)
        parts = [int(summary[key]) for key in ("deliveries", "duplicates", "stale", "lost")]
        self.assertEqual(int(summary["messages"]), sum(parts))
        self.assertEqual(total(run.table("links.csv"), "drops"), 2 * int(summary["link_drops"]))
        self.assertGreaterEqual(int(summary["link_drops"]), 1)


if __name__ == "__main__":
    unittest.main()
