"""The engines: what each is, what it needs, and how the harness starts one server of it."""

from __future__ import annotations

import glob
import pathlib
import shutil
import subprocess
from typing import Dict, List, Sequence

import scenario
from project import HARNESS, JAVA_CLASSES, PYTHON, RELAY_CLASSES

# The text about each engine on the page, in this order.
ABOUT = {
    "native": "this project's own server: C++, one event loop, started as `herdsim serve`",
    "load-ceiling": "a bare relay in C++ that only answers; shows what the load generator can do",
    "native-ceiling": "one native server in herdsim's own process; shows what herdsim's own clients can do",
    "native-bare": "a bare relay in C++ with libuv: cuts lines and sends the same messages, but parses "
                   "nothing; the floor of `native`",
    "native-paused": "`native`, stopped for a moment; a control",
    "native-again": "`native`, measured a second time; a control",
    "native-parrot": "not an engine, but the answers of one that says `? ` to every line; a control",
    "native-loops": "the native herd in one process, its five servers on one event loop or on two",
    "native-server-time": "the native herd, with records ordered by its servers' clocks; a control",
    "native-central": "five front ends in the same C++ over one PostgreSQL, which answers once an "
                      "update is on the disk",
    "native-central-volatile": "`native-central`, with the durability of PostgreSQL switched off",
    "twisted": "the paper's design: Python with Twisted, one event loop",
    "twisted-bare": "the same on Twisted's `LineReceiver`; the floor of `twisted`",
    "twisted-uvloop": "`twisted` on Twisted's asyncio reactor over uvloop",
    "twisted-blocking": "`twisted`, but it waits for Places in its only thread; a control",
    "twisted-unguarded": "`twisted` without checks of its input; the other side of `typing`",
    "node": "JavaScript with Node.js, one event loop",
    "node-bare": "a bare relay on the `net` of Node.js; the floor of `node`",
    "node-semi-space": "`node` with `--max-semi-space-size=64`",
    "node-cluster": "`node` with two worker processes that share one port",
    "java-selector": "Java, one thread with a selector, which is an event loop",
    "java-selector-bare": "a bare relay in Java with a selector; the floor of `java-selector`",
    "java-selector-parallel": "`java-selector` with the parallel collector",
    "java-pool": "Java, one such thread per core",
    "java-threads": "Java, one thread per connection",
    "java-threads-bare": "a bare relay in Java with a thread per connection; the floor of `java-threads`",
    "java-unguarded": "`java-selector` without checks of numbers and locations; the other side of "
                      "`typing`",
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
    if not ((JAVA_CLASSES / "Herd.class").exists() and (RELAY_CLASSES / "NioRelay.class").exists()):
        return "the Java engine has not been built (cmake --build build --target java_engine paper_programs)"
    return ""


def _lacks_postgres() -> str:
    found = shutil.which("initdb") or glob.glob("/usr/lib/postgresql/*/bin/initdb")
    return "" if found else "PostgreSQL (postgresql) is not installed"


def missing() -> Dict[str, str]:
    """Returns the reason for each family that cannot run here."""
    found = {
        "twisted": _lacks_twisted(),
        "node": "" if shutil.which("node") else "Node.js (nodejs) is not installed",
        "java": _lacks_java(),
        "native-central": _lacks_postgres(),
    }
    return {name: why for name, why in found.items() if why}


def single_server_command(engine: str, binary: pathlib.Path, changes: Dict[str, str]) -> List[str]:
    """Returns the command that threads.json uses for one server, with some arguments replaced."""
    words = {"server": "Alford", "port": "0", "host": "127.0.0.1", "herd": engine, "dial": "",
             "expect": "", "servers": "", "propagation": "flood-echo", "herdsim": str(binary)}
    command = scenario.command_of(scenario.load("threads"), engine, words)
    return [changes.get(word, word) for word in command]


def unguarded_twisted(binary: pathlib.Path) -> List[str]:
    return single_server_command("twisted", binary, {
        "sim/engines/twisted/herd.py": str(HARNESS / "unguarded" / "twisted_herd.py")})


def unguarded_java(binary: pathlib.Path, classes: pathlib.Path) -> List[str]:
    """Returns the command; `classes` take precedence over the engine's own of the same names."""
    return single_server_command("java-selector", binary, {
        "build/engines/java": f"{classes}:{JAVA_CLASSES}"})


def compile_unguarded_java(folder: pathlib.Path) -> None:
    subprocess.run(["javac", "-cp", str(JAVA_CLASSES), "-d", str(folder),
                    str(HARNESS / "unguarded" / "Fields.java")],
                   check=True, capture_output=True, text=True)


def present(names: Sequence[str], lacking: Dict[str, str]) -> List[str]:
    return [name for name in names if family(name) not in lacking]
