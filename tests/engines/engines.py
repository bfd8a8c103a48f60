"""The variants of the engines, and how to start each as one server of a herd."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from typing import Any, Dict, List, Optional, Sequence, Tuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from herdsim_e2e import BINARY, DEADLINE_S, wait_until  # noqa: E402, found by the path above

SOURCE = pathlib.Path(__file__).resolve().parents[2]
JAVA_CLASSES = os.environ.get("HERD_JAVA_CLASSES", str(SOURCE / "build" / "engines" / "java"))
HOST = "127.0.0.1"
PLACES_KEY_ENV = "HERD_ENGINES_PLACES_API_KEY"

Address = Tuple[str, int]


@dataclasses.dataclass
class Setup:
    """The arguments of one server of a herd."""

    herd: str = "paper"
    server: str = "Mid"
    port: int = 0
    dial: Dict[str, Address] = dataclasses.field(default_factory=dict)
    expect: Sequence[str] = ()
    # Further servers of the herd: an AT of a link may name them too.
    others: Sequence[str] = ()
    propagation: str = "flood-echo"
    places: Optional[str] = None
    secret: str = "correct horse battery staple"
    log: str = "info"

    def servers(self) -> List[str]:
        """Returns the names of all servers of the herd."""
        return [self.server, *self.dial, *self.expect, *self.others]


class Variant:
    """One way to run an engine. The engine exists if the tree has the file `entry`."""

    # Whether it takes the engines' common command line and says `linked`.
    common_command_line = True

    def __init__(self, name: str, runtime: str, entry: str, command: Sequence[str],
                 options: Sequence[str] = (), blocks_on_places: bool = False) -> None:
        # True: the server blocks all clients while it asks Places, on purpose, as a control.
        self.blocks_on_places = blocks_on_places
        self.name, self.runtime, self.entry = name, runtime, entry
        self.command, self.options = list(command), list(options)

    def exists(self) -> bool:
        return (SOURCE / self.entry).exists()

    def missing(self) -> str:
        """Returns what is missing to run the variant here; empty if nothing is."""
        if not self.exists():
            return f"{self.name}: there is no {self.entry}"
        if shutil.which(self.runtime) is None:
            return f"{self.name}: {self.runtime} is not installed"
        return ""

    def arguments(self, setup: Setup, folder: pathlib.Path) -> List[str]:
        del folder
        words = [*self.command, "--herd", setup.herd, "--server", setup.server,
                 "--host", HOST, "--port", str(setup.port),
                 "--dial", ",".join(f"{n}={h}:{p}" for n, (h, p) in setup.dial.items()),
                 "--expect", ",".join(setup.expect),
                 "--servers", ",".join(setup.servers()),
                 "--propagation", setup.propagation, "--log", setup.log, *self.options]
        return words + (["--places", setup.places] if setup.places else [])

    def listening(self, stdout: str) -> Optional[Address]:
        """Returns the address of the server; None until its output has it."""
        found = re.search(r"^listening (\S+):(\d+)\n", stdout, re.M)
        return (found.group(1), int(found.group(2))) if found else None

    def linked(self, setup: Setup, stdout: str, stderr: str) -> bool:
        del setup, stderr
        return re.search(r"^linked\n", stdout, re.M) is not None


class Java(Variant):
    def missing(self) -> str:
        if super().missing():
            return super().missing()
        if not (pathlib.Path(JAVA_CLASSES) / "Herd.class").exists():
            return f"{self.name}: no class Herd in {JAVA_CLASSES} (HERD_JAVA_CLASSES)"
        return ""


class Native(Variant):
    """`herdsim serve` for one server of a scenario, whose neighbours are other processes."""

    common_command_line = False

    def arguments(self, setup: Setup, folder: pathlib.Path) -> List[str]:
        secret = folder / "secret"
        secret.write_text(setup.secret + "\n")
        secret.chmod(0o600)
        # The server that the list has first dials.
        servers: List[Dict[str, Any]] = [{"name": name} for name in setup.expect]
        servers.append({"name": setup.server, "host": HOST, "port": setup.port})
        servers += [{"name": name, "host": host, "port": port}
                    for name, (host, port) in setup.dial.items()]
        servers += [{"name": name} for name in setup.others]
        links = [[setup.server, name] for name in setup.dial]
        links += [[name, setup.server] for name in setup.expect]
        herd: Dict[str, Any] = {"name": setup.herd, "servers": servers, "links": links,
                                "propagation": setup.propagation, "keepalive": "off"}
        if setup.places:
            herd["places"] = {"provider": "google", "key_env": PLACES_KEY_ENV,
                              "base_url": setup.places}
        file = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "herd.json"
        file.write_text(json.dumps({"name": "herd", "duration": "1s", "herds": [herd]}))
        return [*self.command, str(file), "--server", setup.server, "--secret-file", str(secret),
                "--log", setup.log]

    def listening(self, stdout: str) -> Optional[Address]:
        found = re.search(r"^\S+ \S+ (\S+):(\d+)\n", stdout, re.M)
        return (found.group(1), int(found.group(2))) if found else None

    def linked(self, setup: Setup, stdout: str, stderr: str) -> bool:
        return all(f"link to {name}: up" in stderr for name in [*setup.dial, *setup.expect])


_TWISTED = ["/usr/bin/python3", str(SOURCE / "sim/engines/twisted/herd.py")]
_NODE = ["node", str(SOURCE / "sim/engines/node/herd.js")]
# A server is started for each test and has little to do: the optimizing compiler and a collector with
# threads of its own would cost more than all the rest.
_JAVA = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", JAVA_CLASSES, "Herd"]

VARIANTS: Dict[str, Variant] = {variant.name: variant for variant in (
    Native("native", BINARY, "sim/main.cpp", [BINARY, "serve"]),
    Variant("twisted", _TWISTED[0], "sim/engines/twisted/herd.py", _TWISTED),
    Variant("twisted-blocking", _TWISTED[0], "sim/engines/twisted/herd.py", _TWISTED,
            ["--places-mode", "blocking"], blocks_on_places=True),
    Variant("node", "node", "sim/engines/node/herd.js", _NODE),
    Variant("node-cluster", "node", "sim/engines/node/herd.js", _NODE, ["--workers", "2"]),
    Java("java-selector", "java", "sim/engines/java", _JAVA, ["--mode", "selector"]),
    Java("java-threads", "java", "sim/engines/java", _JAVA, ["--mode", "threads"]),
    Java("java-pool", "java", "sim/engines/java", _JAVA, ["--mode", "pool"]),
)}


def chosen_variants() -> List[Variant]:
    """Returns the variants in HERD_ENGINES; by default all whose engine is in the tree."""
    names = [name for name in os.environ.get("HERD_ENGINES", "").split(",") if name]
    if not names:
        return [variant for variant in VARIANTS.values() if variant.exists()]
    unknown = [name for name in names if name not in VARIANTS]
    if unknown:
        raise SystemExit(f"HERD_ENGINES: {', '.join(unknown)}: not one of {', '.join(VARIANTS)}")
    return [VARIANTS[name] for name in names]


class Server:
    """A running server. Its output goes to files, because a pipe can fill up."""

    def __init__(self, variant: Variant, setup: Setup, folder: pathlib.Path,
                 arguments: Optional[Sequence[str]] = None,
                 environment: Optional[Dict[str, str]] = None) -> None:
        self.variant, self.setup = variant, setup
        self.address: Address = (HOST, 0)
        words = variant.arguments(setup, folder) if arguments is None else list(arguments)
        if environment is None:
            environment = {"HERD_SECRET": setup.secret, PLACES_KEY_ENV: "k3y-of-n0body"}
        inherited = {k: v for k, v in os.environ.items() if k != "HERD_SECRET"}
        self._out = tempfile.NamedTemporaryFile(dir=folder, prefix="stdout-", delete=False)
        self._err = tempfile.NamedTemporaryFile(dir=folder, prefix="stderr-", delete=False)
        # A process group of its own, so that a cluster's workers end with the server.
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=self._out,
                                        stderr=self._err, cwd=folder, start_new_session=True,
                                        env={**inherited, **environment})

    def stdout(self) -> str:
        return pathlib.Path(self._out.name).read_text(errors="replace")

    def stderr(self) -> str:
        return pathlib.Path(self._err.name).read_text(errors="replace")

    def running(self) -> bool:
        return self.process.poll() is None

    def wait_listening(self) -> None:
        wait_until(lambda: not self.running() or self.variant.listening(self.stdout()),
                   f"{self.setup.server} listens")
        found = self.variant.listening(self.stdout())
        if found is None:
            raise AssertionError(f"ended with {self.process.wait()}: {self.stderr()}")
        self.address = found

    def is_linked(self) -> bool:
        return self.variant.linked(self.setup, self.stdout(), self.stderr())

    def wait_linked(self) -> None:
        wait_until(self.is_linked, f"{self.setup.server} is linked")

    def wait(self) -> int:
        try:
            return self.process.wait(DEADLINE_S)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"did not end\n{self.stdout()}\n{self.stderr()}") from None

    def stop(self, which: int = signal.SIGTERM) -> int:
        self.process.send_signal(which)
        return self.wait()

    def resident_bytes(self) -> int:
        """Returns the resident size of the process and of all processes that it started."""
        total = 0
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
                group = os.getpgid(int(status.parent.name))
            except (OSError, ProcessLookupError):
                continue
            found = re.search(r"^VmRSS:\s+(\d+) kB$", text, re.M)
            if group == self.process.pid and found:
                total += int(found.group(1)) * 1024
        return total

    def close(self) -> None:
        """Kills the server and all processes that it started."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self._out.close()
        self._err.close()
