"""Plays scenarios that ask for all of the machine: each ends soon, with little memory, and a word."""

from __future__ import annotations

import json
import os
import pathlib
import resource
import unittest
from typing import Any, Dict, List, Union

from herdsim_e2e import TestCase
from limited_process import limited

BASE: Dict[str, Any] = {"name": "b", "duration": "8760h", "herds": [{"name": "paper"}]}
GROUP = {"id": "c-{n}", "count": 3, "server": "spread", "updates": "1/h"}
AREA = ["+34.00-118.50", "+34.10-118.40"]
MOST_MIB = 512


class Strangers(TestCase):
    def setUp(self) -> None:
        super().setUp()
        probe = self.herdsim("--version", preexec_fn=limited(resource.RLIMIT_AS, MOST_MIB << 20))
        if probe.status != 0:
            self.skipTest("a build with sanitizers maps terabytes")

    def call(self, scenario: Union[str, Dict[str, Any]], *command: str) -> Any:
        path = self.folder / "s.json"
        path.write_text(scenario if isinstance(scenario, str) else json.dumps(scenario))
        return self.herdsim(*command, str(path),
                            preexec_fn=limited(resource.RLIMIT_AS, MOST_MIB << 20))

    def assert_refused(self, scenario: Union[str, Dict[str, Any]], why: str) -> None:
        with self.subTest(why=why):
            ended = self.call(scenario, "check")
            self.assertEqual((ended.status, ended.stdout), (2, ""), ended.stderr)
            lines = ended.stderr.splitlines()
            self.assertLessEqual(len(lines), 21)
            self.assertLess(max(map(len, lines)), 5000)
            self.assertRegex(ended.stderr, why)

    def with_client(self, **keys: Any) -> Dict[str, Any]:
        return {**BASE, "clients": [{**GROUP, **keys}]}

    def with_mobility(self, **keys: Any) -> Dict[str, Any]:
        return self.with_client(mobility=keys)

    def test_files_that_have_no_end(self) -> None:
        os.mkfifo(self.folder / "fifo")
        for file in ("/dev/zero", "fifo", "/dev/stdin"):
            self.assert_refused({**BASE, "clients": [{"id": "t", "server": "Ball", "mobility":
                                                      {"model": "trace", "file": file}}]},
                                "is not a regular file")
            self.assert_refused({**BASE, "herds": [{"name": "a", "places": {"data": file}}]},
                                "is not a regular file")
        for file in ("/dev/zero", str(self.folder / "fifo"), str(self.folder)):
            self.assertEqual(self.herdsim("check", file).status, 2)

    def test_many_and_long_names(self) -> None:
        rest = '"name":"b","duration":"5s","herds":[{"name":"paper"}]'
        self.assert_refused('{' + rest + ',"' + "k" * 300_000 + '":[' + ",".join("0" * 300_000)
                            + "]}", "unknown key")
        self.assert_refused('{' + rest + "".join(f',"q{i}":1' for i in range(80_000)) + "}",
                            r"and \d+ more problems")
        names = [f"S{i}" for i in range(20_000)]
        events = [{"at": "1s", "do": "server_down", "server": f"Q{i}"} for i in range(12_000)]
        self.assert_refused({**BASE, "herds": [{"name": "a", "servers": names, "links": "line"}],
                             "events": events}, "and 11980 more problems")
        self.assert_refused(self.with_client(id="x" * 900_000), "no error|is not an id|gives")
        self.assert_refused({**BASE, "sweep": {"herds.*." + "k" * 500_000: list(range(50_000))}},
                            "is a path of")
        self.assert_refused({**BASE, "sweep": {f"herds.0.k{i}": [1] for i in range(30_000)}},
                            "has 30000 keys")

    def test_plans_without_end(self) -> None:
        for keys in ({"updates": "1000000000/s"}, {"updates": {"every": "1ns"}},
                     {"queries": {"rate": "1000000/s"}}, {"handover": {"every": "1ns"}},
                     {"updates": {"from": "1/s", "to": "1000000/s"}}, {"count": 1_000_000,
                                                                       "updates": "1/s"}):
            self.assert_refused(self.with_client(**keys), "plans too much")
            ended = self.call(self.with_client(**keys), "run", "--dry-run")
            self.assertEqual(ended.status, 2, ended.stderr)
        self.assert_refused(self.with_mobility(model="gauss_markov", area=AREA, speed="5km/h",
                                               step="1ms"), "plans too much")
        self.assert_refused(self.with_mobility(model="waypoints", speed="100000m/s", loop=True,
                                               points=["+34.00-118.50", "+34.00001-118.50"]),
                            "plans too much")
        for event in ({"do": "chaos", "lasting": "1ms", "link_down": "1000/s"},
                      {"do": "chaos", "lasting": "1ms", "partition": "1000/s"},
                      {"do": "flap", "server": "Ball", "up": "1ms", "down": "1ms"}):
            self.assert_refused({**BASE, "events": [{"at": "0s", "over": "8760h", **event}]},
                                "plans too much")

    def test_many_partitions_of_many_links(self) -> None:
        herd = {"name": "a", "servers": 300_000, "links": "line"}
        events: List[Dict[str, Any]] = [
            {"at": "1s", "do": "partition", "groups": [["S299999"]]} for _ in range(10_000)]
        self.assert_refused({**BASE, "herds": [herd], "events": events}, "plans too much")

    def test_large_herds(self) -> None:
        for links in ("star", {"grid": [1000, 1000]}):
            ended = self.call({**BASE, "herds": [{"name": "a", "servers": 1_000_000,
                                                  "links": links}]}, "check")
            self.assertEqual(ended.status, 0, ended.stderr)
        for links in ("complete", {"regular": 4}):
            self.assert_refused({**BASE, "herds": [{"name": "a", "servers": 1_000_000,
                                                    "links": links}]}, "makes up to|too long")
        self.assert_refused({**BASE, "herds": [{"name": f"h{i}", "servers": 400_000,
                                                "links": "line"} for i in range(300)]},
                            "in all herds so far")
        self.assert_refused({**BASE, "herds": [{"name": f"h{i}", "servers": 1}
                                               for i in range(20_000)]}, "at most 1000 herds")

    def test_large_sweeps(self) -> None:
        ended = self.call({**BASE, "clock": "virtual", "sweep": {"seed": {"count": 100_000}},
                           "herds": [{"name": "a", "servers": 100_000, "links": "line"}]}, "check")
        self.assertEqual(ended.status, 0, ended.stderr)
        self.assertRegex(ended.stdout, r"^\S+: ok \(\d+ of 100000 points checked")
        deep = json.dumps(BASE)[:-1] + ', "sweep": {"herds.0.x": [%s]}}'
        self.assert_refused(deep % ("[" * 2040 + "]" * 2040), "too deep")
        wide = {**BASE, "events": [{"at": "0s", "do": "heal"}] * 30_000,
                "sweep": {"events.*.x": ["y" * 100_000]}}
        self.assert_refused(wide, "copies of so large a value")

    def test_patterns(self) -> None:
        engine = {"command": ["x", "{port}"], "reply_end": {"pattern": "((a{100}){100}){100}"}}
        herds = [{"name": f"h{i}", "servers": ["A"], "links": [], "engine": engine}
                 for i in range(1000)]
        self.assert_refused({**BASE, "herds": herds}, "is no pattern")


def strange_texts() -> List[bytes]:
    return [b"", b"\0", b"\xff" * 1000, b"[" * 1_000_000, b'{"a":' * 200_000, b'"' * 100_000,
            b"1e999", b'{"seed":' + b"9" * 1_000_000 + b"}", b"//" * 500_000, b"," * 1_000_000,
            b'{"name":"' + b"\\u0000" * 100_000 + b'"}', b"\xef\xbb\xbf", b"\xff\xfe" + b"{\0" * 9,
            b"{" + b" " * 1_000_000 + b"}"]


class StrangeTexts(TestCase):
    def test_each_gets_an_answer(self) -> None:
        path = pathlib.Path(self.folder) / "s.json"
        for text in strange_texts():
            with self.subTest(text=text[:20]):
                path.write_bytes(text)
                ended = self.herdsim("check", str(path))
                self.assertEqual((ended.status, ended.stdout), (2, ""))
                self.assertRegex(ended.stderr, r"s\.json:\d+: \w+.*: \w+")


if __name__ == "__main__":
    unittest.main()
