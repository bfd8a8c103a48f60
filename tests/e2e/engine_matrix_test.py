"""Tests that a herd runs whatever it is made of, wherever it stands in its file, however its servers
are linked, and however it is watched."""

from __future__ import annotations

import json
import pathlib
import shutil
import unittest
from typing import Any, Dict, List

from herdsim_e2e import Run, TestCase, on_time

SMALL = pathlib.Path(__file__).parent / "wild" / "small_herd.py"
PYTHON = "/usr/bin/python3"
WATCHES: Dict[str, Any] = {
    "links": "links",
    "whatsat": "whatsat",
    "log": {"log": r"HOLD (?P<client>\S+) (?P<time>\S+)"},
    "replies": "replies",
}


def external(links: str, watch: str) -> Dict[str, Any]:
    """Returns a herd of two programs."""
    command = [PYTHON, str(SMALL), "{server}", "{port}", "{neighbor_ports}"]
    if links == "persistent":
        command += ["persistent", "at-once"]
    return {"name": "tried", "servers": ["A", "B"], "links": [["A", "B"]],
            "engine": {"command": command, "links": links, "observe": WATCHES[watch]}}


class EngineMatrixTest(TestCase):
    def try_herd(self, herd: Dict[str, Any], place: str) -> Dict[str, str]:
        other = {"name": "native", "servers": herd["servers"], "links": herd.get("links", "line")}
        herds = {"alone": [herd], "first": [herd, other], "last": [other, herd]}[place]
        scenario = {"name": "matrix", "duration": "400ms", "drain": "20s", "herds": herds,
                    "clients": [{"id": "c{n}", "count": 2, "server": "spread", "updates": "10/s"}]}
        path = self.folder / "matrix.json"
        path.write_text(json.dumps(scenario))

        def play() -> Run:
            run = self.herdsim("run", "--quiet", "--out", str(self.folder / "out"), str(path))
            self.assertEqual(run.status, 0, run.stderr)
            run.folder = self.folder / "out"
            return run

        # The updates of a client must not overtake each other.
        row = on_time(play, gap_ms=100).summary("tried")
        self.assertEqual((row["updates"], row["accepted"], row["violations"]), ("8", "8", "0"), row)
        shutil.rmtree(self.folder / "out")
        return row

    def test_programs(self) -> None:
        for links in ("per-message", "persistent"):
            for watch in WATCHES:
                for place in ("alone", "first", "last"):
                    with self.subTest(links=links, watch=watch, place=place):
                        row = self.try_herd(external(links, watch), place)
                        self.assertEqual(row["observed"], watch)
                        if watch == "replies":
                            continue
                        self.assertEqual((row["undelivered"], row["converged"]), ("0", "1"), row)
                        if watch == "links":
                            self.assertEqual(row["messages"], "16", row)

    def test_our_own_servers(self) -> None:
        for loops in (1, 2):
            for place in ("alone", "first", "last"):
                with self.subTest(loops=loops, place=place):
                    row = self.try_herd({"name": "tried", "servers": ["A", "B"], "loops": loops,
                                         "links": [["A", "B"]]}, place)
                    self.assertEqual((row["observed"], row["converged"]), ("inside", "1"))

    @unittest.skipUnless(list(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")),
                         "needs PostgreSQL")
    def test_a_central_herd(self) -> None:
        for place in ("alone", "first", "last"):
            with self.subTest(place=place):
                row = self.try_herd({"name": "tried", "servers": ["A", "B"], "engine": "central"},
                                    place)
                self.assertEqual(row["engine"], "central")

    def never_ready(self, herd: Dict[str, Any], *others: Dict[str, Any]) -> str:
        """Returns the error of a herd that is never ready although its server A listens. Waits
        longer if A did not listen in time."""
        text = ""
        for within in ("500ms", "2s", "10s"):
            herd["engine"]["ready"] = {"listening": True, "within": within}
            text = self.refused([herd, *others])
            if "server A does not listen" not in text:
                break
        return text

    def refused(self, herds: List[Dict[str, Any]], **more: Any) -> str:
        scenario = {"name": "matrix", "duration": "1s", "herds": herds, **more}
        path = self.folder / "matrix.json"
        path.write_text(json.dumps(scenario))
        run = self.herdsim("run", "--quiet", "--out", str(self.folder / "out"), str(path))
        self.assertEqual(run.status, 3, run.stdout)
        return run.stderr

    def test_a_herd_that_is_not_ready_names_what_it_lacks(self) -> None:
        herd = external("persistent", "links")
        herd["engine"]["command"].remove("at-once")
        self.assertIn("herd tried: no connection stands on the links A - B", self.never_ready(herd))
        herd = external("per-message", "links")
        herd["engine"]["command"] = ["sh", "-c", 'if [ $0 = B ]; then exec sleep 100; fi; exec "$@"',
                                     "{server}", *herd["engine"]["command"]]
        text = self.never_ready(herd, {"name": "native"})
        self.assertIn("herd tried: server B does not listen on 127.0.0.1:", text)
        self.assertNotIn("server A", text)

    def test_clients_that_do_not_get_connected_are_named(self) -> None:
        # The backlog of its listener is full, so the kernel drops what would connect.
        program = self.folder / "full.py"
        program.write_text(
            "import socket, sys, time\n"
            "s = socket.socket(); s.bind(('127.0.0.1', int(sys.argv[1]))); s.listen(0)\n"
            "own = [socket.create_connection(s.getsockname()) for _ in range(1)]\n"
            "more = []\n"
            "for _ in range(8):\n"
            "    c = socket.socket(); c.setblocking(False); c.connect_ex(s.getsockname())\n"
            "    more.append(c)\n"
            "print('full', flush=True)\n"
            "time.sleep(1000)\n")
        herd = {"name": "full", "servers": ["A"], "links": [],
                "engine": {"command": [PYTHON, str(program), "{port}"],
                           "ready": {"output": "full"}, "stop_within": "100ms"}}
        text = self.refused([herd], clients=[{"id": "c{n}", "count": 5, "server": "A"}])
        self.assertRegex(text, r"herd full: not connected after \d+ s: client c0 to server A, "
                               r"client c1 to server A, client c2 to server A, and 2 more")


if __name__ == "__main__":
    unittest.main()
