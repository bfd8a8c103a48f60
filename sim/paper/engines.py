"""The engines: what each is, what it needs, and how the harness starts one server of it."""

from __future__ import annotations

import glob
import pathlib
import shutil
import subprocess
from typing import Dict, List, Sequence

import scenario
from project import HARNESS, JAVA_CLASSES, PYTHON

# Said on the page, in this order.
ABOUT = {
    "native": "this project's own server in C++, one event loop, started as `herdsim serve`",
    "native-ceiling": "the same, sent to as fast as the clients can: how fast they are",
    "native-paused": "the same, stopped for a moment: a control",
    "native-again": "the same, measured a second time: a control",
    "native-parrot": "no engine, but one that would answer `? ` to all it is told: a control",
    "native-loops": "the native herd with its five servers spread over two event loops of one process",
    "native-server-time": "the native herd, ordering records by its servers' clocks: a control",
    "native-central": "five front ends, the same C++, over one PostgreSQL that answers once an "
                      "update is on the disk",
    "native-central-volatile": "the same, PostgreSQL's promise to keep what it has taken off",
    "twisted": "the paper's design: Python on Twisted, one event loop",
    "twisted-blocking": "the same, but it waits for Places in its only thread: a control",
    "twisted-unguarded": "the same without checks of what it reads: the other side of `typing`",
    "node": "JavaScript on Node.js, one event loop",
    "node-cluster": "the same with two worker processes that share one port",
    "java-selector": "Java, one thread with a selector: an event loop",
    "java-pool": "Java, one such thread a core",
    "java-threads": "Java, one thread a connection",
    "java-unguarded": "Java with one thread and without checks of numbers and places: the other "
                      "side of `typing`",
}


def family(engine: str) -> str:
    return "native-central" if engine.startswith("native-central") else engine.split("-")[0]


def _lacks_twisted() -> str:
    if not pathlib.Path(PYTHON).exists():
        return f"{PYTHON} is not installed"
    tried = subprocess.run([PYTHON, "-c", "import twisted"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "Twisted (python3-twisted) is not installed"


def _lacks_java() -> str:
    if shutil.which("java") is None:
        return "Java (openjdk-17-jdk-headless) is not installed"
    if not (JAVA_CLASSES / "Herd.class").exists():
        return "the Java engine has not been built (cmake --build build --target java_engine)"
    return ""


def _lacks_postgres() -> str:
    found = shutil.which("initdb") or glob.glob("/usr/lib/postgresql/*/bin/initdb")
    return "" if found else "PostgreSQL (postgresql) is not installed"


def missing() -> Dict[str, str]:
    """Of each family that cannot be run here: why."""
    found = {
        "twisted": _lacks_twisted(),
        "node": "" if shutil.which("node") else "Node.js (nodejs) is not installed",
        "java": _lacks_java(),
        "native-central": _lacks_postgres(),
    }
    return {name: why for name, why in found.items() if why}


def single_server_command(engine: str, binary: pathlib.Path, changes: Dict[str, str]) -> List[str]:
    """One server alone, as threads.json starts it, with some of its words changed."""
    words = {"server": "Alford", "port": "0", "host": "127.0.0.1", "herd": engine, "dial": "",
             "expect": "", "propagation": "flood-echo", "herdsim": str(binary)}
    command = scenario.command_of(scenario.load("threads"), engine, words)
    return [changes.get(word, word) for word in command]


def unguarded_twisted(binary: pathlib.Path) -> List[str]:
    return single_server_command("twisted", binary, {
        "sim/engines/twisted/herd.py": str(HARNESS / "unguarded" / "twisted_herd.py")})


def unguarded_java(binary: pathlib.Path, classes: pathlib.Path) -> List[str]:
    """`classes` go before the engine's own of the same names."""
    return single_server_command("java-selector", binary, {
        "build/engines/java": f"{classes}:{JAVA_CLASSES}"})


def compile_unguarded_java(folder: pathlib.Path) -> None:
    subprocess.run(["javac", "-cp", str(JAVA_CLASSES), "-d", str(folder),
                    str(HARNESS / "unguarded" / "Fields.java")],
                   check=True, capture_output=True, text=True)


def present(names: Sequence[str], lacking: Dict[str, str]) -> List[str]:
    return [name for name in names if family(name) not in lacking]
