"""Tests the command line as a new user meets it: help, and messages about wrong usage."""

from __future__ import annotations

import re
import unittest
from typing import List

from herdsim_e2e import TestCase

CONTRACT = {"run", "show", "compare", "check", "report", "serve", "trace", "swarm", "client",
            "places", "try", "new"}
WIDTH = 80


class Help(TestCase):
    def commands(self) -> List[str]:
        """Returns the commands that the program's help lists, in its order."""
        _, _, listed = self.herdsim("--help").stdout.partition("\nCommands:\n")
        return re.findall(r"(?m)^  ([a-z]+)  ", listed.partition("\n\n")[0])

    def test_lists_every_command_of_the_contract(self) -> None:
        self.assertLessEqual(CONTRACT, set(self.commands()))
        self.assertNotIn("keep", self.commands(), "it is for herdsim itself")

    def test_fits_a_terminal_of_80_columns(self) -> None:
        for call in [["--help"], *([command, "--help"] for command in self.commands())]:
            with self.subTest(call=call):
                ended = self.herdsim(*call)
                self.assertEqual((ended.status, ended.stderr), (0, ""))
                self.assertLess(max(map(len, ended.stdout.splitlines())), WIDTH)
                self.assertNotRegex(ended.stdout, r"(?m) $", "no line ends with a space")

    def test_of_a_command_has_its_options_and_an_example(self) -> None:
        for command in self.commands():
            with self.subTest(command=command):
                said = self.herdsim(command, "--help").stdout
                self.assertIn(f"Usage: herdsim {command} [OPTIONS]", said)
                self.assertIn(f"\nExample: herdsim {command} ", said)

    def test_is_what_a_call_without_arguments_prints(self) -> None:
        bare = self.herdsim()
        self.assertEqual((bare.status, bare.stdout), (2, ""))
        self.assertEqual(bare.stderr, self.herdsim("--help").stdout)


class WrongUsage(TestCase):
    def test_is_reported_on_the_command_that_it_is_about(self) -> None:
        for call, of, said in (
                (["fly"], "", "there is no command 'fly'"),
                (["rnu", "x.json"], "", "there is no command 'rnu' (did you mean 'run'?)"),
                (["--fast"], "", "there is no option '--fast'"),
                (["--quiet", "run", "x.json"], "", "there is no option '--quiet'"),
                (["run"], " run", "FILE is required"),
                (["run", "--"], " run", "FILE is required"),
                (["run", "--sed", "x.json"], " run",
                 "there is no option '--sed' (did you mean '--seed'?)"),
                (["run", "x.json", "--sed=3"], " run",
                 "there is no option '--sed=3' (did you mean '--seed'?)"),
                (["serve", "a.json", "b.json"], " serve", "'b.json' is one argument too many"),
                (["trace", "a.json", "--seed"], " trace", "--seed: needs a value, N"),
                (["trace", "a.json", "--seed", "1", "--seed", "2"], " trace",
                 "--seed: is given more than once"),
                (["places", "--tls-key", "x"], " places", "--tls-key requires --tls-cert")):
            with self.subTest(call=call):
                ended = self.herdsim(*call)
                self.assertEqual((ended.status, ended.stdout), (2, ""))
                self.assertEqual(ended.stderr,
                                 f"herdsim{of}: {said}\nSee 'herdsim{of} --help'.\n")

    def test_a_wrong_value_is_named_with_what_would_be_right(self) -> None:
        for call, said in (
                (["run", "x", "--seed", "-1"],
                 "--seed: '-1' is not a whole number from 0 to 9223372036854775807"),
                (["run", "x", "--seed", "1x"],
                 "--seed: '1x' is not a whole number from 0 to 9223372036854775807"),
                (["run", "x", "--jobs", "1025"],
                 "--jobs: '1025' is not a whole number from 1 to 1024"),
                (["run", "x", "--log", "infos"],
                 "--log: 'infos' is not one of debug, info, warn, error, off (did you mean "
                 "'info'?)"),
                (["run", "x", "--out", ""], "--out: is empty (name a folder)"),
                (["run", "x", "--set", "=1"],
                 "--set: '=1' is not PATH=VALUE (for example herds.0.propagation=flood)"),
                (["trace", "x", "--format", "kml"], "--format: 'kml' is not one of csv, gpx"),
                (["trace", "x", "--every", "0s"],
                 "--every: '0s' is not a duration above 0s and at most 8760h (for example 500ms)"),
                (["trace", "x", "--out", ""], "--out: is empty (name a file)"),
                (["client", "12000", "x"],
                 "HOST:PORT: '12000' is not an address (for example 127.0.0.1:12000)"),
                (["client", "a:65536", "x"],
                 "HOST:PORT: 'a:65536' is not an address: its port is '65536' (a number from 1 to "
                 "65535, as in 127.0.0.1:12000)"),
                (["client", "a:+80", "x"],
                 "HOST:PORT: 'a:+80' is not an address: its port is '+80' (a number from 1 to "
                 "65535, as in 127.0.0.1:12000)"),
                (["client", "a:1", "x", "--timeout", "nan"],
                 "--timeout: 'nan' is not a number of seconds above 0 and at most 1000000"),
                (["places", "--port", "65536"],
                 "--port: '65536' is not a whole number from 0 to 65535")):
            with self.subTest(call=call):
                ended = self.herdsim(*call)
                self.assertEqual((ended.status, ended.stdout), (2, ""))
                self.assertEqual(ended.stderr.splitlines()[0], f"herdsim {call[0]}: {said}")

    def test_set_takes_one_value(self) -> None:
        ended = self.herdsim("check", "--set", "seed=1", "--set", "seed=2", "missing.json")
        self.assertEqual(ended.status, 2)
        self.assertIn("missing.json: scenario: cannot be read", ended.stderr)
        ended = self.herdsim("check", "missing.json", "--set", "seed=1", "drain=1s")
        self.assertEqual(ended.status, 2)
        self.assertIn("drain=1s: scenario: cannot be read", ended.stderr, "it is a file")


if __name__ == "__main__":
    unittest.main()
