"""Tests that herds with the habits of others can be driven with nothing but a scenario file."""

from __future__ import annotations

import json
import pathlib
import socket
import unittest
from typing import Any, Dict, List, Optional

from herdsim_e2e import HERE, SOURCE, Run, TestCase, free_ports, hold_port, on_time

WILD = pathlib.Path(__file__).parent / "wild"
PYTHON = "/usr/bin/python3"
SERVERS = ["Goloman", "Hands", "Holiday", "Welsh", "Wilkes"]
LINKS = [["Goloman", "Hands"], ["Goloman", "Holiday"], ["Goloman", "Wilkes"],
         ["Hands", "Wilkes"], ["Holiday", "Welsh"], ["Holiday", "Wilkes"]]


def neighbouring_ports(count: int) -> int:
    """Returns the first of this number of free ports in a row."""
    for first in free_ports(200):
        if not all(hold_port(first + i) for i in range(1, count)):
            continue
        probes = [socket.socket() for _ in range(count)]
        try:
            for i, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + i))
            return first
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
    raise AssertionError("no free ports in a row")


class WildHerdsTest(TestCase):
    def play(self, herd: Dict[str, Any], events: Optional[List[Dict[str, Any]]] = None,
             **more: Any) -> Run:
        servers = herd["servers"]
        scenario = {
            "name": "wild", "duration": "2s", "herds": [herd],
            "clients": [{"id": "c{n}", "count": len(servers), "server": "spread", "start": HERE,
                         "updates": "5/s"}],
            "drain": "30s", "events": events or [], **more,
        }
        path = self.folder / "wild.json"
        path.write_text(json.dumps(scenario))

        def play_once() -> Run:
            run = self.herdsim("run", "--quiet", "--out", str(self.folder / "out"), str(path))
            run.folder = self.folder / "out"
            self.assertEqual(run.status, 0, run.stderr + run.stdout)
            return run

        # The updates of a client must not overtake each other.
        return on_time(play_once, gap_ms=200)

    def asyncio_herd(self, observe: Any) -> Dict[str, Any]:
        base = neighbouring_ports(5)
        return {
            "name": "students", "servers": SERVERS, "links": LINKS,
            "engine": {
                "command": [PYTHON, str(WILD / "asyncio_herd.py"), "{server}"],
                "env": {"WILD_BASE": str(base)},
                "ports": [base + i for i in range(5)],
                "line_ending": "none", "reply_end": {"idle": "50ms"}, "reply_within": "3s",
                "observe": observe,
            },
        }

    def test_asyncio_watched_by_its_logs(self) -> None:
        pattern = r"HOLD client=(?P<client>\S+) time=(?P<time>\S+)"
        # After everything else that it sends.
        events = [{"at": "1900ms", "do": "send", "client": "c1", "line": "HELLO there"}]
        run = self.play(self.asyncio_herd({"log": pattern}), events)
        row = run.summary("students")
        self.assertEqual((row["updates"], row["accepted"]), ("50", "50"), run.stdout)
        self.assertEqual((row["replies"], row["odd_replies"], row["silences"]), ("50", "50", "1"))
        self.assertEqual((row["deliveries"], row["covered"], row["converged"]), ("200", "50", "1"))
        self.assertEqual((row["observed"], row["messages"], row["violations"]), ("log", "", "0"))
        odd = [note for note in run.json()["notes"] if "odd reply: client c" in note]
        self.assertEqual(len(odd), 3, run.json()["notes"])
        for note in odd:
            self.assertRegex(note, r"the line 'IAMAT c\d .*' was answered with '.*'; the protocol has "
                                   r"'AT \w+ \+SECONDS\.NANOSECONDS c\d ")
            self.assertIn("odd reply", run.stdout)

    def test_asyncio_watched_by_log_files(self) -> None:
        logs = self.folder / "their logs"
        logs.mkdir()
        (logs / "Hands.log").write_text("HOLD client=c0 time=1\n" * 1000)  # from another day
        herd = self.asyncio_herd({"log": r"HOLD client=(?P<client>\S+) time=(?P<time>\S+)",
                                  "file": str(logs / "{server}.log")})
        herd["engine"]["env"]["WILD_LOGS"] = str(logs)
        run = self.play(herd)
        row = run.summary("students")
        self.assertEqual((row["accepted"], row["deliveries"], row["covered"]), ("50", "200", "50"))
        self.assertEqual((row["observed"], row["converged"]), ("log", "1"))

    def test_a_log_file_without_its_folder_is_told(self) -> None:
        herd = self.asyncio_herd({"log": "(?P<client>x) (?P<time>y)", "file": "nowhere/{server}"})
        path = self.folder / "wild.json"
        path.write_text(json.dumps({"name": "wild", "duration": "1s", "herds": [herd]}))
        run = self.herdsim("run", str(path), "--out", str(self.folder / "out"))
        self.assertEqual(run.status, 3)
        self.assertRegex(run.stderr, "herd students: cannot watch the folder of .*/nowhere/Goloman: "
                                     "no such file or directory")

    def test_asyncio_watched_by_whatsat(self) -> None:
        run = self.play(self.asyncio_herd("whatsat"))
        row = run.summary("students")
        self.assertEqual((row["observed"], row["accepted"]), ("whatsat", "50"))
        self.assertEqual((row["converged"], row["undelivered"]), ("1", "0"))
        self.assertGreater(int(row["deliveries"]), 20)

    def test_one_process_that_answers_at_the_end_of_the_connection(self) -> None:
        herd = {
            "name": "threads", "servers": ["A", "B", "C"], "links": "line",
            "engine": {
                "command": [PYTHON, str(WILD / "threads_herd.py"), "{servers}"], "per": "herd",
                "connection": "one-command", "half_close": True, "reply_end": "eof",
                "line_ending": "crlf",
                "observe": {"log": r"server (?P<server>\w+) has (?P<client>\S+) (?P<time>\S+)"},
            },
        }
        events = [{"at": "1s", "do": "send", "client": "c2", "line": "HELLO"}]
        run = self.play(herd, events)
        row = run.summary("threads")
        self.assertEqual((row["replies"], row["refusals"], row["closings"]), ("30", "1", "0"))
        self.assertEqual((row["accepted"], row["deliveries"], row["converged"]), ("30", "60", "1"))
        output = (run.folder / "logs" / "threads" / "threads.out").read_text()
        self.assertNotIn("Traceback", output, "nobody connected and said nothing")

    def twisted_herd(self, *more: str) -> Dict[str, Any]:
        return {
            "name": "twisted", "servers": ["A", "B"], "links": [["A", "B"]],
            "engine": {
                "command": [PYTHON, str(WILD / "twisted_herd.py"), "{server}", "{port}",
                            "{neighbor_ports}", *more],
                "links": "persistent", "line_ending": "crlf",
            },
        }

    def test_twisted_with_relayed_links(self) -> None:
        run = self.play(self.twisted_herd())
        row = run.summary("twisted")
        self.assertEqual((row["observed"], row["accepted"], row["deliveries"]),
                         ("links", "20", "20"))
        # Each server keeps a connection to the other, and sends back what it hears.
        self.assertEqual((row["messages"], row["duplicates"], row["echoes"]), ("40", "20", "20"))
        self.assertEqual((row["converged"], row["violations"]), ("1", "0"))

    def test_a_shipped_scenario_plays_against_it(self) -> None:
        engine = json.dumps(self.twisted_herd()["engine"])
        run = self.herdsim("run", "--quiet", "--out", str(self.folder / "out"),
                           str(SOURCE / "scenarios" / "partition.json"), "--report", "none",
                           "--set", f"herds.0.engine={engine}", "--set", "duration=2s",
                           "--set", "events=null", "--set", "clients.0.count=20", "--no-expect")
        run.folder = self.folder / "out"
        self.assertEqual(run.status, 0, run.stderr + run.stdout)
        self.assertRegex(run.stderr, r"partition\.json:\d+: herds\.0\.recovery: warning: is left out, "
                                     "because another program now hosts this herd")
        self.assertNotIn("herds.1", run.stderr)
        self.assertEqual([(row["engine"], row["recovery"]) for row in run.table("summary.csv")],
                         [("external", ""), ("native", "sync")])
        played = run.json()["scenario"]
        self.assertNotIn("recovery", played["herds"][0])
        self.assertNotIn("expect", played)

    def test_a_flood_that_never_ends_is_told(self) -> None:
        run = self.play(self.twisted_herd("endless"), drain="500ms")
        row = run.summary("twisted")
        self.assertGreater(int(row["messages"]), 40)
        self.assertIn("flood_goes_on", [each["event"] for each in run.table("events.csv")])


if __name__ == "__main__":
    unittest.main()
