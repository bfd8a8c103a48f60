"""Tests that the figures of a herd of other programs are right, or empty with a note."""

from __future__ import annotations

import json
import math
import pathlib
import resource
import signal
import socket
import unittest
from typing import Any, Dict, List

from herdsim_e2e import PAPER_SERVERS, Run, TestCase, free_ports, on_time, wait_until

SMALL = pathlib.Path(__file__).parent / "wild" / "small_herd.py"
PYTHON = "/usr/bin/python3"
LOG = {"log": r"HOLD (?P<client>\S+) (?P<time>\S+)"}
# Figures that only the replies do not give.
UNKNOWN = ("deliveries", "undelivered", "messages", "covered", "converged", "wrong_records",
           "propagation_p50_us", "coverage_p50_us", "handovers_stale")


class OutsideFiguresTest(TestCase):
    def engine(self, *habits: str, **keys: Any) -> Dict[str, Any]:
        return {"command": [PYTHON, str(SMALL), "{server}", "{port}", "{neighbor_ports}", *habits],
                **keys}

    def play(self, herds: List[Dict[str, Any]], status: int = 0, gap_ms: float = math.inf,
             **more: Any) -> Run:
        return on_time(lambda: self.play_once(herds, status, **more), gap_ms)

    def play_once(self, herds: List[Dict[str, Any]], status: int, **more: Any) -> Run:
        scenario = {"name": "x", "duration": "2s", "drain": "20s", "herds": herds,
                    "clients": [{"id": "solo", "server": "Alford", "updates": "5/s"}], **more}
        path = self.folder / "x.json"
        path.write_text(json.dumps(scenario))
        run = self.herdsim("run", "--quiet", "--out", str(self.folder / "out"), str(path))
        run.folder = self.folder / "out"
        self.assertEqual(run.status, status, run.stderr + run.stdout)
        return run

    def time_of(self, run: Run, event: str) -> float:
        at, = (float(row["at_us"]) for row in run.table("events.csv") if row["event"] == event)
        return at

    def notes(self, run: Run) -> str:
        return "\n".join(run.json()["notes"])

    def test_a_server_that_replies_last_is_dated_by_its_first_sign(self) -> None:
        habits = ("reply-after=0.6", "takes=0.4")
        herds = [{"name": "log", "engine": self.engine(*habits, observe=LOG)},
                 {"name": "asked", "engine": self.engine(*habits, observe="whatsat")}]
        run = self.play(herds, duration="4s",
                        clients=[{"id": "solo", "server": "Alford", "updates": "1/s"}])
        for herd in ("log", "asked"):
            row = run.summary(herd)
            self.assertEqual((row["accepted"], row["undelivered"]), ("4", "0"))
            # 400 ms for each of the ring's one or two hops, less what a busy machine may lose of
            # them: the two signs of an update are read at different times.
            self.assertGreaterEqual(float(row["propagation_p50_us"]), 200_000, herd)
            self.assertGreaterEqual(float(row["coverage_p50_us"]), 500_000, herd)
            latencies = [float(each["latency_us"]) for each in run.table("deliveries.csv", herd)
                         if each["latency_us"]]
            self.assertGreaterEqual(len(latencies), 12, herd)
            self.assertGreater(min(latencies), 50_000, herd)

    def test_without_a_sign_of_the_origin_no_latency_is_known(self) -> None:
        # Only what comes over links is logged.
        engine = self.engine("reply-after=0.3", observe=LOG)
        engine["command"] = ["sh", "-c", '"$@" | if [ $0 = Alford ]; then exec cat >/dev/null; '
                             'else exec cat; fi', "{server}", *engine["command"]]
        engine["stop_within"] = "500ms"
        run = self.play([{"name": "log", "engine": engine}])
        row = run.summary("log")
        self.assertEqual((row["accepted"], row["deliveries"], row["covered"]), ("10", "40", "10"))
        for column in ("propagation_p50_us", "propagation_max_us", "coverage_p50_us"):
            self.assertEqual(row[column], "", column)
        self.assertEqual({each["latency_us"] for each in run.table("deliveries.csv")}, {""})
        self.assertEqual({each["accepted_us"] for each in run.table("updates.csv")}, {""})

    def test_what_was_never_seen_is_unknown(self) -> None:
        strange = {"log": r"STORED (?P<client>\S+) (?P<time>\S+)"}
        herds = [{"name": "log", "engine": self.engine(observe=strange)},
                 {"name": "asked", "engine": self.engine("secretive", observe="whatsat")},
                 {"name": "links", "engine": self.engine(observe="links")}]
        # A herd that tells its neighbours in a form that nobody knows.
        herds[2]["engine"]["command"] = [PYTHON, "-c", STRANGE, "{server}", "{port}",
                                         "{neighbor_ports}"]
        run = self.play(herds)
        notes = self.notes(run)
        for herd, note in (("log", "log: no line of any log told of an update"),
                           ("asked", "asked: no WHATSAT was answered with a report"),
                           ("links", "bytes crossed the links, and no report was among them")):
            row = run.summary(herd)
            self.assertEqual((row["accepted"], row["observed"], row["violations"]),
                             ("10", "replies", "0"))
            for column in UNKNOWN:
                self.assertEqual(row[column], "", (herd, column))
            self.assertIn(note, notes)
        self.assertRegex(notes, r"links: [1-9]\d* bytes crossed")

    def test_what_a_program_writes_as_it_ends_is_read(self) -> None:
        engine = self.engine("buffers", observe=LOG, env={"PYTHONUNBUFFERED": ""})
        run = self.play([{"name": "log", "engine": engine}])
        row = run.summary("log")
        self.assertEqual((row["observed"], row["deliveries"], row["undelivered"], row["converged"]),
                         ("log", "40", "0", "1"))
        self.assertEqual(row["propagation_p50_us"], "", "nobody knows when")
        self.assertIn("lines about updates came only as the programs ended", self.notes(run))

    def test_a_whole_reply_may_end_with_its_connection(self) -> None:
        engine = self.engine("shortens", "endless", "hangs-up", connection="one-command",
                             observe="replies")
        row = self.play([{"name": "short", "engine": engine}]).summary("short")
        self.assertEqual((row["replies"], row["odd_replies"], row["closings"]), ("10", "10", "0"))
        self.assertEqual(row["accepted"], "10")

    def test_a_paused_server_applies_nothing(self) -> None:
        events = [{"at": "500ms", "do": "pause", "server": "Ball"},
                  {"at": "1500ms", "do": "resume", "server": "Ball"}]
        run = self.play([{"name": "relayed", "engine": self.engine()}], events=events, gap_ms=150)
        row = run.summary("relayed")
        self.assertEqual((row["undelivered"], row["converged"], row["lost"]), ("0", "1", "0"))
        accepted = {each["update"]: float(each["accepted_us"])
                    for each in run.table("updates.csv") if each["accepted_us"]}
        paused = self.time_of(run, "pause")
        for each in run.table("deliveries.csv"):
            if each["server"] != "Ball":
                continue
            at = accepted[each["update"]] + float(each["latency_us"])
            self.assertFalse(paused + 100_000 < at < 1_490_000, each)
        self.assertNotIn("flood_goes_on", [each["event"] for each in run.table("events.csv")])

    def test_a_server_that_stays_paused_never_hears(self) -> None:
        events = [{"at": "500ms", "do": "pause", "server": "Ball"}]
        run = self.play([{"name": "relayed", "engine": self.engine()}], events=events,
                        drain="500ms")
        row = run.summary("relayed")
        paused = self.time_of(run, "pause")
        later = [each for each in run.table("updates.csv") if float(each["sent_us"]) > paused]
        self.assertTrue(later)
        self.assertGreaterEqual(int(row["undelivered"]), len(later))
        self.assertEqual(row["converged"], "0")
        self.assertEqual(int(row["messages"]),
                         sum(int(row[kind]) for kind in ("deliveries", "deliveries_again",
                                                         "duplicates", "stale", "lost")))
        self.assertNotIn("flood_goes_on", [each["event"] for each in run.table("events.csv")])

    def test_a_dead_server_is_refused_and_comes_back(self) -> None:
        events = [{"at": "500ms", "do": "server_down", "server": "Ball"},
                  {"at": "1s", "do": "server_up", "server": "Ball"}]
        run = self.play([{"name": "relayed", "engine": self.engine()}], events=events,
                        duration="4s", gap_ms=80)
        row = run.summary("relayed")
        self.assertEqual((row["server_restarts"], row["lost"], row["violations"]), ("1", "0", "0"))
        self.assertEqual(row["link_drops"], "2", "both links of the dead server")
        last = run.table("updates.csv")[-1]
        self.assertEqual((last["servers_reached"], last["messages"]), ("5", "10"))

    def test_the_port_of_a_dead_server_is_kept(self) -> None:
        events = [{"at": "300ms", "do": "server_down", "server": "Ball"}]
        port = free_ports(1)[0]
        engine = self.engine()
        herd = {"name": "relayed", "engine": engine, "servers": [
            {"name": name, "port": port if name == "Ball" else 0} for name in PAPER_SERVERS]}
        path = self.folder / "x.json"
        path.write_text(json.dumps({"name": "x", "duration": "60s", "herds": [herd],
                                    "events": events}))
        process = self.start("run", "--quiet", "--out", str(self.folder / "out"), str(path))

        def listens() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        wait_until(listens, "the server listens")
        wait_until(lambda: not listens(), "the server is down")

        def is_kept() -> bool:
            with socket.socket() as thief:
                thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    thief.bind(("127.0.0.1", port))
                    thief.listen(1)
                except OSError:
                    return True
                return False

        wait_until(is_kept, "nobody else gets its port")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 130)

    def test_lines_that_never_went_out_are_no_silences(self) -> None:
        for drain in ("300ms", "6s"):
            engine = self.engine("mute", observe="replies")
            run = self.play([{"name": "mute", "servers": PAPER_SERVERS, "engine": engine}],
                            duration="3s", drain=drain)
            row = run.summary("mute")
            said = sum(path.read_text().count("GOT")
                       for path in (run.folder / "logs" / "mute").glob("*.out"))
            self.assertEqual(row["updates"], str(said))
            self.assertEqual(int(row["silences"]), said)
            self.assertEqual(len(run.table("updates.csv")), said)
            self.assertEqual(row["violations"], "0", "whenever the run ends")

    def test_a_wrong_dialect_shows_what_came(self) -> None:
        run = self.play([{"name": "mine", "engine": self.engine("endless", observe="replies")}])
        row = run.summary("mine")
        self.assertEqual((row["replies"], row["violations"]), ("0", "0"))
        self.assertRegex(self.notes(run), r"mine: answers came \d+ times that were no whole reply, "
                                          r"the first: 'AT Alford [^']{20,31}' \(see \"reply_end\"")

    def test_refusals_in_other_words(self) -> None:
        engine = self.engine("blunt", observe="replies", refusal_pattern="^ERROR")
        run = self.play([{"name": "blunt", "engine": engine}],
                        events=[{"at": "1s", "do": "send", "client": "solo", "line": "HELLO"},
                                {"at": "1s", "do": "send", "client": "solo",
                                 "line": "WHATSAT nobody 1 1"}])
        row = run.summary("blunt")
        self.assertEqual((row["replies"], row["refusals"], row["violations"]), ("10", "2", "0"))

    def test_greetings(self) -> None:
        herds = [{"name": "lasting", "engine": self.engine("greets", observe="replies")},
                 {"name": "single", "engine": self.engine(
                     "greets", observe="replies", connection="one-command",
                     reply_end={"pattern": "(?m)^(AT|\\?) .*\n"},
                     reply_pattern="(?m)^(?:AT|\\?) .*")}]
        run = self.play(herds)
        for herd in ("lasting", "single"):
            row = run.summary(herd)
            self.assertEqual((row["replies"], row["odd_replies"], row["violations"]),
                             ("10", "0", "0"), herd)

    def test_servers_that_dial_at_their_first_message(self) -> None:
        row = self.play([{"name": "lazy", "engine": self.engine("persistent")}]).summary("lazy")
        self.assertEqual((row["accepted"], row["messages"], row["undelivered"]), ("10", "100", "0"))

    def test_ports_and_a_url_in_the_source(self) -> None:
        ports = free_ports(5)
        names = dict(zip(PAPER_SERVERS, ports))
        neighbors = {"Alford": ["Hamilton", "Welsh"], "Ball": ["Holiday", "Welsh"],
                     "Hamilton": ["Alford", "Holiday"], "Holiday": ["Ball", "Hamilton"],
                     "Welsh": ["Alford", "Ball"]}
        source = "PLACES = 'https://maps.googleapis.com'\n" + SMALL.read_text().replace(
            "name, port = sys.argv[1], int(sys.argv[2])",
            f"PORTS = {names!r}\nNEIGHBORS = {neighbors!r}\n"
            "name = sys.argv[1]\nport = PORTS[name]\nprint('places', PLACES, flush=True)").replace(
            'peers = [int(word) for word in sys.argv[3].split(",") if word] '
            'if len(sys.argv) > 3 else []', "peers = [PORTS[each] for each in NEIGHBORS[name]]")
        (self.folder / "server.py").write_text(source)
        changes = "; ".join(f"s/{port}/{{port:{name}}}/" for name, port in names.items())
        command = ["sh", "-c", f"sed -e '{changes}; s#https://maps.googleapis.com#{{places_url}}#' "
                   "server.py > .{server}.py && exec python3 .{server}.py {server}"]
        run = self.play([{"name": "fixed", "engine": {"command": command, "observe": "links"}}])
        row = run.summary("fixed")
        self.assertEqual((row["observed"], row["accepted"], row["messages"], row["covered"]),
                         ("links", "10", "100", "10"))
        output = (run.folder / "logs" / "fixed" / "Alford.out").read_text()
        self.assertIn("places http://127.0.0.1:", output)

    def test_servers_that_never_close(self) -> None:
        def few_files() -> None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300))
        scenario = {"name": "leak", "duration": "4s", "drain": "20s",
                    "herds": [{"name": "leak", "engine": self.engine("keeps")}],
                    # Of many clients, because two updates of one may overtake each other.
                    "clients": [{"id": "c{n}", "count": 20, "server": "Alford",
                                 "updates": "1/s"}]}
        path = self.folder / "leak.json"
        path.write_text(json.dumps(scenario))
        run = self.herdsim("run", "--quiet", "--out", str(self.folder / "out"), str(path),
                           preexec_fn=few_files)
        run.folder = self.folder / "out"
        self.assertEqual(run.status, 0, run.stderr)
        row = run.summary("leak")
        self.assertEqual((row["messages_per_update"], row["covered"]), ("10", "80"), row)


# Tells its neighbours in pickles.
STRANGE = r"""
import asyncio, pickle, sys, time
name, port, peers = sys.argv[1], int(sys.argv[2]), [int(p) for p in sys.argv[3].split(",") if p]
known = set()
async def flood(report):
    for peer in peers:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", peer)
            writer.write(b"\x80" + pickle.dumps([each[::-1] for each in report])); writer.close()
        except OSError:
            pass
async def serve(reader, writer):
    while line := await reader.read(4096):
        if line[:1] == b"\x80":
            report = tuple(each[::-1] for each in pickle.loads(line[1:]))
        else:
            report = tuple(line.decode().split())
            writer.write(("AT %s +0.1 %s %s %s\n" % (name, *report[1:])).encode())
        if report not in known:
            known.add(report)
            await flood(report)
    writer.close()
async def main():
    await (await asyncio.start_server(serve, "127.0.0.1", port)).serve_forever()
asyncio.run(main())
"""


if __name__ == "__main__":
    unittest.main()
