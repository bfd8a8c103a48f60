#!/usr/bin/env python3
"""Measures the whole program: what it takes to serve, to check, to plan and to write results.

program.py BINARY [--slow]: prints each figure, and appends it to the file that the environment
variable HERDSIM_BENCH_FIGURES names. `--slow` adds what takes minutes or gigabytes.
"""

import contextlib
import json
import os
import resource
import select
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def note(name, value, unit):
    print(f"  {name:<22} {value:12.3f} {unit}", flush=True)
    path = os.environ.get("HERDSIM_BENCH_FIGURES")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"{name} {value:.6g}\n")


class Bench:
    def __init__(self, binary, folder):
        self.binary = str(Path(binary).resolve())
        self.folder = Path(folder)

    def write(self, name, scenario):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(scenario), encoding="utf-8")
        return path

    def run(self, *arguments):
        """Returns the processor time in seconds and the peak of the memory in bytes, which is at
        least the peak of this process.
        """
        with open(self.folder / "errors", "w+b") as errors:
            child = subprocess.Popen(
                [self.binary, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=errors
            )
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            if child.returncode != 0:
                sys.exit(f"herdsim {arguments[0]}: " + errors.read().decode(errors="replace"))
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024

    def play(self, name, scenario):
        """Plays a scenario. Returns the same as run(), and the first row of its summary."""
        out = self.folder / f"{name}.out"
        took = self.run(
            "run", self.write(name, scenario), "--out", out, "--quiet", "--report", "none",
            "--log", "off",
        )
        head, row = (out / "summary.csv").read_text(encoding="utf-8").splitlines()[:2]
        return (*took, dict(zip(head.split(","), row.split(","))))

    @contextlib.contextmanager
    def serve(self, scenario, *options):
        """Serves one herd. Yields the process and the ports of its servers."""
        path = self.write("serve", scenario)
        with subprocess.Popen(
            [self.binary, "serve", str(path), "--log", "off", *options],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        ) as child:
            try:
                ports = []
                while len(ports) < len(scenario["herds"][0]["servers"]):
                    if not select.select([child.stdout], [], [], 20)[0]:
                        sys.exit("serve: no address came")
                    ports.append(int(child.stdout.readline().split()[-1].rsplit(":", 1)[1]))
                yield child, ports
            finally:
                child.terminate()


def resident_mib(pid):
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


LINE = b"IAMAT kiwi +34.0-118.0 1479413884.392014450\n"
ONE_SERVER = {
    "name": "one",
    "duration": "1s",
    "herds": [{"name": "h", "servers": ["A"], "links": []}],
}


def idle_serve(bench):
    with bench.serve(ONE_SERVER) as (child, ports):
        with socket.create_connection(("127.0.0.1", ports[0])) as client:
            client.sendall(LINE)
            client.recv(200)
        # Now it serves: it has answered.
        note("serve-mib", resident_mib(child.pid), "MiB")


def idle_connections(bench, count=10_000):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < count + 100:
        print(f"  idle connections: needs {count + 100} descriptors, {most} are allowed")
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (count + 100, most))
    options = ("--max-connections", str(count + 10))
    with bench.serve(ONE_SERVER, *options) as (child, ports), contextlib.ExitStack() as stack:
        begin = time.monotonic()
        for _ in range(count):
            stack.enter_context(socket.create_connection(("127.0.0.1", ports[0])))
        # The server accepts in order: its answer to the last connection says that it has all.
        with socket.create_connection(("127.0.0.1", ports[0])) as last:
            last.sendall(LINE)
            last.recv(200)
        note("idle-connections-s", time.monotonic() - begin, "s")
        note("idle-connections-mib", resident_mib(child.pid), "MiB")


def check(bench, megabytes=15):
    # Written piece by piece: the system counts the memory of this process, when it starts the
    # program, into the peak of the program.
    path = bench.write("large", ONE_SERVER)
    with open(path, "r+", encoding="utf-8") as file:
        file.seek(path.stat().st_size - 1)  # the brace at the end
        number = 0
        while file.tell() < megabytes * 1_000_000:
            client = {
                "id": f"client-{number}",
                "server": "A",
                "updates": {"every": f"{1000 + number % 100}ms"},
            }
            file.write((', "clients": [' if number == 0 else ", ") + json.dumps(client))
            number += 1
        file.write("]}")
    cpu_s, bytes_used = bench.run("check", path)
    note("check-s", cpu_s, "s")
    note("check-memory", bytes_used / path.stat().st_size, "times its size")


def swarm(bench, runs=100):
    cpu_s, _ = bench.run("swarm", "--runs", runs, "--jobs", 1, "--out", bench.folder / "found.json")
    note("swarm", runs / cpu_s, "scenarios/s")


def virtual_herd(servers, **members):
    return {
        "name": "bench",
        "clock": "virtual",
        "duration": "10s",
        "drain": "60s",
        "record": "summary",
        "herds": [
            {
                "name": "h",
                "servers": servers,
                "links": {"regular": 4},
                "propagation": "flood",
                "link": {"latency": "10ms"},
                **members.pop("herd", {}),
            }
        ],
        **members,
    }


def server_memory(bench, servers=200_000):
    """What a server of a large herd takes when 100 clients are known everywhere.

    Each size has its own process: memory that a process keeps from an earlier run counts in none.
    """
    mib = {}
    for size in (100, servers):
        scenario = virtual_herd(
            size,
            herd={"keepalive": "off"},
            clients=[
                {"id": "c-{n}", "count": 100, "server": "spread", "updates": {"every": "10s"}},
            ],
        )
        _, _, row = bench.play(f"memory-{size}", scenario)
        mib[size] = float(row["rss_mib"])
    note("bytes-a-server", (mib[servers] - mib[100]) * 2**20 / (servers - 100), "bytes")


def csv_rows(bench):
    """What `record: deliveries` adds to the processor time of a run, for each of its rows."""
    clients = [
        {"id": "c-{n}", "count": 100, "server": "spread", "updates": {"every": "1s"}},
    ]
    times = {}
    for record in ("summary", "deliveries"):
        scenario = virtual_herd(1000, record=record, clients=clients)
        times[record], _, row = bench.play(f"csv-{record}", scenario)
    rows = float(row["deliveries"])
    note("csv-rows", rows / 1e6 / (times["deliveries"] - times["summary"]), "million rows/s")


def plan(bench):
    scenario = {
        **ONE_SERVER,
        "duration": "10min",
        "clients": [
            {
                "id": "c-{n}",
                "count": 100_000,
                "server": "A",
                "updates": {"every": "60s"},
                "mobility": {
                    "model": "random_waypoint",
                    "area": ["+34.00-118.50", "+34.50-118.00"],
                    "speed": "50km/h",
                },
            }
        ],
    }
    path = bench.write("plan", scenario)
    out = bench.folder / "plan.out"
    cpu_s, _ = bench.run("run", path, "--dry-run", "--out", out, "--quiet")
    note("plan-s", cpu_s, "s")


def keep_alive(bench, servers):
    """The processor time of a script with one update, keep-alives on, to the same with them off."""
    times = {}
    for name, rule in (("off", "off"), ("on", {"every": "1s", "timeout": "3s"})):
        scenario = virtual_herd(
            servers,
            herd={"keepalive": rule},
            clients=[{"id": "c", "server": "S1", "updates": {"every": "100s"}}],
        )
        times[name], _, _ = bench.play(f"keepalive-{name}", scenario)
    note("keepalive", times["on"] / times["off"], "of off")


def burst(bench):
    scenario = {
        "name": "burst",
        "duration": "1s",
        "drain": "120s",
        "record": "summary",
        "herds": [{"name": "flood", "propagation": "flood"}],
        "events": [
            {"at": "0s", "do": "burst", "server": "Alford", "updates": 1_000_000, "clients": 100,
             "over": "0s"},
        ],
    }
    _, _, row = bench.play("burst", scenario)
    note("burst", float(row["undelivered"]), "undelivered")


def main():
    slow = "--slow" in sys.argv[2:]
    print("The whole program (processor time)", flush=True)
    with tempfile.TemporaryDirectory(prefix="herdsim-bench-") as folder:
        bench = Bench(sys.argv[1], folder)
        idle_serve(bench)
        idle_connections(bench)
        swarm(bench)
        csv_rows(bench)
        server_memory(bench)
        plan(bench)
        keep_alive(bench, 1_000_000 if slow else 20_000)
        check(bench)
        if slow:
            burst(bench)


if __name__ == "__main__":
    main()
