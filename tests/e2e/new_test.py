"""Tests `herdsim new`: its herds keep the protocol, its scenarios run, and it replaces no file."""

from __future__ import annotations

import json
import pathlib
import shutil
import unittest

from herdsim_e2e import SOURCE
from tried import Tried, TryCase

TEMPLATES = SOURCE / "sim" / "app" / "new" / "templates"
HERDS = {"python": ["python3", "herd.py"], "node": ["node", "herd.js"]}


class New(TryCase):
    def made(self, language: str) -> pathlib.Path:
        folder = self.folder / language
        ended = self.herdsim("new", f"--{language}", str(folder))
        self.assertEqual((ended.status, ended.stderr), (0, ""))
        return folder

    def check_scenario(self, language: str, runtime: str) -> None:
        if shutil.which(runtime) is None:
            self.skipTest(f"{runtime} is not installed")
        folder = self.made(language)
        scenario = json.loads((folder / "scenario.json").read_text())
        self.assertEqual(scenario["$schema"], "./scenario.schema.json")
        ended = self.herdsim("run", str(folder / "scenario.json"), "--quiet")
        self.assertEqual(ended.status, 0, ended.stderr + ended.stdout)

    def test_the_herds_keep_the_protocol(self) -> None:
        programs = {language: program for language, program in HERDS.items()
                    if shutil.which(program[0])}

        def attempt(language: str) -> Tried:
            return Tried(["--cwd", str(self.made(language)), *programs[language], "{server}",
                          "{port}", "{neighbors}", "{places_url}"], self.folder)

        for language, tried in self.at_once(list(programs), attempt).items():
            with self.subTest(language):
                self.check_right(tried)
                self.assertEqual({each for each in tried.found["notes"]
                                  if "lose its memory" not in each}, set())

    def test_a_herd_needs_no_more_than_its_neighbours(self) -> None:
        folder = self.made("python")
        tried = Tried(["--only", "lines,flood", "--cwd", str(folder), "python3", "herd.py",
                       "{server}", "{port}", "{neighbors}"], self.folder)
        self.assertEqual((tried.status, tried.rules()), (0, []), tried.stdout)
        self.assertEqual([each["what"] for each in tried.found["not_played"]], ["slow Places"])

    def test_the_scenario_of_the_herd_in_python_runs(self) -> None:
        self.check_scenario("python", "python3")

    def test_the_scenario_of_the_herd_in_javascript_runs(self) -> None:
        self.check_scenario("node", "node")

    def test_the_files_are_those_of_the_tree(self) -> None:
        for language in ("python", "node"):
            with self.subTest(language=language):
                folder = self.made(language)
                written = {path.name: path.read_bytes() for path in folder.iterdir()}
                self.assertEqual(written.pop("scenario.schema.json").decode(),
                                 self.herdsim("schema").stdout)
                self.assertEqual(written, {path.name: path.read_bytes()
                                           for path in (TEMPLATES / language).iterdir()
                                           if path.is_file()})
                shutil.rmtree(folder)

    def test_no_file_is_replaced(self) -> None:
        folder = self.folder / "mine"
        folder.mkdir()
        (folder / "wire.py").write_text("mine\n")
        ended = self.herdsim("new", "mine")
        self.assertEqual((ended.status, ended.stdout), (3, ""))
        self.assertEqual(ended.stderr,
                         "herdsim new: mine/wire.py is there already; nothing was written\n")
        self.assertEqual([path.name for path in folder.iterdir()], ["wire.py"])
        self.assertEqual((folder / "wire.py").read_text(), "mine\n")

    def test_one_language_at_a_time(self) -> None:
        ended = self.herdsim("new", "--python", "--node")
        self.assertEqual((ended.status, ended.stdout), (2, ""))


if __name__ == "__main__":
    unittest.main()
