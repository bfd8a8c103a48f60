"""Tests `herdsim trace`: where a scenario's clients are, and scenarios that replay it."""

from __future__ import annotations

import csv
import io
import pathlib
import unittest
import xml.etree.ElementTree as ElementTree
from typing import Any, Dict, List, Tuple

from herdsim_e2e import SOURCE, TestCase, distance_km, write_scenario

GPX = "{http://www.topografix.com/GPX/1/1}"
AREA = ["+34.00-118.50", "+34.10-118.40"]
Samples = Dict[str, List[Tuple[str, float, float]]]

WALKS = [
    {"id": "rw-{n}", "count": 3, "server": "spread", "mobility": {
        "model": "random_waypoint", "area": AREA, "speed": ["5m/s", "20m/s"],
        "pause": ["0s", "30s"]}},
    {"id": "gm-{n}", "count": 3, "server": "spread", "mobility": {
        "model": "gauss_markov", "area": AREA, "speed": "5km/h", "speed_deviation": "1km/h"}},
    {"id": "lw,{n}", "count": 3, "server": "spread", "mobility": {
        "model": "levy_walk", "area": AREA, "speed": "5m/s", "flight": ["10m", "2km"],
        "pause": ["1s", "1min"]}},
    {"id": "round", "server": "Ball", "start": "+34-118", "mobility": {
        "model": "waypoints", "points": ["+34-118.001", "+34.001-118.001"], "speed": "17m/s",
        "loop": True}},
    {"id": "<still>", "server": "Ball", "start": "-12.5+179.5"},
]


def scenario(clients: List[Dict[str, Any]], **keys: Any) -> Dict[str, Any]:
    return {"name": "walks", "duration": "2min", "herds": [{"name": "paper"}], "clients": clients,
            **keys}


def of_csv(text: str) -> Samples:
    found: Samples = {}
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    assert reader.fieldnames == ["time_s", "client", "lat", "lon"], reader.fieldnames
    for row in reader:
        sample = (row["time_s"], float(row["lat"]), float(row["lon"]))
        found.setdefault(row["client"], []).append(sample)
    return found


def of_gpx(text: str) -> Samples:
    """Returns samples with times as in CSV, from the epoch that the README names. The walk must be
    shorter than an hour."""
    found: Samples = {}
    root = ElementTree.fromstring(text)
    assert (root.tag, root.get("version")) == (GPX + "gpx", "1.1"), root.attrib
    for track in root.iter(GPX + "trk"):
        name = track.findtext(GPX + "name") or ""
        for point in track.iter(GPX + "trkpt"):
            time = point.findtext(GPX + "time") or ""
            assert time.startswith("2000-01-01T00:") and time.endswith("Z"), time
            seconds = int(time[14:16]) * 60 + int(time[17:19])
            found.setdefault(name, []).append(
                (f"{seconds}{time[19:-1]}", float(point.get("lat", "")),
                 float(point.get("lon", ""))))
    return found


class TraceTest(TestCase):
    def trace(self, made: Any, *options: str) -> str:
        path = write_scenario(made, self.folder) if isinstance(made, dict) else made
        ended = self.herdsim("trace", str(path), *options)
        self.assertEqual((ended.status, ended.stderr), (0, ""))
        return ended.stdout

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return name


class Written(TraceTest):
    def test_every_client_every_second_to_the_end(self) -> None:
        samples = of_csv(self.trace(scenario(WALKS)))
        self.assertEqual(list(samples), [
            "rw-0", "rw-1", "rw-2", "gm-0", "gm-1", "gm-2", "lw,0", "lw,1", "lw,2", "round",
            "<still>"])
        for client, ways in samples.items():
            times = [time for time, _, _ in ways]
            self.assertLessEqual({f"{second}.000000000" for second in range(121)}, set(times))
            self.assertEqual(times, sorted(times, key=float), client)
            self.assertEqual(len(times), len(set(times)), client)
            self.assertEqual((times[0], times[-1]), ("0.000000000", "120.000000000"))

    def test_it_is_as_long_as_speed_times_time(self) -> None:
        walk = {"id": "walker-{n}", "count": 3, "server": "Ball", "mobility": {
            "model": "levy_walk", "area": AREA, "speed": "5km/h", "flight": ["10m", "2km"]}}
        text = self.trace(scenario([walk], duration="1h"), "--every", "8h")
        for client, ways in of_csv(text).items():
            length = sum(distance_km(a[1:], b[1:]) for a, b in zip(ways, ways[1:]))
            self.assertAlmostEqual(length, 5, delta=1e-5, msg=client)

    def test_csv_and_gpx_say_the_same(self) -> None:
        made = scenario(WALKS)
        self.assertEqual(of_gpx(self.trace(made, "--format", "gpx")),
                         of_csv(self.trace(made, "--format", "csv")))

    def test_a_file_instead_of_standard_output(self) -> None:
        made = scenario(WALKS)
        written = self.trace(made)
        self.assertEqual(self.trace(made, "--out", "walks.csv"), "")
        self.assertEqual((self.folder / "walks.csv").read_text(), written)

    def test_every(self) -> None:
        still = [WALKS[4]]
        text = self.trace(scenario(still), "--every", "50s")
        self.assertEqual([time for time, _, _ in of_csv(text)["<still>"]],
                         ["0.000000000", "50.000000000", "100.000000000", "120.000000000"])

    def test_it_comes_from_the_seed_and_the_clients_own_ids(self) -> None:
        alone = of_csv(self.trace(scenario(WALKS[1:2])))
        together = of_csv(self.trace(scenario(WALKS)))
        self.assertEqual(alone, {client: together[client] for client in alone})
        other = of_csv(self.trace(scenario(WALKS[1:2]), "--seed", "2"))
        self.assertEqual(other.keys(), alone.keys())
        for client, ways in alone.items():
            self.assertNotEqual(other[client], ways)
        self.assertEqual(other, of_csv(self.trace(scenario(WALKS[1:2], seed=2))))

    def test_set(self) -> None:
        text = self.trace(scenario(WALKS), "--set", "clients.0.count=1", "--set", "duration=3s")
        samples = of_csv(text)
        self.assertNotIn("rw-1", samples)
        self.assertEqual(samples["rw-0"][-1][0], "3.000000000")

    def test_a_scenario_without_clients(self) -> None:
        self.assertEqual(self.trace(scenario([])), "time_s,client,lat,lon\n")
        self.assertEqual(of_gpx(self.trace(scenario([]), "--format", "gpx")), {})


class Replayed(TraceTest):
    def replay(self, name: str, text: str) -> Samples:
        """Returns the positions of clients with the same ids that follow this file."""
        file = self.file(name, text)
        clients = [{**{key: walk[key] for key in ("id", "count", "server") if key in walk},
                    "mobility": {"model": "trace", "file": file}} for walk in WALKS]
        clients[-1]["count"] = clients[-2]["count"] = 1
        return of_csv(self.trace(scenario(clients, name="again"), "--every", "700ms"))

    def test_the_same_walk(self) -> None:
        made = scenario(WALKS)
        meant = of_csv(self.trace(made, "--every", "700ms"))
        for form in ("csv", "gpx"):
            with self.subTest(form):
                again = self.replay(f"walks.{form}", self.trace(made, "--format", form))
                self.assertEqual(again.keys(), meant.keys())
                for client, ways in meant.items():
                    there = {time: (lat, lon) for time, lat, lon in again[client]}
                    for time, lat, lon in ways:
                        self.assertAlmostEqual(there[time][0], lat, delta=2.5e-9)
                        self.assertAlmostEqual(there[time][1], lon, delta=2.5e-9)

    def test_the_cars_that_ship(self) -> None:
        cars = str(SOURCE / "scenarios" / "traces" / "streets.fcd.xml")
        group = {"id": "phone-{n}", "server": "spread", "updates": {"every": "1s"},
                 "mobility": {"model": "trace", "file": cars}}
        samples = of_csv(self.trace(scenario([group])))
        self.assertGreaterEqual(len(samples), 200)
        run = self.run_scenario(scenario([group], duration="2s"))
        summary = run.summary("paper")
        self.assertEqual(int(summary["clients"]), len(samples))
        self.assert_counts(summary, violations=0, undelivered=0, updates=2 * len(samples))


    def test_a_file_that_begins_at_eight(self) -> None:
        csv_text = "time_s,client,lat,lon\n28800,a,52.5,13.3\n28810,a,52.5,13.31\n"
        fcd_text = ("<fcd-export><timestep time='28800'><vehicle id='a' x='13.3' y='52.5'/>"
                    "</timestep>\n<timestep time='28810'><vehicle id='a' x='13.31' y='52.5'/>"
                    "</timestep></fcd-export>")
        for name, text in (("eight.csv", csv_text), ("eight.xml", fcd_text)):
            group: Dict[str, Any] = {
                "id": "a", "server": "Ball", "updates": "1/s",
                "mobility": {"model": "trace", "file": self.file(name, text)}}
            with self.subTest(name):
                path = str(write_scenario(scenario([group], duration="10s"), self.folder))
                for command in ("check", "trace", "run"):
                    ended = self.herdsim(command, path, *(["--dry-run"] if command == "run" else []))
                    self.assertEqual(ended.status, 0, ended.stderr)
                    self.assertRegex(
                        ended.stderr, r"^\S+walks\.json:\d+: clients\.0\.mobility\.file: warning: "
                        r"begins at 28800 s, and the run ends at 10 s: its clients stand still .*\n$")
                group["mobility"]["from"] = "first"
                samples = of_csv(self.trace(scenario([group], duration="10s")))
                self.assertEqual((samples["a"][0], samples["a"][-1]),
                                 (("0.000000000", 52.5, 13.3), ("10.000000000", 52.5, 13.31)))

    def test_a_file_that_counts_from_1970(self) -> None:
        text = "time_s,client,lat,lon\n1714564805,a,34,-118\n1714564800.5,b,34,-118\n"
        groups = [{"id": name, "server": "Ball", "count": 1, "mobility": {
            "model": "trace", "file": self.file("epoch.csv", text), "from": "first"}}
                  for name in ("a", "b")]
        self.assertEqual(set(of_csv(self.trace(scenario(groups)))), {"a", "b"})
        for group in groups:
            del group["mobility"]["from"]  # type: ignore[attr-defined]
        ended = self.herdsim("check", str(write_scenario(scenario(groups), self.folder)))
        self.assertEqual(ended.status, 2)
        self.assertIn('"from": "first"', ended.stderr)


class Wrong(TraceTest):
    def test_bad_lines_of_a_trace_have_its_name_and_line(self) -> None:
        head = "time_s,client,lat,lon\n0,a,1,2\n"
        for name, text, error in (
                ("number.csv", head + "1,a,x,2\n", "3: lat: "),
                ("range.csv", head + "1,a,1,181\n", "3: lon: "),
                ("back.csv", head + "9,a,1,2\n8,a,1,2\n", "4: time_s: "),
                ("fields.csv", head + "9,a,1\n", "3: record: "),
                ("column.csv", "time_s,client,lat\n", "1: lon: "),
                ("broken.gpx", "<gpx>\n<trk>\n", "3: XML: "),
                ("time.gpx", "<gpx>\n<trk><trkseg>\n<trkpt lat='1' lon='2'/></trkseg></trk></gpx>",
                 "3: time: "),
                ("metres.xml", "<fcd-export><timestep time='0'>\n<vehicle id='a' x='1500' y='2'/>"
                 "\n</timestep></fcd-export>", "2: x: "),
                ("entity.gpx", "<!DOCTYPE gpx [<!ENTITY a 'b'>]>\n<gpx/>", "1: XML: ")):
            with self.subTest(name):
                path = write_scenario(scenario([{
                    "id": "c-{n}", "server": "Ball",
                    "mobility": {"model": "trace", "file": self.file(name, text)}}]), self.folder)
                for command in ("check", "trace", "run"):
                    ended = self.herdsim(command, str(path))
                    self.assertEqual((ended.status, ended.stdout), (2, ""))
                    self.assertTrue(ended.stderr.startswith(f"{self.folder / name}:{error}"),
                                    ended.stderr)
                    self.assertEqual(ended.stderr.count("\n"), 1)

    def test_bad_usage(self) -> None:
        path = str(write_scenario(scenario(WALKS), self.folder))
        for options in (["--format", "kml"], ["--every", "0s"], ["--every", "1"],
                        ["--every", "9000h"], ["--out", ""], ["--seed", "x"], ["--nonsense"]):
            with self.subTest(options):
                ended = self.herdsim("trace", path, *options)
                self.assertEqual((ended.status, ended.stdout), (2, ""))
        self.assertEqual(self.herdsim("trace").status, 2)
        self.assertEqual(self.herdsim("trace", str(self.folder / "nowhere.json")).status, 2)

    def test_what_cannot_be_written(self) -> None:
        path = str(write_scenario(scenario(WALKS), self.folder))
        ended = self.herdsim("trace", path, "--out", "no/such/folder.csv")
        self.assertEqual(ended.status, 3)
        self.assertIn("no/such/folder.csv: cannot be created", ended.stderr)
        if pathlib.Path("/dev/full").exists():
            ended = self.herdsim("trace", path, "--out", "/dev/full")
            self.assertEqual(ended.status, 3)
            self.assertIn("/dev/full: cannot be written", ended.stderr)


if __name__ == "__main__":
    unittest.main()
