"""Tests WHATSAT if Places fails, and that its answers are passed on unchanged, with a fake
provider."""

from __future__ import annotations

import json
import os
import re
import threading
import unittest
import unittest.mock
from typing import Any, Dict, List, Optional, Tuple

from fake_places import Deaf, FakePlaces, Question, Reply, answer, place
from herdsim_e2e import (DEADLINE_S, HERE, Client, Serving, TestCase, allow_many_files, asked,
                         free_ports, wait_until, write_scenario)

KEY_ENV = "HERDSIM_E2E_PLACES_API_KEY"
KEY = "AIza-s3cr3t&k=y/%2B +\"'\\"
KEY_MARK = "s3cr3t"  # of the key, in any encoding
MEBI = 1 << 20

# The Nearby Search answer that Google documents, with numbers as odd as JSON allows.
SAMPLE = rb"""{
  "html_attributions": [],
  "results":
    [
      {
        "business_status": "OPERATIONAL",
        "geometry":
          {
            "location": { "lat": -33.8587323, "lng": 151.2100055 },
            "viewport":
              {
                "northeast": { "lat": -33.85739847010727, "lng": 151.2112436298927 },
                "southwest": { "lat": -33.86009812989271, "lng": 151.2085439701072 },
              "precise": 123456789012345678901234567890.000000000000000000001 }
          },
        "icon": "https://maps.gstatic.com/mapfiles/place_api/icons/v1/png_71/bar-71.png",
        "icon_background_color": "#FF9E67",
        "icon_mask_base_uri": "https://maps.gstatic.com/mapfiles/place_api/icons/v2/bar_pinlet",
        "name": "Cruise Bar",
        "opening_hours": { "open_now": false },
        "photos":
          [
            {
              "height": 608,
              "html_attributions":
                ["<a href=\"https://maps.google.com/maps/contrib/112582655\">A Google User</a>"],
              "photo_reference": "Aap_uEDjTTWKXpRc6sVz5JCnLU-tYQ8rmQDQGmYcOFdDzfbQhSkVpBCJlOR-bhW",
              "width": 1080
            }
          ],
        "place_id": "ChIJi6C1MxquEmsR9-c-3O48ykI",
        "plus_code":
          { "compound_code": "46R6+G2 The Rocks, New South Wales", "global_code": "4RRH46R6+G2" },
        "price_level": 2,
        "rating": 4.0,
        "reference": "ChIJi6C1MxquEmsR9-c-3O48ykI",
        "scope": "GOOGLE",
        "types": ["bar", "restaurant", "food", "point_of_interest", "establishment"],
        "user_ratings_total": 1269,
        "vicinity": "Level 1, 2 and 3, Overseas Passenger Terminal, Circular Quay W, The Rocks"
      },
      { "name": "Caf\u00e9 \u2014 \ud83c\udf78 {[\"}]\\n", "place_id": "b", "rating": 4.20e+00,
        "big": 1E30, "nothing": null, "geometry": { "location": { "lat": -0.0, "lng": 1.50 } } },
      { "place_id": "c", "name": "results", "results": [{}, {}, []], "status": "NOT_OK" }
    ],
  "next_page_token": "Aap_uEA7vb0DDYVJWEaX3O-AtYp77AaswQKSGtDaimt3gt7QCNpdjp1BkdM6acJ96x",
  "status": "OK",
  "a field of 2031": {"results": [1, 2.50]}
}

"""


def exact(text: bytes) -> Any:
    """Parses JSON but keeps its numbers as they were written."""
    return json.loads(text, parse_int=str, parse_float=str)


class ProviderTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        patch = unittest.mock.patch.dict(os.environ, {KEY_ENV: KEY})
        patch.start()
        self.addCleanup(patch.stop)

    def provider(self) -> FakePlaces:
        fake = FakePlaces()
        self.addCleanup(fake.stop)
        return fake

    @staticmethod
    def scenario(url: str, **places: Any) -> Dict[str, Any]:
        return {"name": "asking", "duration": "1s", "herds": [{
            "name": "herd", "servers": ["One"], "links": [],
            "places": {"provider": "google", "key_env": KEY_ENV, "base_url": url,
                       "timeout": "30s", **places}}]}

    def connected(self, url: str, log: str = "info", **places: Any) -> Tuple[Serving, Client]:
        serving = self.serve(self.scenario(url, **places), 1, log=log)
        client = Client(serving.address("One"))
        self.addCleanup(client.close)
        self.assertTrue(client.ask(f"IAMAT kiwi {HERE} 1\n".encode()).startswith(b"AT One "))
        return serving, client

    def failure(self, serving: Serving, client: Client, status: Optional[str] = None,
                said: str = "") -> None:
        """Checks that the next WHATSAT fails properly: with an answer, and a line in the log."""
        logged = len(serving.stderr())
        client.send(b"WHATSAT kiwi 10 5\nnext\n")
        at, found = client.whatsat()
        self.assertTrue(at.endswith(f" kiwi {HERE} 1\n".encode()), at)
        self.assertEqual(client.line(), b"? next\n", "framed")
        self.assertEqual(found["results"], [])
        self.assertIsInstance(found["status"], str)
        self.assertNotIn(found["status"], ("", "OK", "ZERO_RESULTS"))
        self.assertTrue(found["error_message"])
        self.assertIn(said, found["error_message"])
        if status:
            self.assertEqual(found["status"], status)
        wait_until(lambda: "Places" in serving.stderr()[logged:] and
                   found["status"] in serving.stderr()[logged:], f"a log line about {found}")

    def well(self, fake: FakePlaces, client: Client) -> None:
        fake.reply = lambda _: answer(status="OK", results=[place("well")])
        client.send(b"WHATSAT kiwi 10 5\n")
        self.assertEqual(client.whatsat()[1]["results"], [place("well")])


class Failures(ProviderTest):
    def test_answers_that_are_none(self) -> None:
        fake = self.provider()
        serving, client = self.connected(fake.url, log="warn")
        whole = answer(status="OK", results=[place()]).body
        for name, reply, said in (
                ("500", Reply(b"oops", 500), "500"), ("503", Reply(whole, 503), "503"),
                ("404", Reply(whole, 404), "404"), ("204", Reply(b"", 204), ""),
                ("nothing", Reply(b""), ""), ("html", Reply(b"<html>\n\n\nno</html>"), ""),
                ("half", Reply(whole[:-9]), ""), ("more", Reply(whole + b"}"), ""),
                ("NUL", Reply(b"\0" * 9), ""), ("not UTF-8", Reply(b"\xff\xfe{}"), ""),
                ("cut off", Reply(whole[:30], missing=len(whole) - 30), ""),
                ("cut off where it is whole", Reply(whole, missing=1), ""),
                ("cut off, in chunks", Reply(whole, missing=1, chunked=True), ""),
                ("cut off at once", Reply(b"", missing=100), ""),
                ("list", Reply(b"[]"), ""), ("number", Reply(b"7"), ""),
                ("null", Reply(b"null"), ""),
                ("empty", Reply(b"{}"), ""), ("no status", Reply(b'{"results": []}'), ""),
                ("no results", Reply(b'{"status": "OK"}'), ""),
                ("results are no list", Reply(b'{"status": "OK", "results": {"a": 1}}'), ""),
                ("status is no text", Reply(b'{"status": 200, "results": []}'), ""),
                ("deep", Reply(b"[" * 100_000), ""),
                ("deep results", Reply(b'{"status": "OK", "results": ' + b"[" * MEBI), "")):
            with self.subTest(name):
                fake.reply = lambda _, reply=reply: reply
                self.failure(serving, client, said=said)
        self.well(fake, client)

    def test_what_the_provider_itself_says_went_wrong(self) -> None:
        fake = self.provider()
        serving, client = self.connected(fake.url, log="warn")
        for status in ("OVER_QUERY_LIMIT", "REQUEST_DENIED", "INVALID_REQUEST", "UNKNOWN_ERROR"):
            with self.subTest(status):
                fake.reply = lambda _: answer(status=status)
                self.failure(serving, client, status)
                fake.reply = lambda _: answer(status=status, error_message="It is\n\nso.",
                                              results=[place()])
                self.failure(serving, client, status, "so.")
        self.well(fake, client)

    def test_google_s_reason_behind_an_http_error(self) -> None:
        fake = self.provider()
        serving, client = self.connected(fake.url, log="warn")
        for http, status in ((400, "INVALID_REQUEST"), (403, "REQUEST_DENIED"),
                             (429, "OVER_QUERY_LIMIT"), (500, "UNKNOWN_ERROR")):
            with self.subTest(http):
                said = answer(status=status, error_message="It is so.")
                fake.reply = lambda _, said=said, http=http: Reply(said.body, http)
                self.failure(serving, client, status, "It is so.")
        self.well(fake, client)

    def test_nobody_listens(self) -> None:
        serving, client = self.connected(f"http://127.0.0.1:{free_ports(1)[0]}")
        for _ in range(3):
            self.failure(serving, client)

    def test_no_connection_in_time(self) -> None:
        deaf = Deaf()
        self.addCleanup(deaf.stop)
        # The whole answer would take far longer than the test's deadline.
        serving, client = self.connected(deaf.url, connect_timeout="50ms", timeout="1h")
        self.failure(serving, client)

    def test_no_answer_in_time(self) -> None:
        fake, gate = self.provider(), threading.Event()
        self.addCleanup(gate.set)

        def held(_: Question) -> Reply:
            gate.wait(DEADLINE_S)
            return answer()

        fake.reply = held
        serving, client = self.connected(fake.url, timeout="100ms")
        with Client(serving.address("One")) as other:
            for _ in range(2):
                self.failure(serving, client)
                self.assertEqual(other.ask(b"there\n"), b"? there\n")
        wait_until(lambda: fake.at_once > 0, "the provider has a question")
        with fake.lock:
            self.assertEqual(fake.at_once, len(fake.questions), "none is answered to this moment")

    def test_a_body_of_more_than_half_a_mebibyte(self) -> None:
        fake = self.provider()
        serving, client = self.connected(fake.url)
        start, end = b'{"status": "OK", "results": [], "x": "', b'"}'
        whole = start + b"x" * (MEBI // 2 - len(start) - len(end)) + end
        for chunked in (False, True):
            fake.reply = lambda _: Reply(whole, chunked=chunked)
            client.send(b"WHATSAT kiwi 10 5\n")
            self.assertEqual(client.whatsat()[1], json.loads(whole))
            fake.reply = lambda _: Reply(whole[:-2] + b'x"}', chunked=chunked)
            self.failure(serving, client)
        fake.reply = lambda _: Reply(b"", missing=1 << 40)
        self.failure(serving, client)
        self.well(fake, client)

    def test_redirects_are_not_followed(self) -> None:
        fake, elsewhere = self.provider(), self.provider()
        serving, client = self.connected(fake.url)
        for status in (301, 302, 303, 307, 308):
            fake.reply = lambda _: Reply(answer().body, status, {"Location": elsewhere.url + "/x"})
            self.failure(serving, client)
        self.assertEqual(elsewhere.connections, 0)
        self.assertEqual(len(fake.questions), 5)


class PassedThrough(ProviderTest):
    def raw(self, body: bytes, bound: int) -> bytes:
        fake = self.provider()
        fake.reply = lambda _: Reply(body)
        _, client = self.connected(fake.url)
        client.send(b"WHATSAT kiwi 10 %d\n" % bound)
        self.assertTrue(client.line().startswith(b"AT One "))
        return client.places()[0]

    def test_googles_documented_answer_with_every_field_and_number_as_written(self) -> None:
        self.assertEqual(exact(self.raw(SAMPLE, 20)), exact(SAMPLE))

    def test_cut_to_the_bound_the_rest_stays_as_it_was(self) -> None:
        for bound in (1, 2, 3):
            wanted = exact(SAMPLE)
            wanted["results"] = wanted["results"][:bound]
            self.assertEqual(exact(self.raw(SAMPLE, bound)), wanted)

    def test_runs_of_newlines_are_folded_and_there_is_none_at_the_end(self) -> None:
        lines = SAMPLE.strip().split(b"\n")
        for newlines in (b"\n\n\n", b"\r\n\r\n", b"\n" * 5000):
            text = self.raw(newlines.join([b"", *lines, b""]), 20)
            self.assertNotIn(b"\n\n", text)
            self.assertNotIn(b"\r\n", text)
            self.assertFalse(text.endswith((b"\n", b"\r")))
            self.assertEqual(exact(text), exact(SAMPLE))
            self.assertEqual(text.strip(), b"\n".join(lines))

    def test_no_kind_of_newline_makes_an_empty_line(self) -> None:
        lines = SAMPLE.strip().split(b"\n")
        for newlines in (b"\r", b"\n\r", b"\r\r\n", b"\n\r\r\n\n\r", b"\n\r\n\r", b" \n\t\n "):
            with self.subTest(newlines):
                text = self.raw(newlines.join([b"", *lines, b""]), 20)
                self.assertEqual(exact(text), exact(SAMPLE))
                self.assertFalse({b"", b"\r"} & set(text.split(b"\n")))

    def test_the_bytes_of_a_name_are_kept(self) -> None:
        body = '{"results": [{"name": "Café ☕ \\u00e9 \\/ \x7f"}], "status": "OK"}'.encode()
        self.assertEqual(self.raw(body, 20), body)


class Key(ProviderTest):
    def assert_untold(self, *texts: str) -> None:
        for text in texts:
            self.assertNotIn(KEY_MARK, text)

    def test_it_is_sent_and_never_told(self) -> None:
        fake = self.provider()
        serving, client = self.connected(fake.url, log="debug")
        for reply in (answer(status="OK", results=[place()]), Reply(b"", 500),
                      answer(status="REQUEST_DENIED", error_message=f"The key {KEY} is bad.")):
            fake.reply = lambda _: reply
            client.send(b"WHATSAT kiwi 10 5\n")
            client.whatsat()
        self.assertEqual([each.fields["key"] for each in fake.questions], [KEY] * 3)
        self.assertEqual(serving.stop(), 0)
        self.assert_untold(serving.stdout(), serving.stderr())

    def test_a_run_leaves_it_in_no_file(self) -> None:
        fake = self.provider()
        fake.reply = lambda _: Reply(b"", 500) if len(fake.questions) % 2 else answer()
        scenario = {**self.scenario(fake.url), "clients": [
            {"id": "c", "server": "One", "updates": "10/s", "queries": "10/s"}]}
        run = self.run_scenario(scenario, "--log", "debug")
        self.assertIn(KEY, [each.fields["key"] for each in fake.questions])
        self.assert_untold(run.stdout, run.stderr)
        files = [path for path in run.folder.rglob("*") if path.is_file()]
        self.assertIn("run.json", [path.name for path in files])
        self.assert_untold(*(path.read_text(errors="replace") for path in files))

    def test_without_the_variable_nothing_starts(self) -> None:
        del os.environ[KEY_ENV]
        fake = self.provider()
        client = {"id": "c", "server": "One", "updates": "9/s"}
        sends = {"at": "1s", "do": "send", "client": "c", "line": "WHATSAT c 10 5"}
        scenarios = {"idle": self.scenario(fake.url), "tells": {
            **self.scenario(fake.url), "clients": [client]}, "asks": {
            **self.scenario(fake.url), "clients": [{**client, "queries": "9/s"}]}, "sends": {
            **self.scenario(fake.url), "clients": [client], "events": [sends]}}
        for name, scenario in scenarios.items():
            path = write_scenario({**scenario, "name": name}, self.folder)
            self.assertEqual(self.herdsim("check", str(path)).status, 0, "only a run looks for it")
            for command in ("run", "serve"):
                with self.subTest(command, scenario=name):
                    # If it starts after all, it ends by itself in a second, or with the test.
                    process = self.start(command, str(path))
                    wait_until(lambda: process.ended() or process.stdout(), "it starts or ends")
                    self.assertTrue(process.ended(), process.stdout())
                    self.assertEqual((process.wait(), process.stdout().strip()), (3, ""))
                    self.assertIn(KEY_ENV, process.stderr())
                    if command == "run":
                        self.assertFalse((self.folder / "results" / name).exists())
        self.assertEqual(fake.connections, 0)


class Connections(ProviderTest):
    def test_they_are_kept_alive(self) -> None:
        fake = self.provider()
        _, client = self.connected(fake.url)
        for number in range(50):
            client.send(b"WHATSAT kiwi 10.%d 5\n" % number)
            client.whatsat()
        self.assertEqual(len(fake.questions), 50)
        self.assertLessEqual(fake.connections, 2)

    def test_at_most_32_questions_are_under_way_at_once(self) -> None:
        fake, gate = self.provider(), threading.Event()
        self.addCleanup(gate.set)

        def held(_: Question) -> Reply:
            gate.wait(DEADLINE_S)
            return answer(status="OK")

        fake.reply = held
        serving, client = self.connected(fake.url, timeout="10min")
        client.send(b"".join(b"WHATSAT kiwi 10.%03d 5\n" % number for number in range(200)))
        client.send(b"done\n")
        wait_until(lambda: fake.at_once == 32, "32 questions at once")
        asked(serving.address("One"), b"turn\n")
        gate.set()
        self.assertEqual([client.whatsat()[1]["status"] for _ in range(200)], ["OK"] * 200)
        self.assertEqual(client.line(), b"? done\n")
        self.assertEqual((fake.at_once_peak, len(fake.questions)), (32, 200))
        self.assertLessEqual(fake.connections, 32)


class Many(TestCase):
    def setUp(self) -> None:
        super().setUp()
        allow_many_files()

    def test_10_000_with_500_in_flight_and_failures_and_cut_bodies(self) -> None:
        connections, each, in_flight = 50, 200, 10
        serving = self.serve({"name": "many", "duration": "1s", "herds": [{
            "name": "herd", "servers": ["One"], "links": [],
            "places": {"fail": 0.1, "cut": 0.01, "timeout": "10min"}}]}, 1, log="error")
        address = serving.address("One")
        with Client(address) as first:  # there is one connection to Places from now on
            first.ask(b"IAMAT first +1+1 1\n")
            first.send(b"WHATSAT first 10 5\n")
            first.whatsat()
        before = serving.open_files()
        statuses: List[str] = []
        errors: List[str] = []

        def converse(number: int) -> None:
            """Sends ten queries ahead of the answers, each about another client."""
            try:
                with Client(address) as client:
                    names = [f"c{number}-{k}" for k in range(each)]
                    for k, name in enumerate(names):
                        here = f"+34.{number:03d}{k:04d}-118.4"
                        client.send(f"IAMAT {name} {here} 1\n".encode())
                        assert f" {name} {here} 1\n" in client.line().decode()
                    barrier.wait(DEADLINE_S)
                    for k in range(each + in_flight):
                        if k < each:
                            client.send(f"WHATSAT {names[k]} 10 2\n".encode())
                        if k >= in_flight:
                            at, found = client.whatsat()
                            assert at.split()[3].decode() == names[k - in_flight], (at, k)
                            good = found["status"] in ("OK", "ZERO_RESULTS")
                            assert (len(found["results"]) == 2) == good, found
                            assert good or found["error_message"], found
                            statuses.append(found["status"])
                    client.half_close()
                    assert client.rest() == b""
            except Exception as error:  # noqa: BLE001, reported by the test's own thread
                errors.append(f"{number}: {error!r}")
                barrier.abort()

        barrier = threading.Barrier(connections)
        threads = [threading.Thread(target=converse, args=(number,), daemon=True)
                   for number in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(3 * DEADLINE_S)
        self.assertEqual(errors, [])
        self.assertEqual(len(statuses), connections * each)
        bad = sum(status not in ("OK", "ZERO_RESULTS") for status in statuses) / len(statuses)
        self.assertGreater(bad, 0.08)
        self.assertLess(bad, 0.14)
        # Idle connections to Places may stay: at most 31 more, with both endpoints in this
        # process.
        wait_until(lambda: serving.open_files() <= before + 2 * 31, "no socket is left over")
        self.assertTrue(re.fullmatch(rb"\? on\n", asked(address, b"on\n")))
        self.assertEqual(serving.stop(), 0)


if __name__ == "__main__":
    unittest.main()
