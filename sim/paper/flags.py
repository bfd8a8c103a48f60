"""The flags of each runtime, why they are these, and one alternative of each that is measured too."""

from __future__ import annotations

import pathlib
import subprocess
from typing import List, NamedTuple

import engines
from project import PYTHON

# Shown on the page, in this order.
REASONS = (
    ("Java, one server", "no flags: on two cores and with this memory the JVM takes G1 and up to a "
     "quarter of the memory, which most of its users run with. `java-selector-parallel` is the same "
     "with `-XX:+UseParallelGC`."),
    ("Java, rings", "`-XX:+UseSerialGC -Xmx256m -Xss256k`: with 25 JVMs on two cores, collectors with "
     "helper threads only compete with the servers, and 25 heaps of a quarter of the memory do not fit. "
     "The bare relays in Java have the same flags."),
    ("Node.js", "no flags: `NODE_OPTIONS` is empty, as most of its users leave it. `node-semi-space` has "
     "`--max-semi-space-size=64`, which makes collections of young objects rarer."),
    ("Twisted", "CPython as Debian ships it, and Twisted's epoll reactor, its default on Linux. uvloop is a "
     "loop for asyncio and runs only under Twisted's asyncio reactor: `twisted-uvloop`, which is measured "
     "if python3-uvloop is installed."),
    ("native", "compiled with `-O3` for any x86-64 processor, as its Debian package is."),
)


class Choice(NamedTuple):
    """Other flags for an engine."""

    engine: str
    name: str
    # The program in the engine's command, and what stands in its place.
    program: str
    replacement: List[str]
    # A module of Python that must be installed.
    module: str = ""


ALTERNATIVES = (
    Choice("java-selector", "java-selector-parallel", "java", ["java", "-XX:+UseParallelGC"]),
    Choice("node", "node-semi-space", "node", ["node", "--max-semi-space-size=64"]),
    Choice("twisted", "twisted-uvloop", "sim/engines/twisted/herd.py", [
        "-c", "import runpy, sys, uvloop; from twisted.internet import asyncioreactor; "
        "asyncioreactor.install(uvloop.new_event_loop()); sys.path.insert(0, 'sim/engines/twisted'); "
        "runpy.run_path('sim/engines/twisted/herd.py', run_name='__main__')"], module="uvloop"),
)


def command(choice: Choice, binary: pathlib.Path) -> List[str]:
    """Returns the command of one server with these flags."""
    words = engines.single_server_command(choice.engine, binary, {})
    place = words.index(choice.program)
    return [*words[:place], *choice.replacement, *words[place + 1:]]


def is_installed(choice: Choice) -> bool:
    if not choice.module:
        return True
    tried = subprocess.run([PYTHON, "-c", f"import {choice.module}"], capture_output=True, check=False)
    return tried.returncode == 0
