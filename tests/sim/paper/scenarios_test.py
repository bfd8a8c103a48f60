"""The scenarios of the claims: valid, without fixed addresses, and each herd can run alone."""

import json
import re
import subprocess
import unittest

from harness import BINARY, ROOT

import engines
import scenario

FILES = sorted((ROOT / "scenarios" / "paper").glob("*.json"))


class ScenariosTest(unittest.TestCase):
    def test_all_are_valid(self):
        done = subprocess.run([BINARY, "check", *FILES], capture_output=True, text=True, check=False,
                              timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_none_has_a_port_or_an_address_of_its_own(self):
        for file in FILES:
            text = file.read_text()
            self.assertNotIn('"port"', text, file.name)
            self.assertEqual(re.findall(r"\d+\.\d+\.\d+\.\d+", text), [], file.name)

    def test_every_engines_word_is_that_of_its_herd(self):
        for file in FILES:
            for herd in json.loads(file.read_text())["herds"]:
                engine = herd.get("engine")
                if isinstance(engine, dict):
                    self.assertTrue(herd["name"].startswith(engine["name"]), file.name)
                    self.assertIn(engine["name"], engines.ABOUT, file.name)


class AloneTest(unittest.TestCase):
    def setUp(self):
        self.whole = {
            "name": "two", "herds": [
                {"name": "a", "engine": {"command": ["x", "{server}"], "cwd": "../.."}},
                {"name": "b"}],
            "events": [{"do": "heal"}, {"do": "heal", "herd": "b"}],
            "expect": [{"herd": "*", "metric": "m"}, {"herd": "a", "metric": "n"},
                       {"herd": "b", "metric": "o"}]}

    def test_one_herd_is_left_with_what_is_about_it(self):
        made = scenario.alone(self.whole, "a", ROOT / "scenarios" / "paper")
        self.assertEqual([herd["name"] for herd in made["herds"]], ["a"])
        self.assertEqual(len(made["events"]), 1)
        self.assertEqual([each["metric"] for each in made["expect"]], ["m", "n"])
        self.assertEqual(made["herds"][0]["engine"]["cwd"], str(ROOT))
        self.assertEqual(len(self.whole["herds"]), 2, "the scenario itself does not change")

    def test_a_herd_that_is_not_there_is_an_error(self):
        with self.assertRaises(KeyError):
            scenario.alone(self.whole, "c")

    def test_placeholders_are_filled(self):
        self.assertEqual(scenario.command_of(self.whole, "a", {"server": "Ball"}), ["x", "Ball"])

    def test_the_words_that_controls_change_are_in_the_commands(self):
        for engine, word in (("twisted", "sim/engines/twisted/herd.py"),
                             ("java-selector", "build/engines/java")):
            command = scenario.command_of(scenario.load("threads"), engine, {})
            self.assertIn(word, command)


if __name__ == "__main__":
    unittest.main()
