"""Tests herds of other programs: native servers as processes of their own, seen from outside; what
goes wrong with processes; and that no process is left."""

from __future__ import annotations

import json
import pathlib
import signal
import unittest
from typing import Any, Dict, List, Optional

from herdsim_e2e import HERE, PAPER_SERVERS, Run, TestCase, wait_until

# A server without neighbours. It answers each line and prints that it did.
LONER = r"""
import itertools, os, socketserver, sys, threading, time
name, port = sys.argv[1], int(sys.argv[2])
heard = itertools.count(1)
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            words = line.decode("latin-1").split()
            if words[:1] == ["IAMAT"]:
                skew = time.time() - float(words[3])
                answer = "AT %s %+.9f %s" % (name, skew, " ".join(words[1:]))
                print("heard", words[1], words[3], flush=True)
                if name in sys.argv[3:] and next(heard) == 5:
                    os.kill(os.getpid(), 9)
            else:
                answer = "? " + line.decode("latin-1").rstrip("\r\n")
            self.wfile.write((answer + "\n").encode("latin-1"))
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
print("serving", os.getpid(), flush=True)
Server(("127.0.0.1", port), Handler).serve_forever()
"""


def alive(pid: int) -> bool:
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


class ExternalTest(TestCase):
    def loner(self, **engine: Any) -> Dict[str, Any]:
        program = self.folder / "loner.py"
        program.write_text(LONER)
        return {"command": ["/usr/bin/python3", str(program), "{server}", "{port}"], **engine}

    def scenario(self, herds: List[Dict[str, Any]], **more: Any) -> Dict[str, Any]:
        clients = [{"id": "c{n}", "count": 3, "server": "spread", "start": HERE,
                    "updates": "10/s"}]
        return {"name": "x", "duration": "1s", "herds": herds, "clients": clients, **more}

    def run_scenario(self, scenario: Dict[str, Any], *options: str) -> Run:
        path = self.folder / "x.json"
        path.write_text(json.dumps(scenario))
        run = self.herdsim("run", "--quiet", "--out", str(self.folder / "out"), str(path), *options)
        run.folder = self.folder / "out"
        return run

    def native_outside(self, name: str, propagation: str, **herd: Any) -> Dict[str, Any]:
        """Returns the paper's herd as five processes, each of which is told the ports of its
        neighbours."""
        served = {"name": "served", "duration": "1s", "herds": [{
            "name": name, "links": "paper", "keepalive": "off",
            "servers": [{"name": server, "port": 1 + i} for i, server in enumerate(PAPER_SERVERS)],
        }]}
        (self.folder / "served.json").write_text(json.dumps(served))
        command = ["{herdsim}", "serve", "served.json", "--server", "{server}",
                   "--secret-file", "secret", "--set", "herds.0.propagation={propagation}"]
        (self.folder / "secret").write_text("open sesame, and open wide\n")
        (self.folder / "secret").chmod(0o600)
        for i, server in enumerate(PAPER_SERVERS):
            command += ["--set", f"herds.0.servers.{i}.port={{port:{server}}}"]
        engine = {"command": command, "links": "persistent", "pipelining": True}
        return {"name": name, "propagation": propagation, "engine": engine, **herd}

    def test_both_ways_of_watching_agree(self) -> None:
        link = {"latency": "100ms"}
        for propagation, messages in (("flood-echo", 10), ("flood", 6)):
            herds = [
                {"name": "inside", "links": "paper", "propagation": propagation, "link": link,
                 "keepalive": "off"},
                self.native_outside("outside", propagation, link=link),
            ]
            # So rarely that no update overtakes another, even on a busy machine.
            scenario = self.scenario(herds, duration="4s")
            scenario["clients"][0]["updates"] = "1/s"
            run = self.run_scenario(scenario)
            self.assertEqual(run.status, 0, run.stderr)
            inside, outside = run.summary("inside"), run.summary("outside")
            self.assertEqual((inside["observed"], outside["observed"]), ("inside", "links"))
            for column in ("updates", "accepted", "deliveries", "undelivered", "messages",
                           "duplicates", "echoes", "stale", "lost", "covered", "converged",
                           "violations", "redundancy"):
                self.assertEqual(inside[column], outside[column], (propagation, column))
            self.assertEqual(int(outside["messages"]), messages * int(outside["accepted"]))
            # Hops of 100 ms each way: both herds see the same shape of a flood.
            def hops(herd: str) -> List[Any]:
                return sorted((row["update"], row["server"], row["from"], row["hops"])
                              for row in run.table("deliveries.csv", herd)
                              if row["hops"] == "1")
            self.assertEqual(hops("inside"), hops("outside"))
            for herd in ("inside", "outside"):
                for row in run.table("deliveries.csv", herd):
                    self.assertGreaterEqual(float(row["latency_us"]), 99_000 * int(row["hops"]))
                # Every message has a row, which took the link's latency.
                rows = run.table("messages.csv", herd)
                self.assertEqual(len(rows), int(outside["messages"]))
                self.assertEqual(sum(row["kind"] == "duplicate" for row in rows),
                                 int(outside["duplicates"]))
                for row in rows:
                    took = float(row["received_us"]) - float(row["sent_us"])
                    self.assertGreaterEqual(took, 99_000, row)

    def test_what_cannot_be_known_is_empty(self) -> None:
        herd = {"name": "loner", "servers": ["A"], "links": [], "engine": self.loner()}
        run = self.run_scenario(self.scenario([herd]))
        self.assertEqual(run.status, 0, run.stderr)
        row = run.summary("loner")
        self.assertEqual(row["observed"], "replies")
        self.assertEqual((row["updates"], row["accepted"]), ("30", "30"))
        for column in ("messages", "deliveries", "converged", "undelivered", "propagation_p50_us",
                       "propagation", "recovery", "repairs"):
            self.assertEqual(row[column], "", column)
        for name in ("messages.csv", "undelivered.csv"):
            self.assertEqual(run.table(name), [])
        for row_of_bin in run.table("timeline.csv"):
            self.assertEqual({row_of_bin[column] for column in ("messages", "covered", "stale",
                                                                "open_updates", "links_down")}, {""})
        self.assertGreater(float(row["rss_mib"]), 1)
        server = run.table("servers.csv")[0]
        self.assertEqual((server["accepted"], server["messages_in"], server["queries"]),
                         ("30", "", ""))
        self.assertIn("heard c1 ", (run.folder / "logs" / "loner" / "A.out").read_text())

    def test_a_cut_link_is_cut(self) -> None:
        events = [{"at": "300ms", "do": "link_down", "link": ["Alford", "Welsh"]}]
        herd = self.native_outside("outside", "flood-echo")
        run = self.run_scenario(self.scenario([herd], events=events))
        self.assertEqual(run.status, 0, run.stderr)
        row = run.summary("outside")
        self.assertEqual((row["link_drops"], row["violations"]), ("1", "0"))
        cut, = (float(event["at_us"]) for event in run.table("events.csv")
                if event["event"] == "link_down")
        counts = {update["messages"] for update in run.table("updates.csv", "outside")
                  if float(update["sent_us"]) > cut}
        self.assertEqual(counts, {"8"}, "the closed form of a line of five")

    def test_a_server_that_is_killed_is_an_event(self) -> None:
        servers = ["A", "B"]
        engine = self.loner()
        engine["command"].append("B")
        herd = {"name": "mortal", "servers": servers, "links": [["A", "B"]], "engine": engine}
        run = self.run_scenario(self.scenario([herd]))
        self.assertEqual(run.status, 0, run.stderr)
        ended = [row for row in run.table("events.csv") if row["event"] == "server_ended"]
        self.assertEqual([row["detail"] for row in ended], ["B: killed by SIGKILL"])
        self.assertTrue(run.json()["complete"])

    def test_servers_are_stopped_and_started_as_the_script_says(self) -> None:
        events = [{"at": "500ms", "do": "server_down", "server": "A"},
                  {"at": "1s", "do": "server_up", "server": "A"},
                  {"at": "2s", "do": "pause", "server": "A"},
                  {"at": "2500ms", "do": "resume", "server": "A"}]
        herd = {"name": "loner", "servers": ["A"], "links": [], "engine": self.loner()}
        run = self.run_scenario(self.scenario([herd], duration="4s", events=events))
        self.assertEqual(run.status, 0, run.stderr)
        row = run.summary("loner")
        self.assertEqual(row["server_restarts"], "1")
        output = (run.folder / "logs" / "loner" / "A.out").read_text()
        self.assertEqual(output.count("serving"), 2)
        self.assertEqual([row["event"] for row in run.table("events.csv")
                          if row["event"] == "server_ended"], [], "it was asked to")

    def refused(self, herd: Dict[str, Any]) -> str:
        run = self.run_scenario(self.scenario([herd]))
        self.assertEqual(run.status, 3, run.stderr)
        self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        self.assertFalse((self.folder / "out").exists())
        return run.stderr

    def test_a_command_that_does_not_exist(self) -> None:
        herd = {"name": "no", "servers": ["A"], "links": [],
                "engine": {"command": ["no-such-program-at-all", "{port}"]}}
        text = self.refused(herd)
        self.assertIn("herd no: server A cannot be started: No such file or directory", text)

    def test_a_command_given_by_set_begins_at_the_scenarios_folder(self) -> None:
        herd = {"name": "loner", "servers": ["A"], "links": [],
                "engine": {**self.loner(), "command": ["there-is-none", "{port}"]}}
        there = self.folder / "there"
        there.mkdir()
        (self.folder / "loner.py").rename(there / "loner.py")
        (there / "x.json").write_text(json.dumps(self.scenario([herd])))
        command = json.dumps(["/usr/bin/python3", "loner.py", "{server}", "{port}"])
        run = self.herdsim("run", "there/x.json", "--set", "herds.0.engine.command=" + command,
                           "--out", "out", "--quiet", "--report", "none")
        self.assertEqual(run.status, 0, run.stderr)

    def test_a_process_that_ends_before_it_is_ready(self) -> None:
        herd = {"name": "no", "servers": ["A"], "links": [],
                "engine": {"command": ["sh", "-c", "echo out of luck; exit 7", "{port}"]}}
        text = self.refused(herd)
        self.assertIn("exit status 7", text)
        self.assertIn("out of luck", text)

    def test_a_process_that_is_never_ready(self) -> None:
        herd = {"name": "no", "servers": ["A"], "links": [],
                "engine": {"command": ["sleep", "1000"],
                           "ports": [1], "ready": {"listening": True, "within": "500ms"}}}
        self.assertIn("server A does not listen on 127.0.0.1:1", self.refused(herd))

    def test_a_port_that_is_taken(self) -> None:
        import socket
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            herd = {"name": "no", "servers": ["A"], "links": [],
                    "engine": {"command": ["sleep", "1000"], "ports": [port]}}
            self.assertIn(f"port {port} of 127.0.0.1", self.refused(herd))

    def test_nothing_is_left_of_a_run_that_is_killed(self) -> None:
        engine = self.loner()
        engine["command"] = ["sh", "-c", 'setsid sleep 1000 & echo daemon $!; exec "$@"', "sh",
                             *engine["command"]]
        herd = {"name": "loner", "servers": ["A"], "links": [], "engine": engine}
        path = self.folder / "x.json"
        path.write_text(json.dumps(self.scenario([herd], duration="60s")))
        process = self.start("run", "--quiet", "--out", str(self.folder / "out"), str(path))

        def pids() -> Optional[List[int]]:
            found = []
            for file in self.folder.rglob("A.out"):
                words = file.read_text().split()
                found = [int(words[i + 1]) for i, word in enumerate(words[:-1])
                         if word in ("daemon", "serving")]
            return found if len(found) == 2 else None

        started = wait_until(pids, "the process and its daemon")
        self.assertTrue(all(alive(pid) for pid in started))
        process.send_signal(signal.SIGKILL)
        process.wait()
        wait_until(lambda: not any(alive(pid) for pid in started), "all of them are gone")

    def test_an_interrupted_run_ends_its_processes(self) -> None:
        herd = {"name": "loner", "servers": ["A"], "links": [], "engine": self.loner()}
        path = self.folder / "x.json"
        path.write_text(json.dumps(self.scenario([herd], duration="60s")))
        process = self.start("run", "--quiet", "--out", str(self.folder / "out"), str(path))
        found = wait_until(lambda: [file for file in self.folder.rglob("A.out")
                                    if "heard" in file.read_text()], "clients are heard")
        pid = int(found[0].read_text().split()[1])
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        self.assertFalse(alive(pid))
        self.assertTrue((self.folder / "out" / "summary.csv").exists())


if __name__ == "__main__":
    unittest.main()
