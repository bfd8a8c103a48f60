"""Tests a run that drives a herd which other processes serve: what it counts and times, what it
leaves empty, and that it leaves the servers as they are."""

from __future__ import annotations

import signal
import unittest
from typing import Any, Dict, Tuple

from herdsim_e2e import (HERE, Process, Run, Serving, TestCase, asked, free_ports,
                         send_until_known, wait_for_record, write_scenario)

HOST = "127.0.0.1"
# Figures that would need the servers' clocks, records or processes.
NEVER_KNOWN = ("undelivered", "converged", "wrong_records", "superseded_on_way", "messages", "bytes",
               "link_drops", "server_restarts", "deliveries_again", "handovers_stale", "propagation",
               "recovery", "cpu_s", "rss_mib")
OF_DELIVERIES = ("deliveries", "covered", "covered_share", "propagation_p50_us", "coverage_p50_us")
NOTE = ("span: its servers are served elsewhere: all times are by the clock of the machine that ran "
        "the clients, and figures that need the servers' own clocks, records or processes are empty")


class ServedElsewhere(TestCase):
    """The servers A, B and C in a line. A process serves A and B, and another one C."""

    def setUp(self) -> None:
        super().setUp()
        self.ports = dict(zip("ABC", free_ports(3)))
        self.secret = self.folder / "secret"
        self.secret.write_text("correct horse battery staple\n")
        self.secret.chmod(0o600)

    def scenario(self, **engine: Any) -> Dict[str, Any]:
        servers = [{"name": name, "host": HOST, "port": self.ports[name]} for name in "ABC"]
        return {"name": "span", "duration": "1s", "drain": "60s",
                "herds": [{"name": "span", "servers": servers, "links": [["A", "B"], ["B", "C"]],
                           "engine": {"served": True, "reply_within": "60s", **engine}}],
                "clients": [{"id": "phone-{n}", "count": 3, "server": "spread", "start": HERE,
                             "updates": "5/s"}]}

    def host(self, servers: str) -> Serving:
        options = [f"--server={name}" for name in servers]
        scenario = {**self.scenario(), "name": f"serve-{servers}"}
        return self.serve(scenario, len(servers), *options, "--secret-file", str(self.secret))

    def at(self, server: str) -> Tuple[str, int]:
        return (HOST, self.ports[server])

    def host_all(self) -> Tuple[Serving, Serving]:
        """Returns both processes once updates cross from each end of the herd to the other."""
        both = self.host("AB"), self.host("C")
        send_until_known(self.at("A"), self.at("C"), "there")
        send_until_known(self.at("C"), self.at("A"), "back")
        return both

    def assert_empty(self, row: Dict[str, str], *columns: str) -> None:
        self.assertEqual({column: row[column] for column in columns},
                         {column: "" for column in columns})


class Figures(ServedElsewhere):
    def test_replies_are_counted_and_timed_and_all_else_is_empty(self) -> None:
        self.host_all()
        run = self.run_scenario(self.scenario())
        row = run.summary("span")
        self.assert_counts(row, servers=3, links=2, clients=3, updates=15, accepted=15, replies=15,
                           refusals=0, closings=0, silences=0, connections_lost=0, violations=0)
        self.assertEqual((row["engine"], row["observed"], row["clock"]),
                         ("served", "replies", "live"))
        for column in ("reply_p50_us", "reply_p99_us", "reply_max_us"):
            self.assertGreater(float(row[column]), 0, column)
        self.assert_empty(row, *NEVER_KNOWN, *OF_DELIVERIES)
        for server in run.table("servers.csv"):
            self.assertEqual(server["port"], str(self.ports[server["server"]]))
            self.assertEqual(server["accepted"], "5")
            self.assert_empty(server, "clients_known", "restarts", "holds", "queries",
                              "messages_in", "connections_peak")
        for update in run.table("updates.csv"):
            self.assertEqual(update["outcome"], "accepted")
            self.assert_empty(update, "servers_reached", "messages", "coverage_us")
        for part in run.table("timeline.csv"):
            self.assert_empty(part, "servers_down", "links_down", "deliveries")
        self.assertEqual(run.table("undelivered.csv"), [])
        self.assertEqual(run.json()["notes"], [NOTE])
        self.assertIn("note " + NOTE, " ".join(run.stdout.split()))

    def play_asked(self) -> Run:
        scenario = self.scenario(observe="whatsat", name="theirs")
        scenario["duration"] = "2s"
        scenario["clients"][0]["updates"] = "1/s"
        # A newer update that overtakes an older one between two questions would hide it.
        return self.run_scenario(scenario, gap_ms=500)

    def test_asked_servers_tell_which_updates_reached_them_in_every_run(self) -> None:
        processes = self.host_all()
        for _ in range(2):  # the servers still hold the records of the first run in the second
            run = self.play_asked()
            row = run.summary("span")
            self.assert_counts(row, updates=6, accepted=6, deliveries=12, covered=6, violations=0)
            self.assertEqual((row["engine"], row["observed"]), ("theirs", "whatsat"))
            self.assert_empty(row, *NEVER_KNOWN)
            for update in run.table("updates.csv"):
                self.assertEqual(update["servers_reached"], "3")
            for server in run.table("servers.csv"):
                self.assert_empty(server, "clients_known", "restarts", "holds")
            self.assertEqual(run.json()["notes"], [NOTE])
        for process in processes:
            self.assertFalse(process.ended(), process.stderr())
        # They also still know what they were told before.
        self.assertTrue(asked(self.at("C"), b"WHATSAT there 10 5\n").startswith(b"AT A "))

    def test_a_native_scenario_takes_servers_elsewhere_by_set(self) -> None:
        self.host_all()
        scenario = self.scenario()
        scenario["herds"][0]["engine"] = "native"
        scenario["herds"][0]["keepalive"] = "off"
        run = self.run_scenario(scenario, "--set", 'herds.0.engine={"served": true}')
        self.assert_counts(run.summary("span"), updates=15, accepted=15)
        self.assertEqual(run.summary("span")["engine"], "served")
        self.assertRegex(run.stderr, r"herds\.0\.keepalive: warning: is left out, because this herd "
                                     r"is now served elsewhere")

    def test_clients_move_between_servers_elsewhere(self) -> None:
        self.host_all()
        scenario = self.scenario()
        scenario["clients"][0].update(count=1, server="A")
        scenario["events"] = [{"at": "500ms", "do": "move", "client": "phone-0", "to": "C"},
                              {"at": "600ms", "do": "burst", "server": "B", "updates": 4}]
        run = self.run_scenario(scenario)
        self.assert_counts(run.summary("span"), updates=9, accepted=9, handovers=1)
        handover, = run.table("handovers.csv")
        self.assertEqual((handover["from"], handover["to"]), ("A", "C"))
        self.assert_empty(handover, "known", "stale_us")


class Servers(ServedElsewhere):
    def start_run(self, scenario: Dict[str, Any]) -> Process:
        path = write_scenario(scenario, self.folder)
        return self.start("run", "--quiet", "--out", str(self.folder / "out"), str(path))

    def test_the_run_waits_until_all_servers_are_up(self) -> None:
        self.host("AB")
        run = self.start_run(self.scenario(ready={"within": "110s"}))
        self.host("C")
        self.assertEqual(run.wait(), 0, run.stderr())
        self.assert_counts(Run(0, "", "", self.folder / "out").summary("span"), replies=15)

    def test_a_server_that_is_not_up_is_named_with_the_way_to_serve_it(self) -> None:
        self.host("AB")
        run = self.start_run(self.scenario(ready={"within": "5s"}))
        self.assertEqual(run.wait(), 3, run.stdout())
        self.assertIn(
            f"herd span: server C does not accept a connection at {HOST}:{self.ports['C']} "
            "(connection refused): these servers are served elsewhere, and must be up before the run "
            "(herdsim serve FILE --server C --secret-file SECRET serves it)", run.stderr())
        self.assertFalse((self.folder / "out").exists())

    def test_a_server_that_dies_meanwhile_is_told_by_its_clients(self) -> None:
        going, killed = self.host_all()
        scenario = self.scenario()
        # Long enough that even a slow machine kills C well before the end.
        scenario.update(duration="10s", drain="2s")
        run = self.start_run(scenario)
        wait_for_record(self.at("C"), "phone-2")
        killed.send_signal(signal.SIGKILL)
        self.assertEqual(killed.wait(), -signal.SIGKILL)
        self.assertEqual(run.wait(), 0, run.stderr())
        row = Run(0, run.stdout(), run.stderr(), self.folder / "out")
        lost = {client["client"]: int(client["connections_lost"])
                for client in row.table("clients.csv")}
        self.assertGreater(lost["phone-2"], 0)
        self.assertEqual((lost["phone-0"], lost["phone-1"]), (0, 0))
        self.assertEqual(row.summary("span")["violations"], "0")
        self.assertFalse(going.ended())
        # A later run is as good as the first.
        self.host("C")
        self.assert_counts(self.run_scenario(self.scenario()).summary("span"), replies=15)


class Refused(ServedElsewhere):
    def complaint(self, scenario: Dict[str, Any], *options: str, call: str = "check") -> str:
        path = write_scenario(scenario, self.folder)
        ended = self.herdsim(call, str(path), *options)
        self.assertEqual(ended.status, 2, ended.stdout)
        return ended.stderr

    def test_faults_of_what_herdsim_has_no_hand_on(self) -> None:
        for fault in ({"do": "link_down", "link": ["A", "B"]}, {"do": "server_down", "server": "C"},
                      {"do": "partition", "groups": [["A"]]}):
            scenario = self.scenario()
            scenario["events"] = [{"at": "0s", **fault}]
            said = self.complaint(scenario)
            self.assertRegex(said, r"^\S+span\.json:\d+: events\.0\.do: happens to servers or links, "
                                   r"and herdsim has no hand on those that are served elsewhere")
            self.assertEqual(said.count("\n"), 1, said)

    def test_conditions_of_links_and_virtual_time(self) -> None:
        scenario = self.scenario()
        scenario["herds"][0]["link"] = {"latency": "20ms"}
        self.assertIn("herds.0.link: is set where the servers are served", self.complaint(scenario))
        self.assertIn("herds.0.engine: is of real programs, which take real time",
                      self.complaint(self.scenario(), "--clock", "virtual", call="run"))

    def test_servers_without_a_port(self) -> None:
        scenario = self.scenario()
        del scenario["herds"][0]["servers"][1]["port"]
        self.assertIn('herds.0.servers: server "B" has no port, and is served elsewhere',
                      self.complaint(scenario))


if __name__ == "__main__":
    unittest.main()
