"""Shared by the end-to-end tests: the binary, its servers and runs, and a client.

Tests wait for a condition, always with the one deadline below. It is long on purpose: it only ends
a test that hangs, so that no test fails on a slow or busy machine or in a build with sanitizers.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import pathlib
import random
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple, TypeVar, Union

SOURCE = pathlib.Path(os.environ.get("HERDSIM_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
BINARY = os.environ.get("HERDSIM_BINARY", str(SOURCE / "build" / "herdsim"))
DEADLINE_S = 120.0

PAPER_SERVERS = ["Alford", "Ball", "Hamilton", "Holiday", "Welsh"]
HERE = "+34.068930-118.445127"
NOWHERE = "-48.876667-123.393333"  # no point is farther from all land

Row = Dict[str, str]
Played = TypeVar("Played")


def allow_many_files() -> None:
    """Raises the limit of open files: many shells allow fewer than a thousand sockets."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else 65536
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def wait_until(holds: Callable[[], Any], what: str) -> Any:
    """Calls `holds` until it returns a true value, and returns that value."""
    end = time.monotonic() + DEADLINE_S
    pause_s = 0.002
    while True:
        result = holds()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"not in {DEADLINE_S:.0f} s: {what}")
        select.select([], [], [], pause_s)  # leaves the processor to what it waits for
        pause_s = min(1.3 * pause_s, 0.02)


# Each of these sockets keeps other tests, and every herdsim, from giving out its port.
_held_ports: List[socket.socket] = []


def hold_port(port: int) -> bool:
    """Returns whether this process has the port now; free_port.h says how processes agree."""
    hold = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        hold.bind(f"\0herdsim-port-{port}")
    except OSError:
        hold.close()
        return False
    _held_ports.append(hold)
    return True


def free_ports(count: int) -> List[int]:
    """Returns free ports, outside the range from which the system takes ephemeral ports."""
    low = 32768
    try:
        text = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text()
        low = int(text.split()[0])
    except OSError:
        pass
    pool = range(15000, low) if low > 16000 else range(61000, 65536)
    found: List[int] = []
    for port in random.sample(pool, len(pool)):
        if not hold_port(port):
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise AssertionError("no free ports")


class Process:
    """A herdsim process. Its output goes to files, so that no pipe can fill; the test's end ends
    it."""

    def __init__(self, arguments: Sequence[str], folder: pathlib.Path, **options: Any) -> None:
        self._out = tempfile.NamedTemporaryFile(dir=folder, prefix="stdout-", delete=False)
        self._err = tempfile.NamedTemporaryFile(dir=folder, prefix="stderr-", delete=False)
        options.setdefault("stderr", self._err)
        options.setdefault("stdin", subprocess.DEVNULL)
        self.process = subprocess.Popen([BINARY, *map(str, arguments)], stdout=self._out,
                                        cwd=folder, **options)
        self.pid = self.process.pid

    def stdout(self) -> str:
        return pathlib.Path(self._out.name).read_text(errors="replace")

    def stderr(self) -> str:
        return pathlib.Path(self._err.name).read_text(errors="replace")

    def ended(self) -> bool:
        return self.process.poll() is not None

    def send_signal(self, which: int) -> None:
        self.process.send_signal(which)

    def wait(self) -> int:
        try:
            return self.process.wait(DEADLINE_S)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"did not end\n{self.stdout()}\n{self.stderr()}") from None

    def close(self) -> None:
        if not self.ended():
            self.process.kill()
        self.process.wait()
        self._out.close()
        self._err.close()


def addresses_in(lines: Iterable[str]) -> Dict[Tuple[str, str], Tuple[str, int]]:
    """Returns the addresses that `serve` printed, by herd and server."""
    found: Dict[Tuple[str, str], Tuple[str, int]] = {}
    for line in lines:
        herd, server, address = line.split(" ")
        host, port = address.rsplit(":", 1)
        found[herd, server] = (host, int(port))
    return found


class Serving(Process):
    """A `herdsim serve` whose servers all listen."""

    def __init__(self, scenario: Any, folder: pathlib.Path, servers: int,
                 options: Sequence[str] = (), log: str = "info", **of_process: Any) -> None:
        if isinstance(scenario, dict):
            scenario = write_scenario(scenario, folder)
        super().__init__(["serve", str(scenario), "--log", log, *options], folder, **of_process)
        try:
            wait_until(lambda: self.ended() or self.stdout().count("\n") >= servers,
                       "servers listen")
            if self.ended():
                raise AssertionError(f"serve ended with {self.wait()}: {self.stderr()}")
        except AssertionError:
            self.close()
            raise
        self.lines = self.stdout().splitlines()
        self.addresses = addresses_in(self.lines)

    def address(self, server: str, herd: Optional[str] = None) -> Tuple[str, int]:
        found = [where for (h, s), where in self.addresses.items()
                 if s == server and herd in (None, h)]
        assert len(found) == 1, f"{server}: {self.lines}"
        return found[0]

    def stop(self, which: int = signal.SIGTERM) -> int:
        self.send_signal(which)
        return self.wait()

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def own_bytes(self) -> int:
        """Returns the size of its memory without the pages that it has mapped from files."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"^RssAnon:\s+(\d+) kB$", text, re.M)
        assert found, text
        return int(found.group(1)) * 1024

    def code_kib(self, library: str) -> int:
        """Returns how much of the code of a library that it has loaded is in its memory."""
        text = pathlib.Path(f"/proc/{self.pid}/smaps").read_text()
        of_code = rf" r-xp .*/{library}\.so\S*\n(?:\w+: .*\n)*?Rss:\s+(\d+) kB$"
        found = re.findall(of_code, text, re.M)
        assert found, f"{library} is not loaded"
        return sum(map(int, found))


class Client:
    """A plain TCP client that reads whole lines and fails at the deadline."""

    def __init__(self, address: Tuple[str, int], buffers: int = 0) -> None:
        self.socket = socket.socket()
        if buffers:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffers)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffers)
        self.socket.settimeout(DEADLINE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise
        self._held = bytearray()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def half_close(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)

    def line(self) -> bytes:
        """Returns the next line with its ending, or the rest at the end of the stream."""
        while True:
            end = self._held.find(b"\n")
            if end >= 0:
                line = bytes(self._held[:end + 1])
                del self._held[:end + 1]
                return line
            data = self.socket.recv(65536)
            if not data:
                line = bytes(self._held)
                self._held.clear()
                return line
            self._held += data

    def ask(self, command: bytes) -> bytes:
        """Sends a command and returns the first line of the answer."""
        self.send(command)
        return self.line()

    def places(self) -> Tuple[bytes, bytes]:
        """Returns what follows the AT line of a WHATSAT's answer: the JSON, and the bytes that end
        the answer."""
        text = b""
        while True:
            line = self.line()
            if line in (b"\n", b"\r\n", b""):
                ending = line
                body = text.rstrip(b"\r\n")
                return body, text[len(body):] + ending
            text += line

    def whatsat(self) -> Tuple[bytes, Dict[str, Any]]:
        """Returns the next answer, which must be a WHATSAT's: its AT line and its JSON."""
        at = self.line()
        assert at.startswith(b"AT "), at
        text, end = self.places()
        assert end == (b"\r\n" if at.endswith(b"\r\n") else b"\n") * 2, (at, end)
        assert b"\n\n" not in text and b"\r\n" not in text, text
        return at, json.loads(text)

    def has_more(self) -> bool:
        """Returns whether there is something to read now, which may be the end of the stream."""
        return bool(self._held or select.select([self.socket], [], [], 0)[0])

    def rest(self) -> bytes:
        """Returns everything until the server closes."""
        data = bytes(self._held)
        self._held.clear()
        chunks = [data]
        while True:
            chunk = self.socket.recv(1 << 20)
            if not chunk:
                return b"".join(chunks)
            chunks.append(chunk)


def asked(address: Tuple[str, int], command: bytes) -> bytes:
    """Sends a command on a new connection and returns the first line of the answer."""
    with Client(address) as client:
        return client.ask(command)


def wait_for_record(address: Tuple[str, int], client: Union[str, bytes],
                    time_text: str = "") -> bytes:
    """Asks a server until it knows the client (and this very time, if one is given)."""
    name = client if isinstance(client, bytes) else client.encode()
    command = b"WHATSAT " + name + b" 10 5\n"
    end = f" {time_text}\n".encode() if time_text else b"\n"

    def known() -> Optional[bytes]:
        answer = asked(address, command)
        return answer if not answer.startswith(b"? ") and answer.endswith(end) else None

    return wait_until(known, f"{client!r} {time_text} known at port {address[1]}")


def send_until_known(told: Tuple[str, int], heard: Tuple[str, int], client: str) -> int:
    """Sends updates to one server until another knows one; returns the number of that update.

    Without recovery, only updates sent after a link is up cross it, and only the herd knows when
    that is.
    """
    number = 0

    def crosses() -> bool:
        nonlocal number
        number += 1
        asked(told, f"IAMAT {client} {NOWHERE} {number}\n".encode())
        return asked(heard, f"WHATSAT {client} 10 5\n".encode()).startswith(b"AT ")

    wait_until(crosses, f"{client} told at port {told[1]} is heard at port {heard[1]}")
    return number


def wait_linked(addresses: Dict[Tuple[str, str], Tuple[str, int]]) -> None:
    """Waits until updates flood from each server to all servers of its herd.

    The clients that it reports are called probe-FROM-TO.
    """
    for (herd, told), there in addresses.items():
        for (other, heard), here in addresses.items():
            if other == herd and heard != told:
                send_until_known(there, here, f"probe-{told}-{heard}")


def write_scenario(scenario: Dict[str, Any], folder: pathlib.Path) -> pathlib.Path:
    path = folder / f"{scenario['name']}.json"
    path.write_text(json.dumps(scenario, indent=1))
    return path


class Run:
    """A run that has ended, and its files."""

    def __init__(self, status: int, stdout: str, stderr: str, folder: pathlib.Path) -> None:
        self.status, self.stdout, self.stderr, self.folder = status, stdout, stderr, folder
        self._tables: Dict[str, List[Row]] = {}

    def table(self, name: str, herd: Optional[str] = None) -> List[Row]:
        if name not in self._tables:
            text = (self.folder / name).read_bytes().decode()
            self._tables[name] = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        return [row for row in self._tables[name] if herd in (None, row["herd"])]

    def summary(self, herd: str) -> Row:
        rows = self.table("summary.csv", herd)
        assert len(rows) == 1, rows
        return rows[0]

    def json(self) -> Dict[str, Any]:
        return json.loads((self.folder / "run.json").read_text())

    def log(self, herd: str, server: str) -> str:
        return (self.folder / "logs" / herd / f"{server}.log").read_text(errors="replace")

    def lag_ms(self) -> float:
        """Returns the longest delay of a client's action after its planned time; of a sweep none is told."""
        run = self.json()
        return float("points" not in run and run["schedule_lag"]["max_us"] or 0) / 1000

    def late_ms(self) -> float:
        """Returns the longest time from a client's planned action to its sending or its answer."""
        replies = [float(row["reply_max_us"] or 0) for row in self.table("summary.csv")]
        return max([self.lag_ms(), *(each / 1000 for each in replies)])

    def stamps(self, herd: str, client: str) -> List[str]:
        """Returns the time stamps that the client sent, server after server. Needs --log debug."""
        found: List[str] = []
        form = re.compile(rf"\bIAMAT {re.escape(client)} \S+ (\S+)$", re.M)
        for log in sorted((self.folder / "logs" / herd).iterdir()):
            found += form.findall(log.read_text(errors="replace"))
        return found


def on_time(play: Callable[[], Played], gap_ms: float,
            late_ms: Callable[[Played], float] = Run.late_ms) -> Played:
    """Plays until a run is less than `gap_ms` late, and returns it.

    For tests that need an order of events which only the times in the script give. A run on a busy
    machine may have another order, and a later run be on time.
    """
    late: List[float] = []
    while len(late) < 10:
        run = play()
        late.append(late_ms(run))
        if late[-1] < gap_ms:
            return run
    raise AssertionError(f"the machine is too busy: each run was {gap_ms} ms late or more: {late}")


class TestCase(unittest.TestCase):
    """A test with a folder of its own. Its processes end with it."""

    longMessage = True
    maxDiff = 2000

    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="herdsim-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def serve(self, scenario: Any, servers: int = 5, *options: str, log: str = "info",
              linked: bool = False, **of_process: Any) -> Serving:
        """Starts serving. `linked`: also waits for the links, because an update that is sent before
        they are up may reach one server only."""
        serving = Serving(scenario, self.folder, servers, options, log, **of_process)
        self.addCleanup(serving.close)
        if linked:
            wait_linked(serving.addresses)
        return serving

    def start(self, *arguments: str, **options: Any) -> Process:
        process = Process(arguments, self.folder, **options)
        self.addCleanup(process.close)
        return process

    def herdsim(self, *arguments: str, **options: Any) -> Run:
        """Runs a call of herdsim to its end, in the test's folder."""
        process = self.start(*arguments, **options)
        status = process.wait()
        return Run(status, process.stdout(), process.stderr(), self.folder)

    def run_scenario(self, scenario: Dict[str, Any], *options: str, status: int = 0,
                     gap_ms: Optional[float] = None) -> Run:
        """Runs a scenario, each call in a new folder. `gap_ms`: as on_time() has it."""
        def play() -> Run:
            return run_in(self, self.folder, scenario, options, status)

        return play() if gap_ms is None else on_time(play, gap_ms)

    def assert_counts(self, row: Row, **figures: int) -> None:
        self.assertEqual({key: row[key] for key in figures},
                         {key: str(value) for key, value in figures.items()})


class RunOnce(unittest.TestCase):
    """Tests that share the files of one run, of the scenario that `scenario` returns."""

    maxDiff = 2000
    run_: Run
    gap_ms = math.inf  # as on_time() has it

    @classmethod
    def scenario(cls) -> Dict[str, Any]:
        raise unittest.SkipTest("no scenario")

    @classmethod
    def setUpClass(cls) -> None:
        scenario = cls.scenario()
        folder = pathlib.Path(tempfile.mkdtemp(prefix="herdsim-e2e-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.run_ = on_time(lambda: run_in(unittest.TestCase(), folder, scenario, (), 0),
                           cls.gap_ms)


def run_in(test: unittest.TestCase, folder: pathlib.Path, scenario: Dict[str, Any],
           options: Iterable[str], status: int) -> Run:
    out = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "out"
    path = write_scenario(scenario, folder)
    process = Process(["run", str(path), "--out", str(out), "--quiet", *options], folder)
    try:
        ended = process.wait()
        text = f"{process.stdout()}\n{process.stderr()}"
        test.assertEqual(ended, status, text)
        return Run(ended, process.stdout(), process.stderr(), out)
    finally:
        process.close()


def nearest_rank(values: Iterable[float], percent: int) -> float:
    """Returns the ⌈percent/100·N⌉-th of N sorted values, counted from 1."""
    ordered = sorted(values)
    return ordered[max(1, -(-percent * len(ordered) // 100)) - 1]


def total(rows: Iterable[Row], column: str) -> int:
    return sum(int(row[column]) for row in rows)


def by(rows: Iterable[Row], column: str) -> Dict[str, List[Row]]:
    """Groups rows by the values of a column."""
    groups: Dict[str, List[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def distance_km(a: Tuple[float, float], b: Tuple[float, float]) -> float:
    """Returns the great-circle distance between two (latitude, longitude), from the angle of the
    vectors."""
    def vector(place: Tuple[float, float]) -> Tuple[float, float, float]:
        lat, lon = map(math.radians, place)
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    (ax, ay, az), (bx, by_, bz) = vector(a), vector(b)
    cross = math.hypot(ay * bz - az * by_, az * bx - ax * bz, ax * by_ - ay * bx)
    return 6371.0088 * math.atan2(cross, ax * bx + ay * by_ + az * bz)


def cities_within(place: Tuple[float, float], km: float) -> Dict[str, Row]:
    """Returns, by place id, all places that a WHATSAT may return, found one by one."""
    with (SOURCE / "scenarios" / "places" / "cities.csv").open(newline="") as file:
        return {f"geonames:{row['geonameid']}": row for row in csv.DictReader(file)
                if distance_km(place, (float(row["lat"]), float(row["lon"]))) <= km}
