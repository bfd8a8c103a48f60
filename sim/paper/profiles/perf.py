"""Profiles with `perf` of Linux, which samples the time that a core really works for a process.

Node.js writes a map of its compiled code for it. The profiler that Node.js contains would not do: it looks at
the program at regular times, also while it waits for a core. It would also call reads from sockets idle.
"""

from __future__ import annotations

import collections
import pathlib
import re
import shutil
import signal
import subprocess
import time
from typing import Dict, Iterable, List, NamedTuple, Sequence

from cell import RunFailed
from herd_servers import HerdServers
from profiles.kinds import Samples, Stack
from profiles.processor_time import USER

TOOL = "`perf` of Linux"
COVERS = USER
PER_S = 249
DEPTH = 24
ENDS_WITHIN_S = 60
# A clock of the kernel, because virtual machines often have no counters. `u`: without the kernel's own
# time, which ordinary users must not see; /proc has it.
_EVENT = "cpu-clock:u"
_ADDRESS = re.compile(r"^\s+[0-9a-f]+ (.*) \((.*)\)$")
# Node.js marks how far a function is compiled, and has the address of its file.
_SCRIPT = re.compile(r"^JS:[~^*+]?(\S*) (?:\S*/)?([^/\s]+?)(?::\d+)*$")


class Begun(NamedTuple):
    process: "subprocess.Popen[str]"
    file: pathlib.Path
    pids: Sequence[int]


def missing() -> str:
    if shutil.which("perf") is None:
        return "perf (linux-perf) is not installed"
    tried = subprocess.run(["perf", "record", "-q", "-e", _EVENT, "-o", "/dev/null", "true"],
                           capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else "this system does not permit perf"


def command(words: List[str], folder: pathlib.Path) -> List[str]:
    if words[0] != "node":
        return words
    # The map is in /tmp, where perf looks for it. The log, which comes with it, is of no use.
    return [words[0], "--perf-basic-prof", f"--logfile={folder / 'v8.log'}", "--no-logfile-per-isolate",
            *words[1:]]


def begin(servers: HerdServers, folder: pathlib.Path) -> Begun:
    file, pids = folder / "perf.data", servers.pids()
    process = subprocess.Popen(
        ["perf", "record", "-q", "-e", _EVENT, "-F", str(PER_S), "-g", "-o", str(file), "-p",
         ",".join(map(str, pids))], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + ENDS_WITHIN_S
    while not file.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return Begun(process, file, pids)


def end(begun: Begun) -> Samples:
    begun.process.send_signal(signal.SIGINT)
    _, said = begun.process.communicate(timeout=ENDS_WITHIN_S)
    try:
        done = subprocess.run(
            ["perf", "script", "-i", str(begun.file), "-F", "ip,sym,dso", "--max-stack", str(DEPTH)],
            capture_output=True, text=True, errors="replace", check=False, timeout=ENDS_WITHIN_S)
    finally:
        for pid in begun.pids:
            pathlib.Path(f"/tmp/perf-{pid}.map").unlink(missing_ok=True)
    found = read(done.stdout.splitlines())
    if not found:
        raise RunFailed(f"perf has no samples: {(said + done.stderr).strip()[-200:]}")
    return found


def read(lines: Iterable[str]) -> Samples:
    """Reads the output of `perf script`: a line per function, an empty line after each stack."""
    found: Dict[Stack, int] = collections.Counter()
    stack: List[str] = []
    for line in [*lines, ""]:
        match = _ADDRESS.match(line)
        if match:
            stack.append(function(match[1], match[2]))
        elif not line.strip() and stack:
            found[tuple(stack)] += 1
            stack = []
    return found


def function(symbol: str, library: str) -> str:
    """Returns the name of a function as the tables have it: `line neighbor.js`."""
    if symbol == "[unknown]":
        return f"[unknown] {library.rpartition('/')[2]}"
    script = _SCRIPT.match(symbol)
    return f"{script[1]} {script[2]}" if script else symbol
