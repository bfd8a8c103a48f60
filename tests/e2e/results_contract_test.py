"""Tests the files of a run: their columns and form, and that their figures agree."""

from __future__ import annotations

import csv
import io
import math
import re
import unittest
from decimal import Decimal
from typing import Any, Dict, List, Tuple

from herdsim_e2e import HERE, PAPER_SERVERS, Row, RunOnce, TestCase, by, nearest_rank, total

COLUMNS = {
    "summary.csv": """scenario, herd, engine, clock, seed, servers, links, propagation, recovery,
        clients, updates, accepted, deliveries, undelivered, messages, messages_per_update,
        duplicates, duplicates_per_update, echoes, stale, lost, redundancy, bytes, covered,
        propagation_p50_us, propagation_p90_us, propagation_p99_us, propagation_max_us,
        coverage_p50_us, coverage_p99_us, coverage_max_us, reply_p50_us, reply_p99_us, reply_max_us,
        queries, query_errors, query_p50_us, query_p99_us, handovers, handover_p50_us, link_drops,
        converged, violations, cpu_s, rss_mib, wall_s, deliveries_again, repairs, sync_bytes,
        handovers_stale, staleness_p50_us, staleness_max_us, server_restarts, connections_lost,
        wrong_records, updates_per_s, observed, replies, odd_replies, refusals, closings,
        silences""",
    "updates.csv": """herd, update, client, origin, sent_us, accepted_us, outcome, servers_reached,
        messages, duplicates, echoes, coverage_us, reply_us""",
    "messages.csv": "herd, update, from, to, sent_us, received_us, hops, kind, echo, repair",
    "undelivered.csv": "herd, update, client, origin, server, reason, undelivered",
    "timeline.csv": """herd, from_us, to_us, accepted, covered, deliveries, messages, duplicates,
        echoes, stale, lost, repairs, links_down, servers_down, open_updates, propagation_p50_us,
        propagation_p99_us, propagation_max_us, reply_p50_us, reply_p99_us, reply_max_us""",
    "heat.csv": "herd, from_us, to_us, least_us, upto_us, count",
    "histograms.csv": "herd, metric, upto_us, count",
    "deliveries.csv": "herd, update, server, from, hops, latency_us",
    "links.csv": """herd, from, to, messages, bytes, duplicates, echoes, drops, down_us, repairs,
        sync_bytes""",
    "servers.csv": """herd, server, port, clients_known, accepted, messages_in, messages_out,
        duplicates_in, invalid_lines, queries, connections_peak, restarts, holds""",
    "clients.csv": """herd, client, updates, queries, handovers, reply_p50_us, reply_max_us,
        connections_lost, answers, replies, odd_replies, refusals, closings, silences""",
    "queries.csv": """herd, query, client, about, server, radius_km, bound, status, places,
        latency_us""",
    "handovers.csv": """herd, client, at_us, from, to, latency_us, connected_us, known,
        stale_us""",
    "events.csv": "at_us, herd, event, detail",
}
COUNTS = set("""seed servers links clients updates accepted deliveries undelivered messages
    duplicates echoes stale lost bytes covered queries query_errors handovers link_drops converged
    violations update servers_reached hops drops port clients_known messages_in messages_out
    duplicates_in invalid_lines connections_peak query bound places deliveries_again repairs
    sync_bytes handovers_stale server_restarts connections_lost wrong_records restarts
    known links_down servers_down open_updates count replies odd_replies refusals closings silences""".split())
ODD_ID = 'we,"ird{n}'


def contract_columns(name: str) -> List[str]:
    return [column.strip() for column in COLUMNS[name].split(",")]


def rich_scenario() -> Dict[str, Any]:
    """Returns a scenario with a bit of everything: three herds, bursts, moves, cuts, lines word
    for word."""
    cut = [{"at": "300ms", "herd": "echo", "do": "link_down", "link": ["Ball", "Holiday"]},
           {"at": "300ms", "do": "link_down", "link": ["Ball", "Welsh"]}]
    return {
        "name": "rich", "duration": "1s", "seed": 7,
        "herds": [{"name": "echo"}, {"name": "split", "propagation": "flood"},
                  {"name": "mesh", "links": "complete"}],
        "clients": [
            {"id": "phone-{n}", "count": 10, "server": "spread", "updates": {"every": "50ms"}},
            {"id": ODD_ID, "count": 2, "server": "Ball",
             "updates": {"rate": "20/s", "arrivals": "poisson"}},
            {"id": "silent", "server": "Welsh"}],
        "events": cut + [{**event, "at": "600ms", "do": "link_up"} for event in cut] + [
            {"at": "200ms", "do": "burst", "server": "Hamilton", "updates": 400, "clients": 100,
             "over": "400ms"},
            {"at": "450ms", "do": "move", "client": "phone-1", "to": "Welsh"},
            {"at": "700ms", "do": "move", "client": "phone-1", "to": "Ball"},
            {"at": "800ms", "do": "send", "client": "phone-2", "line": "nonsense"},
            {"at": "850ms", "do": "send", "client": "phone-3", "line": f"IAMAT phone-3 {HERE} 5"},
            {"at": "900ms", "do": "send", "client": "silent", "line": "WHATSAT phone-4 10 5"}]}


class RichRun(RunOnce):
    gap_ms = 100  # a client's second move must find the first one over

    @classmethod
    def scenario(cls) -> Dict[str, Any]:
        return rich_scenario()


class Files(RichRun):
    def test_every_table_has_the_contracts_columns_in_its_order(self) -> None:
        for name in COLUMNS:
            with (self.run_.folder / name).open(newline="") as file:
                header = next(csv.reader(file))
            wanted = contract_columns(name)
            self.assertEqual([column for column in header if column in wanted], wanted, name)
            self.assertEqual(len(set(header)), len(header), name)

    def test_they_are_rfc_4180_with_lf_and_utf_8(self) -> None:
        for name in COLUMNS:
            data = (self.run_.folder / name).read_bytes()
            text = data.decode("utf-8")
            self.assertFalse(text.startswith("\ufeff"), name)
            self.assertNotIn("\r", text, name)
            self.assertTrue(text.endswith("\n") and not text.endswith("\n\n"), name)
            plain, quoted = r'[^",\n\r]*', r'"(?:[^"]|"")*"'
            record = rf"(?:{quoted}|{plain})(?:,(?:{quoted}|{plain}))*\n"
            self.assertTrue(re.fullmatch(f"(?:{record})+", text), name)
            rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
            self.assertEqual({len(row) for row in rows}, {len(rows[0])}, name)
        text = (self.run_.folder / "clients.csv").read_text()
        self.assertIn('\necho,"we,""ird0",', text)
        self.assertIn(ODD_ID.replace("{n}", "1"),
                      {row["client"] for row in self.run_.table("clients.csv")})

    def test_counts_are_integers_and_times_have_three_decimals(self) -> None:
        for name in COLUMNS:
            for row in self.run_.table(name):
                for column in contract_columns(name):
                    value = row[column]
                    if column in COUNTS and value != "":
                        self.assertRegex(value, r"^(0|[1-9][0-9]*)$", (name, column))
                    if column.endswith("_us") and value != "":
                        self.assertRegex(value, r"^(0|[1-9][0-9]*)\.[0-9]{3}$", (name, column))

    def test_what_is_always_known_is_never_empty(self) -> None:
        may_be_empty = {"updates.csv": {"origin", "accepted_us", "coverage_us", "reply_us"},
                        "messages.csv": {"received_us"},
                        "timeline.csv": {f"{metric}_{part}_us" for metric in
                                         ("propagation", "reply") for part in
                                         ("p50", "p99", "max")},
                        "clients.csv": {"reply_p50_us", "reply_max_us"},
                        "events.csv": {"herd", "detail"},
                        "handovers.csv": {"latency_us", "stale_us"},
                        "summary.csv": {"query_p50_us", "query_p99_us", "cpu_s", "rss_mib"},
                        "queries.csv": {"status", "places", "latency_us"}}
        for name in COLUMNS:
            for row in self.run_.table(name):
                for column in set(contract_columns(name)) - may_be_empty.get(name, set()):
                    self.assertNotEqual(row[column], "", (name, column))

    def test_the_summary_tells_what_was_run(self) -> None:
        rows = self.run_.table("summary.csv")
        self.assertEqual([(row["scenario"], row["herd"], row["engine"], row["clock"], row["seed"],
                           row["servers"], row["links"], row["propagation"], row["recovery"])
                          for row in rows],
                         [("rich", "echo", "native", "live", "7", "5", "5", "flood-echo", "none"),
                          ("rich", "split", "native", "live", "7", "5", "5", "flood", "none"),
                          ("rich", "mesh", "native", "live", "7", "5", "10", "flood-echo", "none")])
        for row in rows:
            self.assertGreaterEqual(float(row["wall_s"]), 1)

    def test_run_json(self) -> None:
        told = self.run_.json()
        self.assertEqual((told["name"], told["complete"], told["seed"]), ("rich", True, 7))
        self.assertEqual(told["scenario"], rich_scenario())
        for key in ("version", "machine", "start"):
            self.assertTrue(told[key], key)
        self.assertEqual(told["expectations"], [])
        lag = told["schedule_lag"]
        sent = sum(int(row["updates"]) + int(row["queries"]) + int(row["handovers"]) + 1
                   for row in self.run_.table("summary.csv"))  # and the invalid line
        self.assertEqual(lag["actions"], sent)
        self.assertLessEqual(0, lag["p50_us"])
        self.assertLessEqual(lag["p50_us"], lag["p99_us"])
        self.assertLessEqual(lag["p99_us"], lag["max_us"])

    def test_events_in_order_of_time(self) -> None:
        rows = self.run_.table("events.csv")
        times = [float(row["at_us"]) for row in rows]
        self.assertEqual(times, sorted(times))
        told = [row["event"] for row in rows]
        for event, least in (("link_down", 2), ("link_up", 2), ("burst", 1), ("move", 2),
                             ("send", 3)):
            self.assertGreaterEqual(told.count(event), least, event)


class Figures(RichRun):
    """Tests that each figure that follows from others is the same."""

    def herds(self) -> List[Tuple[str, Row]]:
        return [(row["herd"], row) for row in self.run_.table("summary.csv")]

    def test_the_run_is_sound(self) -> None:
        for herd, summary in self.herds():
            self.assertEqual(summary["violations"], "0", self.run_.json()["violations"][herd])
            self.assertGreater(int(summary["accepted"]), 500)
        self.assertGreater(int(self.run_.summary("echo")["undelivered"]), 0)

    def test_messages_are_deliveries_duplicates_stale_and_lost(self) -> None:
        for herd, summary in self.herds():
            with self.subTest(herd=herd):
                parts = ("deliveries", "deliveries_again", "duplicates", "stale", "lost")
                self.assertEqual(int(summary["messages"]), sum(int(summary[p]) for p in parts))
                self.assertLessEqual(int(summary["echoes"]), int(summary["duplicates"]))

    def test_totals_are_the_sums_of_their_rows(self) -> None:
        for herd, summary in self.herds():
            with self.subTest(herd=herd):
                updates = self.run_.table("updates.csv", herd)
                links = self.run_.table("links.csv", herd)
                servers = self.run_.table("servers.csv", herd)
                clients = self.run_.table("clients.csv", herd)
                for rows, figures in (
                        (updates, {"messages": "messages", "duplicates": "duplicates",
                                   "echoes": "echoes"}),
                        (links, {"messages": "messages", "duplicates": "duplicates",
                                 "echoes": "echoes", "bytes": "bytes", "repairs": "repairs",
                                 "sync_bytes": "sync_bytes"}),
                        (servers, {"messages": "messages_out", "duplicates": "duplicates_in",
                                   "accepted": "accepted", "server_restarts": "restarts"}),
                        (clients, {"updates": "updates", "queries": "queries",
                                   "handovers": "handovers",
                                   "connections_lost": "connections_lost",
                                   "replies": "replies", "odd_replies": "odd_replies",
                                   "refusals": "refusals", "closings": "closings",
                                   "silences": "silences"})):
                    for figure, column in figures.items():
                        self.assertEqual(int(summary[figure]), total(rows, column), figure)
                self.assertEqual(int(summary["messages"]) - int(summary["lost"]),
                                 total(servers, "messages_in"))
                self.assertEqual(2 * int(summary["link_drops"]), total(links, "drops"))
                for figure, rows in (("servers", servers), ("clients", clients),
                                     ("updates", updates),
                                     ("queries", self.run_.table("queries.csv", herd)),
                                     ("handovers", self.run_.table("handovers.csv", herd)),
                                     ("deliveries", self.run_.table("deliveries.csv", herd))):
                    self.assertEqual(int(summary[figure]), len(rows), figure)
                self.assertEqual(2 * int(summary["links"]), len(links))

    def test_outcomes(self) -> None:
        for herd, summary in self.herds():
            outcomes = by(self.run_.table("updates.csv", herd), "outcome")
            self.assertLessEqual(set(outcomes), {"accepted", "superseded", "unanswered"})
            self.assertEqual(len(outcomes["accepted"]), int(summary["accepted"]))
            for row in outcomes["accepted"]:
                self.assertGreaterEqual(int(row["servers_reached"]), 1)
                self.assertGreaterEqual(float(row["accepted_us"]), float(row["sent_us"]))
            for row in outcomes.get("superseded", []):
                self.assertEqual((row["accepted_us"], row["servers_reached"], row["messages"],
                                  row["coverage_us"]), ("", "0", "0", ""))
            self.assertEqual(len(outcomes["superseded"]), 1)

    def test_updates_and_their_deliveries(self) -> None:
        for herd, summary in self.herds():
            links = {(row["from"], row["to"]) for row in self.run_.table("links.csv", herd)}
            deliveries = by(self.run_.table("deliveries.csv", herd), "update")
            updates = self.run_.table("updates.csv", herd)
            self.assertEqual(len({row["update"] for row in updates}), len(updates))
            self.assertLessEqual(set(deliveries), {row["update"] for row in updates})
            for update in updates:
                arrivals = deliveries.get(update["update"], [])
                hops = {update["origin"]: 0}
                hops.update((row["server"], int(row["hops"])) for row in arrivals)
                self.assertEqual(len(hops), len(arrivals) + 1, "each server but the origin once")
                if update["outcome"] == "accepted":
                    self.assertEqual(int(update["servers_reached"]), len(hops))
                for row in arrivals:
                    self.assertEqual(int(row["hops"]), hops[row["from"]] + 1)
                    self.assertIn((row["from"], row["server"]), links)
                self.assertEqual(update["coverage_us"] != "",
                                 len(hops) == int(summary["servers"]), update)

    def test_coverage_lasts_until_the_last_delivery(self) -> None:
        for herd, summary in self.herds():
            deliveries = by(self.run_.table("deliveries.csv", herd), "update")
            wrong = []
            for update in self.run_.table("updates.csv", herd):
                latencies = [row["latency_us"] for row in deliveries.get(update["update"], [])]
                if update["coverage_us"] not in ("", max(latencies, key=float, default="0.000")):
                    wrong.append((update["update"], update["coverage_us"], latencies))
            self.assertEqual(wrong[:3], [], f"{herd}: {len(wrong)} updates")

    def test_percentiles_are_nearest_rank_of_the_rows(self) -> None:
        for herd, summary in self.herds():
            updates = self.run_.table("updates.csv", herd)
            clients = self.run_.table("clients.csv", herd)
            latencies = [float(row["latency_us"])
                         for row in self.run_.table("deliveries.csv", herd)]
            coverage = [float(row["coverage_us"]) for row in updates if row["coverage_us"]]
            for percent in (50, 90, 99):
                self.assertEqual(float(summary[f"propagation_p{percent}_us"]),
                                 nearest_rank(latencies, percent))
            for percent in (50, 99):
                self.assertEqual(float(summary[f"coverage_p{percent}_us"]),
                                 nearest_rank(coverage, percent))
            self.assertEqual(float(summary["propagation_max_us"]), max(latencies))
            self.assertEqual(float(summary["coverage_max_us"]), max(coverage))
            self.assertEqual(int(summary["covered"]), len(coverage))
            self.assertEqual(float(summary["reply_max_us"]),
                             max(float(row["reply_max_us"]) for row in clients
                                 if row["reply_max_us"]))
            self.assertLessEqual(float(summary["reply_p50_us"]), float(summary["reply_p99_us"]))
            self.assertLessEqual(float(summary["reply_p99_us"]), float(summary["reply_max_us"]))
            queries = [float(row["latency_us"]) for row in self.run_.table("queries.csv", herd)]
            if queries:
                self.assertEqual(float(summary["query_p50_us"]), nearest_rank(queries, 50))

    def test_ratios(self) -> None:
        for herd, summary in self.herds():
            accepted = int(summary["accepted"])
            for figure in ("messages", "duplicates"):
                self.assertTrue(math.isclose(float(summary[f"{figure}_per_update"]),
                                             int(summary[figure]) / accepted, rel_tol=1e-12))
            covered = [row for row in self.run_.table("updates.csv", herd) if row["coverage_us"]]
            servers = int(summary["servers"])
            wanted = total(covered, "messages") / (len(covered) * (servers - 1)) - 1
            self.assertTrue(math.isclose(float(summary["redundancy"]), wanted, rel_tol=1e-9),
                            (summary["redundancy"], wanted))

    def test_undelivered_are_those_whom_neither_it_nor_a_newer_one_reached(self) -> None:
        for herd, summary in self.herds():
            held: Dict[Tuple[str, str], int] = {}  # the newest update of a client at a server
            accepted = [row for row in self.run_.table("updates.csv", herd)
                        if row["outcome"] == "accepted"]
            client_of = {row["update"]: row["client"] for row in accepted}
            reached = [(row["update"], row["origin"]) for row in accepted]
            reached += [(row["update"], row["server"])
                        for row in self.run_.table("deliveries.csv", herd)]
            for update, server in reached:
                key = (client_of[update], server)
                held[key] = max(held.get(key, -1), int(update))
            missing = sum(held.get((row["client"], server), -1) < int(row["update"])
                          for row in accepted for server in PAPER_SERVERS)
            self.assertEqual(int(summary["undelivered"]), missing, herd)
            known = {server: sum(s == server for _, s in held) for server in PAPER_SERVERS}
            self.assertEqual({row["server"]: int(row["clients_known"])
                              for row in self.run_.table("servers.csv", herd)}, known)
            newest: Dict[str, set] = {}
            for (client, server), update in held.items():
                newest.setdefault(client, set()).add(update)
            alike = missing == 0 and all(len(found) == 1 for found in newest.values())
            self.assertEqual(summary["converged"], str(int(alike)), herd)

    def test_links(self) -> None:
        for herd, summary in self.herds():
            rows = {(row["from"], row["to"]): row for row in self.run_.table("links.csv", herd)}
            for (a, b), row in rows.items():
                there = rows[b, a]
                self.assertEqual((row["drops"], row["down_us"]), (there["drops"], there["down_us"]))
                cut = {a, b} == {"Ball", "Welsh"} or (herd, {a, b}) == ("echo", {"Ball", "Holiday"})
                self.assertEqual(row["drops"], str(int(cut)), (herd, a, b))
                self.assertEqual(float(row["down_us"]) > 0, cut)
                if herd == "split":
                    self.assertEqual(row["echoes"], "0")

    def test_servers_and_clients(self) -> None:
        for herd, summary in self.herds():
            servers = {row["server"]: row for row in self.run_.table("servers.csv", herd)}
            self.assertEqual(list(servers), PAPER_SERVERS)
            self.assertEqual(len({row["port"] for row in servers.values()}), 5)
            invalid = {name: row["invalid_lines"] for name, row in servers.items()}
            self.assertEqual(invalid, {**dict.fromkeys(PAPER_SERVERS, "0"), "Hamilton": "1"})
            self.assertEqual(servers["Welsh"]["queries"], "1")
            clients = {row["client"]: row for row in self.run_.table("clients.csv", herd)}
            self.assertEqual(clients["phone-1"]["handovers"], "2")
            self.assertEqual(clients["phone-0"]["updates"], "20")
            self.assertEqual(clients["silent"]["updates"], "0")
            self.assertEqual(clients["silent"]["reply_p50_us"], "")

    def test_handovers_tell_what_updates_and_deliveries_do(self) -> None:
        for herd, summary in self.herds():
            accepted = {int(row["update"]): Decimal(row["accepted_us"])
                        for row in self.run_.table("updates.csv", herd)
                        if row["client"] == "phone-1" and row["accepted_us"]}
            # When each server got each of them; later ones are newer.
            held = [(row["origin"], int(row["update"]), Decimal(row["accepted_us"]))
                    for row in self.run_.table("updates.csv", herd)
                    if int(row["update"]) in accepted]
            held += [(row["server"], int(row["update"]),
                      accepted[int(row["update"])] + Decimal(row["latency_us"]))
                     for row in self.run_.table("deliveries.csv", herd)
                     if int(row["update"]) in accepted]
            rows = self.run_.table("handovers.csv", herd)
            self.assertEqual([(row["client"], row["from"], row["to"]) for row in rows],
                             [("phone-1", "Ball", "Welsh"), ("phone-1", "Welsh", "Ball")])
            for row, planned in zip(rows, (450_000, 700_000)):
                self.assertGreaterEqual(float(row["at_us"]), planned)
                connected = Decimal(row["at_us"]) + Decimal(row["connected_us"])
                wanted = max(update for update, at in accepted.items() if at <= connected)
                knew = min((at for server, update, at in held
                            if server == row["to"] and update >= wanted), default=None)
                self.assertEqual(row["known"], str(int(knew is not None and knew <= connected)))
                stale = "" if knew is None else f"{max(knew - connected, Decimal(0)):.3f}"
                self.assertEqual(row["stale_us"], stale, (herd, row))
            latencies = [float(row["latency_us"]) for row in rows]
            self.assertEqual(float(summary["handover_p50_us"]), nearest_rank(latencies, 50))
            self.assertEqual(int(summary["handovers_stale"]),
                             sum(row["known"] == "0" for row in rows))
            stale_times = [float(row["stale_us"]) for row in rows if row["stale_us"]]
            self.assertEqual(float(summary["staleness_p50_us"]), nearest_rank(stale_times, 50))
            self.assertEqual(float(summary["staleness_max_us"]), max(stale_times))

    def test_a_query_has_its_row(self) -> None:
        for herd, summary in self.herds():
            rows = self.run_.table("queries.csv", herd)
            self.assertEqual([(row["client"], row["about"], row["server"], row["radius_km"],
                               row["bound"]) for row in rows],
                             [("silent", "phone-4", "Welsh", "10", "5")])
            self.assertEqual(summary["queries"], "1")


class Smaller(TestCase):
    def simple(self, **keys: Any) -> Dict[str, Any]:
        return {"name": "simple", "duration": "100ms", "herds": [{"name": "h"}],
                "clients": [{"id": "c-{n}", "count": 5, "server": "spread",
                             "updates": {"every": "100ms"}}], **keys}

    def test_record_levels_leave_out_rows_and_no_figure(self) -> None:
        whole = {"deliveries.csv", "undelivered.csv"}
        for level, left_out in (("summary", whole | {"updates.csv"}), ("updates", whole),
                                ("deliveries", set())):
            run = self.run_scenario(self.simple(record=level))
            self.assertEqual({name for name in COLUMNS if not (run.folder / name).exists()},
                             left_out)
            self.assert_counts(run.summary("h"), updates=5, accepted=5, deliveries=20, messages=50,
                               duplicates=30, echoes=20, covered=5, converged=1, violations=0)
            for column in contract_columns("summary.csv"):
                if column.endswith("_us") and not column.startswith(("query", "handover",
                                                                             "staleness")):
                    self.assertNotEqual(run.summary("h")[column], "", column)

    def test_a_run_in_which_nothing_happens(self) -> None:
        run = self.run_scenario({"name": "idle", "duration": "10ms", "herds": [{"name": "h"}]})
        summary = run.summary("h")
        self.assert_counts(summary, clients=0, updates=0, accepted=0, messages=0, converged=1,
                           violations=0)
        for column in ("messages_per_update", "duplicates_per_update", "redundancy",
                       "propagation_p50_us", "coverage_max_us", "reply_p50_us", "query_p50_us",
                       "handover_p50_us", "staleness_p50_us", "staleness_max_us"):
            self.assertEqual(summary[column], "", column)
        for name in ("updates.csv", "deliveries.csv", "clients.csv", "queries.csv",
                     "handovers.csv"):
            self.assertEqual(run.table(name), [])

    def test_bytes_on_links_are_the_messages_and_the_handshakes(self) -> None:
        # Without updates, only handshakes cross the links. They name the same servers in every
        # run.
        herds = [{"name": "h", "keepalive": "off"}]
        quiet = self.run_scenario(self.simple(clients=[], herds=herds))
        run = self.run_scenario(self.simple(clients=[
            {"id": "client-{n}", "count": 10, "server": "spread", "start": HERE,
             "updates": {"every": "10ms"}}], herds=herds))
        handshakes = {(row["from"], row["to"]): int(row["bytes"])
                     for row in quiet.table("links.csv")}
        at = sum(len(f"AT {row['origin']} +0.123456789 {row['client']} {HERE} "
                     "1479413884.392014450\n") for row in run.table("updates.csv"))
        self.assert_counts(run.summary("h"), accepted=100, messages=1000, violations=0)
        for row in run.table("links.csv"):
            # The paper's scheme sends each update over each link once in each direction.
            self.assertEqual(int(row["bytes"]), handshakes[row["from"], row["to"]] + at, row)
        self.assertEqual(int(run.summary("h")["bytes"]), sum(handshakes.values()) + 10 * at)

    def test_a_herd_of_one_server(self) -> None:
        run = self.run_scenario(self.simple(herds=[{"name": "h", "servers": ["Only"],
                                                    "links": []}]))
        summary = run.summary("h")
        self.assert_counts(summary, servers=1, links=0, accepted=5, messages=0, undelivered=0,
                           covered=5, converged=1, violations=0)
        self.assertEqual(summary["redundancy"], "")
        self.assertEqual({row["servers_reached"] for row in run.table("updates.csv")}, {"1"})


if __name__ == "__main__":
    unittest.main()
