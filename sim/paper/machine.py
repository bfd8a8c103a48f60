"""Describes the machine, the time, and the versions of all programs that take part."""

from __future__ import annotations

import datetime
import glob
import os
import pathlib
import platform
import re
import shutil
import subprocess
from typing import List, Sequence, Tuple

from project import PYTHON


def _said(command: Sequence[str]) -> str:
    """Returns the first line of a program's output; empty if it is not installed."""
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0] if lines else ""


def _read(path: str, pattern: str) -> str:
    try:
        found = re.search(pattern, pathlib.Path(path).read_text(), re.M)
    except OSError:
        return ""
    return found[1].strip() if found else ""


def _postgres() -> str:
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    return _said([folders[-1] if folders else "postgres", "--version"])


def date() -> str:
    """Returns the time now as the pages have it."""
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def describe(herdsim: pathlib.Path) -> List[Tuple[str, str]]:
    memory = _read("/proc/meminfo", r"^MemTotal:\s+(\d+)")
    found = [
        ("processor", _read("/proc/cpuinfo", r"^model name\s*:\s*(.*)$") or platform.machine()),
        ("cores", str(len(os.sched_getaffinity(0)))),
        ("memory", f"{int(memory) / 1048576:.1f} GiB" if memory else ""),
        ("kernel", platform.release()),
        ("system", _read("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)')),
        ("herdsim", _said([str(herdsim), "--version"])),
        ("gcc", _said(["c++", "--version"])),
        ("Python", _said([PYTHON, "--version"])),
        ("Twisted", _said([PYTHON, "-c", "import twisted; print(twisted.__version__)"])),
        ("Node.js", _said(["node", "--version"])),
        ("Java", _said(["java", "-version"])),
        ("PostgreSQL", _postgres()),
        ("cloc", _said(["cloc", "--version"])),
        ("load average before the first run", " ".join(f"{x:.2f}" for x in os.getloadavg())),
    ]
    return [(name, value or "not found") for name, value in found]
