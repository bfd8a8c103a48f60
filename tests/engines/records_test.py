"""The order of reports from clients and links, and the order of answers."""

from __future__ import annotations

import random
import re
import time
import unittest
from typing import List, Tuple

from engine_case import HERE, EngineCase, loader_of
from herdsim_e2e import Client

# The largest error of a runtime's clock against the wall clock.
CLOCK_ERROR_NS = 8_000_000

# Each report is newer than the one before it.
OLDEST_FIRST = [
    b"AT Ball -1 kiwi +34-118 9",
    b"AT Alford +1 kiwi +33-118 10",
    b"AT Alford +1 kiwi +34-118 10",
    b"AT Alford -1 kiwi +34-118 10",
    b"AT Alford +1 kiwi +34-118 10.0",
    b"AT Ball +1 kiwi +34-118 10",
    b"AT Alford +1 kiwi +34-119 10",
    b"AT Alford +1 kiwi +34-119 10.0000000009",
    b"AT Alford +1 kiwi +34-118 10.000000001",
    b"AT Z +1 kiwi -34-118 10.000000001",
    b"AT a +1 kiwi -34-118 10.000000001",
    b"AT Alford +1 kiwi +34-118 1479413884.392014450",
    b"AT Alford +1 kiwi +34-118 1479413884.392014451",
    b"AT Alford +1 kiwi +34-118 9223372036.854775806",
    b"AT Alford +1 kiwi +34-118 9223372036.854775807",
]


class Answers(EngineCase):
    def test_the_skew_is_the_servers_clock_less_the_clients_time(self) -> None:
        server = self.started()
        for stamp in ("0", "1479413884.392014450", "4102444800.000000001", "9223372036.854775807"):
            whole, _, fraction = stamp.partition(".")
            told = int(whole) * 10 ** 9 + int(fraction or 0)
            before = time.time_ns()
            line = self.reported(server, b"kiwi", HERE.encode(), stamp.encode())
            after = time.time_ns()
            found = re.fullmatch(rf"AT Mid ([+-])(\d+)\.(\d{{9}}) kiwi {re.escape(HERE)} {stamp}",
                                 line.decode())
            self.assertTrue(found, line)
            skew = int(found[1] + found[2] + found[3])
            self.assertLessEqual(before - CLOCK_ERROR_NS, told + skew)
            self.assertLessEqual(told + skew, after + CLOCK_ERROR_NS)
            self.assertNotRegex(found[2], r"^0\d")

    def test_whatsat_gives_the_line_that_iamat_was_answered_with(self) -> None:
        server = self.started()
        told = self.reported(server, b"kiwi", b"-0.50+000", b"007.50")
        for ending in (b"\n", b"\r\n"):
            with Client(server.address) as client:
                client.send(b" WHATSAT\tkiwi 050.00 020 " + ending)
                at, _ = client.whatsat()
                self.assertEqual(at, told + ending)

    def test_ten_thousand_pipelined_commands_are_answered_each_once_in_order(self) -> None:
        server = self.started()
        sent = b"".join(b"IAMAT c%d +1+1 %d\n" % (n % 97, n) if n % 10 else b"bad %d\r\n" % n
                        for n in range(10_000))
        text = re.sub(rb"AT Mid \S+", b"AT Mid", self.conversation(server, sent))
        wanted = b"".join(b"AT Mid c%d +1+1 %d\n" % (n % 97, n) if n % 10 else b"? bad %d\r\n" % n
                          for n in range(10_000))
        self.assertEqual(text, wanted)
        for client in range(97):
            last = max(n for n in range(10_000) if n % 97 == client and n % 10)
            self.assertTrue(self.known(server.address, b"c%d" % client).endswith(b" %d" % last))

    def test_many_clients_at_once(self) -> None:
        server = self.started()
        clients = [self.client(server) for _ in range(200)]
        for number, client in enumerate(clients):
            client.send(b"IAMAT c%d +1+1 %d\nbad %d\n" % (number, number, number))
        for number, client in enumerate(clients):
            self.assertRegex(client.line(), rb"^AT Mid \S+ c%d \+1\+1 %d\n$" % (number, number))
            self.assertEqual(client.line(), b"? bad %d\n" % number)

    def test_clients_that_vanish_harm_nobody(self) -> None:
        server = self.started()
        for _ in range(50):
            client = Client(server.address)
            client.send(b"IAMAT kiwi +1+1 1\n" * 20 + b"WHATSAT kiwi 10 5\nIAM")
            client.socket.setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")  # SO_LINGER 0, so that close() resets
            client.close()
        self.assertEqual(self.conversation(server, b"next\n"), b"? next\n")


class Newest(EngineCase):
    def ask(self, *reports: Tuple[bytes, bytes]) -> Tuple[List[bytes], bytes]:
        """Sends reports one after the other; checks each answer and the record after it."""
        server = self.started()
        told = [self.reported(server, b"kiwi", *report) for report in reports]
        for line, report in zip(told, reports):
            self.assertEqual(tuple(line.split()[4:]), report)
        return told, self.known(server.address, b"kiwi")

    def test_an_older_report_is_answered_and_changes_nothing(self) -> None:
        told, known = self.ask((b"+2+2", b"10"), (b"+9+9", b"9.999999999"), (b"+9+9", b"0"))
        self.assertEqual(known, told[0])

    def test_a_nanosecond_decides(self) -> None:
        told, known = self.ask((b"+9+9", b"1479413884.392014450"),
                               (b"+1+1", b"1479413884.392014451"),
                               (b"+8+8", b"1479413884.392014449"))
        self.assertEqual(known, told[1])
        told, known = self.ask((b"+9+9", b"9223372036.854775806"),
                               (b"+1+1", b"9223372036.854775807"),
                               (b"+8+8", b"9223372036.854775805"))
        self.assertEqual(known, told[1])

    def test_at_one_time_the_greater_location_wins(self) -> None:
        told, known = self.ask((b"+2+2", b"10"), (b"+1+1", b"10"), (b"+2+10", b"10"))
        self.assertEqual(known, told[0])
        told, known = self.ask((b"+2+2", b"10"), (b"-2+2", b"10"), (b"+9+9", b"10"))
        self.assertEqual(known, told[1])

    def test_a_report_that_repeats_time_and_location_changes_nothing(self) -> None:
        told, known = self.ask((b"+2+2", b"10"), (b"+2+2", b"10"), (b"+2+2", b"10.000"),
                               (b"+2+2", b"010"), (b"+2+2", b"10.0000000009"))
        self.assertEqual(known, told[0])

    def test_decimals_beyond_nine_do_not_count_and_are_repeated(self) -> None:
        told, known = self.ask((b"+2+2", b"1.9999999999"), (b"+1+1", b"1.99999999999"))
        self.assertEqual(known, told[0])
        told, known = self.ask((b"+2+2", b"1.9999999999"), (b"+3+3", b"1.9999999990"))
        self.assertEqual(known, told[1])


class NewestOverLinks(EngineCase):
    def check(self, lines: List[bytes]) -> None:
        """Sends lines on a link; checks that the server relays exactly those that are newer."""
        server, far, near = self.between(propagation="flood")
        near.send(b"".join(line + b"\n" for line in lines) + b"AT Near +0 end +1+1 1\n")
        wanted: List[bytes] = []
        best = -1
        for line in lines:
            if OLDEST_FIRST.index(line) > best:
                best = OLDEST_FIRST.index(line)
                wanted.append(line)
        self.assertEqual(far.lines_until(b"AT Near +0 end +1+1 1"), wanted)
        self.assertEqual(self.known(server.address, b"kiwi"), OLDEST_FIRST[best])

    def test_each_of_a_rising_row_is_taken_and_passed_on(self) -> None:
        self.check(OLDEST_FIRST)

    def test_of_a_falling_row_only_the_first(self) -> None:
        self.check(OLDEST_FIRST[::-1])

    def test_all_of_them_in_any_order_and_again(self) -> None:
        dice = random.Random(7)
        self.check([dice.choice(OLDEST_FIRST) for _ in range(200)] + OLDEST_FIRST)

    def test_a_clients_report_is_compared_with_its_own_server_name(self) -> None:
        server, far, near = self.between(propagation="flood")
        near.send(b"AT Zoo +1 kiwi +34-118 10\nAT Ball +1 plum +34-118 10\n")
        far.lines_until(b"AT Ball +1 plum +34-118 10")
        self.reported(server, b"kiwi", b"+34-118", b"10")
        self.assertEqual(self.known(server.address, b"kiwi"), b"AT Zoo +1 kiwi +34-118 10")
        told = self.reported(server, b"plum", b"+34-118", b"10")
        self.assertEqual(self.known(server.address, b"plum"), told)
        self.assertEqual(far.lines_until(told), [])

    def test_two_spellings_of_a_time_on_a_link_differ_but_not_from_a_client(self) -> None:
        server, far, near = self.between(propagation="flood")
        near.send(b"AT Mid +1 kiwi +34-118 10\n")
        far.lines_until(b"AT Mid +1 kiwi +34-118 10")
        self.reported(server, b"kiwi", b"+34-118", b"10.0")
        self.assertEqual(self.known(server.address, b"kiwi"), b"AT Mid +1 kiwi +34-118 10")
        near.send(b"AT Mid +1 kiwi +34-118 10.0\n")
        self.assertEqual(far.lines_until(b"AT Mid +1 kiwi +34-118 10.0"), [])
        self.wait_known(server.address, b"kiwi", b"AT Mid +1 kiwi +34-118 10.0")


load_tests = loader_of(Answers, Newest, NewestOverLinks)

if __name__ == "__main__":
    unittest.main()
