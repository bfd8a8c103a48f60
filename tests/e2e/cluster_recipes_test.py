"""Tests the recipes of scenarios/cluster/ that need no cluster. `make test-slurm` tests that for Slurm."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import unittest
from typing import Any, List

from herdsim_e2e import BINARY, DEADLINE_S, SOURCE, TestCase, write_scenario
from sweep_virtual_test import KEYS, figures, scenario

RECIPES = SOURCE / "scenarios" / "cluster"


def item_of(text: str, key: str) -> Any:
    """Returns the list of a key that stands in brackets, in YAML's way to write JSON."""
    found = re.search(rf"(?ms)^ *{key}: (\[.*?\])$", text)
    assert found, key
    return json.loads(" ".join(found[1].split()))


class Recipes(TestCase):
    def setUp(self) -> None:
        super().setUp()
        # The recipes name a scenario and the program as their users have them.
        self.sweep = write_scenario(scenario(KEYS), self.folder)
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "herdsim").symlink_to(pathlib.Path(BINARY).resolve())
        self.variables = {**os.environ,
                          "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"}
        self.called(["herdsim", "run", str(self.sweep), "--quiet", "--out", "whole"])

    def called(self, call: List[str], **variables: str) -> str:
        ended = subprocess.run(call, cwd=self.folder, env={**self.variables, **variables},
                               stdin=subprocess.DEVNULL, capture_output=True, text=True,
                               timeout=DEADLINE_S, check=False)
        self.assertEqual(ended.returncode, 0, f"{call}\n{ended.stdout}\n{ended.stderr}")
        return ended.stderr

    def assert_whole(self, out: str) -> None:
        self.assertTrue(figures(self.folder / out) == figures(self.folder / "whole"))

    def adapted(self, command: str) -> str:
        """Returns a command of a recipe with the test's sweep and folders."""
        for shown, instead in (("sweep-size --", f"{self.sweep} --"),
                               ("scenarios/sweep-size.json", str(self.sweep)),
                               ("build/herdsim", "herdsim"), ("--no-expect ", ""),
                               ("/results/", "results/")):
            command = command.replace(shown, instead)
        return command

    @unittest.skipUnless(shutil.which("parallel"), "GNU parallel is not installed")
    def test_gnu_parallel(self) -> None:
        recipe = str(RECIPES / "parallel.sh")
        self.called([recipe, str(self.sweep), "3", "out"])
        self.assert_whole("out")
        shutil.rmtree(self.folder / "out.shards" / "2")
        self.called([recipe, str(self.sweep), "3", "again it goes"])
        self.assert_whole("again it goes")

    def test_kubernetes(self) -> None:
        job = (RECIPES / "kubernetes.yaml").read_text()
        completions = int(re.search(r"completions: (\d+)", job)[1])  # type: ignore[index]
        shell, option, command = item_of(job, "command")
        for index in range(completions):
            said = self.called([shell, option, self.adapted(command)],
                               JOB_COMPLETION_INDEX=str(index))
            self.assertIn(f"this is shard {index + 1}/{completions}, because", said)
        gather = item_of((RECIPES / "kubernetes-gather.yaml").read_text(), "command")
        self.called([self.adapted(word) for word in gather])
        self.assert_whole("results/sweep-size")

    def test_github(self) -> None:
        workflow = (RECIPES / "github.yml").read_text()
        run, gather = (self.adapted(command) for command
                       in re.findall(r"(?m)^      - run: (build/.+)$", workflow))
        for number in item_of(workflow, "shard"):
            self.called(shlex.split(run.replace("${{ matrix.shard }}", str(number))))
        self.called(shlex.split(gather))
        self.assert_whole("results/sweep-size")

    def test_called_wrongly_they_say_how(self) -> None:
        for name in ("slurm.sh", "parallel.sh"):
            ended = subprocess.run([str(RECIPES / name)], capture_output=True, text=True,
                                   timeout=DEADLINE_S, check=False)
            self.assertEqual((ended.returncode, ended.stdout), (2, ""))
            self.assertIn(f"scenarios/cluster/{name} SWEEP SHARDS [RESULTS]", ended.stderr)

    def test_the_page_names_each(self) -> None:
        page = (RECIPES / "README.md").read_text()
        for recipe in RECIPES.iterdir():
            if recipe.name != "README.md":
                self.assertIn(f"({recipe.name})", page)


if __name__ == "__main__":
    unittest.main()
