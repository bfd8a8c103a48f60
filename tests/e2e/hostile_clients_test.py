"""Tests what strangers can do to a served herd: its memory, its other clients, and its links stay."""

from __future__ import annotations

import os
import pathlib
import resource
import select
import socket
import threading
import unittest
import unittest.mock
from typing import Any, Dict, List

from fake_places import FakePlaces, answer, place
from herdsim_e2e import DEADLINE_S, Client, Serving, TestCase, asked, free_ports, wait_until
from limited_process import limited

KEY_ENV = "HERDSIM_E2E_HOSTILE_API_KEY"
MIB = 1 << 20
# What a hostile client may make the herd use, and what allocators and buffers add to it.
BUDGET_MIB = 2.0
SLACK_MIB = 6.0


def memory_mib(serving: Serving) -> float:
    return serving.own_bytes() / MIB


class Peak:
    """The most memory that a process has used while this runs."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self.before = self.most = memory_mib(serving)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.01):
            self.most = max(self.most, memory_mib(self._serving))

    def growth(self) -> float:
        self._over.set()
        self._thread.join()
        return max(self.most, memory_mib(self._serving)) - self.before


def send_what_goes(client: Client, data: bytes, most: int) -> int:
    """Sends data again and again until the server reads no more; returns how much it took."""
    client.socket.setblocking(False)
    sent = 0
    while sent < most:
        if not select.select([], [client.socket], [], 1.0)[1]:
            break
        try:
            sent += client.socket.send(data)
        except BlockingIOError:
            pass
    client.socket.setblocking(True)
    return sent


class Memory(TestCase):
    def one_server(self, **herd: Any) -> Dict[str, Any]:
        return {"name": "hostile", "duration": "1s",
                "herds": [{"name": "h", "servers": ["A"], "links": [], **herd}]}

    def of_provider(self, fake: FakePlaces) -> Dict[str, Any]:
        return self.one_server(places={"provider": "google", "key_env": KEY_ENV,
                                       "base_url": fake.url, "timeout": "10min"})

    def test_answers_behind_a_whatsat_are_bounded(self) -> None:
        serving = self.serve(self.one_server(places={"latency": "3s"}), 1)
        clients = [Client(serving.address("A"), 4096) for _ in range(4)]
        for client in clients:
            self.addCleanup(client.close)
            client.ask(b"IAMAT me +34-118 1\n")
        peak = Peak(serving)
        line = b"IAMAT " + b"x" * 8000 + b" +34-118 1\n"
        for client in clients:
            client.send(b"WHATSAT me 10 5\n")
            send_what_goes(client, line * 8, 200 * MIB)
        self.assertLess(peak.growth(), BUDGET_MIB * len(clients) + SLACK_MIB)
        told = asked(serving.address("A"), b"IAMAT other +1+1 5\n")
        self.assertTrue(told.startswith(b"AT A "), "others are served")

    def test_one_body_serves_all_who_ask_for_it(self) -> None:
        body = answer(status="OK", results=[place("x" * 200_000)])  # twice, below max_body
        all_asked = threading.Event()
        fake = FakePlaces(lambda _: body if all_asked.wait(DEADLINE_S) else answer())
        self.addCleanup(fake.stop)
        with unittest.mock.patch.dict(os.environ, {KEY_ENV: "k3y-of-n0body"}):
            serving = self.serve(self.of_provider(fake), 1)
        client = Client(serving.address("A"), 4096)
        self.addCleanup(client.close)
        client.ask(b"IAMAT me +34-118 1\n")
        peak = Peak(serving)
        client.send(b"WHATSAT me 10 5\n" * 500)
        wait_until(lambda: fake.questions, "a question")
        # What comes after the questions is answered: the server has read them too.
        for _ in range(2):
            told = asked(serving.address("A"), b"IAMAT other +1+1 5\n")
            self.assertTrue(told.startswith(b"AT "), "others are served")
        all_asked.set()
        read = 0
        while read < 5 * len(body.body):
            read += len(client.socket.recv(1 << 16))
        self.assertLess(peak.growth(), BUDGET_MIB + SLACK_MIB)

    def test_records_are_bounded_and_the_first_refusal_is_logged(self) -> None:
        serving = self.serve(self.one_server(max_records=100), 1, log="warn")
        with Client(serving.address("A")) as client:
            for number in range(100):
                self.assertTrue(client.ask(b"IAMAT c%d +1+1 1\n" % number).startswith(b"AT A "))
            for number in range(100, 200):
                line = b"IAMAT c%d +1+1 1\n" % number
                self.assertEqual(client.ask(line), b"? " + line)
            self.assertTrue(client.ask(b"IAMAT c5 +1+1 2\n").startswith(b"AT A "), "it is known")
        self.assertEqual(serving.stop(), 0)
        self.assertEqual(serving.stderr().count("no room for more records"), 1)

    def test_max_bytes_bounds_long_ids(self) -> None:
        serving = self.serve(self.one_server(max_bytes="1MiB"), 1)
        peak = Peak(serving)
        refused = 0
        with Client(serving.address("A")) as client:
            for number in range(1000):
                line = b"IAMAT %d" % number + b"x" * 8000 + b" +1+1 1\n"
                refused += client.ask(line).startswith(b"? ")
        self.assertGreater(refused, 800)
        self.assertLess(peak.growth(), 1 + BUDGET_MIB + SLACK_MIB)


class Collisions(TestCase):
    """Client ids that fell on one place of the table when its hash had no key."""

    ODD = 0x9e3779b97f4a7c15
    WORD = (1 << 64) - 1

    def mix(self, value: int, word: int) -> int:
        value = ((value ^ word) * self.ODD) & self.WORD
        return value ^ (value >> 32)

    def colliding(self, count: int) -> List[bytes]:
        inverse = pow(self.ODD, -1, 1 << 64)
        bad = set(b" \t\n\r\v\f")
        ids: List[bytes] = []
        number = 0
        while len(ids) < count:
            number += 1
            first = b"%08x" % number
            value = self.mix((16 * self.ODD) & self.WORD, int.from_bytes(first, "little"))
            high = (number * 2654435761) & 0xffffffff
            second = (value ^ (((high << 32) | (0x12345678 ^ high)) * inverse & self.WORD)
                      ).to_bytes(8, "little")
            if not bad & set(second):
                ids.append(first + second)
        return ids

    def cpu_s(self, serving: Serving) -> float:
        fields = pathlib.Path(f"/proc/{serving.pid}/stat").read_text().rsplit(")", 1)[1]
        return sum(map(int, fields.split()[11:13])) / os.sysconf("SC_CLK_TCK")

    def cost(self, ids: List[bytes]) -> float:
        serving = self.serve({"name": "ids", "duration": "1s", "herds": [
            {"name": "h", "servers": ["A"], "links": []}]}, 1, log="error")
        with Client(serving.address("A")) as client:
            for at in range(0, len(ids), 1000):
                part = ids[at:at + 1000]
                client.send(b"".join(b"IAMAT " + each + b" +1+1 1\n" for each in part))
                for _ in part:
                    client.line()
        spent = self.cpu_s(serving)
        serving.stop()
        return spent

    def test_they_cost_no_more_than_others(self) -> None:
        count = 20_000
        others = self.cost([b"%016x" % number for number in range(count)])
        # Before, they cost a hundred times as much.
        self.assertLess(self.cost(self.colliding(count)), 5 * others + 0.5)


class Connections(TestCase):
    SCENARIO = {"name": "few", "duration": "1s",
                "herds": [{"name": "h", "servers": ["A"], "links": []}]}

    def test_there_is_a_most_and_the_rest_is_refused(self) -> None:
        serving = self.serve(self.SCENARIO, 1, "--max-connections", "3", log="warn")
        clients = [Client(serving.address("A")) for _ in range(3)]
        for number, client in enumerate(clients):
            self.addCleanup(client.close)
            client.ask(b"IAMAT c%d +1+1 1\n" % number)
        for _ in range(5):
            try:
                with Client(serving.address("A")) as refused:
                    self.assertEqual(refused.rest(), b"")
            except ConnectionError:
                pass
        clients[0].close()
        wait_until(lambda: self.is_served(serving), "room for another one")
        self.assertEqual(serving.stderr().count("refused"), 1, "said once")

    @staticmethod
    def is_served(serving: Serving) -> bool:
        try:
            return asked(serving.address("A"), b"IAMAT x +1+1 1\n").startswith(b"AT ")
        except ConnectionError:
            return False

    def test_idle_clients_and_half_lines_are_closed(self) -> None:
        serving = self.serve(self.SCENARIO, 1, "--idle-timeout", "1")
        silent, half = Client(serving.address("A")), Client(serving.address("A"))
        self.addCleanup(silent.close)
        self.addCleanup(half.close)
        over = threading.Event()

        def trickle() -> None:
            while not over.wait(0.1):
                try:
                    half.send(b"x")
                except OSError:
                    return

        thread = threading.Thread(target=trickle, daemon=True)
        thread.start()
        self.assertEqual(silent.rest(), b"")
        try:
            self.assertEqual(half.rest(), b"")
        except ConnectionError:
            pass
        over.set()
        thread.join()

    def test_links_have_descriptors_when_clients_have_taken_the_others(self) -> None:
        ports = dict(zip("AB", free_ports(2)))
        secret = self.folder / "secret"
        secret.write_text("correct horse battery staple\n")
        secret.chmod(0o600)
        scenario = {"name": "pair", "duration": "1s", "herds": [
            {"name": "h", "links": [["A", "B"]], "recovery": "sync",
             "servers": [{"name": n, "port": p} for n, p in ports.items()]}]}
        serving = self.serve(scenario, 1, "--server=B", "--secret-file", str(secret),
                             preexec_fn=limited(resource.RLIMIT_NOFILE, 64))
        clients: List[Client] = []
        for number in range(80):
            try:
                client = Client(("127.0.0.1", ports["B"]))
                self.addCleanup(client.close)
                if client.ask(b"IAMAT c%d +1+1 1\n" % number).startswith(b"AT "):
                    clients.append(client)
            except (ConnectionError, OSError):
                pass
        self.assertGreater(len(clients), 10)
        self.assertLess(len(clients), 64)
        # Neighbours that only pretend, too.
        for _ in range(5):
            pretender = socket.create_connection(("127.0.0.1", ports["B"]))
            self.addCleanup(pretender.close)
        self.serve(scenario, 1, "--server=A", "--secret-file", str(secret))
        told = asked(("127.0.0.1", ports["A"]), b"IAMAT late +1+1 5\n")
        self.assertTrue(told.startswith(b"AT A "))
        clients[0].send(b"WHATSAT late 10 5\n")

        def known() -> bool:
            return not clients[1].ask(b"WHATSAT late 10 5\n").startswith(b"? ")

        wait_until(known, "the link is up in spite of all clients")
        self.assertFalse(serving.ended())


if __name__ == "__main__":
    unittest.main()
