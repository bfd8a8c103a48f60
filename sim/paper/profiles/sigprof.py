"""Profiles servers in Python, which in_python.py starts."""

from __future__ import annotations

import collections
import json
import os
import pathlib
import signal
from typing import Dict, List

from herd_servers import HerdServers
from profiles.kinds import Samples, Stack
from profiles.processor_time import EVERYTHING

TOOL = "a sampler of this project on SIGPROF, because Debian 12 has no py-spy"
COVERS = EVERYTHING
SAMPLER = pathlib.Path(__file__).with_name("in_python.py")


def missing() -> str:
    return ""


def command(words: List[str], folder: pathlib.Path) -> List[str]:
    return [words[0], str(SAMPLER), str(folder), *words[1:]]


def begin(servers: HerdServers, folder: pathlib.Path) -> "tuple[HerdServers, pathlib.Path]":
    _toggle(servers, b"profiling\n")
    return servers, folder


def end(begun: "tuple[HerdServers, pathlib.Path]") -> Samples:
    servers, folder = begun
    _toggle(servers, b"profiled\n")
    found: Dict[Stack, int] = collections.Counter()
    for file in folder.glob("*.json"):
        for stack, count in json.loads(file.read_text()):
            found[tuple(f"{name} {path.rpartition('/')[2]}" for name, path in stack)] += count
    return found


def _toggle(servers: HerdServers, said: bytes) -> None:
    for each in servers.servers:
        os.kill(each.pid, signal.SIGUSR2)
    for each in servers.servers:
        each.wait_until(lambda text: said in text, "answer SIGUSR2")
