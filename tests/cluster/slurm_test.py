"""Tests sweeps on a real Slurm cluster, which .ci/slurm starts: `make test-slurm`."""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import unittest
from typing import Dict, Iterator, List, Tuple

from herdsim_e2e import BINARY, DEADLINE_S, SOURCE, TestCase, wait_until, write_scenario
from sweep_virtual_test import figures, scenario

CONF = os.environ["SLURM_CONF"]
SHARDS = 4


def called(*call: str, **variables: str) -> str:
    ended = subprocess.run(call, env={**os.environ, **variables}, capture_output=True, text=True,
                           timeout=DEADLINE_S, check=False)
    assert ended.returncode == 0, (call, ended.stdout, ended.stderr)
    return ended.stdout


def environment_of(process: pathlib.Path) -> Dict[str, str]:
    try:
        pairs = (process / "environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return {}
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def processes_of(node: str) -> Iterator[Tuple[int, Dict[str, str]]]:
    """Yields the processes of the jobs that this cluster runs on a node."""
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        variables = environment_of(process)
        if (variables.get("SLURM_CONF"), variables.get("SLURMD_NODENAME")) == (CONF, node):
            yield int(process.name), variables


def parent_of(process: int) -> int:
    found = re.search(r"(?m)^PPid:\s+(\d+)$", pathlib.Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1])


def lose(node: str) -> None:
    """Ends a node as a loss of power would: its daemon first, which then reports nothing."""
    daemon = int((pathlib.Path(CONF).parent / f"slurmd-{node}.pid").read_text())
    os.kill(daemon, signal.SIGKILL)
    jobs = [process for process, _ in processes_of(node)]
    guards = {parent for parent in map(parent_of, jobs) if pathlib.Path(
        f"/proc/{parent}/cmdline").read_bytes().startswith(b"slurmstepd")}
    for process in [*guards, *jobs]:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Slurm(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.out = self.folder / "out"

    def sweep(self, seeds: int) -> pathlib.Path:
        path = write_scenario(scenario({"seed": {"count": seeds}}, record="summary"), self.folder)
        called(BINARY, "run", str(path), "--quiet", "--out", str(self.folder / "whole"))
        return path

    def submit(self, sweep: pathlib.Path) -> str:
        """Starts the recipe, and returns the number of the job that gathers."""
        recipe = SOURCE / "scenarios" / "cluster" / "slurm.sh"
        return called(str(recipe), str(sweep), str(SHARDS), str(self.out),
                      HERDSIM=str(pathlib.Path(BINARY).resolve())).strip()

    def wait_for(self, job: str) -> None:
        wait_until(lambda: not called("squeue", "--noheader").strip(), "the jobs end")
        told = called("scontrol", "show", "job", job)
        self.assertIn("JobState=COMPLETED", told, self.logs())

    def logs(self) -> str:
        return "\n".join(f"{log}:\n{log.read_text()}" for log in sorted(self.out.parent.rglob("*.log")))

    def test_an_array_and_a_gather_that_waits_for_it(self) -> None:
        sweep = self.sweep(10)
        self.wait_for(self.submit(sweep))
        self.assertTrue(figures(self.out) == figures(self.folder / "whole"), self.logs())
        for number in range(1, SHARDS + 1):
            log = (self.folder / "out.shards" / f"{number}.log").read_text()
            self.assertIn(f"--shard auto: this is shard {number}/{SHARDS}, because "
                          f"SLURM_ARRAY_TASK_ID={number}\n", log)

    def test_the_tasks_of_a_node_that_was_lost_go_on_elsewhere(self) -> None:
        sweep = self.sweep(300)
        job = self.submit(sweep)

        def midway() -> List[str]:
            """Returns the shards on the second node, if each has some points but not all."""
            shards = {variables["SLURM_ARRAY_TASK_ID"] for _, variables in processes_of("n2")
                      if "SLURM_ARRAY_TASK_ID" in variables}
            partial = self.folder / "out.shards"
            found = [len(list(partial.glob(f".{shard}.partial/points/*/run.json")))
                     for shard in shards]
            return sorted(shards) if found and min(found) > 0 else []

        lost = wait_until(midway, "the second node is at work")
        self.addCleanup(called, "slurmd", "-N", "n2", "-f", CONF)
        lose("n2")
        self.wait_for(job)
        self.assertTrue(figures(self.out) == figures(self.folder / "whole"), self.logs())
        for shard in lost:
            log = (self.folder / "out.shards" / f"{shard}.log").read_text()
            self.assertEqual(log.count("--shard auto: this is"), 2, log)

    def test_srun_of_several_tasks_writes_nothing(self) -> None:
        sweep = self.sweep(1)
        ended = subprocess.run(["srun", "--ntasks=2", BINARY, "run", str(sweep), "--out",
                                str(self.out)], capture_output=True, text=True,
                               timeout=DEADLINE_S, check=False)
        self.assertEqual(ended.returncode, 2, ended.stderr)
        self.assertIn("srun has started this command 2 times at once (SLURM_STEP_NUM_TASKS=2)",
                      ended.stderr)
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main()
