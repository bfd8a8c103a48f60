"""Starts, watches and ends one server of an engine."""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
from typing import Callable, Sequence, Tuple

from cell import RunFailed
from project import ROOT

HOST = "127.0.0.1"
STARTS_WITHIN_S = 20
_LISTENING = re.compile(rb"^(?:listening|\S+ \S+) (127\.0\.0\.1):(\d+)\r?\n", re.M)


class ServerProcess:
    """A running server. It and all processes that it started end with the `with` block."""

    def __init__(self, command: Sequence[str]) -> None:
        self._output = tempfile.TemporaryFile()
        # A process group of its own, so that a cluster's workers end with the server.
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL,
                                         stdout=self._output, stderr=subprocess.STDOUT,
                                         start_new_session=True)
        self.pid = self._process.pid
        try:
            self.address = self._wait_listening()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "ServerProcess":
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def _wait_listening(self) -> Tuple[str, int]:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline:
            found = _LISTENING.search(self.said())
            if found:
                return found[1].decode(), int(found[2])
            if not self.is_running():
                raise RunFailed(f"the server ended at its start: {self.last_words()}")
            time.sleep(0.02)
        raise RunFailed(f"the server did not listen within {STARTS_WITHIN_S} s")

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
                if os.getpgid(int(folder.name)) == self.pid:
                    found.append(folder)
            except ProcessLookupError:
                continue
        return found

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
