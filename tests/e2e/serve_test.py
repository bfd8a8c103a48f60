"""Tests the protocol with clients of a served herd, over real sockets."""

from __future__ import annotations

import decimal
import json
import re
import signal
import socket
import time
import unittest
from typing import List

from herdsim_e2e import (HERE, PAPER_SERVERS, SOURCE, Client, Serving, TestCase, asked,
                         wait_for_record, wait_until)

PAPER = SOURCE / "scenarios" / "paper.json"
AT = re.compile(rb"AT (\S+) ([+-][0-9]+\.[0-9]{9}) (\S+) (\S+) ([0-9.]+)(\r?\n)")

# Each is answered with `? ` and its copy. KNOWN is a client that the server knows.
MALFORMED: List[bytes] = [
    # Empty, or not a command.
    b"", b" ", b"\t", b"   \t  ", b"\x0b", b"\x0c", b"\r", b"hello", b"hello world", b"?", b"? ",
    b"\x00", b"\x00\x00\x00", b"\xff\xfe", b"\xc3\xa9t\xc3\xa9", b"iamat a +1+1 1",
    b"Iamat a +1+1 1",
    b"IAMATX a +1+1 1", b"XIAMAT a +1+1 1", b"IAMAT\x00 a +1+1 1", b"\x00IAMAT a +1+1 1",
    b"IAMATa +1+1 1", b"whatsat KNOWN 10 5", b"WHATSATKNOWN 10 5", b"WHATSAT\xa0KNOWN 10 5",
    b"WHEREIS KNOWN", b"GET / HTTP/1.1", b"QUIT", b"\"IAMAT\" a +1+1 1",
    # The wrong number of fields.
    b"IAMAT", b"IAMAT ", b"IAMAT a", b"IAMAT a +1+1", b"IAMAT a +1+1 1 1", b"IAMAT a +1+1 1 x",
    b"IAMAT a +1 +1 1", b"IAMAT a +1+1 1 \x00", b"WHATSAT", b"WHATSAT KNOWN", b"WHATSAT KNOWN 10",
    b"WHATSAT KNOWN 10 5 5", b"WHATSAT KNOWN 10 5 \x00",
    # Locations.
    b"IAMAT a 1+1 1", b"IAMAT a +11 1", b"IAMAT a +1 1", b"IAMAT a ++1+1 1", b"IAMAT a +1++1 1",
    b"IAMAT a +1+1+1 1", b"IAMAT a +1+1/ 1", b"IAMAT a + 1", b"IAMAT a +- 1", b"IAMAT a +1+ 1",
    b"IAMAT a ++1 1", b"IAMAT a +.5+1 1", b"IAMAT a +1+.5 1", b"IAMAT a +1.+1 1",
    b"IAMAT a +1+1. 1", b"IAMAT a +1.5.5+1 1", b"IAMAT a +1,5+1 1", b"IAMAT a +90.000001+1 1",
    b"IAMAT a -90.000001+1 1",
    b"IAMAT a +91+1 1", b"IAMAT a -91-1 1", b"IAMAT a +1+180.0000001 1", b"IAMAT a +1-180.01 1",
    b"IAMAT a +1+181 1", b"IAMAT a +1-1000 1", b"IAMAT a +90.00000000000000000001+0 1",
    b"IAMAT a +1e1+1 1", b"IAMAT a +0x1+1 1", b"IAMAT a +nan+nan 1", b"IAMAT a +inf+1 1",
    b"IAMAT a +1\x00+1 1", b"IAMAT a +1+1\x00 1", b"IAMAT a \xe2\x88\x921+1 1",
    b"IAMAT a +99999999999999999999+1 1",
    # Times.
    b"IAMAT a +1+1 -1", b"IAMAT a +1+1 +1", b"IAMAT a +1+1 1.", b"IAMAT a +1+1 .5",
    b"IAMAT a +1+1 .",
    b"IAMAT a +1+1 1.5.5", b"IAMAT a +1+1 1e9", b"IAMAT a +1+1 1E9", b"IAMAT a +1+1 0x10",
    b"IAMAT a +1+1 nan", b"IAMAT a +1+1 inf", b"IAMAT a +1+1 1,5", b"IAMAT a +1+1 1_000",
    b"IAMAT a +1+1 now", b"IAMAT a +1+1 1\x00", b"IAMAT a +1+1 \xd9\xa1",
    b"IAMAT a +1+1 9223372036.854775808", b"IAMAT a +1+1 9223372037",
    b"IAMAT a +1+1 18446744073709551616",
    b"IAMAT a +1+1 18446744073.709551616", b"IAMAT a +1+1 99999999999999999999999999999999",
    # Radius and bound.
    b"WHATSAT KNOWN 0 5", b"WHATSAT KNOWN 0.0 5", b"WHATSAT KNOWN 50.000000001 5",
    b"WHATSAT KNOWN 51 5", b"WHATSAT KNOWN -1 5", b"WHATSAT KNOWN +1 5", b"WHATSAT KNOWN 1. 5",
    b"WHATSAT KNOWN .5 5", b"WHATSAT KNOWN 1e1 5", b"WHATSAT KNOWN ten 5",
    b"WHATSAT KNOWN 18446744073709551617 5", b"WHATSAT KNOWN 10 0", b"WHATSAT KNOWN 10 21",
    b"WHATSAT KNOWN 10 -5", b"WHATSAT KNOWN 10 +5", b"WHATSAT KNOWN 10 5.0", b"WHATSAT KNOWN 10 5.",
    b"WHATSAT KNOWN 10 1e0", b"WHATSAT KNOWN 10 x", b"WHATSAT KNOWN 10 4294967301",
    b"WHATSAT KNOWN 10 18446744073709551621", b"WHATSAT 10 5", b"WHATSAT nobody 10 5",
    b"WHATSAT known 10 5", b"WHATSAT KNOWN\x00 10 5",
    # Commands that only an authenticated link may send.
    b"AT", b"AT Alford +0.263873386 a +1+1 1", b"AT Alford -0.000000001 KNOWN +1+1 99",
    b"at Alford +0.263873386 a +1+1 1",
]

# Answered like any other, odd as they look: id, location, time.
WELL_FORMED: List[bytes] = [
    b"a +1+1 1", b"a +0+0 0", b"a -0-0 0.0", b"a +90+180 2", b"a -90-180 2", b"a +90.0-180.000 2",
    b"a +034.5-0118.25 3", b"a +0000000000001+0000000000001 3", b"a +1.0000000000000000001-1 4",
    b"a +89.99999999999999999999+179.9999999999999999 4", b"a +1+1 00012.50", b"a +1+1 1479413884",
    b"a +1+1 1479413884.392014450", b"a +1+1 1479413884.3920144501234567890", b"a +1+1 9223372036",
    b"a +1+1 9223372036.854775807", b"a +1+1 9223372036.8547758079999",
    b"a +1+1 00000000000000000000001",
    b"IAMAT +1+1 1", b"+1+1 +1+1 1", b"\x00 +1+1 1", b"\xff\xfe\x80 +1+1 1", b"a\x00b +1+1 1",
    b"\xc3\xa9t\xc3\xa9 +1+1 1", b"? +1+1 1", b"\"q,uoted\" +1+1 1", b"\x01\x1b[2J +1+1 1",
    b"x" * 4000 + b" +1+1 1",
]


def paper_servers(test: TestCase) -> Serving:
    return test.serve(PAPER, linked=True)


class Conversation(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.serving = paper_servers(self)
        self.alford = self.serving.address("Alford")

    def test_serve_says_where_each_server_listens(self) -> None:
        self.assertEqual([(herd, server) for herd, server in self.serving.addresses],
                         [("flood-echo", server) for server in PAPER_SERVERS])
        for line, (host, port) in zip(self.serving.lines, self.serving.addresses.values()):
            self.assertRegex(line, r"^\S+ \S+ 127\.0\.0\.1:[0-9]+$")
            socket.create_connection((host, port)).close()
        self.assertEqual(self.serving.stdout().count("\n"), 5, "logs belong to standard error")

    def test_the_code_of_libraries_that_it_does_not_use_is_not_in_its_memory(self) -> None:
        wait_until(lambda: self.serving.code_kib("libpq") == 0, "serve gives its memory back")
        self.assertTrue(asked(self.alford, b"a line\n"), "it gets back what it uses")
        self.assertGreater(self.serving.code_kib("libc"), 0)

    def test_iamat_is_answered_with_its_own_fields_and_the_skew(self) -> None:
        stamp = f"{time.time() - 1000:.9f}"
        answer = asked(self.alford, f"IAMAT kiwi.cs.ucla.edu {HERE} {stamp}\n".encode())
        after = decimal.Decimal(time.time())
        found = AT.fullmatch(answer)
        assert found, answer
        self.assertEqual((found[1], found[3], found[4], found[5], found[6]),
                         (b"Alford", b"kiwi.cs.ucla.edu", HERE.encode(), stamp.encode(), b"\n"))
        # Both clocks are the same, so this checks only that the skew is `now - stamp`.
        skew, age = decimal.Decimal(found[2].decode()), after - decimal.Decimal(stamp)
        self.assertTrue(found[2].startswith(b"+"))
        self.assertLess(abs(skew - age), 500)

    def test_a_time_in_the_future_gives_a_negative_skew(self) -> None:
        stamp = f"{time.time() + 5000:.9f}"
        found = AT.fullmatch(asked(self.alford, f"IAMAT a {HERE} {stamp}\n".encode()))
        assert found
        self.assertTrue(found[2].startswith(b"-"))
        self.assertLess(abs(decimal.Decimal(found[2].decode()) + 5000), 500)

    def test_the_location_reaches_every_server_as_it_was_first_answered(self) -> None:
        told = asked(self.alford, f"IAMAT kiwi {HERE} 1479413884.392014450\n".encode())
        for server in PAPER_SERVERS:
            self.assertEqual(wait_for_record(self.serving.address(server), "kiwi"), told, server)

    def test_whatsat_has_at_line_json_and_an_empty_line_in_the_endings_of_the_command(self) -> None:
        told = asked(self.alford, f"IAMAT kiwi {HERE} 1479413884.392014450\n".encode())
        for ending in (b"\n", b"\r\n"):
            for query in (b"10 5", b"50 20", b"0.000000001 1", b"50.0 007"):
                with self.subTest(ending=ending, query=query), Client(self.alford) as client:
                    answer = client.ask(b"WHATSAT kiwi " + query + ending)
                    self.assertEqual(answer, told[:-1] + ending)
                    text, end = client.places()
                    self.assertEqual(end, ending * 2)
                    self.assertNotIn(b"\n\n", text)
                    places = json.loads(text)
                    self.assertLessEqual(len(places["results"]), int(query.split()[1]))
                    if places["status"] not in ("OK", "ZERO_RESULTS"):
                        self.assertEqual(places["results"], [])
                        self.assertTrue(places["error_message"])
                    self.assertEqual(client.ask(b"next\n"), b"? next\n", "framed by the empty line")

    def test_each_answer_has_the_ending_of_its_own_line(self) -> None:
        with Client(self.alford) as client:
            client.send(b"one\r\ntwo\nIAMAT a +1+1 1\r\nIAMAT a +1+1 2\nx\ry\r\n\r\n\nz\r\r\n")
            self.assertEqual([client.line() for _ in range(2)], [b"? one\r\n", b"? two\n"])
            self.assertTrue(client.line().endswith(b" a +1+1 1\r\n"))
            self.assertTrue(client.line().endswith(b" a +1+1 2\n"))
            self.assertEqual([client.line() for _ in range(4)],
                             [b"? x\ry\r\n", b"? \r\n", b"? \n", b"? z\r\r\n"])

    def test_any_white_space_parts_fields(self) -> None:
        with Client(self.alford) as client:
            for line in (b"  IAMAT a +1+1 1  ", b"IAMAT\ta\x0b+1+1\x0c1",
                         b"\x0bIAMAT \t a\r+1+1  1\r", b"\tIAMAT\x0c\x0ca \x0b +1+1\t\t1\x0c"):
                answer = client.ask(line + b"\r\n")
                self.assertRegex(answer, rb"^AT Alford \S+ a \+1\+1 1\r\n$")

    def test_a_hundred_commands_in_one_write(self) -> None:
        lines = [b"IAMAT c%d %s %d.5" % (i % 7, HERE.encode(), i + 1) if i % 3 else b"no %d" % i
                 for i in range(100)]
        with Client(self.alford) as client:
            client.send(b"".join(line + (b"\r\n" if i % 2 else b"\n")
                                 for i, line in enumerate(lines)))
            client.half_close()
            answers = client.rest().split(b"\n")
        self.assertEqual(len(answers), 101)
        for i, (line, answer) in enumerate(zip(lines, answers)):
            self.assertEqual(answer.endswith(b"\r"), i % 2 == 1)
            self.assertTrue(answer.rstrip(b"\r").endswith(line.replace(b"IAMAT", b"", 1)), answer)

    def conversation(self) -> bytes:
        return (f"IAMAT kiwi {HERE} 1479413884.392014450\r\nWHATSAT kiwi 10 5\n\n"
                f"WHATSAT kiwi 10 5\r\nbad\x00 line\r\n IAMAT kiwi {HERE} 7 \n").encode()

    @staticmethod
    def without_skew(text: bytes) -> bytes:
        return re.sub(rb"AT Alford \S+", b"AT Alford SKEW", text)

    def in_one_write(self) -> bytes:
        with Client(self.alford) as client:
            client.send(self.conversation())
            client.half_close()
            return self.without_skew(client.rest())

    def test_the_same_conversation_split_at_every_byte(self) -> None:
        text, whole = self.conversation(), self.in_one_write()
        self.assertEqual(whole.count(b"AT Alford SKEW kiwi"), 4)
        with Client(self.alford) as other:
            for split in range(1, len(text)):
                with Client(self.alford) as client:
                    client.send(text[:split])
                    # One turn of the server's loop, so that the halves are seldom read as one.
                    self.assertEqual(other.ask(b"turn\n"), b"? turn\n")
                    client.send(text[split:])
                    client.half_close()
                    self.assertEqual(self.without_skew(client.rest()), whole, split)

    def test_the_same_conversation_a_byte_at_a_time(self) -> None:
        text, whole = self.conversation(), self.in_one_write()
        with Client(self.alford) as client, Client(self.alford) as other:
            for at in range(len(text)):
                client.send(text[at:at + 1])
                other.ask(b"turn\n")
            client.half_close()
            self.assertEqual(self.without_skew(client.rest()), whole)

    def test_text_without_an_ending_is_dropped_at_close(self) -> None:
        for tail in (b"IAMAT late +1+1 5", b"IAMAT late +1+1 5\r", b"junk", b"\r"):
            with Client(self.alford) as client:
                client.send(b"one\n" + tail)
                client.half_close()
                self.assertEqual(client.rest(), b"? one\n", tail)
        self.assertEqual(asked(self.alford, b"WHATSAT late 10 5\n"), b"? WHATSAT late 10 5\n")

    def test_half_close_still_gets_every_answer(self) -> None:
        for count in (0, 1, 1000):
            with Client(self.alford) as client:
                client.send(b"".join(b"line %d\n" % i for i in range(count)))
                client.half_close()
                self.assertEqual(client.rest(), b"".join(b"? line %d\n" % i for i in range(count)))

    def test_every_malformed_line_gets_its_copy_and_the_server_serves_on(self) -> None:
        self.assertGreaterEqual(len(set(MALFORMED)), 100)
        asked(self.alford, b"IAMAT KNOWN +1+1 5\n")
        with Client(self.alford) as client:
            for number, line in enumerate(MALFORMED):
                for ending in (b"\n", b"\r\n"):
                    answer = client.ask(line + ending)
                    self.assertEqual(answer, b"? " + line + ending)
                if line.startswith(b"IAMAT a"):
                    self.assertTrue(client.ask(b"WHATSAT a 1 1\n").startswith(b"? "), line)
                served = client.ask(b"IAMAT KNOWN +1+1 %d\n" % number)
                self.assertRegex(served, rb"^AT Alford \S+ KNOWN \+1\+1 %d\n$" % number)

    def test_odd_but_well_formed_lines_are_answered_with_their_fields(self) -> None:
        with Client(self.alford) as client:
            for fields in WELL_FORMED:
                answer = client.ask(b"IAMAT " + fields + b"\n")
                self.assertTrue(answer.startswith(b"AT Alford "), (fields[:40], answer[:80]))
                self.assertEqual(answer.split(b" ", 3)[3], fields + b"\n")

    def test_ids_of_any_bytes_reach_the_other_servers(self) -> None:
        welsh = self.serving.address("Welsh")
        for client_id in (b"\x00", b"a\x00b", b"\xff\xfe\x80", b"\xc3\xa9", b"\xa0", b"AT"):
            told = asked(self.alford, b"IAMAT " + client_id + b" +1+1 5\n")
            self.assertEqual(wait_for_record(welsh, client_id), told)

    def test_the_newest_wins_and_older_ones_are_answered_all_the_same(self) -> None:
        with Client(self.alford) as client:
            newest = client.ask(b"IAMAT kiwi +2+2 1000.000000002\n")
            for stamp in (b"1000.000000001", b"999", b"1000", b"1000.0000000019"):
                answer = client.ask(b"IAMAT kiwi +3+3 " + stamp + b"\n")
                self.assertRegex(answer, rb"^AT Alford \S+ kiwi \+3\+3 %s\n$" % re.escape(stamp))
                self.assertEqual(client.ask(b"WHATSAT kiwi 10 5\n"), newest)
                client.places()
            # At equal times, the greater location, compared as text, is the newer one.
            greater = client.ask(b"IAMAT kiwi +3+3 1000.000000002\n")
            client.ask(b"IAMAT kiwi +2+9 1000.000000002\n")
            self.assertEqual(client.ask(b"WHATSAT kiwi 10 5\n"), greater)
            client.places()
            # The same update again is answered again and changes nothing.
            client.ask(b"IAMAT kiwi +3+3 1000.000000002\n")
            self.assertEqual(client.ask(b"WHATSAT kiwi 10 5\n"), greater)

    def test_a_wrong_handshake_is_answered_and_closed(self) -> None:
        for line in (b"LINK flood-echo Hamilton Alford " + b"0" * 64,
                     b"LINK flood-echo Welsh Alford x", b"LINK other Hamilton Alford " + b"0" * 64):
            with Client(self.alford) as link:
                link.send(line + b"\nAT Hamilton +0.1 forged +1+1 5\n")
                answer = link.rest()
                self.assertTrue(answer.startswith(b"? "), answer)
                self.assertEqual(answer.count(b"\n"), 1, "closed: what follows is not looked at")
        self.assertTrue(asked(self.alford, b"WHATSAT forged 10 5\n").startswith(b"? "))
        told = asked(self.alford, b"IAMAT kiwi +1+1 5\n")
        self.assertEqual(wait_for_record(self.serving.address("Hamilton"), "kiwi"), told,
                         "the real links are none the worse")


class Loops(TestCase):
    def test_servers_on_several_loops_are_one_herd(self) -> None:
        for loops in (2, 5):
            serving = self.serve(PAPER, 5, "--set", f"herds.0.loops={loops}", linked=True)
            self.assertEqual([server for _, server in serving.addresses], PAPER_SERVERS)
            for told in PAPER_SERVERS:
                line = asked(serving.address(told), f"IAMAT {told} {HERE} 1\n".encode())
                for each in PAPER_SERVERS:
                    self.assertEqual(wait_for_record(serving.address(each), told), line)
            self.assertEqual(serving.stop(), 0, serving.stderr())

    def test_more_loops_than_servers_is_bad_usage(self) -> None:
        ended = self.herdsim("serve", str(PAPER), "--set", "herds.0.loops=6")
        self.assertEqual((ended.status, ended.stdout), (2, ""))
        self.assertIn("herds.0.loops: is 6 for 5 servers", ended.stderr)


class Ending(TestCase):
    def test_sigterm_and_sigint_end_it_with_0(self) -> None:
        for which in (signal.SIGTERM, signal.SIGINT):
            serving = paper_servers(self)
            with Client(serving.address("Welsh")) as client:
                client.ask(b"IAMAT kiwi +1+1 5\n")
                self.assertEqual(serving.stop(which), 0, serving.stderr())

    def test_a_taken_port_is_named_with_status_3(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            scenario = self.folder / "taken.json"
            scenario.write_text(json.dumps({
                "name": "taken", "duration": "1s",
                "herds": [{"name": "h", "links": [["A", "B"]],
                           "servers": ["A", {"name": "B", "port": port}]}]}))
            ended = self.herdsim("serve", str(scenario))
            self.assertEqual(ended.status, 3, ended.stderr)
            self.assertIn(str(port), ended.stderr)
            self.assertEqual(ended.stdout, "", "nothing is said to listen before all do")

    def test_a_servers_skew_shows_in_its_answers(self) -> None:
        serving = self.serve({"name": "skewed", "duration": "1s",
                              "herds": [{"name": "h", "links": "line",
                                         "servers": [{"name": "A", "skew": "-2h"}, "B"]}]}, 2)
        found = AT.fullmatch(asked(serving.address("A"), b"IAMAT a +1+1 %d\n" % time.time()))
        assert found
        self.assertLess(abs(decimal.Decimal(found[2].decode()) + 7200), 500)


if __name__ == "__main__":
    unittest.main()
