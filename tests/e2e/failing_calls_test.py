"""Tests that every kind of system call of a run may fail once, in each phase of the run; and that a
run may be killed at every kind of call, and played again."""

from __future__ import annotations

import concurrent.futures
import json
import pathlib
import re
import shutil
import signal
import subprocess
import unittest
from typing import Callable, Dict, Iterable, List, Tuple

from herdsim_e2e import BINARY, DEADLINE_S
from limited_process import LimitsTest

# What each kind of call can fail with, for a reason that lies outside the program.
ERRORS = {
    "openat": "EMFILE", "read": "EIO", "getdents64": "EIO", "newfstatat": "EACCES",
    "mkdir": "ENOSPC", "mkdirat": "ENOSPC", "rename": "EACCES", "renameat": "EACCES",
    "unlinkat": "EACCES", "fsync": "EIO", "fchmod": "EPERM", "flock": "EAGAIN",
    "socket": "EMFILE", "bind": "EADDRINUSE", "listen": "EADDRINUSE", "connect": "ECONNREFUSED",
    "accept4": "EMFILE", "sendto": "EPIPE", "recvfrom": "ECONNRESET", "shutdown": "ENOTCONN",
    "pipe2": "EMFILE", "eventfd2": "EMFILE", "epoll_create1": "EMFILE", "timerfd_create": "EMFILE",
    "timerfd_settime": "EINVAL", "epoll_ctl": "ENOSPC", "epoll_pwait": "EINTR", "write": "EIO",
    "socketpair": "EMFILE", "clone3": "EAGAIN", "prlimit64": "EPERM", "getrandom": "EAGAIN",
}
CALL = re.compile(r"^(\d+) +(\w+)\((.*)")
# Where a run changes what is on the disk.
DISK = ("openat", "mkdir", "mkdirat", "write", "rename", "renameat", "unlinkat", "fsync", "flock",
        "getdents64", "fchmod")
# The first call of main(): before it the dynamic linker is at work, with errors of its own.
MAIN = ("fcntl", r"2(<.*>)?, F_GETFD")


class FailingCalls(LimitsTest):
    def setUp(self) -> None:
        super().setUp()
        self.strace = shutil.which("strace")
        if self.strace is None:
            self.skipTest("strace is not installed")
        tried = subprocess.run([self.strace, "-o", "/dev/null", "/bin/true"], capture_output=True,
                               text=True, timeout=DEADLINE_S, check=False)
        if tried.returncode != 0:
            self.skipTest(f"no process may be traced here: {tried.stderr.strip()}")

    def traced(self, folder: pathlib.Path, arguments: List[str],
               *options: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(self.strace), "-f", "-y", "-o", str(folder / "calls"), *options, BINARY,
             *arguments],
            cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", timeout=DEADLINE_S, check=False)

    def points(self, arguments: List[str], kinds: Iterable[str]) -> List[Tuple[str, int]]:
        """Returns kinds of calls, each with the numbers of its first call in a thread, of its last,
        and of one between."""
        folder = self.folder / "all"
        folder.mkdir()
        ended = self.traced(folder, arguments, "-e", f"trace=fcntl,{','.join(ERRORS)}")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        seen: Dict[Tuple[str, str], int] = {}
        found: Dict[str, List[int]] = {}
        begun = False
        for line in (folder / "calls").read_text(errors="replace").splitlines():
            call = CALL.match(line)
            if not call:
                continue
            thread, kind, rest = call.groups()
            seen[thread, kind] = seen.get((thread, kind), 0) + 1
            begun = begun or (kind == MAIN[0] and re.match(MAIN[1], rest) is not None)
            if begun and kind in kinds and seen[thread, kind] not in found.setdefault(kind, []):
                found[kind].append(seen[thread, kind])
        self.assertTrue(begun, "main() begins otherwise than this test thinks")
        return [(kind, numbers[i]) for kind, numbers in found.items()
                for i in sorted({0, len(numbers) // 2, len(numbers) - 1})]

    def check_every_failure(self, arguments: List[str]) -> None:
        def play(point: Tuple[str, int]) -> str:
            kind, number = point
            folder = self.folder / f"{kind}-{number}"
            folder.mkdir()
            what = f"{kind} fails with {ERRORS[kind]} at its call {number}"
            try:
                ended = self.traced(folder, arguments, "-e", f"trace={kind}", "-e",
                                    f"inject={kind}:error={ERRORS[kind]}:when={number}")
            except subprocess.TimeoutExpired:
                return f"{what}: did not end"
            if ended.returncode not in (0, 1, 2, 3):
                return f"{what}: status {ended.returncode}: {ended.stderr}"
            if ended.returncode in (2, 3) and not re.search(r"\w+ \w+.*\n\Z", ended.stderr):
                return f"{what}: status {ended.returncode} without a sentence: {ended.stderr!r}"
            if re.search(r"(?i)terminate|assert|sanitizer|runtime error", ended.stderr):
                return f"{what}: {ended.stderr}"
            return ""

        points = self.points(arguments, ERRORS)
        self.assertGreater(len(points), 5)
        self.assert_nothing_wrong(play, points)

    def assert_nothing_wrong(self, play: Callable[[Tuple[str, int]], str],
                             points: List[Tuple[str, int]]) -> None:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            wrong = [each for each in pool.map(play, points) if each]
        self.assertEqual(wrong, [], "\n".join(wrong))

    def test_live_run(self) -> None:
        self.check_every_failure(["run", str(self.live), "--quiet", "--out", "out"])

    def test_virtual_run(self) -> None:
        self.check_every_failure(["run", str(self.virtual), "--quiet", "--out", "out"])

    def test_check(self) -> None:
        self.check_every_failure(["check", str(self.live)])

    def test_a_run_that_was_killed_is_played_again(self) -> None:
        arguments = ["run", str(self.virtual), "--quiet", "--out", "out"]

        def play(point: Tuple[str, int]) -> str:
            kind, number = point
            folder = self.folder / f"kill-{kind}-{number}"
            folder.mkdir()
            what = f"killed at its call {number} of {kind}"
            for _ in range(2):  # the second time there are earlier results
                killed = self.traced(folder, arguments, "-e", f"trace={kind}", "-e",
                                     f"inject={kind}:signal=SIGKILL:when={number}")
                if killed.returncode not in (0, -signal.SIGKILL):
                    return f"{what}: status {killed.returncode}: {killed.stderr}"
                again = self.herdsim("run", str(self.virtual), "--quiet", "--out",
                                     str(folder / "out"))
                if again.status != 0:
                    return f"{what}: then status {again.status}: {again.stderr}"
                left = [each.name for each in folder.iterdir()]
                if sorted(left) != ["calls", "out"]:
                    return f"{what}: then there are {left}"
                if not json.loads((folder / "out" / "run.json").read_text())["complete"]:
                    return f"{what}: then it is not complete"
            return ""

        self.assert_nothing_wrong(play, self.points(arguments, DISK))


if __name__ == "__main__":
    unittest.main()
