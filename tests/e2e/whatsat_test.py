"""Tests WHATSAT with a served herd: its answers, their order, and what does not wait for them."""

from __future__ import annotations

import socket
import struct
import threading
import unittest
import unittest.mock
from typing import Any, Dict, List, Tuple

from fake_places import PATH, FakePlaces, Question, Reply, answer, place
from herdsim_e2e import (DEADLINE_S, HERE, PAPER_SERVERS, SOURCE, Client, Serving, TestCase, asked,
                         cities_within, distance_km, wait_for_record, wait_until)

PAPER = SOURCE / "scenarios" / "paper.json"
KIWI = "kiwi.cs.ucla.edu"
TOLD = f"IAMAT {KIWI} {HERE} 1479413884.392014450"
UCLA = (34.068930, -118.445127)
OCEAN = "-48.876667-123.393333"  # no point is farther from all land
KEY_ENV = "HERDSIM_E2E_PLACES_API_KEY"


def spot(found: Dict[str, Any]) -> Tuple[float, float]:
    location = found["geometry"]["location"]
    return location["lat"], location["lng"]


class CitiesTest(TestCase):
    """Tests with the paper's herd and the built-in places."""

    def setUp(self) -> None:
        super().setUp()
        self.serving = self.serve(PAPER, linked=True)
        self.alford = self.serving.address("Alford")
        self.ball = self.serving.address("Ball")

    def near(self, where: str, query: str) -> Dict[str, Any]:
        """Returns what Ball answers about a location that was reported to Alford."""
        told = asked(self.alford, f"IAMAT c{where} {where} 1\n".encode())
        self.assertTrue(told.startswith(b"AT Alford "), told)
        wait_for_record(self.ball, f"c{where}")
        with Client(self.ball) as client:
            client.send(f"WHATSAT c{where} {query}\n".encode())
            return client.whatsat()[1]

    def test_five_places_within_ten_kilometres_as_the_other_server_knows_them(self) -> None:
        for ending in ("\r\n", "\n"):
            told = asked(self.alford, (TOLD + ending).encode())
            wait_for_record(self.ball, KIWI)
            with self.subTest(ending=ending), Client(self.ball) as client:
                client.send(f"WHATSAT {KIWI} 10 5{ending}next{ending}".encode())
                at = client.line()
                if ending == "\r\n":  # the second IAMAT equals the first, so that one stays
                    first = at
                self.assertEqual(at, first.rstrip() + ending.encode())
                self.assertTrue(at.startswith(b"AT Alford "))
                if ending == "\r\n":
                    self.assertEqual(at, told)
                text, end = client.places()
                self.assertEqual(end, ending.encode() * 2)
                self.assertNotIn(b"\n\n", text)
                self.assertNotIn(b"\r", text)
                self.assertEqual(client.line(), b"? next" + ending.encode())
        found = self.near(HERE, "10 5")
        self.assertEqual(found["status"], "OK")
        self.assertEqual(len(found["results"]), 5)
        self.assertEqual(len({each["place_id"] for each in found["results"]}), 5)
        for each in found["results"]:
            self.assertLessEqual(distance_km(UCLA, spot(each)), 10, each)

    def test_bound_20_gives_every_place_there_is_up_to_20(self) -> None:
        counts: List[int] = []
        for where, lat, lon, km in (
                (HERE, *UCLA, 10.0), (HERE, *UCLA, 5.0), ("+34.5-118.2", 34.5, -118.2, 20.0),
                ("+48.8566+2.3522", 48.8566, 2.3522, 15.0), ("+69.66+18.95", 69.66, 18.95, 50.0),
                ("-18.1+179.3", -18.1, 179.3, 50.0), ("+90+0", 90, 0, 50.0),
                ("-17.8-180", -17.8, -180, 50.0)):
            with self.subTest(where=where, km=km):
                # Places too close to the edge to be sure of: there are none.
                sure = cities_within((lat, lon), km * 0.999)
                self.assertEqual(sure.keys(), cities_within((lat, lon), km * 1.001).keys())
                found = self.near(where, f"{km:g} 20")
                ids = [each["place_id"] for each in found["results"]]
                self.assertEqual(len(set(ids)), len(ids))
                self.assertLessEqual(set(ids), sure.keys())
                self.assertEqual(len(ids), min(20, len(sure)))
                self.assertEqual(found["status"], "OK" if ids else "ZERO_RESULTS")
                for each in found["results"]:
                    row = sure[each["place_id"]]
                    self.assertEqual(each["name"], row["name"])
                    self.assertEqual(spot(each), (float(row["lat"]), float(row["lon"])))
                counts.append(len(ids))
                if where == HERE:
                    self.assertIn("Westwood", {row["name"] for row in sure.values()})
                    self.assertIn("Westwood", {each["name"] for each in found["results"]})
        self.assertTrue(any(0 < count < 20 for count in counts) and 20 in counts and 0 in counts,
                        counts)

    def test_a_smaller_bound_gives_the_first_of_them(self) -> None:
        all_of_them = self.near(HERE, "10 20")["results"]
        for bound in (1, 2, 7, 19):
            self.assertEqual(self.near(HERE, f"10 {bound}")["results"], all_of_them[:bound])

    def test_there_is_nothing_in_the_middle_of_the_ocean(self) -> None:
        found = self.near(OCEAN, "50 20")
        self.assertEqual((found["results"], found["status"]), ([], "ZERO_RESULTS"))

    def test_the_data_are_attributed(self) -> None:
        self.assertIn("geonames.org", str(self.near(HERE, "10 5")["html_attributions"]))


class SlowPlaces(TestCase):
    def test_other_connections_are_answered_while_places_takes_two_seconds(self) -> None:
        serving = self.serve(PAPER, 5, "--set", "herds.0.places.latency=2s")
        alford = serving.address("Alford")
        told = asked(alford, (TOLD + "\n").encode())

        def other_is_first() -> bool:
            """Returns whether the IAMAT after a WHATSAT was answered before it."""
            with Client(alford) as waiting, Client(alford) as other:
                waiting.send(f"WHATSAT {KIWI} 10 5\n".encode())
                answer = other.ask(f"IAMAT other {HERE} 1\n".encode())
                self.assertTrue(answer.endswith(f" other {HERE} 1\n".encode()))
                is_first = not waiting.has_more()
                at, found = waiting.whatsat()
                self.assertEqual((at, found["status"]), (told, "OK"))
                return is_first

        # On a busy machine this test may look two seconds too late, but not each time.
        wait_until(other_is_first, "the IAMAT does not wait for Places")


class HeldPlaces(TestCase):
    """Tests with a provider that holds all questions about the northern half until the gate opens,
    which shows for sure what does not wait for it."""

    def setUp(self) -> None:
        super().setUp()
        self.gate = threading.Event()
        self.fake = FakePlaces(self.reply)
        self.addCleanup(self.fake.stop)
        self.addCleanup(self.gate.set)
        with unittest.mock.patch.dict("os.environ", {KEY_ENV: "k"}):
            self.serving: Serving = self.serve({
                "name": "held", "duration": "1s",
                "herds": [{"name": "paper", "places": {
                    "provider": "google", "key_env": KEY_ENV, "base_url": self.fake.url,
                    "timeout": "10min"}}]}, linked=True)
        self.alford = self.serving.address("Alford")
        self.told = asked(self.alford, (TOLD + "\n").encode())

    def reply(self, question: Question) -> Reply:
        if question.latitude > 0:
            self.gate.wait(DEADLINE_S)
        return answer(status="OK", results=[place(question.fields["location"])] * 20)

    def asked_here(self, at_least: int = 1) -> List[Question]:
        """Waits for this number of questions about the northern half and returns them."""
        def found() -> List[Question]:
            with self.fake.lock:
                return [each for each in self.fake.questions if each.latitude > 0]

        wait_until(lambda: len(found()) >= at_least, f"{at_least} questions")
        return found()

    def iamat(self, name: str) -> bytes:
        """Returns an IAMAT in the southern half, about which Places answers at once."""
        return f"IAMAT {name} -1-1 5\n".encode()

    def test_the_provider_is_asked_as_google_has_it(self) -> None:
        with Client(self.alford) as client:
            client.send(f"WHATSAT {KIWI} 12.5 5\n".encode())
            question = self.asked_here()[0]
            self.assertEqual(question.path, PATH)
            self.assertEqual([float(x) for x in question.fields["location"].split(",")], [*UCLA])
            self.assertEqual(float(question.fields["radius"]), 12500)
            self.assertEqual(question.fields["key"], "k")
            self.gate.set()
            self.assertEqual(len(client.whatsat()[1]["results"]), 5)

    def test_answers_come_in_the_order_of_the_commands_and_effects_at_once(self) -> None:
        with Client(self.alford) as client, Client(self.alford) as other:
            client.send(f"WHATSAT {KIWI} 10 5\r\n".encode() + self.iamat("behind") +
                        b"no command\n" + f"WHATSAT {KIWI} 20 3\n".encode() + b"last\r\n")
            self.asked_here(2)
            self.assertTrue(other.ask(self.iamat("beside")).startswith(b"AT Alford "))
            for server in PAPER_SERVERS:
                for name in ("behind", "beside"):
                    record = wait_for_record(self.serving.address(server), name)
                    self.assertTrue(record.startswith(b"AT Alford "))
            self.assertFalse(client.has_more(), "all wait for the first")
            self.gate.set()
            at, found = client.whatsat()
            self.assertEqual(at, self.told[:-1] + b"\r\n")
            self.assertEqual(len(found["results"]), 5)
            self.assertTrue(client.line().endswith(b" behind -1-1 5\n"))
            self.assertEqual(client.line(), b"? no command\n")
            at, found = client.whatsat()
            self.assertEqual((at, len(found["results"])), (self.told, 3))
            self.assertEqual(client.line(), b"? last\r\n")

    def test_an_over_long_line_and_its_close_wait_too(self) -> None:
        with Client(self.alford) as client:
            client.send(f"WHATSAT {KIWI} 10 5\n".encode() + b"y" * 9000 + b"\nmore\n")
            self.asked_here()
            asked(self.alford, b"turn\n")
            self.assertFalse(client.has_more())
            self.gate.set()
            self.assertEqual(client.whatsat()[0], self.told)
            self.assertEqual(client.rest(), b"? " + b"y" * 64 + b"\n")

    def test_the_location_is_the_one_known_when_the_command_was_read(self) -> None:
        with Client(self.alford) as client:
            client.send(f"WHATSAT {KIWI} 10 1\n".encode())
            self.asked_here()
            moved = asked(self.alford, f"IAMAT {KIWI} -2-2 1479413999\n".encode())
            for server in PAPER_SERVERS:
                self.assertEqual(wait_for_record(self.serving.address(server), KIWI, "1479413999"),
                                 moved)
            self.gate.set()
            at, found = client.whatsat()
            self.assertEqual(at, self.told)
            self.assertEqual(float(found["results"][0]["name"].split(",")[0]), UCLA[0])
            self.assertEqual(client.ask(f"WHATSAT {KIWI} 10 1\n".encode()), moved)

    def test_identical_questions_under_way_are_asked_once(self) -> None:
        clients = [Client(self.alford) for _ in range(20)]
        for number, client in enumerate(clients):
            self.addCleanup(client.close)
            client.send(f"WHATSAT {KIWI} 10 {number + 1}\n".encode() * 3 +
                        self.iamat(f"token-{number}"))
        for number in range(len(clients)):  # then its WHATSATs have been read too
            wait_for_record(self.alford, f"token-{number}")
        self.assertEqual(len(self.asked_here()), 1)
        with Client(self.alford) as other:
            other.send(f"WHATSAT {KIWI} 11 5\n".encode())
            self.assertEqual(len(self.asked_here(2)), 2, "another radius is another question")
            self.gate.set()
            other.whatsat()
        for number, client in enumerate(clients):
            for _ in range(3):
                at, found = client.whatsat()
                self.assertEqual((at, len(found["results"])), (self.told, number + 1))
            self.assertIn(b" token-", client.line())
        self.assertEqual(len(self.asked_here()), 2)

    def test_a_client_that_has_said_all_still_gets_its_answers(self) -> None:
        with Client(self.alford) as client:
            client.send(f"WHATSAT {KIWI} 10 5\n".encode() + b"bad\nunended")
            client.half_close()
            self.asked_here()
            for _ in range(10):
                asked(self.alford, b"turn\n")
            self.assertFalse(client.has_more())
            self.gate.set()
            self.assertEqual(client.whatsat()[0], self.told)
            self.assertEqual(client.rest(), b"? bad\n")

    def test_clients_that_leave_while_they_wait_harm_nobody(self) -> None:
        with Client(self.alford) as stays:
            asked(self.alford, self.iamat("first"))
            wait_for_record(self.alford, "first")  # so that Places has been asked once
            before = self.serving.open_files()
            for number in range(10):
                with Client(self.alford) as leaves:
                    leaves.send(f"WHATSAT {KIWI} 10 5\nWHATSAT {KIWI} {number + 20} 5\n".encode() +
                                self.iamat(f"token-{number}"))
                    wait_for_record(self.alford, f"token-{number}")
                    if number % 2:  # with a reset
                        leaves.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                                 struct.pack("ii", 1, 0))
                if number == 0:
                    stays.send(f"WHATSAT {KIWI} 10 5\nWHATSAT {KIWI} 20 4\n".encode())
            self.asked_here(11)
            self.gate.set()
            self.assertEqual(len(stays.whatsat()[1]["results"]), 5)
            self.assertEqual(len(stays.whatsat()[1]["results"]), 4)
            # One connection to Places may stay for each of the questions.
            wait_until(lambda: self.serving.open_files() <= before + 12, "the sockets are closed")
            self.assertEqual(stays.ask(f"WHATSAT {KIWI} 1 1\n".encode()), self.told)
            stays.places()
        self.assertFalse(self.serving.ended())
        self.assertEqual(self.serving.stop(), 0)

    def test_it_stops_while_questions_are_under_way(self) -> None:
        with Client(self.alford) as client:
            client.send(f"WHATSAT {KIWI} 10 5\nWHATSAT {KIWI} 11 5\n".encode())
            self.asked_here(2)
            self.assertEqual(self.serving.stop(), 0)


if __name__ == "__main__":
    unittest.main()
