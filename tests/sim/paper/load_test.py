"""The load generator: what it sends, what it counts, and what it says if it cannot go on."""

import contextlib
import pathlib
import subprocess
import unittest

from harness import BINARY
from probe_test import serving

import load_generator
import steady

PROGRAM = pathlib.Path(BINARY).parent / "paper" / "load"


def play(*words, stdin=subprocess.DEVNULL):
    return subprocess.run([PROGRAM, *map(str, words)], stdin=stdin, capture_output=True, text=True,
                          check=False, timeout=60)


class LinesTest(unittest.TestCase):
    """The generator against a server in Python, which sees every line."""

    def played(self, connections, in_flight, most_s=0.3):
        lines = []

        def answer(line):
            lines.append(line)
            return b"AT " + line

        with serving(answer) as address:
            # Standard input stays open, so the generator ends by --most.
            with subprocess.Popen(["sleep", "60"], stdout=subprocess.PIPE) as sleeper:
                try:
                    done = play("--connections", connections, "--in-flight", in_flight, "--window", 0.1,
                                "--most", most_s, address[1], stdin=sleeper.stdout)
                finally:
                    sleeper.kill()
        self.assertEqual(done.returncode, 0, done.stderr)
        return lines, [load_generator.read_window(each) for each in done.stdout.splitlines()]

    def test_every_line_is_a_report_and_newer_than_the_last(self):
        lines, windows = self.played(2, 4)
        self.assertGreater(len(windows), 0)
        stamps = []
        for line in lines:
            word, client, place, stamp = line.split()
            self.assertEqual(word, b"IAMAT")
            self.assertRegex(client, rb"^phone-\d{4}\.example$")
            self.assertRegex(place, rb"^\+34\.068930-118\.445127$")
            self.assertRegex(stamp, rb"^\d{10}\.\d{9}$")
            stamps.append((client, stamp))
        self.assertEqual(len({client for client, _ in stamps}), 2)
        for client in {client for client, _ in stamps}:
            own = [stamp for each, stamp in stamps if each == client]
            self.assertEqual(own, sorted(set(own)))

    def test_windows_count_answers_and_their_waits(self):
        lines, windows = self.played(1, 1)
        self.assertLessEqual(sum(each.answers for each in windows), len(lines))
        for each in windows:
            self.assertGreater(each.answers, 0)
            self.assertLessEqual(each.p50_us, each.p99_us)
            self.assertLessEqual(each.p99_us, each.max_us)
        ends = [each.end for each in windows]
        self.assertEqual(ends, sorted(ends))


class EndTest(unittest.TestCase):
    def test_wrong_arguments_are_told(self):
        for words, part in ((["--connections", "0", "1"], "--connections: '0'"), ([], "no PORT"),
                            (["--speed", "1", "1"], "--speed is not an option"),
                            (["--window"], "--window needs a value"), (["70000"], "PORT: '70000'")):
            done = play(*words)
            self.assertEqual(done.returncode, 2)
            self.assertIn(part, done.stderr)
            self.assertIn("usage: load", done.stderr)

    def test_a_server_that_closes_is_told(self):
        with serving(lambda line: None) as address:
            done = play("--most", 5, address[1])
        self.assertEqual(done.returncode, 1)
        self.assertIn("a server closed its connection", done.stderr)

    def test_a_server_that_says_too_much_is_told(self):
        with serving(lambda line: line + line) as address, contextlib.suppress(OSError):
            done = play("--in-flight", 1, "--connections", 1, "--most", 5, address[1])
        self.assertEqual(done.returncode, 1)
        self.assertIn("answered more lines than it got", done.stderr)

    def test_a_port_without_a_server_is_told(self):
        with serving(lambda line: line) as address:
            port = address[1]
        done = play(port)
        self.assertEqual(done.returncode, 1)
        self.assertIn("connection 1: Connection refused", done.stderr)


def window(end, answers, servers=0.25, compilers=0.0):
    return load_generator.Window(end, answers, 10.0, 20.0, 30.0, servers, 0.05, compilers)


class RunTest(unittest.TestCase):
    """The figures of a run, and its state."""

    def test_figures_are_those_of_the_steady_stretch(self):
        windows = [window(0.5, 100), window(1.0, 200), window(1.5, 500), window(2.0, 500)]
        run = load_generator.Run(windows, steady.Steady(2, True))
        self.assertEqual(run.cold_rate, 300)
        self.assertEqual(run.rate, 1000)
        self.assertEqual((run.warmup_s, run.steady_s), (1.0, 1.0))
        self.assertEqual(run.cpu_s_per_answer, 0.5 / 1000)
        self.assertEqual(run.cores_used, 0.5)
        self.assertEqual(run.load_cores, 0.1)
        self.assertEqual(run.wait_us("p99_us"), 20)

    def state_at(self, compilers, seconds=3.0):
        rule = steady.Rule(1, 2, 12)
        windows = [window((number + 1) * 0.25, 100, compilers=compilers)
                   for number in range(int(seconds * 4))]
        return load_generator.state_of(windows, rule)

    def test_a_jvm_whose_compilers_work_is_not_steady_yet(self):
        self.assertEqual(self.state_at(0.0), steady.Steady(4, True))
        self.assertEqual(self.state_at(0.01), steady.Steady(4, True))
        self.assertIsNone(self.state_at(0.05))
        self.assertIs(self.state_at(0.05, 12).is_reached, False)


if __name__ == "__main__":
    unittest.main()
