"""Tests `herdsim run`, `check` and `client` as scripts use them: statuses, folders, progress."""

from __future__ import annotations

import fcntl
import json
import os
import pathlib
import pty
import re
import resource
import select
import signal
import socket
import struct
import subprocess
import termios
import unittest
from typing import Any, Dict, List

from herdsim_e2e import (BINARY, DEADLINE_S, HERE, PAPER_SERVERS, SOURCE, Process, Run, TestCase,
                         wait_until, write_scenario)

CSV_FILES = {"summary.csv", "updates.csv", "deliveries.csv", "links.csv", "servers.csv",
             "clients.csv", "queries.csv", "events.csv", "timeline.csv", "heat.csv", "histograms.csv",
             "undelivered.csv", "messages.csv"}


def short(name: str = "short", **keys: Any) -> Dict[str, Any]:
    """Returns a scenario that takes a moment: one update of each of four clients."""
    return {"name": name, "duration": "50ms", "herds": [{"name": "paper"}],
            "clients": [{"id": "c-{n}", "count": 4, "server": "spread",
                         "updates": {"every": "50ms"}}], **keys}


def long(name: str = "long", **keys: Any) -> Dict[str, Any]:
    """Returns a scenario that only an interruption ends."""
    return {**short(name), "duration": "10min",
            "clients": [{"id": "c", "server": "Ball", "updates": {"every": "20ms"}}], **keys}


class RunTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.results = self.folder / "results"

    def run_files(self, *arguments: Any, **options: Any) -> Run:
        """Runs scenarios, given as data or as files, with results in the default folder."""
        files = [str(write_scenario(a, self.folder)) if isinstance(a, dict) else str(a)
                 for a in arguments]
        ended = self.herdsim("run", *files, **options)
        self.assert_no_partial()
        return ended

    def assert_no_partial(self) -> None:
        left = [str(path) for path in self.folder.rglob("*") if path.name.endswith(".partial")]
        self.assertEqual(left, [])

    def assert_whole(self, name: str, complete: bool = True) -> Run:
        """Checks that a run's folder has every file of the contract, and returns the run."""
        folder = self.results / name
        run = Run(0, "", "", folder)
        self.assertLessEqual(CSV_FILES | {"run.json"}, {path.name for path in folder.iterdir()})
        self.assertIs(run.json()["complete"], complete)
        return run

    @staticmethod
    def contents(folder: pathlib.Path) -> Dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes()
                for path in sorted(folder.rglob("*")) if path.is_file()}


class Status(RunTest):
    def test_0_when_every_expectation_holds(self) -> None:
        ended = self.run_files(short(expect=[
            {"herd": "*", "metric": "accepted", "equals": 4},
            {"herd": "paper", "metric": "messages_per_update", "min": 10, "max": 10}]))
        self.assertEqual(ended.status, 0, ended.stderr)
        told = self.assert_whole("short").json()["expectations"]
        self.assertEqual([(e["metric"], e["figure"], e["held"]) for e in told],
                         [("accepted", 4, True), ("messages_per_update", 10, True)])

    def test_1_names_each_expectation_that_does_not_hold_with_its_figure(self) -> None:
        ended = self.run_files(short(expect=[
            {"herd": "*", "metric": "accepted", "equals": 4},
            {"herd": "paper", "metric": "messages", "equals": 41},
            {"herd": "paper", "metric": "echoes", "max": 15}]))
        self.assertEqual(ended.status, 1, ended.stderr)
        said = ended.stdout + ended.stderr
        self.assertRegex(said, r"(?m)^.*\bpaper\b.*\bmessages\b.*\b40\b.*$")
        self.assertRegex(said, r"(?m)^.*\bpaper\b.*\bechoes\b.*\b16\b.*$")
        told = self.assert_whole("short").json()["expectations"]
        self.assertEqual([e["held"] for e in told], [True, False, False])

    def test_an_unknown_figure_holds_nothing(self) -> None:
        expect = [{"herd": "*", "metric": "query_p50_us", "max": 1e9}]
        self.assertEqual(self.run_files(short(expect=expect)).status, 1)
        self.assertIsNone(self.assert_whole("short").json()["expectations"][0]["figure"])

    def test_2_for_bad_usage_and_nothing_is_run(self) -> None:
        good = str(write_scenario(short(), self.folder))
        calls: List[List[str]] = [
            [], ["fly"], ["run"], ["check"], ["serve"], ["client"], ["run", "--fast", good],
            ["run", good, "--seed"], ["run", good, "--seed", "x"], ["run", good, "--seed", "-1"],
            ["run", good, "--set", "x"], ["run", good, "--clock", "sundial"],
            ["run", good, "--log", "loud"], ["run", good, "--set", "herds.7.name=x"],
            ["run", str(self.folder / "missing.json")], ["run", str(self.folder)],
            ["client", "127.0.0.1", "hello"], ["client", ":", "hello"]]
        for call in calls:
            with self.subTest(call=call):
                ended = self.herdsim(*call)
                self.assertEqual(ended.status, 2, ended.stderr)
                self.assertNotEqual(ended.stderr + ended.stdout, "")
                self.assertFalse(self.results.exists())

    def test_2_for_a_bad_scenario_with_all_its_errors_at_once(self) -> None:
        path = self.folder / "bad.json"
        path.write_text('{\n "name": "bad",\n "duration": "fast",\n "colour": 1,\n "herds": [\n'
                        '  {"name": "h",\n   "propagation": "floood"}],\n "clients": [\n'
                        '  {"id": "a", "server": "Alfrod"}]}\n')
        for command in ("run", "check"):
            ended = self.herdsim(command, str(path))
            self.assertEqual(ended.status, 2)
            for line, where, what in ((3, "duration", ""), (4, "colour", ""),
                                      (7, "herds.0.propagation", "flood"),
                                      (9, "clients.0.server", "Alford")):
                start = re.escape(f"{path}:{line}: {where}: ")
                self.assertRegex(ended.stderr, f"(?m)^{start}.*{what}")
            self.assertFalse(self.results.exists())

    def test_2_where_one_of_several_files_is_bad_and_none_is_run(self) -> None:
        ended = self.run_files(short("good"), {**short("bad"), "duration": "0s"})
        self.assertEqual(ended.status, 2)
        self.assertFalse(self.results.exists())

    def test_3_for_a_taken_port_and_the_earlier_run_stays_as_it_was(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            servers: List[Any] = [*PAPER_SERVERS[:4], {"name": "Welsh"}]
            scenario = short(herds=[{"name": "paper", "servers": servers}])
            self.assertEqual(self.run_files(scenario).status, 0)
            before = self.contents(self.results / "short")
            servers[4]["port"] = port
            ended = self.run_files(scenario)
            self.assertEqual(ended.status, 3, ended.stderr)
            self.assertIn(str(port), ended.stderr)
            self.assertEqual(self.contents(self.results / "short"), before)

    def test_3_for_an_unwritable_folder_that_is_named(self) -> None:
        (self.folder / "file").write_text("mine")
        for out, named in (("file/out", "file"), ("/proc/herdsim-e2e", "/proc")):
            ended = self.run_files(short(), "--out", out)
            self.assertEqual(ended.status, 3, ended.stderr)
            self.assertIn(f" {named}", ended.stderr)
        self.assertEqual((self.folder / "file").read_text(), "mine")

    def test_3_for_a_folder_that_is_not_a_runs_kept_byte_for_byte(self) -> None:
        mine = self.folder / "mine"
        (mine / "deep").mkdir(parents=True)
        (mine / "deep" / "thesis.tex").write_bytes(b"\x00\xffwork of years")
        (mine / "summary.csv").write_text("not yours\n")
        before = self.contents(mine)
        for out in ("mine", "mine/", str(mine), "mine/deep"):
            ended = self.run_files(short(), "--out", out)
            self.assertEqual(ended.status, 3, ended.stderr)
            self.assertEqual(self.contents(mine), before)
        self.assertEqual(self.run_files(short(), "--out", "mine/summary.csv").status, 3)
        self.assertEqual(self.contents(mine), before)

    def test_3_where_the_files_cannot_be_written_whole(self) -> None:
        def small_files() -> None:  # in the child: like a full disk, but for this process only
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

        events = [{"at": "0s", "do": "burst", "server": "Ball", "updates": 2000, "clients": 9}]
        ended = self.run_files(short(events=events), preexec_fn=small_files,
                               restore_signals=False)
        self.assertEqual(ended.status, 3, ended.stdout + ended.stderr)
        self.assertRegex(ended.stderr, r"\.csv|\.log|short")
        self.assertFalse((self.results / "short").exists())

    def test_3_where_more_files_are_needed_than_may_be_open(self) -> None:
        def few_files() -> None:  # in the child: soft and hard limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))

        # Two per server, link and client (five, five and 100), and a reserve.
        clients = [{"id": "c{n}", "count": 100, "server": "spread"}]
        ended = self.run_files(short(clients=clients), preexec_fn=few_files)
        self.assertEqual(ended.status, 3, ended.stdout + ended.stderr)
        line = ended.stderr.splitlines()[-1]
        needed = re.search(r"needs ([0-9]+) open files, .* 200: .*ulimit -n \1\b", line)
        self.assertIsNotNone(needed, ended.stderr)
        self.assertGreaterEqual(int(needed.group(1)), 220)
        self.assertLess(int(needed.group(1)), 400)
        self.assertFalse((self.results / "short").exists())
        self.assert_no_partial()

        def just_enough() -> None:
            limit = int(needed.group(1))
            resource.setrlimit(resource.RLIMIT_NOFILE, (100, limit))

        ended = self.run_files(short(clients=clients), preexec_fn=just_enough)
        self.assertEqual(ended.status, 0, ended.stdout + ended.stderr)

    def test_130_when_interrupted_with_the_files_written_and_marked(self) -> None:
        path = write_scenario(long(), self.folder)
        process = self.start("run", str(path), str(write_scenario(short("next"), self.folder)))
        wait_until(lambda: re.search(r"[1-9][0-9]* updates", process.stderr()), "updates are made")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130, process.stderr())
        self.assert_no_partial()
        run = self.assert_whole("long", complete=False)
        self.assertGreater(int(run.summary("paper")["updates"]), 0)
        self.assertEqual(run.summary("paper")["violations"], "0", run.json()["violations"])
        self.assertFalse((self.results / "next").exists(), "nothing is begun after it")


class Options(RunTest):
    def test_out_instead_of_the_usual_place(self) -> None:
        out = self.folder / "some" / "where"
        self.assertEqual(self.run_files(short(), "--out", str(out)).status, 0)
        self.assertLessEqual(CSV_FILES, {path.name for path in out.iterdir()})
        self.assertFalse(self.results.exists())

    def test_out_takes_one_file_only(self) -> None:
        ended = self.run_files(short("one"), short("two"), "--out", "out")
        self.assertEqual(ended.status, 2)
        self.assertFalse((self.folder / "out").exists())

    def test_seed(self) -> None:
        self.assertEqual(self.run_files(short(seed=5), "--seed", "9223372036854775807").status, 0)
        run = self.assert_whole("short")
        self.assertEqual(run.summary("paper")["seed"], "9223372036854775807")
        self.assertEqual(run.json()["seed"], 9223372036854775807)

    def test_set_changes_any_key(self) -> None:
        ended = self.run_files(
            short(), "--set", "herds.0.propagation=flood", "--set", "herds.0.name=renamed",
            "--set", "clients.0.updates.every=25ms", "--set", "record=updates", "--set",
            'expect=[{"herd": "*", "metric": "messages_per_update", "equals": 6}]')
        self.assertEqual(ended.status, 0, ended.stdout + ended.stderr)
        run = Run(0, "", "", self.results / "short")
        self.assertEqual(run.summary("renamed")["updates"], "8")
        self.assertFalse((run.folder / "deliveries.csv").exists())
        self.assertEqual(run.json()["scenario"]["herds"][0]["propagation"], "flood")

    def test_set_is_judged_like_the_file(self) -> None:
        ended = self.run_files(short(), "--set", "herds.0.propagtion=flood")
        self.assertEqual(ended.status, 2)
        self.assertIn("propagtion", ended.stderr)

    def test_clock_live_is_what_runs(self) -> None:
        self.assertEqual(self.run_files(short(), "--clock", "live").status, 0)
        self.assertEqual(self.assert_whole("short").summary("paper")["clock"], "live")

    def test_quiet_shows_no_progress_but_the_table(self) -> None:
        ended = self.run_files(short(), "--quiet")
        self.assertEqual((ended.status, ended.stderr), (0, ""))
        self.assertIn("paper", ended.stdout)

    def test_log_debug_has_the_lines_in_and_out_and_the_usual_level_none(self) -> None:
        self.run_files(short(), "--log", "debug")
        run = self.assert_whole("short")
        for number, server in enumerate(PAPER_SERVERS[:4]):
            log = run.log("paper", server)
            self.assertRegex(log, rf"(?m)\bIAMAT c-{number} {re.escape(HERE)} [0-9.]+$")
            answer = re.search(rf"(?m)\b(AT {server} [+-][0-9.]+ c-{number} .*)$", log)
            assert answer, log
            for other in PAPER_SERVERS:
                self.assertIn(answer[1], run.log("paper", other), f"{other} heard it")
        self.run_files(short())
        self.assertNotIn("IAMAT", run.log("paper", "Alford"))


class Folders(RunTest):
    def test_an_earlier_runs_folder_is_replaced_whole(self) -> None:
        self.assertEqual(self.run_files(short()).status, 0)
        (self.results / "short" / "logs" / "old").mkdir()
        self.assertEqual(self.run_files(short(record="summary")).status, 0)
        names = {path.name for path in (self.results / "short").iterdir()}
        self.assertIn("summary.csv", names)
        self.assertFalse(names & {"updates.csv", "deliveries.csv"})
        self.assertFalse((self.results / "short" / "logs" / "old").exists())
        self.assertEqual([path.name for path in self.results.iterdir()], ["short"])

    def test_it_stays_until_the_new_one_is_whole(self) -> None:
        self.assertEqual(self.run_files(short("long")).status, 0)
        before = self.contents(self.results / "long")
        process = self.start("run", str(write_scenario(long(), self.folder)))
        wait_until(lambda: "updates" in process.stderr(), "it runs")
        self.assertEqual(self.contents(self.results / "long"), before)
        self.assertEqual(sorted(path.name for path in self.results.iterdir()),
                         [".long.partial", "long"])
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        self.assert_no_partial()
        self.assertEqual(self.contents(self.results / "long"), before, "it is complete")
        self.assert_whole("long.incomplete", complete=False)
        self.assertIn("files         results/long.incomplete\n", process.stdout())

    def test_an_early_interruption_replaces_nothing(self) -> None:
        self.assertEqual(self.run_files(short("long")).status, 0)
        before = self.contents(self.results / "long")
        path = str(write_scenario(long(), self.folder))
        for clock in ("live", "virtual"):
            process = self.start("run", path, "--clock", clock, "--set", "duration=10h")
            wait_until(lambda: (self.results / ".long.partial").exists(), "it begins")
            process.send_signal(signal.SIGINT)
            self.assertIn(process.wait(), (130, -signal.SIGINT), process.stderr())
            self.assertEqual(self.contents(self.results / "long"), before)

    def test_what_the_user_put_beside_the_results_stays(self) -> None:
        self.assertEqual(self.run_files(short()).status, 0)
        for name in ("notes.md", "logs/mine.txt"):
            note = self.results / "short" / name
            note.write_text("years of work")
            before = self.contents(self.results)
            ended = self.run_files(short())
            self.assertEqual(ended.status, 3, ended.stdout)
            self.assertIn(name, ended.stderr)
            self.assertEqual(self.contents(self.results), before)
            note.unlink()
        self.assertEqual(self.run_files(short()).status, 0)

    def test_a_scenario_that_is_named_as_unfinished_results(self) -> None:
        ended = self.run_files(short(".short.partial"))
        self.assertEqual(ended.status, 3, ended.stdout)
        self.assertIn("is for unfinished results", ended.stderr)
        self.assertFalse((self.results / ".short.partial").exists())

    def test_the_table_is_printed_though_the_files_cannot_be_written(self) -> None:
        def small_files() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

        for clock in ("live", "virtual"):
            path = str(write_scenario(short(), self.folder))
            # Its output goes to pipes, which have no such limit.
            ended = subprocess.run([BINARY, "run", path, "--clock", clock, "--log", "off",
                                    "--quiet"], cwd=self.folder, preexec_fn=small_files,
                                   capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            self.assertEqual(ended.returncode, 3, ended.stderr)
            self.assertRegex(ended.stdout, r"(?m)^updates +[1-9]")
            self.assertIn("files         none: they could not be written\n", ended.stdout)
            self.assertRegex(ended.stderr,
                             r"^short: not carried out: .*/results/\.short\.partial/[a-z]+\.\w+: "
                             r"cannot be written: File too large\n$")
            self.assertEqual(list(self.results.iterdir()), [])

    def test_the_files_that_it_names_are_those_that_there_are(self) -> None:
        self.run_files(short())
        run = self.assert_whole("short")
        self.assertEqual(sorted(run.json()["files"] + ["run.json"]),
                         sorted(self.contents(run.folder)))

    def test_several_files_run_one_after_the_other_and_the_worst_status_counts(self) -> None:
        ended = self.run_files(short("one"),
                               short("two", expect=[{"herd": "*", "metric": "lost", "min": 1}]),
                               short("three"))
        self.assertEqual(ended.status, 1, ended.stderr)
        for name in ("one", "two", "three"):
            self.assert_whole(name)
            self.assertIn(name, ended.stdout)


class Progress(RunTest):
    def test_plain_lines_where_standard_error_is_no_terminal(self) -> None:
        ended = self.run_files(short(duration="200ms"))
        self.assertRegex(ended.stderr, r"(?m)^short: .* updates, .* messages/s$")
        for byte in ("\r", "\x1b"):
            self.assertNotIn(byte, ended.stderr)
        self.assertNotIn("messages/s", ended.stdout)

    def test_one_live_line_on_a_terminal_gone_at_the_end(self) -> None:
        near, far = pty.openpty()
        width = 60
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        path = write_scenario(short(duration="1500ms"), self.folder)
        process = Process(["run", str(path)], self.folder, stderr=far)
        self.addCleanup(process.close)
        os.close(far)
        shown = b""
        while select.select([near], [], [], DEADLINE_S)[0]:
            try:
                data = os.read(near, 65536)
            except OSError:  # the last writer has closed it
                break
            if not data:
                break
            shown += data
        os.close(near)
        self.assertEqual(process.wait(), 0)
        text = shown.decode()
        self.assertNotIn("\n", text, "one line, drawn again and again")
        drawn = [part for part in re.split(r"\r|\x1b\[K", text) if part]
        self.assertGreater(len(drawn), 1)
        for part in drawn:
            self.assertLessEqual(len(part), width)
        self.assertRegex(text, r"\r(\x1b\[K| +\r)$", "wiped at the end")


class Others(RunTest):
    def test_help_and_version(self) -> None:
        for call in (["--help"], ["run", "--help"], ["check", "--help"], ["serve", "--help"],
                     ["client", "--help"]):
            ended = self.herdsim(*call)
            self.assertEqual((ended.status, ended.stderr), (0, ""), call)
            self.assertIn("Usage", ended.stdout)
        for word in ("run", "check", "serve", "client", "--version"):
            self.assertIn(word, self.herdsim("--help").stdout)
        for option in ("--out", "--seed", "--clock", "--set", "--quiet", "--log"):
            self.assertIn(option, self.herdsim("run", "--help").stdout)
        ended = self.herdsim("--version")
        self.assertEqual(ended.status, 0)
        self.assertRegex(ended.stdout,
                         r"^herdsim [0-9]+\.[0-9]+\.[0-9]+\ncommit +(unknown|[0-9a-f]{40}(-dirty)?)"
                         r"\ncompiler +\S.*\nbuild +\S+\n$")

    def test_check_takes_what_is_shipped_and_writes_nothing(self) -> None:
        files = sorted([*SOURCE.glob("scenarios/*.json"), *SOURCE.glob("scenarios/paper/*.json")])
        ended = self.herdsim("check", *(str(file) for file in files
                                        if file.name != "scenario.schema.json"))
        self.assertEqual((ended.status, ended.stderr), (0, ""))
        self.assertEqual([path.name for path in self.folder.iterdir() if path.is_dir()], [])

    def client(self, port: int, *lines: str) -> Run:
        return self.herdsim("client", f"127.0.0.1:{port}", *lines)

    def test_client_sends_each_line_and_prints_each_answer(self) -> None:
        serving = self.serve(SOURCE / "scenarios" / "paper.json")
        port = serving.address("Alford")[1]
        ended = self.client(port, f"IAMAT kiwi {HERE} 1479413884.392014450", "hello",
                            "WHATSAT kiwi 10 5", "", "WHATSAT lemon 10 5", "bye")
        self.assertEqual((ended.status, ended.stderr), (0, ""))
        answers, places, others = ended.stdout.partition("{")
        places, end, others = (places + others).partition("\n\n")
        lines = answers.split("\n")
        at = rf"AT Alford \+[0-9]+\.[0-9]{{9}} kiwi {re.escape(HERE)} 1479413884\.392014450"
        self.assertRegex(lines[0], f"^{at}$")
        self.assertEqual((lines[1], lines[2]), ("? hello", lines[0]))
        self.assertIn("results", json.loads(places))
        self.assertEqual(others, "? \n? WHATSAT lemon 10 5\n? bye\n")

    def test_client_that_reaches_nobody_could_not_be_carried_out(self) -> None:
        with socket.socket() as unheard:  # bound, but not listening
            unheard.bind(("127.0.0.1", 0))
            ended = self.client(unheard.getsockname()[1], "hello")
        self.assertEqual((ended.status, ended.stdout), (3, ""))
        self.assertNotEqual(ended.stderr, "")


if __name__ == "__main__":
    unittest.main()
