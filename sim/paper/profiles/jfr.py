"""Profiles servers in Java with the flight recorder of the JVM."""

from __future__ import annotations

import collections
import datetime
import json
import pathlib
import shutil
import subprocess
import time
from typing import Any, Dict, Iterable, List, NamedTuple

from cell import RunFailed
from herd_servers import HerdServers
from profiles.kinds import Samples, Stack
from profiles.processor_time import JAVA_THREADS

TOOL = "Java Flight Recorder"
COVERS = JAVA_THREADS
SETTINGS = pathlib.Path(__file__).with_name("samples.jfc")
DEPTH = 12
WITHIN_S = 60


class Begun(NamedTuple):
    servers: HerdServers
    folder: pathlib.Path
    # POSIX seconds.
    time: float


def missing() -> str:
    lacking = [each for each in ("jcmd", "jfr") if shutil.which(each) is None]
    return f"{' and '.join(lacking)} (openjdk-17-jdk-headless) is not installed" if lacking else ""


def command(words: List[str], folder: pathlib.Path) -> List[str]:
    # A recorder that starts later makes the JVM compile all code again. Without the other two flags, a
    # sample would count for the next place where the JVM can stop a thread.
    return [words[0], f"-XX:StartFlightRecording=name=work,settings={SETTINGS}",
            "-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints", *words[1:]]


def begin(servers: HerdServers, folder: pathlib.Path) -> Begun:
    return Begun(servers, folder, time.time())


def end(begun: Begun) -> Samples:
    found: Dict[Stack, int] = collections.Counter()
    for each in begun.servers.servers:
        file = str(begun.folder / f"{each.pid}.jfr")
        _run("jcmd", str(each.pid), "JFR.dump", "name=work", f"filename={file}")
        said = _run("jfr", "print", "--json", "--events", "jdk.ExecutionSample", "--stack-depth",
                    str(DEPTH), file)
        for stack, count in read(json.loads(said)["recording"]["events"], begun.time).items():
            found[stack] += count
    if not found:
        raise RunFailed("the flight recorder has no samples")
    return found


def read(events: Iterable[Dict[str, Any]], since: float) -> Samples:
    """Returns the samples from a time in POSIX seconds on."""
    found: Dict[Stack, int] = collections.Counter()
    for event in events:
        trace = event["values"]["stackTrace"]
        if trace is not None and trace["frames"] and _seconds(event["values"]["startTime"]) >= since:
            found[tuple(_name(frame["method"]) for frame in trace["frames"])] += 1
    return found


def _seconds(stamp: str) -> float:
    """Returns the POSIX seconds of a time with its offset, such as 2026-11-30T08:02:14.123456789+00:00."""
    return datetime.datetime.fromisoformat(stamp).timestamp()


def _name(method: Dict[str, Any]) -> str:
    return f"{method['type']['name'].replace('/', '.')}.{method['name']}"


def _run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=WITHIN_S)
    if done.returncode != 0:
        raise RunFailed(f"{words[0]} failed: {(done.stdout + done.stderr).strip()[-200:]}")
    return done.stdout
