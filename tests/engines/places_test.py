"""WHATSAT: the queries to Places, the answers made of its results, and the clients that wait."""

from __future__ import annotations

import json
import re
import threading
import unittest
from typing import Any, Dict, List

from engine_case import HERE, EngineCase, loader_of
from fake_places import PATH, Deaf, Question, Reply, answer, place
from herdsim_e2e import Client, free_ports, wait_until

# Newlines of every kind and number, in odd positions.
FOLDED = b"""{
 "html_attributions" : [],
 "results" : [ {"name" : "caf\xc3\xa9 \\n\\u00e9", "rating" : 4.20},
{"name" : "b", "big" : 12345678901234567890} ],
 "status" : "OK", "odd" : {"results" : [1, 2, 3]}
}"""
UNFOLDED = b"\n\r\n" + FOLDED.replace(b"\n", b"\r\n\r\n\n", 3) + b"\n\r\n\n"


class PlacesCase(EngineCase):
    def setUp(self) -> None:
        super().setUp()
        self.fake = self.places()
        self.server = self.started(places=self.fake.url)
        self.told = self.reported(self.server, b"kiwi")

    def ask(self, command: bytes = b"WHATSAT kiwi 10 5\n") -> Dict[str, Any]:
        """Returns the JSON that answers a WHATSAT, after checking the lines around it."""
        with self.client(self.server) as client:
            client.send(command + b"next\n")
            at, found = client.whatsat()
            self.assertEqual(at.rstrip(b"\r\n"), self.told)
            self.assertEqual(client.line(), b"? next\n", "framed")
        return found


class Questions(PlacesCase):
    def test_where_and_how_far_is_asked_as_nearby_search_wants_it(self) -> None:
        for location, radius, latitude, longitude, metres in (
                (HERE, "10", 34.06893, -118.445127, 10_000), ("-0.5+007", "0.25", -0.5, 7, 250),
                ("+4-8", "50.000", 4, -8, 50_000), ("+00090.0-00180.00", "1.5", 90, -180, 1500)):
            with self.subTest(location=location, radius=radius):
                client = f"at{location}".encode()
                self.reported(self.server, client, location.encode())
                with self.client(self.server) as asking:
                    asking.send(b"WHATSAT %s %s 5\n" % (client, radius.encode()))
                    asking.whatsat()
                question = self.fake.questions[-1]
                self.assertEqual(question.path, PATH)
                self.assertEqual([float(each) for each in question.fields["location"].split(",")],
                                 [latitude, longitude])
                self.assertEqual(float(question.fields["radius"]), metres)

    def test_a_bad_or_unknown_query_asks_nothing(self) -> None:
        self.conversation(self.server, b"WHATSAT nobody 10 5\nWHATSAT kiwi 51 5\n"
                                       b"WHATSAT kiwi 1 0\n")
        self.assertEqual(self.fake.questions, [])

    def test_the_location_is_the_one_known_when_the_command_was_read(self) -> None:
        text = self.conversation(self.server, b"WHATSAT kiwi 10 5\nIAMAT kiwi +1+1 6\n")
        self.assertEqual(text.split(b"\n")[0], self.told)
        self.assertEqual([question.latitude for question in self.fake.questions], [34.06893])


class Connections(PlacesCase):
    blocking_too = False

    def test_connections_to_places_are_kept(self) -> None:
        for _ in range(20):
            self.ask()
        self.assertEqual(len(self.fake.questions), 20)
        # Each worker of a cluster has its own connections.
        self.assertLess(self.fake.connections, 10)


class Answers(PlacesCase):
    def test_no_more_results_than_the_bound_and_all_else_as_it_was(self) -> None:
        results = [place(f"place {n} \u00e9 ]}}\"") for n in range(20)]
        whole = {"html_attributions": [], "results": results, "status": "OK",
                 "next_page_token": "t", "other": {"results": [1, 2, 3]}}
        self.fake.reply = lambda _: Reply(json.dumps(whole, indent=3).encode())
        for bound in (1, 2, 5, 19, 20):
            with self.subTest(bound=bound):
                found = self.ask(b"WHATSAT kiwi 10 %d\n" % bound)
                self.assertEqual(found, {**whole, "results": results[:bound]})

    def test_what_needs_no_cut_passes_byte_for_byte_but_for_its_newlines(self) -> None:
        self.fake.reply = lambda _: Reply(UNFOLDED)
        for ending in (b"\n", b"\r\n"):
            text = self.conversation(self.server, b"WHATSAT kiwi 10 2" + ending + b"next\n")
            self.assertEqual(text, self.told + ending + FOLDED + ending * 2 + b"? next\n")

    def test_newlines_are_folded_where_results_are_cut_too(self) -> None:
        self.fake.reply = lambda _: Reply(UNFOLDED)
        found = self.ask(b"WHATSAT kiwi 10 1\r\n")
        self.assertEqual([each["rating"] for each in found["results"]], [4.2])
        self.assertEqual(found["odd"], {"results": [1, 2, 3]})

    def test_what_json_allows_is_no_failure(self) -> None:
        for name, body in (("half a character", rb'{"results": [{"name": "\ud83d"}], "status": "OK"}'),
                           ("two of a name", b'{"status": "NO", "results": [], "status": "OK"}')):
            with self.subTest(name):
                self.fake.reply = lambda _, body=body: Reply(body)
                text = self.conversation(self.server, b"WHATSAT kiwi 10 5\n")
                self.assertEqual(text, self.told + b"\n" + body + b"\n\n")

    def test_no_results_at_all_is_no_failure(self) -> None:
        found = self.ask()
        self.assertEqual((found["status"], found["results"]), ("ZERO_RESULTS", []))

    def test_chunked_and_large_answers(self) -> None:
        big = answer(status="OK", results=[place("x" * 10_000) for _ in range(20)])
        big.chunked = True
        self.fake.reply = lambda _: big
        self.assertEqual(len(self.ask(b"WHATSAT kiwi 10 20\n")["results"]), 20)


class Failures(PlacesCase):
    def failed(self) -> Dict[str, Any]:
        found = self.ask()
        self.assertEqual(found["results"], [])
        self.assertIsInstance(found["status"], str)
        self.assertNotIn(found["status"], ("", "OK", "ZERO_RESULTS"))
        self.assertTrue(found["error_message"])
        return found

    def test_whatever_places_sends_instead_of_an_answer(self) -> None:
        good = answer(status="OK", results=[place()])
        for name, reply in {
                "HTTP 500": Reply(b"Internal Server Error", 500),
                "HTTP 500 with JSON": Reply(good.body, 500),
                "HTTP 404": Reply(good.body, 404),
                "redirect": Reply(good.body, 302, {"Location": self.fake.url + PATH}),
                "empty": Reply(b""),
                "text": Reply(b"Welcome\n\n\nhere"),
                "cut JSON": Reply(good.body[:-1]),
                "JSON and more": Reply(good.body + b"}"),
                "list": Reply(b"[]"), "number": Reply(b"5"), "null": Reply(b"null"),
                "no status": Reply(b'{"results": []}'),
                "odd status": Reply(b'{"results": [], "status": 5}'),
                "OK without results": Reply(b'{"status": "OK"}'),
                "results that are none": Reply(b'{"status": "OK", "results": {}}'),
                "cut off": Reply(good.body, missing=10),
                "too large": Reply(b" " * (5 << 20) + good.body),
                "no UTF-8": Reply(good.body.replace(b"Here", b"\xff\xfe")),
                "nested": Reply(b"[" * 200_000)}.items():
            with self.subTest(name):
                self.fake.reply = lambda _, reply=reply: reply
                self.failed()
        self.fake.reply = lambda _: good
        self.assertEqual(self.ask()["results"], [place()], "and well again")

    def test_the_reason_of_an_http_error_is_passed_on(self) -> None:
        for http, status in ((400, "INVALID_REQUEST"), (403, "REQUEST_DENIED"),
                             (429, "OVER_QUERY_LIMIT"), (500, "UNKNOWN_ERROR")):
            with self.subTest(http=http):
                said = answer(status=status, error_message="It is so.", results=[place()])
                self.fake.reply = lambda _, http=http, said=said: Reply(said.body, http)
                found = self.failed()
                self.assertEqual((found["status"], found["error_message"]), (status, "It is so."))

    def test_the_error_object_of_newer_services_is_passed_on(self) -> None:
        error = {"code": 403, "status": "PERMISSION_DENIED", "message": "Not enabled."}
        for http in (200, 403):
            with self.subTest(http=http):
                body = json.dumps({"error": error}).encode()
                self.fake.reply = lambda _, http=http, body=body: Reply(body, http)
                found = self.failed()
                self.assertEqual((found["status"], found["error_message"]),
                                 ("PERMISSION_DENIED", "Not enabled."))
        self.fake.reply = lambda _: Reply(b'{"error": {"status": "OK", "message": "?"}}', 403)
        self.assertIn("403", self.failed()["error_message"])

    def test_the_reason_of_a_redirect_is_that_it_is_one(self) -> None:
        body = answer(status="REQUEST_DENIED", error_message="elsewhere").body
        self.fake.reply = lambda _: Reply(body, 302, {"Location": self.fake.url + PATH})
        self.assertIn("302", self.failed()["error_message"])

    def test_a_status_of_places_own_is_passed_on_without_results(self) -> None:
        self.fake.reply = lambda _: answer(status="OVER_QUERY_LIMIT", results=[place()])
        self.assertEqual(self.failed()["status"], "OVER_QUERY_LIMIT")
        self.fake.reply = lambda _: answer(status="REQUEST_DENIED", error_message="no\n\nkey")
        found = self.failed()
        self.assertEqual((found["status"], found["error_message"]), ("REQUEST_DENIED", "no\n\nkey"))

    def test_a_connection_that_ends_without_an_answer(self) -> None:
        def vanish(_: Question) -> Reply:
            raise ConnectionAbortedError

        self.fake.reply = vanish
        self.failed()
        self.fake.reply = lambda _: answer()
        self.assertEqual(self.ask()["status"], "ZERO_RESULTS")

    def test_nobody_listens_there(self) -> None:
        self.server = self.started(places=f"http://127.0.0.1:{free_ports(1)[0]}")
        self.told = self.reported(self.server, b"kiwi")
        self.failed()

    def test_no_connection_comes_about(self) -> None:
        deaf = Deaf()
        self.addCleanup(deaf.stop)
        self.server = self.started(places=deaf.url)
        self.told = self.reported(self.server, b"kiwi")
        self.failed()

    def test_an_answer_that_does_not_come(self) -> None:
        never = threading.Event()
        self.addCleanup(never.set)

        def wait(_: Question) -> Reply:
            never.wait()
            return answer()

        self.fake.reply = wait
        self.failed()
        self.fake.reply = lambda _: answer()
        self.assertEqual(self.ask()["status"], "ZERO_RESULTS")


class Waiting(PlacesCase):
    """While Places is slow."""

    blocking_too = False

    def setUp(self) -> None:
        super().setUp()
        self.go = threading.Event()
        self.addCleanup(self.go.set)

        def slow(question: Question) -> Reply:
            if question.fields["radius"] != "1000":
                self.go.wait()
            return answer(next_page_token=question.fields["radius"])

        self.fake.reply = slow

    def pending(self, count: int) -> None:
        wait_until(lambda: self.fake.at_once == count, f"{count} questions wait")

    def test_answers_keep_their_order_and_effects_do_not_wait(self) -> None:
        client = self.client(self.server)
        client.send(b"WHATSAT kiwi 9 5\r\nIAMAT kiwi +1+1 6\nbad\r\nWHATSAT kiwi 1 5\n"
                    b"IAMAT plum +2+2 7\nWHATSAT kiwi 8 5\nlast\n")
        self.pending(2)
        # The report after the slow query is in effect.
        self.wait_known_apart(b"plum")
        self.assertFalse(client.has_more())
        self.go.set()
        self.assertEqual(client.whatsat()[0], self.told + b"\r\n")
        line = client.line()
        self.assertRegex(line, rb"^AT Mid \S+ kiwi \+1\+1 6\n$")
        self.assertEqual(client.line(), b"? bad\r\n")
        at, found = client.whatsat()
        self.assertEqual((at, float(found["next_page_token"])), (line, 1000))
        self.assertRegex(client.line(), rb"^AT Mid \S+ plum \+2\+2 7\n$")
        at, found = client.whatsat()
        self.assertEqual((at, float(found["next_page_token"])), (line, 8000))
        self.assertEqual(client.line(), b"? last\n")

    def wait_known_apart(self, client: bytes) -> None:
        """Waits until another connection finds the client, by a query that Places answers at once."""
        def there() -> bool:
            with Client(self.server.address) as other:
                return other.ask(b"WHATSAT %s 1 5\n" % client).startswith(b"AT ")

        wait_until(there, f"{client!r} is known")

    def test_others_are_served_meanwhile(self) -> None:
        waiting = [self.client(self.server) for _ in range(10)]
        for number, client in enumerate(waiting):
            client.send(b"WHATSAT kiwi %d.5 5\n" % (number + 2))
        self.pending(10)
        for number in range(10):
            self.reported(self.server, b"other", b"+1+1", b"%d" % number)
        self.go.set()
        for number, client in enumerate(waiting):
            self.assertEqual(float(client.whatsat()[1]["next_page_token"]), 1000 * (number + 2.5))

    def test_half_closed_and_still_answered(self) -> None:
        client = self.client(self.server)
        client.send(b"WHATSAT kiwi 9 5\nIAMAT plum +2+2 7\nunfinished")
        client.half_close()
        self.pending(1)
        self.wait_known_apart(b"plum")
        self.go.set()
        self.assertEqual(client.whatsat()[0], self.told + b"\n")
        self.assertRegex(client.rest(), rb"^AT Mid \S+ plum \+2\+2 7\n$")

    def test_a_line_that_is_too_long_waits_for_its_turn(self) -> None:
        client = self.client(self.server)
        client.send(b"WHATSAT kiwi 9 5\n" + b"z" * 9000 + b"\nIAMAT behind +1+1 1\n")
        self.pending(1)
        self.reported(self.server, b"plum")
        self.go.set()
        client.whatsat()
        self.assertEqual(client.rest(), b"? " + b"z" * 64 + b"\n")
        self.assertIsNone(self.known_now(b"behind"))

    def known_now(self, client: bytes) -> Any:
        with Client(self.server.address) as other:
            return None if other.ask(b"WHATSAT %s 1 5\n" % client).startswith(b"? ") else client

    def test_who_leaves_meanwhile_is_not_missed(self) -> None:
        left: List[Client] = [self.client(self.server) for _ in range(5)]
        for number, client in enumerate(left):
            client.send(b"WHATSAT kiwi %d 5\nIAMAT c%d +1+1 1\n" % (number + 2, number))
        self.pending(5)
        for client in left[:4]:
            client.close()
        self.go.set()
        self.assertEqual(left[4].whatsat()[0], self.told + b"\n")


class WithoutPlaces(EngineCase):
    native_too = False  # it has its own provider

    def test_every_question_fails_at_once(self) -> None:
        server = self.started()
        told = self.reported(server, b"kiwi")
        for ending in (b"\n", b"\r\n"):
            text = self.conversation(server, b"WHATSAT kiwi 10 5" + ending + b"next" + ending)
            at, rest = text.split(ending, 1)
            self.assertEqual(at, told)
            body, end = rest.split(ending * 2)
            self.assertEqual(end, b"? next" + ending)
            found = json.loads(body)
            self.assertEqual(found["results"], [])
            self.assertNotIn(found["status"], ("", "OK", "ZERO_RESULTS"))
            self.assertTrue(re.search(r"\w", found["error_message"]))


load_tests = loader_of(Questions, Connections, Answers, Failures, Waiting, WithoutPlaces)

if __name__ == "__main__":
    unittest.main()
