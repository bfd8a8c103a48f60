"""Tests results in a folder that other users may write to. Only root can be two users."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import unittest
from typing import Any, Callable

from herdsim_e2e import BINARY, DEADLINE_S, Process, TestCase, wait_until, write_scenario
from limited_process import tiny

VICTIM, OTHER = 54321, 54322


def as_user(user: int) -> Callable[[], None]:
    def become() -> None:  # in the child
        os.umask(0o022)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    return become


@unittest.skipUnless(os.geteuid() == 0, "only root can be two users")
class TwoUsers(TestCase):
    def setUp(self) -> None:
        super().setUp()
        for parent in (self.folder, *self.folder.parents):
            if parent.stat().st_mode & 0o001 == 0 and parent != self.folder:
                self.skipTest(f"{parent} is not open to other users")
        self.folder.chmod(0o755)
        self.home = self.folder / "home"
        self.home.mkdir(0o700)
        self.precious = self.home / "precious.csv"
        self.precious.write_text("years of work")
        for path in (self.home, self.precious):
            os.chown(path, VICTIM, VICTIM)
        self.shared = self.folder / "shared"
        self.shared.mkdir()
        self.shared.chmod(0o1777)
        self.scenario = write_scenario(tiny("s", duration="3s"), self.folder)
        self.scenario.chmod(0o644)

    def other(self, act: Callable[[], Any]) -> None:
        """Does something as the other user."""
        child = os.fork()
        if child == 0:
            try:
                as_user(OTHER)()
                act()
            finally:
                os._exit(0)
        os.waitpid(child, 0)

    def victim_runs(self, *arguments: Any) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True,
                              preexec_fn=as_user(VICTIM), cwd="/", timeout=DEADLINE_S, check=False)

    def run_there(self) -> "subprocess.CompletedProcess[str]":
        return self.victim_runs("run", self.scenario, "--quiet", "--out", self.shared / "try")

    def test_the_other_has_made_the_partial_folder(self) -> None:
        def prepare() -> None:
            os.umask(0)
            partial = self.shared / ".try.partial"
            partial.mkdir(0o777)
            (partial / ".herdsim").write_text("")
            (partial / "summary.csv").symlink_to(self.precious)

        self.other(prepare)
        ended = self.run_there()
        self.assertEqual(ended.returncode, 3, ended.stdout)
        self.assertIn("belongs to another user", ended.stderr)
        self.assertEqual(self.precious.read_text(), "years of work")

    def test_the_other_has_made_the_folder(self) -> None:
        self.other((self.shared / "try").mkdir)
        ended = self.run_there()
        self.assertEqual(ended.returncode, 3, ended.stdout)
        self.assertIn("belongs to another user", ended.stderr)

    def test_the_other_has_made_a_link(self) -> None:
        self.other(lambda: (self.shared / "try").symlink_to(self.home))
        self.assertEqual(self.run_there().returncode, 3)
        ended = self.victim_runs("run", self.scenario, "--out", self.shared / "try" / "deep")
        self.assertEqual(ended.returncode, 3, ended.stdout)
        self.assertEqual([path.name for path in self.home.iterdir()], ["precious.csv"])

    def test_nobody_else_can_write_to_the_partial_folder(self) -> None:
        process = Process(["run", str(self.scenario), "--quiet", "--out",
                           str(self.shared / "try")], self.folder, preexec_fn=as_user(VICTIM))
        self.addCleanup(process.close)
        partial = self.shared / ".try.partial"
        wait_until(lambda: partial.exists() or process.ended(), "it begins")
        self.assertEqual((partial.stat().st_uid, partial.stat().st_mode & 0o777), (VICTIM, 0o700))
        self.other(lambda: (partial / "summary.csv").symlink_to(self.precious))
        self.assertEqual(process.wait(), 0, process.stderr())
        self.assertEqual(self.precious.read_text(), "years of work")
        self.assertEqual((self.shared / "try").stat().st_mode & 0o777, 0o755)

    def test_in_a_folder_that_the_other_may_rename_in(self) -> None:
        self.shared.chmod(0o777)
        process = Process(["run", str(self.scenario), "--quiet", "--out",
                           str(self.shared / "try")], self.folder, preexec_fn=as_user(VICTIM))
        self.addCleanup(process.close)
        partial = self.shared / ".try.partial"
        wait_until(lambda: partial.exists() or process.ended(), "it begins")

        def swap() -> None:
            os.umask(0)
            partial.rename(self.shared / "away")
            partial.mkdir(0o777)
            for name in ("summary.csv", "clients.csv", "run.json"):
                (partial / name).symlink_to(self.precious)

        process.send_signal(signal.SIGSTOP)  # the run must not end before
        self.other(swap)
        self.assertTrue((self.shared / "away").exists(), "the other user could rename it")
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(), 3, process.stdout())
        # The second if it had only made the folder, and not opened it yet.
        self.assertRegex(process.stderr(), "was moved or replaced|belongs to another user")
        self.assertEqual(self.precious.read_text(), "years of work")

    def test_a_trace_is_not_written_through_a_link_of_the_other(self) -> None:
        out = self.shared / "walk.csv"
        self.other(lambda: out.symlink_to(self.precious))
        ended = self.victim_runs("trace", self.scenario, "--out", out)
        self.assertEqual(ended.returncode, 3, ended.stdout)
        self.assertEqual(self.precious.read_text(), "years of work")
        out.unlink()
        self.assertEqual(self.victim_runs("trace", self.scenario, "--out", out).returncode, 0)
        self.assertEqual(self.victim_runs("trace", self.scenario, "--out", out).returncode, 0)
        mine = self.home / "link.csv"
        mine.symlink_to(self.home / "walk.csv")
        os.chown(mine, VICTIM, VICTIM, follow_symlinks=False)
        self.assertEqual(self.victim_runs("trace", self.scenario, "--out", mine).returncode, 0)
        self.assertTrue((self.home / "walk.csv").read_text().startswith("time_s,"))


if __name__ == "__main__":
    unittest.main()
