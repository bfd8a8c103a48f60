"""Makes a server collect its garbage, so that its size without garbage can be read."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
from typing import List

import engines
from cell import RunFailed
from project import HARNESS
from server_process import ServerProcess

COLLECTS_WITHIN_S = 30
_SAID = b"collected\n"


def command(engine: str, binary: pathlib.Path) -> List[str]:
    """Returns the command of one server that collect() works for; its own code is unchanged."""
    changes = {"twisted": {"sim/engines/twisted/herd.py": str(HARNESS / "collect" / "twisted_herd.py")}}
    words = engines.single_server_command(engine, binary, changes.get(engine, {}))
    if engine == "node":
        return [words[0], "--expose-gc", "--require", str(HARNESS / "collect" / "collect.js"), *words[1:]]
    return words


def collect(engine: str, server: ServerProcess) -> None:
    """Collects garbage completely. A native server has none, and nothing happens."""
    family = engines.family(engine)
    if family == "java":
        done = subprocess.run(["jcmd", str(server.pid), "GC.run"], capture_output=True, text=True,
                              check=False, timeout=COLLECTS_WITHIN_S)
        if done.returncode != 0:
            raise RunFailed(f"jcmd failed: {(done.stdout + done.stderr).strip()[-200:]}")
    elif family in ("node", "twisted"):
        before = server.said().count(_SAID)
        os.kill(server.pid, signal.SIGUSR2)
        server.wait_until(lambda said: said.count(_SAID) > before, "collect its garbage")
