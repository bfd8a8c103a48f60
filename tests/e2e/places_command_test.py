"""Tests `herdsim places`: the embedded provider alone, for herds in any language."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import unittest
import unittest.mock
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Dict, List, Optional, Set, Tuple

from herdsim_e2e import (DEADLINE_S, HERE, SOURCE, Client, Process, TestCase, asked, cities_within,
                         distance_km, free_ports, wait_for_record, wait_until)

KEY_ENV = "HERDSIM_E2E_PLACES_API_KEY"
UCLA = (34.068930, -118.445127)
HEADER = "geonameid,name,country,admin1,feature_code,population,lat,lon\n"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class PlacesTest(TestCase):
    def places(self, *options: Any, **of_process: Any) -> Tuple[Process, str]:
        """Starts a provider; returns its process and its URL."""
        process = self.start("places", *map(str, options), **of_process)
        wait_until(lambda: process.ended() or "\n" in process.stdout(), "places listens")
        self.assertFalse(process.ended(), process.stderr())
        self.assertEqual(process.stdout().count("\n"), 1)
        return process, process.stdout().strip()

    @staticmethod
    def get(url: str, **fields: Any) -> Dict[str, Any]:
        fields.setdefault("key", "any")
        with DIRECT.open(f"{url}?{urllib.parse.urlencode(fields)}", timeout=DEADLINE_S) as reply:
            assert reply.status == 200
            return json.loads(reply.read())

    def near(self, url: str, radius: int = 10_000, **fields: Any) -> Dict[str, Any]:
        return self.get(url, location=f"{UCLA[0]},{UCLA[1]}", radius=radius, **fields)

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return str(self.folder / name)


class Answers(PlacesTest):
    def setUp(self) -> None:
        super().setUp()
        self.process, self.url = self.places()

    def test_it_says_where_it_listens_and_ends_when_told(self) -> None:
        parts = urllib.parse.urlsplit(self.url)
        self.assertEqual((parts.scheme, parts.hostname), ("http", "127.0.0.1"))
        self.assertTrue(parts.port)
        for which in (signal.SIGTERM, signal.SIGINT):  # SIGINT is how it ends
            process, _ = self.places()
            process.send_signal(which)
            self.assertEqual(process.wait(), 0, which)

    def test_it_ends_though_a_client_is_connected(self) -> None:
        parts = urllib.parse.urlsplit(self.url)
        with socket.create_connection((parts.hostname, parts.port)) as half:
            half.sendall(b"GET /maps")
            self.near(self.url)
            self.process.send_signal(signal.SIGTERM)
            self.assertEqual(self.process.wait(), 0)

    def test_the_same_as_whatsat(self) -> None:
        serving = self.serve(SOURCE / "scenarios" / "paper.json")
        alford = serving.address("Alford")
        asked(alford, f"IAMAT kiwi {HERE} 1\n".encode())
        for radius, bound in ((10, 20), (10, 5), (3, 20), (50, 1)):
            with self.subTest(radius=radius, bound=bound), Client(alford) as client:
                client.send(f"WHATSAT kiwi {radius} {bound}\n".encode())
                by_herd = client.whatsat()[1]
                by_hand = self.near(self.url, radius * 1000)
                self.assertEqual(by_herd["results"], by_hand["results"][:bound])
                self.assertEqual(by_herd["status"], by_hand["status"])
                self.assertEqual(by_herd["html_attributions"], by_hand["html_attributions"])

    def test_a_herd_that_believes_it_is_google(self) -> None:
        base = "http://" + urllib.parse.urlsplit(self.url).netloc
        scenario = {"name": "google", "duration": "1s", "herds": [{"name": "paper", "places": {
            "provider": "google", "key_env": KEY_ENV, "base_url": base}}]}
        with unittest.mock.patch.dict(os.environ, {KEY_ENV: "k"}):
            serving = self.serve(scenario, linked=True)
        asked(serving.address("Alford"), f"IAMAT kiwi {HERE} 1\n".encode())
        ball = serving.address("Ball")
        wait_for_record(ball, "kiwi")
        with Client(ball) as client:
            client.send(b"WHATSAT kiwi 10 5\n")
            found = client.whatsat()[1]
            self.assertEqual(found["results"], self.near(self.url)["results"][:5])
            self.assertEqual(len(found["results"]), 5)
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
            client.send(b"WHATSAT kiwi 10 5\n")
            found = client.whatsat()[1]
            self.assertEqual(found["results"], [])
            self.assertNotIn(found["status"], ("OK", "ZERO_RESULTS"))

    def test_each_place_is_as_google_has_it(self) -> None:
        for each in self.near(self.url)["results"]:
            self.assertLessEqual({"place_id", "name", "geometry", "types", "vicinity"}, each.keys())
            self.assertIsInstance(each["types"], list)
            where = each["geometry"]["location"]
            self.assertLessEqual(distance_km(UCLA, (where["lat"], where["lng"])), 10)

    def test_requests_that_are_wrong(self) -> None:
        here = f"{UCLA[0]},{UCLA[1]}"
        for fields in ({}, {"location": here}, {"radius": 5}, {"location": "x", "radius": 5},
                       {"location": "91,0", "radius": 5}, {"location": "1", "radius": 5},
                       {"location": here, "radius": 0}, {"location": here, "radius": -1},
                       {"location": here, "radius": "x"}, {"location": here, "radius": "nan"},
                       {"location": here, "rankby": "distance"},
                       {"location": here, "rankby": "distance", "radius": 5, "type": "locality"},
                       {"pagetoken": "none of yours"}):
            with self.subTest(fields):
                found = self.get(self.url, **fields)
                self.assertEqual(found["status"], "INVALID_REQUEST")
                self.assertEqual(found["results"], [])

    def test_other_paths_and_methods(self) -> None:
        parts = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=DEADLINE_S)
        self.addCleanup(connection.close)
        for method, path, status in (("GET", "/", 404), ("POST", parts.path, 405),
                                     ("GET", parts.path, 200), ("GET", parts.path + "/x", 404)):
            connection.request(method, path)
            reply = connection.getresponse()
            reply.read()
            self.assertEqual(reply.status, status, (method, path))

    def test_by_distance(self) -> None:
        found = self.get(self.url, location=f"{UCLA[0]},{UCLA[1]}", rankby="distance",
                         type="neighborhood")
        self.assertEqual(found["status"], "OK")
        spots = [each["geometry"]["location"] for each in found["results"]]
        far = [distance_km(UCLA, (spot["lat"], spot["lng"])) for spot in spots]
        self.assertEqual(far, sorted(far))
        self.assertEqual(found["results"][0]["name"], "Westwood")

    def test_page_after_page_gives_every_place_up_to_60(self) -> None:
        here = cities_within(UCLA, 15)
        self.assertEqual(here.keys(), cities_within(UCLA, 15.02).keys(), "none at the edge")
        found = self.near(self.url, 15_000)
        ids: List[str] = []
        while True:
            ids += [each["place_id"] for each in found["results"]]
            self.assertLessEqual(len(found["results"]), 20)
            if "next_page_token" not in found:
                break
            token = found["next_page_token"]
            found = wait_until(lambda: self.valid_page(token), "the token is valid")
        self.assertEqual(len(ids), len(set(ids)))
        self.assertLessEqual(set(ids), here.keys())
        self.assertEqual(len(ids), min(60, len(here)))
        self.assertGreater(len(ids), 20)

    # As with Google, a token is not valid at once.
    def valid_page(self, token: str) -> Optional[Dict[str, Any]]:
        found = self.get(self.url, pagetoken=token)
        if found["status"] == "INVALID_REQUEST":
            return None
        self.assertEqual(found["status"], "OK")
        return found

    def test_a_request_by_hand(self) -> None:
        """A client that writes the whole URL, names no host, reads to the end of the chunks, and
        cuts the JSON by the text that Google's has."""
        parts = urllib.parse.urlsplit(self.url)
        with socket.create_connection((parts.hostname or "", parts.port), 60) as connection:
            connection.sendall(f"GET {self.url}?location={UCLA[0]},{UCLA[1]}&radius=10000&key=k "
                               "HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
            with connection.makefile("rb") as answer:
                text = answer.read().decode()
        self.assertTrue(text.startswith("HTTP/1.1 200 OK\r\n"), text[:200])
        self.assertIn("\r\nTransfer-Encoding: chunked\r\n", text)
        self.assertTrue(text.endswith("\r\n0\r\n\r\n"))
        found = json.loads(text[text.index("{"):text.rindex("}") + 1])
        self.assertEqual(found["results"], self.near(self.url)["results"])
        self.assertIn('"results" : [', text)


class Data(PlacesTest):
    def test_another_csv(self) -> None:
        path = self.file("mine.csv", "lon,lat,name,more,population,feature_code,admin1,country,"
                         "geonameid\n"
                         '-118.44,34.07,"Bruin ""Plaza"", the",x,7,PPL,CA,US,42\n'
                         "10,50,Far,x,7,PPL,XX,DE,43\n")
        found = self.near(self.places("--data", path)[1])
        self.assertEqual([each["name"] for each in found["results"]], ['Bruin "Plaza", the'])
        self.assertIn("42", found["results"][0]["place_id"])
        self.assertEqual(found["results"][0]["geometry"]["location"],
                         {"lat": 34.07, "lng": -118.44})

    def test_standard_input(self) -> None:
        path = self.file("mine.csv", HEADER + "42,Bruin Plaza,US,CA,PPL,7,34.07,-118.44\n")
        with open(path, "rb") as reader:
            found = self.near(self.places("--data", "-", stdin=reader)[1])
        self.assertEqual([each["name"] for each in found["results"]], ["Bruin Plaza"])
        ended = self.herdsim("places", "--data", "-")
        self.assertEqual(ended.status, 3)
        self.assertTrue(ended.stderr.startswith("-:1: "), ended.stderr)

    def test_a_geojson(self) -> None:
        path = self.file("mine.geojson", json.dumps({
            "type": "FeatureCollection", "attribution": "By me", "features": [
                {"type": "Feature", "id": "powell", "properties": {"name": "Powell Library"},
                 "geometry": {"type": "Point", "coordinates": [-118.4421, 34.0716]}},
                {"type": "Feature", "properties": {"name": "Far", "more": {}},
                 "geometry": {"type": "Point", "coordinates": [10, 50, 3]}}]}))
        found = self.near(self.places("--data", path)[1])
        self.assertEqual([each["name"] for each in found["results"]], ["Powell Library"])
        self.assertIn("powell", found["results"][0]["place_id"])
        self.assertIn("By me", str(found["html_attributions"]))

    def test_a_scenario_has_its_data_beside_it(self) -> None:
        self.file("towns.csv", HEADER + "1,Royce,US,CA,PPL,5,34.07,-118.44\n")
        serving = self.serve({"name": "own", "duration": "1s", "herds": [{
            "name": "h", "servers": ["One"], "links": [], "places": {"data": "towns.csv"}}]}, 1)
        with Client(serving.address("One")) as client:
            client.ask(f"IAMAT kiwi {HERE} 1\n".encode())
            client.send(b"WHATSAT kiwi 10 5\n")
            self.assertEqual([x["name"] for x in client.whatsat()[1]["results"]], ["Royce"])

    def test_across_the_antimeridian_and_at_the_poles(self) -> None:
        places = {"east": (0.0, 179.9), "west": (0.1, -179.9), "line": (-0.2, 180.0),
                  "n0": (89.7, 0.0), "n90": (89.8, 90.0), "n180": (89.6, 180.0),
                  "pole": (90.0, 77.0), "s-45": (-89.7, -45.0), "s135": (-89.9, 135.0),
                  "far": (0.0, 0.0)}
        url = self.places("--data", self.file("edges.csv", HEADER + "".join(
            f"{n},{name},XX,,PPL,5,{lat},{lon}\n"
            for n, (name, (lat, lon)) in enumerate(places.items()))))[1]
        some: Set[str] = set()
        for here in ((0.0, 180.0), (0.0, -180.0), (0.0, 179.6), (0.2, -179.6), (90.0, 0.0),
                     (90.0, -180.0), (89.8, -135.0), (89.5, 179.0), (-90.0, 12.0),
                     (-89.9, -50.0)):
            for km in (15, 30, 50):
                with self.subTest(here=here, km=km):
                    found = self.get(url, location=f"{here[0]},{here[1]}", radius=km * 1000)
                    names = {each["name"] for each in found["results"]}
                    self.assertEqual(names, {name for name, there in places.items()
                                             if distance_km(here, there) <= km})
                    some |= names
        self.assertEqual(some, places.keys() - {"far"})

    def test_bad_data_are_told_with_file_and_line(self) -> None:
        good = "1,A,US,CA,PPL,5,1,2\n"
        feature = ('{"type": "Feature", "properties": {"name": "a"},\n'
                   ' "geometry": {"type": "Point", "coordinates": [%s]}}')
        collection = '{"type": "FeatureCollection",\n "features": [\n' + feature + "]}"
        for name, text, line in (
                ("lat.csv", HEADER + good + "2,B,US,CA,PPL,5,x,2\n", 3),
                ("range.csv", HEADER + "2,B,US,CA,PPL,5,90.5,2\n", 2),
                ("few.csv", HEADER + good + good.replace("1,A", "2,A") + "3,B\n", 4),
                ("columns.csv", "geonameid,name,lat\n", 1),
                ("quote.csv", HEADER + '1,"A,US,CA,PPL,5,1,2\n', 2),
                ("range.geojson", collection % "1, 200", 3),
                ("text.geojson", collection % '"1", 2', 3),
                ("broken.geojson", '{"type": "FeatureCollection",\n "features": [}', 2)):
            with self.subTest(name):
                ended = self.herdsim("places", "--data", self.file(name, text))
                self.assertEqual((ended.status, ended.stdout), (3, ""))
                self.assertRegex(ended.stderr, rf"{name}:{line}\b")
        ended = self.herdsim("places", "--data", str(self.folder / "nowhere.csv"))
        self.assertEqual(ended.status, 3)
        self.assertIn("nowhere.csv", ended.stderr)


class Ports(PlacesTest):
    def test_a_port_of_ones_choice(self) -> None:
        port = free_ports(1)[0]
        _, url = self.places("--port", port)
        self.assertEqual(urllib.parse.urlsplit(url).port, port)

    def test_a_taken_port(self) -> None:
        port = urllib.parse.urlsplit(self.places()[1]).port
        ended = self.herdsim("places", "--port", str(port))
        self.assertEqual((ended.status, ended.stdout), (3, ""))
        self.assertIn(str(port), ended.stderr)

    def test_bad_usage(self) -> None:
        for options in (["--port", "x"], ["--port", "65536"], ["--port", "-1"], ["--nonsense"],
                        ["--tls-cert", "a"], ["--tls-key", "a"]):
            with self.subTest(options):
                self.assertEqual(self.herdsim("places", *options).status, 2)


@unittest.skipUnless(shutil.which("openssl"), "there is no openssl to make a certificate with")
class Tls(PlacesTest):
    def certificate(self, name: str = "mine") -> Tuple[str, str]:
        cert, key = str(self.folder / f"{name}.crt"), str(self.folder / f"{name}.key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
                        "-out", cert], check=True, capture_output=True)
        return cert, key

    def test_https(self) -> None:
        cert, key = self.certificate()
        process, url = self.places("--tls-cert", cert, "--tls-key", key)
        self.assertEqual(urllib.parse.urlsplit(url).scheme, "https")
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=cert)))
        query = f"{url}?location={UCLA[0]},{UCLA[1]}&radius=10000&key=k"
        with opener.open(query, timeout=DEADLINE_S) as reply:
            self.assertEqual(json.loads(reply.read())["results"],
                             self.near(self.places()[1])["results"])
        with self.assertRaises(urllib.error.URLError):
            DIRECT.open(query, timeout=DEADLINE_S)  # no authority has signed it
        self.herd_refuses(url)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 0)

    def herd_refuses(self, url: str) -> None:
        """Checks that a herd refuses the certificate with a clear error."""
        base = "https://" + urllib.parse.urlsplit(url).netloc
        with unittest.mock.patch.dict(os.environ, {KEY_ENV: "k"}):
            serving = self.serve({"name": "tls", "duration": "1s", "herds": [{
                "name": "h", "servers": ["One"], "links": [], "places": {
                    "provider": "google", "key_env": KEY_ENV, "base_url": base}}]}, 1)
        with Client(serving.address("One")) as client:
            client.ask(f"IAMAT kiwi {HERE} 1\n".encode())
            client.send(b"WHATSAT kiwi 10 5\n")
            found = client.whatsat()[1]
            self.assertEqual(found["results"], [])
            self.assertNotIn(found["status"], ("OK", "ZERO_RESULTS"))
            self.assertTrue(found["error_message"])

    def test_bad_certificates(self) -> None:
        cert, key = self.certificate()
        _, other = self.certificate("other")
        nonsense = self.file("nonsense.pem", "no certificate\n")
        nowhere = str(self.folder / "nowhere.pem")
        for pair in ((nonsense, key), (cert, nonsense), (nowhere, key), (cert, nowhere),
                     (cert, other)):
            with self.subTest(pair):
                ended = self.herdsim("places", "--tls-cert", pair[0], "--tls-key", pair[1])
                self.assertEqual((ended.status, ended.stdout), (3, ""))
                self.assertTrue(ended.stderr.strip())


if __name__ == "__main__":
    unittest.main()
