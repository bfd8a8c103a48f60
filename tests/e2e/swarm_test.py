"""Tests `herdsim swarm`: random scenarios in virtual time, and its reports on them."""

from __future__ import annotations

import re
import signal
import unittest

from herdsim_e2e import TestCase, wait_until


class Swarm(TestCase):
    def test_a_clean_swarm_says_what_it_played(self) -> None:
        ended = self.herdsim("swarm", "--runs", "60", "--quiet")
        self.assertEqual((ended.status, ended.stderr), (0, ""), ended.stdout)
        self.assertRegex(ended.stdout, r"^60 runs, [1-9][0-9,]* updates, [1-9][0-9,]* messages, "
                                       r"no violation, \S+ \S+\n$")
        self.assertEqual([path.name for path in self.folder.glob("swarm-*")], [])

    def test_a_seed_says_what_is_played_and_the_number_of_jobs_does_not_matter(self) -> None:
        def played(*options: str) -> str:
            ended = self.herdsim("swarm", "--runs", "40", "--quiet", *options)
            self.assertEqual(ended.status, 0, ended.stderr)
            return ended.stdout.split(", no violation")[0]

        first = played("--seed", "7")
        self.assertEqual(played("--seed", "7", "--jobs", "3"), first)
        self.assertEqual(played("--seed", "7", "--jobs", "1"), first)
        self.assertNotEqual(played("--seed", "8"), first)

    def test_bad_usage_and_a_file_that_is_there(self) -> None:
        for options in (["--runs", "0"], ["--runs", "x"], ["--seed", "-1"], ["--jobs", "0"],
                        ["--out", ""], ["--seed", str(2**63 - 1), "--runs", "2"], ["--speed", "1"]):
            with self.subTest(options):
                self.assertEqual(self.herdsim("swarm", *options).status, 2)
        (self.folder / "mine.json").write_text("years of work")
        ended = self.herdsim("swarm", "--runs", "1", "--out", "mine.json")
        self.assertEqual((ended.status, ended.stderr),
                         (3, "mine.json: exists already, and swarm replaces no file (name "
                             "another)\n"))
        self.assertEqual((self.folder / "mine.json").read_text(), "years of work")

    def test_an_interrupted_swarm_ends_and_says_how_far_it_came(self) -> None:
        process = self.start("swarm", "--runs", "1000000000", "--jobs", "1")
        wait_until(lambda: "swarm: " in process.stderr(), "progress")
        process.process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        said = re.match(r"^([0-9,]+) runs, ", process.stdout())
        assert said, process.stdout()
        self.assertGreater(int(said[1].replace(",", "")), 0)


if __name__ == "__main__":
    unittest.main()
