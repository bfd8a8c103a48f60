"""Shared by the tests of this suite: a test case of one variant, run for every variant."""

from __future__ import annotations

import pathlib
import re
import shutil
import tempfile
import unittest
from typing import Any, Optional, Sequence, Tuple, Type

from engines import Address, Server, Setup, Variant, chosen_variants
from fake_neighbor import FakeNeighbor, Listener
from fake_places import FakePlaces
from herdsim_e2e import Client, allow_many_files, asked, wait_until

# Servers of the fake herd beside the tested one and its neighbours. Their reports come over links.
OTHERS = ("Alford", "Ball", "Else", "S-1.eu_west", "Z", "Zoo", "a", "n" * 64)
HERE = "+34.068930-118.445127"
# How each runtime reports an uncaught error.
UNCAUGHT = re.compile(r"Traceback|Unhandled|Uncaught|Exception in thread|\bat \S+\(\S+\.java:\d+\)",
                      re.I)


class EngineCase(unittest.TestCase):
    """A test of one variant. Every server that it starts must survive it and then stop cleanly."""

    variant: Variant
    native_too = True  # False: needs the engines' common command line
    blocking_too = True  # False: needs a server that works while it asks Places
    longMessage = True
    maxDiff = 4000

    def setUp(self) -> None:
        allow_many_files()
        missing = self.variant.missing()
        if missing:
            self.fail(missing)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="herd-engines-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def started(self, setup: Optional[Setup] = None, variant: Optional[Variant] = None,
                **options: Any) -> Server:
        """Starts a server. At the test's end it must still serve, and stop with status 0."""
        server = Server(variant or self.variant, setup or Setup(**options), self.folder)
        self.addCleanup(server.close)
        server.wait_listening()
        self.addCleanup(self.check_end, server)
        return server

    def check_end(self, server: Server) -> None:
        if server.process.returncode is None:
            self.assertTrue(server.running(), f"ended by itself: {server.stderr()}")
            self.assertRegex(asked(server.address, b"IAMAT at-the-end +1+1 5\n"),
                             rb"^AT \S+ \+\d+\.\d{9} at-the-end \+1\+1 5\n$")
            self.assertEqual(server.stop(), 0, server.stderr())
        self.assertNotRegex(server.stderr(), UNCAUGHT)

    def client(self, server: Server, buffers: int = 0) -> Client:
        client = Client(server.address, buffers)
        self.addCleanup(client.close)
        return client

    def conversation(self, server: Server, sent: bytes) -> bytes:
        """Sends bytes in one write, closes the sending side, and returns all answers."""
        with Client(server.address) as client:
            client.send(sent)
            client.half_close()
            return client.rest()

    def places(self) -> FakePlaces:
        fake = FakePlaces()
        self.addCleanup(fake.stop)
        return fake

    def listener(self) -> Listener:
        """Opens a port on which the server can dial a fake neighbour."""
        listener = Listener()
        self.addCleanup(listener.close)
        return listener

    def neighbor(self, server: Server, name: str) -> FakeNeighbor:
        """Returns a neighbour that has dialled the server, with its handshake done."""
        neighbor = FakeNeighbor.dialling(server.address, server.setup, name)
        self.addCleanup(neighbor.close)
        return neighbor

    def accepted(self, listener: Listener, server: Server, name: str) -> FakeNeighbor:
        """Returns a neighbour that the server has dialled, with its handshake done."""
        neighbor = FakeNeighbor.dialled(listener, server.setup, name)
        self.addCleanup(neighbor.close)
        return neighbor

    def heard_by(self, neighbor: FakeNeighbor, other: FakeNeighbor) -> None:
        """Waits until the server relays what the neighbour says to another one."""
        neighbor.send(b"AT Far +0.5 heard-by +34-118 10\n")
        self.assertEqual(other.line(), b"AT Far +0.5 heard-by +34-118 10\n")

    def between(self, **options: Any) -> Tuple[Server, FakeNeighbor, FakeNeighbor]:
        """Returns a server between two fake neighbours: it dials Far, and Near dials it."""
        listener = self.listener()
        server = self.started(dial={"Far": listener.address}, expect=["Near"], others=OTHERS,
                              **options)
        far = self.accepted(listener, server, "Far")
        near = self.neighbor(server, "Near")
        server.wait_linked()
        far.listener = listener
        return server, far, near

    def reported(self, server: Server, client: bytes, location: bytes = HERE.encode(),
                 time: bytes = b"5") -> bytes:
        """Reports a client; returns the AT line of the answer without its ending."""
        answer = asked(server.address, b"IAMAT %s %s %s\n" % (client, location, time))
        self.assertTrue(answer.startswith(b"AT ") and answer.endswith(b"\n"), answer)
        return answer[:-1]

    def known(self, address: Address, client: bytes) -> Optional[bytes]:
        """Returns the AT line of a server's record of a client; None if it has none."""
        answer = asked(address, b"WHATSAT %s 10 5\n" % client)
        return None if answer.startswith(b"? ") else answer[:-1]

    def wait_known(self, address: Address, client: bytes, line: Optional[bytes] = None) -> bytes:
        """Waits until a server knows a client; with a line, until it has exactly that line."""
        def there() -> Optional[bytes]:
            found = self.known(address, client)
            return found if line in (None, found) else None

        return wait_until(there, f"{client!r} known at {address} as {line!r}")


def over_engines(cases: Sequence[Type[EngineCase]]) -> unittest.TestSuite:
    """Returns each case for each chosen variant, named after both."""
    loader = unittest.TestLoader()
    suite = unittest.TestSuite()
    for variant in chosen_variants():
        for case in cases:
            if not (case.native_too or variant.common_command_line):
                continue
            if variant.blocks_on_places and not case.blocking_too:
                continue
            made = type(f"{variant.name}.{case.__name__}", (case,),
                        {"variant": variant, "__module__": case.__module__})
            suite.addTests(loader.loadTestsFromTestCase(made))
    return suite


def loader_of(*cases: Type[EngineCase]) -> Any:
    """Returns the function that a test module must call `load_tests`."""
    def load_tests(*_: Any) -> unittest.TestSuite:
        return over_engines(cases)

    return load_tests
