"""Starts, watches and ends one server of an engine."""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
from typing import Callable, Iterator, List, Mapping, Sequence, Set, Tuple

from cell import RunFailed
from project import ROOT

HOST = "127.0.0.1"
STARTS_WITHIN_S = 60
_LISTENING = re.compile(rb"^(?:listening|\S+ \S+) (127\.0\.0\.1):(\d+)\r?\n", re.M)


class ServerProcess:
    """A running server. It and all processes that it started end with the `with` block."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] = {},
                 waits: bool = True) -> None:
        """Starts the server. If it does not wait, call wait_listening() before you use the address."""
        self._output = tempfile.TemporaryFile()
        # A process group of its own, so that a cluster's workers end with the server.
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL,
                                         stdout=self._output, stderr=subprocess.STDOUT,
                                         start_new_session=True,
                                         env={**os.environ, **environment})
        self.pid = self._process.pid
        self.address = (HOST, 0)
        if waits:
            self.wait_listening()

    def __enter__(self) -> "ServerProcess":
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def wait_listening(self) -> None:
        """Waits for the address; ends the server and raises RunFailed if it says none."""
        try:
            self.wait_until(lambda said: _LISTENING.search(said) is not None, "listen")
        except BaseException:
            self.close()
            raise
        found = _LISTENING.search(self.said())
        assert found is not None
        self.address = found[1].decode(), int(found[2])

    def wait_until(self, is_said: Callable[[bytes], bool], what: str) -> None:
        """Waits until the server's output is as asked for; raises RunFailed if it takes too long."""
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not is_said(self.said()):
            if not self.is_running():
                raise RunFailed(f"the server ended at its start: {self.last_words()}")
            if time.monotonic() > deadline:
                raise RunFailed(f"the server did not {what} within {STARTS_WITHIN_S} s: "
                                f"{self.last_words()}")
            time.sleep(0.02)

    def said(self) -> bytes:
        return os.pread(self._output.fileno(), 1 << 20, 0)

    def last_words(self) -> str:
        size = os.fstat(self._output.fileno()).st_size
        tail = os.pread(self._output.fileno(), 400, max(0, size - 400))
        return tail.decode(errors="replace").strip().replace("\n", " / ")

    def is_running(self) -> bool:
        return self._process.poll() is None

    def processes(self) -> "list[pathlib.Path]":
        """Returns the /proc folders of the server and of all processes that it started."""
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                # A child that has ended, but was not waited for, has no memory and no clock.
                if os.getpgid(int(folder.name)) == self.pid and (folder / "exe").exists():
                    found.append(folder)
            except OSError:
                continue
        return found

    def pids(self) -> List[int]:
        return [int(folder.name) for folder in self.processes()]

    def _tasks(self) -> Iterator[int]:
        for folder in self.processes():
            try:
                yield from (int(task.name) for task in (folder / "task").iterdir())
            except OSError:
                continue

    def limit_to(self, cores: Set[int]) -> None:
        """Limits all threads of the server to these cores; new threads inherit the limit."""
        for task in list(self._tasks()):
            try:
                os.sched_setaffinity(task, cores)
            except ProcessLookupError:
                continue

    def _sum(self, field: str) -> int:
        total = 0
        for folder in self.processes():
            try:
                found = re.search(rf"^{field}:\s+(\d+)", (folder / "status").read_text(), re.M)
            except OSError:
                continue
            total += int(found[1]) if found else 0
        return total

    def resident_mib(self) -> float:
        return self._sum("VmRSS") / 1024

    def threads(self) -> int:
        return self._sum("Threads")

    def pause(self, seconds: float, sleep: Callable[[float], None] = time.sleep) -> None:
        os.killpg(self.pid, signal.SIGSTOP)
        try:
            sleep(seconds)
        finally:
            os.killpg(self.pid, signal.SIGCONT)

    def close(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        self._output.close()
