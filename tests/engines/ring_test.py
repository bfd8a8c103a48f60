"""The paper's ring as five processes of one engine, over wires that count lines and can be cut."""

from __future__ import annotations

import unittest
from typing import Dict, List, Sequence, Tuple

from engine_case import EngineCase, loader_of
from engines import VARIANTS, Server, Setup
from herdsim_e2e import wait_until
from wire import Wire

NAMES = ["Alford", "Ball", "Hamilton", "Holiday", "Welsh"]
# The first server of each pair dials the second.
PAIRS = [("Alford", "Hamilton"), ("Alford", "Welsh"), ("Ball", "Holiday"), ("Ball", "Welsh"),
         ("Hamilton", "Holiday")]


class Ring(EngineCase):
    propagation = "flood-echo"
    native_names: Sequence[str] = ()  # these servers are native

    def setUp(self) -> None:
        super().setUp()
        self.wires: Dict[Tuple[str, str], Wire] = {pair: Wire() for pair in PAIRS}
        for wire in self.wires.values():
            self.addCleanup(wire.close)
        # Reversed, so that a server is up before another one dials it.
        self.servers = {name: self.start_server(name) for name in reversed(NAMES)}
        for server in self.servers.values():
            server.wait_linked()
        self.flushes = 0

    def start_server(self, name: str) -> Server:
        variant = VARIANTS["native"] if name in self.native_names else self.variant
        near = {other for pair in PAIRS if name in pair for other in pair}
        server = self.started(variant=variant, setup=Setup(
            server=name, propagation=self.propagation,
            dial={b: self.wires[a, b].address for a, b in PAIRS if a == name},
            expect=[a for a, b in PAIRS if b == name],
            others=[other for other in NAMES if other not in near]))
        for (_, dialled), wire in self.wires.items():
            if dialled == name:
                wire.target = server.address
        return server

    def wait_all_know(self, client: bytes, line: bytes) -> None:
        for server in self.servers.values():
            self.wait_known(server.address, client, line)

    def settle(self) -> None:
        """Returns when all lines that the servers have sent so far are through the connected wires.

        Each server sends a marker to every neighbour after all its other lines.
        """
        self.flushes += 1
        for name, server in self.servers.items():
            self.reported(server, b"flush-%d-%s" % (self.flushes, name.encode()))
        for (a, b), wire in self.wires.items():
            if not wire.is_cut:
                wait_until(lambda: self.says(wire, 0, a) and self.says(wire, 1, b),
                           f"{a} and {b} are heard by each other")

    def says(self, wire: Wire, end: int, name: str) -> int:
        return wire.updates(b"flush-%d-%s" % (self.flushes, name.encode()))[end]

    def counts(self, client: bytes) -> List[Tuple[int, int]]:
        return [wire.updates(client) for wire in self.wires.values()]

    def check_round(self, number: int, messages: int) -> None:
        """Sends an update at each server; checks that all get it, and the number of messages."""
        told = {}
        for name, server in self.servers.items():
            client = b"c%d-%s" % (number, name.encode())
            told[client] = self.reported(server, client)
        for client, line in told.items():
            self.wait_all_know(client, line)
        self.settle()
        for client in told:
            counts = self.counts(client)
            self.assertEqual(sum(map(sum, counts)), messages, f"{client!r}: {counts}")
            if self.propagation == "flood-echo":
                whole = sum(not wire.is_cut for wire in self.wires.values())
                self.assertEqual(counts.count((1, 1)), whole, "each link once in each direction")
        self.assert_same_records(list(told))

    def assert_same_records(self, clients: List[bytes]) -> None:
        for client in clients:
            known = {self.known(server.address, client) for server in self.servers.values()}
            self.assertEqual(len(known), 1, known)

    def messages(self, links: int) -> int:
        return 2 * links if self.propagation == "flood-echo" else 2 * links - 4

    def test_messages_of_an_update_in_the_whole_ring_with_a_link_cut_and_mended(self) -> None:
        self.check_round(1, self.messages(5))  # 10, or 6
        for number, pair in enumerate(PAIRS[:2]):
            self.wires[pair].cut()
            self.check_round(2 + 2 * number, self.messages(4))  # 8, or 4
            self.wires[pair].mend()
            self.wait_mended(pair)
            self.check_round(3 + 2 * number, self.messages(5))

    def wait_mended(self, pair: Tuple[str, str]) -> None:
        """Waits until both endpoints of the wire relay reports again."""
        tries = 0
        wire = self.wires[pair]
        clients = [b"mended-%d-%s" % (self.flushes, name.encode()) for name in pair]

        def both_say() -> bool:
            nonlocal tries
            tries += 1
            for name, client in zip(pair, clients):
                self.reported(self.servers[name], client, b"+1+1", b"%d" % tries)
            return bool(wire.updates(clients[0])[0] and wire.updates(clients[1])[1])

        wait_until(both_say, f"{pair} is linked again")

    def test_a_cut_in_two_and_what_is_lost_stays_lost(self) -> None:
        for pair in (("Alford", "Hamilton"), ("Ball", "Welsh")):
            self.wires[pair].cut()
        here, there = ("Alford", "Welsh"), ("Ball", "Hamilton", "Holiday")
        told = self.reported(self.servers["Alford"], b"kiwi")
        self.wait_known(self.servers["Welsh"].address, b"kiwi", told)
        other = self.reported(self.servers["Ball"], b"plum")
        for name in there:
            self.wait_known(self.servers[name].address, b"plum", other)
        self.settle()
        for client, names in ((b"kiwi", there), (b"plum", here)):
            for name in names:
                self.assertIsNone(self.known(self.servers[name].address, client))
        for pair in (("Alford", "Hamilton"), ("Ball", "Welsh")):
            self.wires[pair].mend()
            self.wait_mended(pair)
        self.assertIsNone(self.known(self.servers["Ball"].address, b"kiwi"))
        self.check_round(1, self.messages(5))

    def test_many_updates_from_everywhere_end_in_the_same_records(self) -> None:
        clients = [b"c%d" % number for number in range(20)]
        for number in range(50):
            for place, server in enumerate(self.servers.values()):
                # Client and time are the same at all servers: the rest of the record decides.
                self.conversation(server, b"".join(
                    b"IAMAT %s +%d+1 %d\n" % (client, (number * place) % 7, number // 2)
                    for client in clients))
        for client in clients:
            def agreed() -> bool:
                return len({self.known(s.address, client) for s in self.servers.values()}) == 1

            wait_until(agreed, f"all agree on {client!r}")
        self.settle()
        self.assert_same_records(clients)

    def test_a_server_that_was_killed_comes_back_into_the_ring(self) -> None:
        for name in ("Alford", "Hamilton", "Holiday"):  # dials two; dials and is dialled; is dialled by two
            self.servers[name].close()
            told = self.reported(self.servers["Ball"], b"while-%s" % name.encode())
            self.wait_known(self.servers["Welsh"].address, told.split()[3], told)
            self.servers[name] = self.start_server(name)
            self.servers[name].wait_linked()
            self.check_round_after(name)

    def check_round_after(self, name: str) -> None:
        for pair in PAIRS:
            if name in pair:
                self.wait_mended(pair)
        self.check_round(1 + NAMES.index(name), self.messages(5))


class RingSplitHorizon(Ring):
    propagation = "flood"


class RingWithNativeServers(Ring):
    """One herd of two engines, in which each engine dials the other."""

    native_too = False
    native_names = ("Alford", "Holiday")


load_tests = loader_of(Ring, RingSplitHorizon, RingWithNativeServers)

if __name__ == "__main__":
    unittest.main()
