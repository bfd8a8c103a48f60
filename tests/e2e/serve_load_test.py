"""Tests a served herd under load: long lines, long pipelines, many clients, clients that do not
read."""

from __future__ import annotations

import threading
import unittest
from typing import List, Optional

from herdsim_e2e import (DEADLINE_S, HERE, PAPER_SERVERS, SOURCE, Client, TestCase,
                         allow_many_files, asked, wait_for_record, wait_until)

MEBI = 1 << 20


class Writer(threading.Thread):
    """Sends on a thread of its own, so that the test can read at the same time."""

    def __init__(self, client: Client, data: bytes) -> None:
        super().__init__(daemon=True)
        self._client, self._data = client, data
        self.sent = 0
        self.error: Optional[OSError] = None
        self.start()

    def run(self) -> None:
        view = memoryview(self._data)
        try:
            while self.sent < len(view):
                self.sent += self._client.socket.send(view[self.sent:self.sent + MEBI])
        except OSError as error:  # the test decides whether the server may close
            self.error = error

    @property
    def done(self) -> bool:
        return self.sent == len(self._data)


class LongLines(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.serving = self.serve(SOURCE / "scenarios" / "paper.json", linked=True)
        self.alford = self.serving.address("Alford")

    def test_8192_bytes_are_a_line(self) -> None:
        for line in (b"x" * 8192, b" " * 8192, b"\x00" * 8192):
            with Client(self.alford) as client:
                self.assertEqual(client.ask(line + b"\n"), b"? " + line + b"\n")
                self.assertEqual(client.ask(line + b"\r\n"), b"? " + line + b"\r\n")
                client.send(line + b"\r")
                asked(self.alford, b"turn\n")
                self.assertEqual(client.ask(b"\n"), b"? " + line + b"\r\n", "CR LF in two parts")

    def test_an_iamat_of_8192_bytes_reaches_the_other_servers(self) -> None:
        fields = f" {HERE} 1479413884.392014450"
        name = "k" * (8192 - len("IAMAT ") - len(fields))
        told = asked(self.alford, f"IAMAT {name}{fields}\n".encode())
        self.assertTrue(told.endswith(f" {name}{fields}\n".encode()))
        self.assertEqual(wait_for_record(self.serving.address("Holiday"), name), told)

    def test_8193_bytes_are_answered_in_short_and_closed(self) -> None:
        start = bytes(range(0x21, 0x61))
        self.assertEqual(len(start), 64)
        for length, ending in ((8193, b"\n"), (8193, b"\r\n"), (8193, b""), (8194, b"\n"),
                               (9216, b"\n"), (20000, b"\r\n"), (70000, b"")):
            with self.subTest(length=length, ending=ending), Client(self.alford) as client:
                client.send((start * 2000)[:length] + (ending or b"xx"))
                self.assertEqual(client.rest(), b"? " + start + b"\n")

    def test_an_over_long_line_is_answered_after_the_answers_due_before_it(self) -> None:
        with Client(self.alford) as client:
            client.send(b"IAMAT kiwi +1+1 5\nWHATSAT kiwi 10 5\none\n" + b"y" * 8193 + b"\ntwo\n")
            self.assertTrue(client.line().startswith(b"AT Alford "))
            self.assertTrue(client.line().startswith(b"AT Alford "))
            client.places()
            self.assertEqual(client.rest(), b"? one\n? " + b"y" * 64 + b"\n", "and nothing more")

    def test_its_answer_arrives_though_megabytes_are_still_being_sent(self) -> None:
        expected = b"? one\n? " + b"z" * 64 + b"\n"
        for read_meanwhile in (True, False):
            with self.subTest(read_meanwhile=read_meanwhile), Client(self.alford) as client:
                writer = Writer(client, b"one\n" + b"z" * (8 * MEBI))
                if not read_meanwhile:
                    writer.join()
                self.assertEqual(client.rest(), expected)
                writer.join()
        self.assertEqual(asked(self.alford, b"on\n"), b"? on\n")


class Load(TestCase):
    def setUp(self) -> None:
        super().setUp()
        allow_many_files()
        self.serving = self.serve(SOURCE / "scenarios" / "paper.json", log="warn",
                                  linked=True)
        self.alford = self.serving.address("Alford")

    def test_100_000_pipelined_updates_are_answered_in_order(self) -> None:
        count = 100_000
        ends = [f"kiwi {HERE} {1479413884 + i // 1000}.{i % 1000:03d}" for i in range(count)]
        with Client(self.alford) as client:
            writer = Writer(client, "".join(f"IAMAT {end}\n" for end in ends).encode())
            wrong: List[bytes] = []
            for end in ends:
                answer = client.line()
                if not (answer.startswith(b"AT Alford ") and
                        answer.split(b" ", 3)[3] == f"{end}\n".encode()):
                    wrong.append(answer)
                    break
            self.assertEqual(wrong, [])
            writer.join()
            client.half_close()
            self.assertEqual(client.rest(), b"")
        for server in PAPER_SERVERS:
            wait_for_record(self.serving.address(server), "kiwi", ends[-1].split()[2])

    def test_1000_clients_at_once_on_one_server(self) -> None:
        rounds = 10
        clients = [Client(self.alford) for _ in range(1000)]
        try:
            for number, client in enumerate(clients):
                client.send("".join(f"IAMAT c{number} {HERE} {t}.25\n"
                                    for t in range(1, rounds + 1)).encode())
            for number, client in enumerate(clients):
                for t in range(1, rounds + 1):
                    answer = client.line().split(b" ", 3)
                    self.assertEqual((answer[0], answer[1], answer[3]),
                                     (b"AT", b"Alford", f"c{number} {HERE} {t}.25\n".encode()))
        finally:
            for client in clients:
                client.close()
        for number in (0, 499, 999):
            wait_for_record(self.serving.address("Ball"), f"c{number}", f"{rounds}.25")

    def test_a_client_that_does_not_read_is_held_back_and_loses_nothing(self) -> None:
        count, width = 12_000, 8000  # ~92 MiB each way: far more than all the sockets' buffers
        lines = [b"%08d" % i + b"." * (width - 8) + b"\n" for i in range(count)]
        before = self.serving.own_bytes()
        with Client(self.alford, buffers=65536) as lazy, Client(self.alford) as other:
            writer = Writer(lazy, b"".join(lines))

            def stands() -> bool:
                """Returns whether the server took no more while it did much other work."""
                sent = writer.sent
                for turn in range(300):
                    self.assertEqual(other.ask(b"turn %d\n" % turn), b"? turn %d\n" % turn)
                return writer.done or (writer.sent == sent and sent > 0)

            wait_until(stands, "the server takes no more")
            self.assertFalse(writer.done, "it took all of it from a client that reads nothing")
            self.assertLess(self.serving.own_bytes() - before, 48 * MEBI)
            told = asked(self.alford, b"IAMAT kiwi +1+1 5\n")
            self.assertEqual(wait_for_record(self.serving.address("Welsh"), "kiwi"), told)

            for line in lines:
                if lazy.line() != b"? " + line:
                    self.fail("a wrong answer after the wait")
            writer.join()
            lazy.half_close()
            self.assertEqual(lazy.rest(), b"")

    def test_a_client_that_never_reads_is_dropped_in_the_end(self) -> None:
        # After 30 s, the timeout of the herd's servers. This is the longest test of all.
        with Client(self.alford, buffers=65536) as lazy:
            writer = Writer(lazy, (b"." * 8000 + b"\n") * 12_000)
            writer.join(30 + DEADLINE_S)
            self.assertIsInstance(writer.error, ConnectionError, "the connection is still there")
        self.assertEqual(asked(self.alford, b"on\n"), b"? on\n")


if __name__ == "__main__":
    unittest.main()
