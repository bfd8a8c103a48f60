"""Clients that do not read, do not write, or close half of the connection."""

from __future__ import annotations

import select
import threading
import unittest

from engine_case import EngineCase, loader_of
from herdsim_e2e import DEADLINE_S, Client

MEBI = 1 << 20


class SlowReaderCase(EngineCase):
    def send_until_held(self, client: Client, line: bytes, most: int) -> int:
        """Sends the line repeatedly until the server stops reading; returns the number of bytes.

        A slow server looks the same; the tests work in both cases.
        """
        block = line * max(1, 65536 // len(line))
        sent = 0
        client.socket.setblocking(False)
        while sent < most and select.select([], [client.socket], [], 1.0)[1]:
            at = sent % len(block)
            try:
                sent += client.socket.send(block[at:])
            except BlockingIOError:
                pass
        client.socket.settimeout(DEADLINE_S)
        return sent


class SlowReaders(SlowReaderCase):
    def check(self, line: bytes, answer: bytes) -> None:
        server = self.started()
        self.reported(server, b"before")
        before = server.resident_bytes()
        client = self.client(server, 65536)
        most = 96 * MEBI
        sent = self.send_until_held(client, line, most)
        self.assertLess(sent, most, "a client that reads nothing is held back")
        self.reported(server, b"other")  # other clients are served
        self.assertLess(server.resident_bytes() - before, most)
        # The client reads at last and gets every answer.
        whole = sent // len(line) + 1
        rest = line[sent % len(line):]
        sender = threading.Thread(target=lambda: (client.send(rest), client.half_close()))
        sender.start()
        count = 0
        while True:
            text = client.line()
            if not text:
                break
            if answer:
                self.assertEqual(text, answer)
            else:
                self.assertRegex(text, rb"^AT Mid \S+ \S+ \+1\+1 1\n$")
            count += 1
        sender.join()
        self.assertEqual(count, whole)

    def test_bad_lines(self) -> None:
        line = b"x" * 8000 + b"\n"
        self.check(line, b"? " + line)

    def test_reports(self) -> None:
        self.check(b"IAMAT " + b"k" * 2000 + b" +1+1 1\n", b"")


class SlowPlaces(SlowReaderCase):
    blocking_too = False

    def test_many_questions(self) -> None:
        """The server also limits queries that Places never answers."""
        never = threading.Event()
        self.addCleanup(never.set)
        fake = self.places()
        good = fake.reply

        def wait(question: object) -> object:
            never.wait()
            return good(question)

        fake.reply = wait
        server = self.started(places=fake.url)
        self.reported(server, b"kiwi")
        client = self.client(server, 65536)
        most = 32 * MEBI
        sent = self.send_until_held(client, b"WHATSAT kiwi 10 5\n", most)
        self.assertLess(sent, most)
        self.reported(server, b"other")
        client.close()
        never.set()


class HalfClosed(EngineCase):
    def test_all_that_was_sent_is_answered_and_then_the_server_closes(self) -> None:
        server = self.started()
        sent = b"".join(b"bad %d\n" % number for number in range(50_000))
        self.assertEqual(self.conversation(server, sent), sent.replace(b"bad", b"? bad"))

    def test_nothing_sent_nothing_said(self) -> None:
        server = self.started()
        self.assertEqual(self.conversation(server, b""), b"")

    def test_a_reader_that_starts_late_has_it_all(self) -> None:
        server = self.started()
        line = b"y" * 4000 + b"\n"
        client = self.client(server, 65536)
        sender = threading.Thread(target=lambda: (client.send(line * 2000), client.half_close()))
        sender.start()
        self.reported(server, b"other")
        self.assertEqual(client.rest(), (b"? " + line) * 2000)
        sender.join()


load_tests = loader_of(SlowReaders, SlowPlaces, HalfClosed)

if __name__ == "__main__":
    unittest.main()
