"""The start and end of an engine: output, bad arguments, exit status."""

from __future__ import annotations

import os
import signal
import socket
import unittest
from typing import List, Optional

from engine_case import EngineCase, loader_of
from engines import HOST, Server, Setup
from herdsim_e2e import Client, free_ports


class Ending(EngineCase):
    def test_sigterm_and_sigint_end_it_at_once_with_0_whatever_goes_on(self) -> None:
        for which in (signal.SIGTERM, signal.SIGINT):
            server, _, near = self.between()
            client = self.client(server)
            client.send(b"IAMAT kiwi +1+1 1\nIAM")
            client.line()
            # Another thread may still send the flood when the client already has its answer.
            self.assertEqual(near.line()[:3], b"AT ")
            self.assertEqual(server.stop(which), 0, server.stderr())
            for end in (client, near):
                try:
                    self.assertEqual(end.rest(), b"")
                except ConnectionError:
                    pass
            with self.assertRaises(ConnectionRefusedError):
                Client(server.address)

    def test_the_port_is_free_again_at_once(self) -> None:
        server = self.started(port=free_ports(1)[0])
        with Client(server.address) as client:
            client.ask(b"IAMAT kiwi +1+1 1\n")
            self.assertEqual(server.stop(), 0)
            again = self.started(port=server.address[1])
        self.assertEqual(again.address, server.address)
        self.assertIsNone(self.known(again.address, b"kiwi"), "it has lost its memory")

    def test_a_taken_port_is_named_with_status_3(self) -> None:
        with socket.create_server((HOST, 0)) as taken:
            port = taken.getsockname()[1]
            setup = Setup(port=port)
            server = Server(self.variant, setup, self.folder)
            self.addCleanup(server.close)
            self.assertEqual(server.wait(), 3, server.stderr())
        self.assertIn(f"{HOST}:{port}", server.stderr())
        self.assertRegex(server.stderr().lower(), "in use")
        self.assertNotIn("Traceback", server.stderr())
        self.assertEqual(server.stdout(), "")


class CommandLine(EngineCase):
    native_too = False  # it has another command line

    def run_with(self, arguments: List[str], secret: Optional[str] = "s") -> Server:
        server = Server(self.variant, Setup(), self.folder,
                        [*self.variant.command, *arguments, *self.variant.options],
                        {} if secret is None else {"HERD_SECRET": secret})
        self.addCleanup(server.close)
        return server

    def test_what_it_says_on_standard_output(self) -> None:
        server = self.started()
        server.wait_linked()
        self.assertEqual(server.stdout(), f"listening {HOST}:{server.address[1]}\nlinked\n")
        self.assertNotEqual(server.address[1], 0)
        server, far, near = self.between()
        near.close()
        self.neighbor(server, "Near")
        self.reported(server, b"kiwi")
        self.assertEqual(server.stdout(), f"listening {HOST}:{server.address[1]}\nlinked\n",
                         "once each")

    def test_the_defaults(self) -> None:
        server = self.run_with(["--herd", "paper", "--server", "Mid", "--port", "0"], None)
        server.wait_listening()
        self.assertEqual(server.address[0], HOST)
        server.wait_linked()
        self.reported(server, b"kiwi")
        self.assertEqual(server.stop(), 0)

    def test_options_with_an_equals_sign(self) -> None:
        server = self.run_with(["--herd=paper", "--server=Mid", "--port=0", "--dial=", "--expect=",
                                "--propagation=flood", "--log=error", f"--host={HOST}"])
        server.wait_listening()
        self.assertEqual(server.stop(), 0)

    def test_bad_arguments_are_named_with_status_2(self) -> None:
        good = ["--herd", "paper", "--server", "Mid", "--port", "0"]
        for more, named in (
                (["--nonsense"], "nonsense"), (["--nonsense", "5"], "nonsense"),
                (["stray"], "stray"), (["--port", "seven"], "port"), (["--port", "65536"], "port"),
                (["--port", "-1"], "port"), (["--port", ""], "port"), (["--port"], "port"),
                (["--propagation", "gossip"], "propagation"), (["--log", "loud"], "log"),
                (["--server", "M/d"], "server"), (["--server", ""], "server"),
                (["--server", "m" * 65], "server"), (["--herd", "a b"], "herd"),
                (["--dial", "Ball"], "dial"), (["--dial", "Ball=127.0.0.1"], "dial"),
                (["--dial", "Ball=127.0.0.1:x"], "dial"), (["--dial", "Ball=127.0.0.1:0"], "dial"),
                (["--dial", "B/ll=127.0.0.1:5"], "dial"), (["--dial", "=127.0.0.1:5"], "dial"),
                (["--dial", "Ball=127.0.0.1:70000"], "dial"), (["--expect", "B/ll"], "expect"),
                (["--expect", "Near,,Far"], "expect"), (["--expect", "Near,Near"], "Near"),
                (["--dial", "Near=127.0.0.1:5", "--expect", "Near"], "Near"),
                (["--expect", "Mid"], "Mid"), (["--places", "ftp://x"], "places"),
                (["--places", "nowhere"], "places")):
            with self.subTest(arguments=more):
                server = self.run_with(good + more)
                self.assertEqual(server.wait(), 2, server.stderr())
                self.assertIn(named, server.stderr())
                self.assertNotIn("Traceback", server.stderr())
                self.assertEqual(server.stdout(), "")

    def test_what_must_be_given(self) -> None:
        for arguments in (["--herd", "paper", "--port", "0"], ["--server", "Mid", "--port", "0"],
                          ["--herd", "paper", "--server", "Mid"], []):
            server = self.run_with(arguments)
            self.assertEqual(server.wait(), 2, (arguments, server.stderr()))

    def test_a_herd_with_neighbours_needs_a_secret(self) -> None:
        good = ["--herd", "paper", "--server", "Mid", "--port", "0"]
        for more in (["--dial", "Ball=127.0.0.1:5"], ["--expect", "Ball"]):
            for secret in (None, ""):
                server = self.run_with(good + more + ["--servers", "Mid,Ball"], secret)
                self.assertEqual(server.wait(), 2, server.stderr())
                self.assertIn("HERD_SECRET", server.stderr())

    def test_a_server_with_neighbours_needs_the_names_of_all_servers(self) -> None:
        good = ["--herd", "paper", "--server", "Mid", "--port", "0", "--expect", "Near"]
        for more in ([], ["--servers", "Mid"], ["--servers", "Near=127.0.0.1:5"],
                     ["--servers", "Mid,Near,F/r"]):
            server = self.run_with(good + more)
            self.assertEqual(server.wait(), 2, server.stderr())
            self.assertIn("--servers", server.stderr())

    def test_logs_go_to_standard_error_and_each_line_only_where_asked_for(self) -> None:
        for level in ("error", "info", "debug"):
            server, far, near = self.between(log=level)
            near.send(b"AT Near +0.5 from-a-neighbour +1+1 1\n")
            far.line()
            self.conversation(server, b"IAMAT from-a-client +1+1 1\n")
            far.close()
            self.accepted(far.listener, server, "Far")
            self.assertEqual(server.stop(), 0)
            text = server.stderr()
            self.assertEqual("from-a-client" in text, level == "debug", text)
            self.assertEqual("from-a-neighbour" in text, level == "debug", text)
            self.assertEqual("Far" in text and "Near" in text, level != "error", text)
            self.assertNotIn("correct horse", text, "the secret stays one")

    def test_it_inherits_no_terminal_and_leaves_nothing_behind(self) -> None:
        server = self.started()
        self.assertEqual(server.stop(), 0)
        with self.assertRaises(ProcessLookupError):
            os.killpg(server.process.pid, 0)


load_tests = loader_of(Ending, CommandLine)

if __name__ == "__main__":
    unittest.main()
