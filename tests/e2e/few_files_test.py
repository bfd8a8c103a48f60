"""Every call under every small limit on open files."""

from __future__ import annotations

import concurrent.futures
import re
import resource
import socketserver
import threading
import unittest
from typing import Callable, List

from herdsim_e2e import SOURCE, Run, write_scenario
from limited_process import LimitsTest, limited, tiny

FEWEST, MOST = 4, 64  # the dynamic linker itself needs one beside the standard three


class Answering(socketserver.ThreadingTCPServer):
    """Answers each line with another."""
    daemon_threads = True

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            for _ in self.rfile:
                self.wfile.write(b"? what\n")

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering.Handler)
        self.port = self.server_address[1]


class FewFiles(LimitsTest):
    def setUp(self) -> None:
        super().setUp()
        # A few cities of many, which are read sooner.
        cities = (SOURCE / "scenarios" / "places" / "cities.csv").read_text().splitlines(True)
        (self.folder / "cities.csv").write_text("".join(cities[:9]))
        served = tiny("served")
        served["herds"][0]["places"] = {"data": "cities.csv"}
        self.served = write_scenario(served, self.folder)

    def call(self, limit: int, arguments: List[str], service_lines: int = 0) -> int:
        process = self.start(*arguments, preexec_fn=limited(resource.RLIMIT_NOFILE, limit))
        if service_lines:
            self.end_service(process, service_lines)
        status = self.assert_ended_well(process)
        process.close()
        return status

    def statuses(self, arguments: Callable[[int], List[str]], service_lines: int = 0) -> List[int]:
        """Returns the call's exit status under each limit."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda n: self.call(n, arguments(n), service_lines),
                                 range(FEWEST, MOST + 1)))

    def assert_nothing_left(self) -> None:
        left = [path for path in self.folder.iterdir()
                if path.is_dir() or path.name.endswith(".partial")]
        self.assertEqual(left, [])

    def test_live_run(self) -> None:
        statuses = self.statuses(
            lambda n: ["run", str(self.live), "--quiet", "--out", f"live-{n}"])
        self.assertEqual(set(statuses), {3}, "it needs more than any of these")
        self.assert_nothing_left()

    def test_virtual_run(self) -> None:
        statuses = self.statuses(
            lambda n: ["run", str(self.virtual), "--quiet", "--out", f"virtual-{n}"])
        self.assertEqual(statuses[0], 3)
        self.assertEqual(statuses[-1], 0)
        for limit, status in enumerate(statuses, FEWEST):
            self.assertEqual((self.folder / f"virtual-{limit}").exists(), status == 0)
        self.assertEqual(list(self.folder.glob(".*.partial")), [])

    def test_serve(self) -> None:
        statuses = self.statuses(lambda n: ["serve", str(self.served)], service_lines=2)
        self.assertEqual((statuses[0], statuses[-1]), (3, 0))

    def test_places(self) -> None:
        statuses = self.statuses(lambda n: ["places", "--data", "cities.csv"], service_lines=1)
        self.assertEqual((statuses[0], statuses[-1]), (3, 0))

    def test_check(self) -> None:
        self.assertEqual(self.statuses(lambda n: ["check", str(self.live)])[-1], 0)

    def test_client(self) -> None:
        with Answering() as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            statuses = self.statuses(lambda n: ["client", f"127.0.0.1:{server.port}", "hello"])
            server.shutdown()
        self.assertEqual(statuses[-1], 0)

    def test_the_sentence_names_what_could_not_be_had_and_the_limit(self) -> None:
        for limit in range(FEWEST + 1, 9):
            process = self.start("run", str(self.virtual),
                                 preexec_fn=limited(resource.RLIMIT_NOFILE, limit))
            self.assertEqual(process.wait(), 3, process.stderr())
            self.assertEqual(process.stderr().splitlines()[-1],
                             "herdsim: not carried out: cannot make an event loop: "
                             "too many open files; raise the limit (ulimit -n)")

    def test_a_run_can_do_with_what_it_asks_for(self) -> None:
        """Each herd has timers, each of those that ask Places a provider."""
        scenario = tiny("many", herds=60, events=[
            {"at": "10ms", "do": "send", "client": "c", "line": "WHATSAT c 10 5"}])
        path = write_scenario(scenario, self.folder)
        arguments = ("run", str(path), "--quiet")
        ended = self.herdsim(*arguments, preexec_fn=limited(resource.RLIMIT_NOFILE, MOST))
        needed = re.search(r"needs ([0-9]+) open files", ended.stderr)
        self.assertIsNotNone(needed, ended.stderr)
        ended = self.herdsim(
            *arguments, preexec_fn=limited(resource.RLIMIT_NOFILE, int(needed.group(1))))
        self.assertEqual(ended.status, 0, ended.stdout + ended.stderr)
        for row in Run(0, "", "", self.folder / "results" / "many").table("summary.csv"):
            self.assert_counts(row, accepted=1, queries=1, query_errors=0)


if __name__ == "__main__":
    unittest.main()
