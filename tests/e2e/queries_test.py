"""Tests clients that query: what the results say of their queries and of Places' answers."""

from __future__ import annotations

import unittest
from typing import Any, Dict, List

from herdsim_e2e import PAPER_SERVERS, Row, Run, RunOnce, TestCase, by, nearest_rank, total

COLUMNS = ["herd", "query", "client", "about", "server", "radius_km", "bound", "status", "places",
           "latency_us"]
GOOD = ("OK", "ZERO_RESULTS")
HERDS = ["well", "ill", "slow", "poor"]
# Enough for hundreds of queries per second on a slow machine.
PATIENT = {"timeout": "1min"}
WALKERS = [f"walker-{n}" for n in range(4)]
EVERYBODY = {*WALKERS, "other-0", "other-1", "random", "friend", "stranger", "silent", "mover"}


def asking_scenario() -> Dict[str, Any]:
    return {
        "name": "asking", "duration": "3s", "seed": 5, "drain": "20s",
        "herds": [{"name": "well", "places": PATIENT}, {"name": "ill", "places": PATIENT},
                  {"name": "slow", "places": {"latency": "300ms", **PATIENT}},
                  {"name": "poor", "places": {"quota": 7, **PATIENT}}],
        "clients": [
            {"id": "walker-{n}", "count": 4, "server": "spread", "updates": "10/s",
             "queries": {"every": "100ms", "radius": "2.5km", "bound": 3}},
            {"id": "other-{n}", "count": 2, "server": "Ball", "updates": "10/s",
             "queries": {"rate": "20/s", "arrivals": "poisson", "about": "another"}},
            {"id": "random", "server": "Holiday", "updates": "10/s",
             "queries": {"every": "20ms", "about": "random", "radius": "50km", "bound": 20}},
            {"id": "friend", "server": "Welsh", "queries": {
                "rate": "600/min", "about": "walker-1", "radius": "700m", "bound": 1}},
            {"id": "stranger", "server": "Alford", "queries": {"rate": "5/s", "about": "silent"}},
            {"id": "silent", "server": "Hamilton"},
            {"id": "mover", "server": "Alford", "updates": "10/s", "queries": "10/s"}],
        "events": [
            {"at": "1s", "herd": "ill", "do": "set_places", "fail": 1},
            {"at": "1s", "do": "move", "client": "mover", "to": "Welsh"},
            {"at": "2s", "herd": "ill", "do": "set_places", "fail": 0, "quota": 0,
             "latency": "1ms"}],
        "expect": [{"herd": "*", "metric": "queries", "min": 100},
                   {"herd": "*", "metric": "query_p50_us", "min": 0},
                   {"herd": "*", "metric": "violations", "equals": 0}]}


def planned(run: Run, herd: str) -> List[List[str]]:
    return [[row[column] for column in ("query", "client", "about", "radius_km", "bound")]
            for row in run.table("queries.csv", herd)]


class Queries(RunOnce):
    @classmethod
    def scenario(cls) -> Dict[str, Any]:
        return asking_scenario()

    def rows(self, herd: str, client: str = "") -> List[Row]:
        return [row for row in self.run_.table("queries.csv", herd)
                if client in ("", row["client"])]

    def test_the_columns_are_those_of_the_dictionary(self) -> None:
        with (self.run_.folder / "queries.csv").open() as file:
            self.assertEqual(file.readline().rstrip("\n").split(","), COLUMNS)

    def test_each_row_has_what_its_status_says(self) -> None:
        for herd in HERDS:
            rows = self.rows(herd)
            self.assertEqual([int(row["query"]) - int(rows[0]["query"]) for row in rows],
                             list(range(len(rows))))
            for row in rows:
                self.assertIn(row["client"], EVERYBODY)
                self.assertIn(row["server"], PAPER_SERVERS)
                self.assertRegex(row["latency_us"], r"^[0-9]+\.[0-9]{3}$")
                if row["status"] == "?":
                    self.assertEqual(row["places"], "")
                elif row["status"] == "OK":
                    self.assertIn(int(row["places"]), range(1, int(row["bound"]) + 1))
                else:
                    self.assertRegex(row["status"], "^[A-Z_]+$")
                    self.assertEqual(row["places"], "0")

    def test_the_summary_counts_them(self) -> None:
        for herd in HERDS:
            rows, summary = self.rows(herd), self.run_.summary(herd)
            times = [float(row["latency_us"]) for row in rows if row["latency_us"]]
            self.assertEqual(int(summary["queries"]), len(rows))
            self.assertEqual(int(summary["query_errors"]),
                             sum(row["status"] not in GOOD for row in rows))
            self.assertEqual(float(summary["query_p50_us"]), nearest_rank(times, 50))
            self.assertEqual(float(summary["query_p99_us"]), nearest_rank(times, 99))
            self.assertEqual(summary["violations"], "0")
            self.assertEqual(summary["converged"], "1")

    def test_clients_and_servers_count_them(self) -> None:
        for herd in HERDS:
            clients, servers = by(self.rows(herd), "client"), by(self.rows(herd), "server")
            table = self.run_.table("clients.csv", herd)
            self.assertEqual({row["client"]: int(row["queries"]) for row in table},
                             {name: len(clients.get(name, [])) for name in EVERYBODY})
            table = self.run_.table("servers.csv", herd)
            # A query that is a bad command may count as an invalid line only.
            for row in table:
                asked = servers.get(row["server"], [])
                bad = sum(each["status"] == "?" for each in asked)
                self.assertEqual(int(row["invalid_lines"]), bad)
                self.assertIn(int(row["queries"]), (len(asked), len(asked) - bad))

    def test_steady_ones_are_asked_however_slow_the_answers(self) -> None:
        for herd in HERDS:
            counts = {name: len(rows) for name, rows in by(self.rows(herd), "client").items()}
            for name, count in (*((walker, 30) for walker in WALKERS), ("random", 150),
                                ("friend", 30), ("stranger", 15), ("mover", 30)):
                self.assertEqual(counts[name], count, (herd, name))
            for name in ("other-0", "other-1"):  # 60 on average
                self.assertIn(counts[name], range(20, 120))

    def test_every_herd_has_the_same_script(self) -> None:
        for herd in HERDS[1:]:
            self.assertEqual(planned(self.run_, herd), planned(self.run_, "well"))

    def test_what_is_asked_and_about_whom(self) -> None:
        for client, about, radius, bound in (
                *((walker, walker, "2.5", "3") for walker in WALKERS),
                ("mover", "mover", "10", "5"), ("friend", "walker-1", "0.7", "1"),
                ("stranger", "silent", "10", "5")):
            for row in self.rows("well", client):
                self.assertEqual((row["about"], row["radius_km"], row["bound"]),
                                 (about, radius, bound))
        for client in ("other-0", "other-1"):
            about = {row["about"] for row in self.rows("well", client)}
            self.assertNotIn(client, about)
            self.assertGreater(len(about), 3)
            self.assertLessEqual(about, EVERYBODY)
        about = {row["about"] for row in self.rows("well", "random")}
        self.assertLessEqual(about, EVERYBODY)
        self.assertIn("random", about, "of 150")
        self.assertGreater(len(about), 5)

    def test_they_are_asked_where_the_client_is(self) -> None:
        for n, walker in enumerate(WALKERS):
            self.assertEqual({row["server"] for row in self.rows("well", walker)},
                             {PAPER_SERVERS[n]})
        servers = [row["server"] for row in self.rows("well", "mover")]
        self.assertEqual(servers, ["Alford"] * 10 + ["Welsh"] * 20)

    def test_nobody_knows_a_client_that_said_nothing(self) -> None:
        for herd in HERDS:
            self.assertEqual([row["status"] for row in self.rows(herd, "stranger")], ["?"] * 15)
            for row in self.rows(herd):
                if row["about"] == "silent":
                    self.assertEqual(row["status"], "?")

    def test_where_places_is_well_all_others_get_places(self) -> None:
        for herd in ("well", "slow"):
            for walker in WALKERS[1:]:
                # The first query may have come before the client's own first update.
                statuses = {row["status"] for row in self.rows(herd, walker)[1:]}
                self.assertEqual(statuses, {"OK"})
            self.assertLessEqual({row["status"] for row in self.rows(herd)}, {*GOOD, "?"})

    def test_slow_places_shows_in_their_times(self) -> None:
        for walker in WALKERS:
            # Queries after the first may share the question that is in flight.
            first = [row for row in self.rows("slow", walker) if row["status"] == "OK"][0]
            self.assertGreaterEqual(float(first["latency_us"]), 300_000)

    def test_set_places_is_an_event_of_its_herd(self) -> None:
        rows = [row for row in self.run_.table("events.csv") if row["event"] == "set_places"]
        self.assertEqual([row["herd"] for row in rows], ["ill", "ill"])
        for row, at, keys in zip(rows, (1_000_000, 2_000_000), (["fail"], ["fail", "quota"])):
            self.assertGreaterEqual(float(row["at_us"]), at)
            for key in keys:
                self.assertIn(key, row["detail"])

    def test_set_places_takes_effect(self) -> None:
        fails_at, quota_at = (float(row["at_us"]) for row in self.run_.table("events.csv")
                              if row["event"] == "set_places")
        well, ill, poor = set(), set(), set()
        for i, row in enumerate(self.rows("ill", "walker-2")):
            asked = 50_000 + 100_000 * i
            answered = asked + float(row["latency_us"])
            if i > 0 and answered < fails_at:  # the first may have come before its own update
                well.add(row["status"])
            elif asked > fails_at and answered < quota_at:
                ill.add(row["status"])
            elif asked > quota_at:
                poor.add(row["status"])
        self.assertEqual((well, poor), ({"OK"}, {"OVER_QUERY_LIMIT"}))
        self.assertTrue(ill)
        self.assertFalse({*GOOD, "OVER_QUERY_LIMIT", "?", ""} & ill, ill)

    def test_a_quota_is_used_up(self) -> None:
        statuses = [row["status"] for row in self.rows("poor")]
        # One answer may serve several queries.
        self.assertGreaterEqual(sum(status in GOOD for status in statuses), 7)
        self.assertEqual(set(statuses) - {"ZERO_RESULTS"}, {"OK", "OVER_QUERY_LIMIT", "?"})
        self.assertEqual([row["status"] for row in self.rows("poor", "walker-1")][-10:],
                         ["OVER_QUERY_LIMIT"] * 10)

    def test_run_json_has_the_expectations_held(self) -> None:
        found = self.run_.json()
        self.assertTrue(all(each["held"] for each in found["expectations"]))
        self.assertEqual(len(found["expectations"]), 3 * len(HERDS))
        self.assertEqual({key: len(value) for key, value in found["violations"].items()},
                         {herd: 0 for herd in HERDS})


class Seeds(TestCase):
    def small(self, seed: int) -> Run:
        return self.run_scenario({
            "name": "small", "duration": "500ms", "seed": seed,
            "herds": [{"name": "h", "places": {"fail": 0.5, "cut": 0.1}}],
            "clients": [{"id": "c-{n}", "count": 5, "server": "spread", "updates": "20/s",
                         "queries": {"rate": "60/s", "arrivals": "poisson",
                                     "about": "another"}}]})

    def test_the_same_seed_plans_the_same(self) -> None:
        first, second, other = (planned(self.small(seed), "h") for seed in (3, 3, 4))
        self.assertEqual(first, second)
        self.assertNotEqual(first, other)
        self.assertGreater(len(first), 50)

    def test_failures_and_cut_bodies_are_errors(self) -> None:
        run = self.small(3)
        rows, summary = run.table("queries.csv", "h"), run.summary("h")
        known = [row for row in rows if row["status"] != "?"]
        bad = sum(row["status"] not in GOOD for row in known)
        self.assertGreater(bad, len(known) // 4)
        self.assertLess(bad, len(known))
        self.assertEqual(int(summary["query_errors"]), bad + len(rows) - len(known))
        self.assertEqual((summary["violations"], summary["converged"]), ("0", "1"))

    def test_without_queries_there_is_only_the_header(self) -> None:
        run = self.run_scenario({"name": "none", "duration": "50ms", "herds": [{"name": "h"}],
                                 "clients": [{"id": "c", "server": "Ball", "updates": "20/s"}]})
        self.assertEqual((run.folder / "queries.csv").read_text(), ",".join(COLUMNS) + "\n")
        row = run.summary("h")
        self.assertEqual([row[key] for key in ("queries", "query_errors", "query_p50_us",
                                               "query_p99_us")], ["0", "0", "", ""])
        self.assertEqual(total(run.table("servers.csv", "h"), "queries"), 0)


if __name__ == "__main__":
    unittest.main()
