"""Tests a central herd beside a native one with the same clients, and that no process of it is
left.

Needs the Debian package postgresql.
"""

import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from herdsim_e2e import DEADLINE_S, SOURCE, TestCase, wait_until, write_scenario


def processes_of(folder):
    """Returns the ids of the processes that work in a folder or below it."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if os.readlink(entry / "cwd").startswith(str(folder)):
                found.append(int(entry.name))
        except OSError:
            continue  # it has ended, or we may not look at it
    return found


class CentralTest(TestCase):
    def setUp(self):
        super().setUp()
        # The herd's folder. Another user must be able to reach it, and its path must be short
        # enough for a socket's address.
        temporary = tempfile.TemporaryDirectory(prefix="hc-", dir="/tmp")
        self.addCleanup(temporary.cleanup)
        self.temporary = pathlib.Path(temporary.name)
        self.temporary.chmod(0o755)
        self.env = dict(os.environ, TMPDIR=str(self.temporary))

    def expect_nothing_left(self):
        self.assertEqual(list(self.temporary.iterdir()), [])
        self.assertEqual(processes_of(self.temporary), [])

    def scenario(self, **more):
        scenario = {
            "name": "c",
            "duration": "2s",
            "herds": [
                {"name": "herd"},
                {"name": "central", "engine": "central", "durability": "off"},
            ],
            "clients": [
                {"id": "phone-{n}", "count": 20, "server": "spread", "updates": "20/s",
                 "queries": "2/s"},
                {"id": "walker-{n}", "count": 10, "server": "spread", "updates": "10/s",
                 "handover": {"every": "500ms"}},
            ],
            "expect": [
                {"herd": "*", "metric": "violations", "equals": 0},
                {"herd": "*", "metric": "converged", "equals": 1},
            ],
        }
        scenario.update(more)
        return scenario

    def run_it(self, scenario, *options):
        path = write_scenario(scenario, self.folder)
        run = self.herdsim("run", str(path), "--out", str(self.folder / "out"), "--quiet", *options,
                           env=self.env)
        run.folder = self.folder / "out"
        return run

    def test_has_the_same_clients_and_ends_with_the_same_records(self):
        # These clients do not move: which update of a moving client comes first depends on timing.
        scenario = self.scenario()
        del scenario["clients"][1]
        # Updates that are not newer, and invalid lines.
        scenario["events"] = [
            {"at": "1s", "do": "send", "client": "phone-3", "line": "IAMAT old +1-1 5"},
            {"at": "1100ms", "do": "send", "client": "phone-3", "line": "IAMAT old +1-1 4"},
            {"at": "1200ms", "do": "send", "client": "phone-3", "line": "hello"},
        ]
        run = self.run_it(scenario)
        self.assertEqual(run.status, 0, run.stderr)
        herd, central = run.summary("herd"), run.summary("central")
        for column in ("updates", "accepted", "undelivered", "queries", "query_errors", "clients"):
            self.assertEqual(central[column], herd[column], column)
        self.assertEqual(herd["accepted"], "801")
        # The digest of a server's records covers planned updates only, so it is the same at any
        # time.
        for name in ("clients_known", "accepted", "invalid_lines", "queries"):
            self.assertEqual([row[name] for row in run.table("servers.csv", "central")],
                             [row[name] for row in run.table("servers.csv", "herd")], name)
        for column in ("client", "origin", "outcome", "servers_reached"):
            self.assertEqual([row[column] for row in run.table("updates.csv", "central")],
                             [row[column] for row in run.table("updates.csv", "herd")], column)
        self.assertEqual(
            [row["holds"] for row in run.table("servers.csv", "central")],
            [row["holds"] for row in run.table("servers.csv", "herd")])
        self.expect_nothing_left()

    def test_says_what_is_known_of_it(self):
        run = self.run_it(self.scenario())
        self.assertEqual(run.status, 0, run.stderr)
        central = run.summary("central")
        self.assertEqual(central["engine"], "central")
        self.assertEqual((central["servers"], central["links"]), ("5", "4"))
        for column in ("propagation", "recovery", "deliveries", "messages", "messages_per_update",
                       "duplicates", "echoes", "stale", "lost", "redundancy", "covered",
                       "propagation_p50_us", "coverage_p50_us", "repairs", "sync_bytes",
                       "cpu_s", "rss_mib"):
            self.assertEqual(central[column], "", column)
        for column in ("bytes", "reply_p50_us", "query_p50_us", "handovers"):
            self.assertGreater(float(central[column]), 0, column)
        self.assertEqual((central["handovers_stale"], central["undelivered"]), ("0", "0"))
        rows = run.table("handovers.csv", "central")
        self.assertTrue(rows)
        # Empty if its last report was still on its way to the database when it moved.
        self.assertIn("1", {row["known"] for row in rows})
        self.assertLessEqual({row["known"] for row in rows}, {"1", ""})
        self.assertEqual({row["coverage_us"] for row in run.table("updates.csv", "central")}, {""})
        self.assertEqual(run.table("deliveries.csv", "central"), [])
        for row in run.table("servers.csv", "central"):
            for column in ("messages_in", "messages_out", "duplicates_in", "links_overflowed"):
                self.assertEqual(row[column], "", column)
            self.assertGreater(int(row["connections_peak"]), 0)
        for row in run.table("updates.csv", "central"):
            self.assertEqual((row["messages"], row["duplicates"], row["echoes"]), ("", "", ""))
        for row in run.table("links.csv", "central"):
            for column in ("messages", "duplicates", "echoes", "repairs", "sync_bytes"):
                self.assertEqual(row[column], "", column)
            self.assertIn("Alford", (row["from"], row["to"]))
            self.assertGreater(int(row["bytes"]), 0)
        self.assertTrue((run.folder / "logs" / "central" / "postgresql.out").stat().st_size)
        self.expect_nothing_left()

    def test_alone_its_use_of_the_machine_is_known(self):
        scenario = self.scenario()
        del scenario["herds"][0]
        run = self.run_it(scenario)
        self.assertEqual(run.status, 0, run.stderr)
        central = run.summary("central")
        self.assertGreater(float(central["cpu_s"]), 0)
        self.assertGreater(float(central["rss_mib"]), 0)

    def test_bears_faults(self):
        scenario = self.scenario(events=[
            {"at": "200ms", "do": "link_down", "link": ["Alford", "Welsh"]},
            {"at": "400ms", "do": "link_up", "link": ["Alford", "Welsh"]},
            {"at": "500ms", "do": "server_down", "server": "Ball"},
            {"at": "700ms", "do": "server_up", "server": "Ball"},
            {"at": "800ms", "do": "server_down", "server": "Alford"},
            {"at": "1s", "do": "server_up", "server": "Alford"},
            {"at": "1200ms", "do": "pause", "server": "Holiday"},
            {"at": "1500ms", "do": "resume", "server": "Holiday"},
            {"at": "1600ms", "do": "set_link", "latency": "10ms"},
        ])
        del scenario["herds"][0]
        run = self.run_it(scenario)
        self.assertEqual(run.status, 0, run.stderr)
        central = run.summary("central")
        self.assertEqual(central["undelivered"], "0")
        self.assertEqual(central["server_restarts"], "2")
        self.assertGreaterEqual(int(central["link_drops"]), 2)
        # A central herd has no floods, but its servers and links go down like those of others.
        bins = run.table("timeline.csv")
        self.assertEqual(max(int(row["servers_down"]) for row in bins), 1)
        self.assertGreaterEqual(max(int(row["links_down"]) for row in bins), 1)
        self.assertEqual(bins[-1]["servers_down"], "0")
        self.assertEqual(sum(int(row["accepted"]) for row in bins), int(central["accepted"]))
        self.assertEqual({row[name] for row in bins for name in ("messages", "covered")}, {""})
        self.assertEqual(run.table("messages.csv"), [])
        self.expect_nothing_left()

    def start_long(self):
        path = write_scenario(self.scenario(duration="10min"), self.folder)
        process = self.start("run", str(path), "--out", str(self.folder / "out"), env=self.env)
        wait_until(lambda: "running" in process.stderr() or process.ended(), "it runs")
        self.assertFalse(process.ended(), process.stderr())
        return process

    def test_leaves_nothing_when_interrupted(self):
        process = self.start_long()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130, process.stderr())
        self.expect_nothing_left()

    def test_leaves_nothing_when_killed(self):
        process = self.start_long()
        self.assertTrue(processes_of(self.temporary))
        process.send_signal(signal.SIGKILL)
        process.wait()
        wait_until(lambda: not processes_of(self.temporary), "all have ended")
        wait_until(lambda: not os.listdir(self.temporary), "their folder is gone")

    def test_says_what_to_install(self):
        # Hides PostgreSQL from this one process, which only root can do.
        hide = "mount -t tmpfs none /usr/lib/postgresql && exec \"$@\""
        can_hide = subprocess.run(["unshare", "-m", "sh", "-c", hide, "sh", "true"],
                                  capture_output=True, check=False)
        if can_hide.returncode != 0:
            self.skipTest("cannot hide PostgreSQL here")
        path = write_scenario(self.scenario(), self.folder)
        binary = os.environ.get("HERDSIM_BINARY", str(SOURCE / "build" / "herdsim"))
        ran = subprocess.run(
            ["unshare", "-m", "sh", "-c", hide, "sh", binary, "run", str(path), "--out",
             str(self.folder / "out")],
            env=dict(self.env, PATH="/usr/bin:/bin"), capture_output=True, text=True, check=False,
            timeout=DEADLINE_S)
        self.assertEqual(ran.returncode, 3)
        self.assertIn("apt-get install postgresql", ran.stderr)
        self.assertFalse((self.folder / "out").exists())
        self.expect_nothing_left()

    def test_runs_on_the_wall_clock_alone(self):
        path = write_scenario(self.scenario(), self.folder)
        run = self.herdsim("check", str(path), "--set", "clock=virtual")
        self.assertEqual(run.status, 2)
        self.assertIn("herds.1.engine: runs a real database", run.stderr)
        run = self.herdsim("serve", str(path))
        self.assertEqual(run.status, 2)
        self.assertIn("only native herds can be served", run.stderr)


if __name__ == "__main__":
    unittest.main()
