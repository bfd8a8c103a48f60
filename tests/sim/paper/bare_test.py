"""The bare relays: all of them answer and pass on the same lines."""

import contextlib
import socket
import unittest

import harness  # noqa: F401, puts the harness on the path
import bare_relays
import herd_servers
from herd_servers import HerdServers, Place
from server_process import ServerProcess

LINE = b"IAMAT kiwi +34.068930-118.445127 1479413884.000000001\n"
NEWS = b"x" * 16 + LINE


class End:
    """One connection to a relay."""

    def __init__(self, connection):
        connection.settimeout(30)
        self._socket, self._file = connection, connection.makefile("rb")

    def send(self, text):
        self._socket.sendall(text)

    def line(self):
        return self._file.readline()

    def close(self):
        self._file.close()
        self._socket.close()


class RelayTest(unittest.TestCase):
    def relay(self, stack, engine, servers):
        """Starts a relay of a ring with this number of servers, which expects two neighbours."""
        names = herd_servers.names(servers)
        place = Place("S1", [], ["S2", "S3"], names)
        return stack.enter_context(ServerProcess(bare_relays.command(engine, place)))

    def connect(self, stack, server):
        made = End(socket.create_connection(server.address, 30))
        stack.callback(made.close)
        return made

    def test_each_sends_what_the_flood_of_a_ring_sends(self):
        for engine in bare_relays.COMMANDS:
            with self.subTest(engine=engine), contextlib.ExitStack() as stack:
                server = self.relay(stack, engine, 5)
                left, right = self.connect(stack, server), self.connect(stack, server)
                for each in (left, right):
                    each.send(b"L\n")
                server.wait_until(lambda said: herd_servers.is_linked(said, 2), "link")
                client = self.connect(stack, server)
                client.send(LINE)
                self.assertEqual(client.line(), b"x" + NEWS)
                for each in (left, right):
                    self.assertEqual(each.line(), b"2" + NEWS)
                left.send(b"2" + NEWS)
                self.assertEqual((left.line(), right.line()), (b"0" + NEWS, b"1" + NEWS))
                # A duplicate is not passed on: the next line to arrive is that of the next news.
                right.send(b"0old\n")
                right.send(b"1new\n")
                self.assertEqual((left.line(), right.line()), (b"0new\n", b"0new\n"))

    def test_a_line_may_arrive_in_parts(self):
        for engine in bare_relays.COMMANDS:
            with self.subTest(engine=engine), contextlib.ExitStack() as stack:
                place = Place("S1", [], [], ["S1"])
                server = stack.enter_context(ServerProcess(bare_relays.command(engine, place)))
                client = self.connect(stack, server)
                for part in (LINE[:7], LINE[7:-1], b"\n" + LINE + LINE[:3], LINE[3:]):
                    client.send(part)
                self.assertEqual([client.line() for _ in range(3)], [b"x" + NEWS] * 3)

    def test_a_ring_links_itself(self):
        for engine in bare_relays.COMMANDS:
            with self.subTest(engine=engine):
                with HerdServers(lambda place, engine=engine: bare_relays.command(engine, place),
                                 3) as herd:
                    herd.wait_linked()
                    self.assertEqual(len(set(herd.ports)), 3)


if __name__ == "__main__":
    unittest.main()
