"""Tests that no process of an engine is left, whichever of its watchers is killed or stopped."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import time
import unittest
from typing import Callable, Dict, List

from herdsim_e2e import Process, TestCase, wait_until

# A sanitizer would turn this signal into an exit status.
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":handle_segv=0"

# A server with a daemon that has left its session and closed its descriptors, and a helper that
# minds no signal.
SERVER = r"""
import os, signal, socket, sys
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    os.closerange(3, 64)
    os.execv("/bin/sleep", ["a-daemon", "600"])
if os.fork() == 0:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.execv("/bin/sleep", ["a-deaf-helper", "600"])
signal.signal(signal.SIGTERM, signal.SIG_IGN)
listener = socket.create_server(("127.0.0.1", int(sys.argv[2])), backlog=50)
while True:
    connection, _ = listener.accept()
    if os.fork():
        connection.close()
        continue
    file = connection.makefile("rwb")
    for line in file:
        words = line.split()
        file.write(b"AT %s +0.1 %s %s %s\n" % (sys.argv[1].encode(), *words[1:]))
        file.flush()
    os._exit(0)
"""


def words_of(pid: int) -> List[str]:
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def state_of(pid: int) -> str:
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


def descendants(pid: int) -> List[int]:
    children: Dict[int, List[int]] = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            stat = pathlib.Path(f"/proc/{entry}/stat").read_text()
        except OSError:
            continue
        children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry))
    found, todo = [], [pid]
    while todo:
        for child in children.get(todo.pop(), []):
            found.append(child)
            todo.append(child)
    return found


def keepers(seen: List[int]) -> List[int]:
    return [pid for pid in seen if words_of(pid)[1:2] == ["keep"]]


def send(pids: List[int], which: int) -> None:
    for pid in pids:
        os.kill(pid, which)


class KilledProcessesTest(TestCase):
    def case(self, act: Callable[[Process, List[int]], None], duration: str = "4s") -> int:
        program = self.folder / "server.py"
        program.write_text(SERVER)
        engine = {"command": ["/usr/bin/python3", str(program), "{server}", "{port}"],
                  "observe": "replies", "stop_within": "500ms"}
        scenario = {"name": "killed", "duration": duration, "drain": "200ms",
                    "herds": [{"name": "h", "servers": ["A", "B"], "links": [["A", "B"]],
                               "engine": engine}],
                    "clients": [{"id": "c{n}", "count": 2, "server": "spread",
                                 "updates": "5/s"}]}
        path = self.folder / "killed.json"
        path.write_text(json.dumps(scenario))
        process = self.start("run", str(path), "--out", str(self.folder / "out"), "--quiet")

        def all_seen() -> List[int]:
            seen = descendants(process.pid)
            daemons = [pid for pid in seen if words_of(pid)[0] in ("a-daemon", "a-deaf-helper")]
            served = [pid for pid in seen if "server.py" in " ".join(words_of(pid))]
            # Two daemons and two helpers; keepers, servers, and a process for each connection.
            return seen if len(daemons) == 4 and len(served) >= 6 else []

        seen = wait_until(all_seen, "all processes run")
        for pid in seen:
            self.addCleanup(self.end, pid)
        act(process, seen)
        status = process.wait()
        wait_until(lambda: all(state_of(pid) in "ZX" for pid in seen), "no process is left")
        return status

    @staticmethod
    def end(pid: int) -> None:
        if state_of(pid) not in "ZX" and words_of(pid)[:1] in (["a-daemon"], ["a-deaf-helper"]):
            os.kill(pid, signal.SIGKILL)

    def test_nothing_is_killed(self) -> None:
        self.assertEqual(self.case(lambda process, seen: None, "3s"), 0)

    def test_it_is_told_to_end(self) -> None:
        self.assertEqual(self.case(lambda process, seen: process.send_signal(signal.SIGTERM)), 130)

        def twice(process: Process, seen: List[int]) -> None:
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGINT)
        self.assertEqual(self.case(twice), 130)

    def test_herdsim_is_killed(self) -> None:
        for which in (signal.SIGKILL, signal.SIGSEGV):
            self.assertEqual(self.case(lambda process, seen: process.send_signal(which)), -which)

    def test_keepers_are_killed(self) -> None:
        self.assertEqual(self.case(lambda process, seen: send(keepers(seen)[:1], signal.SIGKILL),
                                   "3s"), 0)
        self.assertEqual(self.case(lambda process, seen: send(keepers(seen), signal.SIGKILL),
                                   "3s"), 0)

    def test_keepers_and_herdsim_are_killed(self) -> None:
        self.case(lambda process, seen: send(keepers(seen) + [process.pid], signal.SIGKILL))

    def test_keepers_are_stopped_and_herdsim_is_killed(self) -> None:
        def act(process: Process, seen: List[int]) -> None:
            send(keepers(seen), signal.SIGSTOP)
            process.send_signal(signal.SIGKILL)
        self.case(act)

    def test_keepers_are_stopped(self) -> None:
        self.assertEqual(self.case(lambda process, seen: send(keepers(seen), signal.SIGSTOP),
                                   "3s"), 0)

        def told(process: Process, seen: List[int]) -> None:
            send(keepers(seen), signal.SIGSTOP)
            process.send_signal(signal.SIGTERM)
        self.assertEqual(self.case(told), 130)

    def test_herdsim_is_stopped_for_a_while(self) -> None:
        def act(process: Process, seen: List[int]) -> None:
            process.send_signal(signal.SIGSTOP)
            time.sleep(1)
            process.send_signal(signal.SIGCONT)
        self.assertEqual(self.case(act, "3s"), 0)


if __name__ == "__main__":
    unittest.main()
