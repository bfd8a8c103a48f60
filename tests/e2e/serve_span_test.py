"""Tests one herd in several processes: links between processes, their handshakes, and their
return."""

from __future__ import annotations

import contextlib
import os
import pathlib
import re
import signal
import socket
import threading
import unittest
from typing import Any, Dict, List, Optional, Tuple

from herdsim_e2e import (DEADLINE_S, Client, Process, Serving, TestCase, asked, free_ports,
                         send_until_known, wait_for_record, wait_until, write_scenario)

HOST = "127.0.0.1"


class Wire:
    """A relay between two servers that records what each connection carries, adds to it, and holds
    it."""

    def __init__(self, target: Tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server((HOST, 0))
        self._open: List[socket.socket] = []
        self._runs = threading.Event()
        self._runs.set()
        self.port = self._listener.getsockname()[1]
        self.dialled: List[Dict[str, bytearray]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.socket()
            self._open += [near, far]
            try:
                far.connect(self._target)
            except OSError:
                near.close()
                continue
            seen = {"there": bytearray(), "back": bytearray()}
            self.dialled.append(seen)
            for source, to, way in ((near, far, "there"), (far, near, "back")):
                threading.Thread(target=self._pass_on, args=(source, to, seen[way]),
                                 daemon=True).start()

    def _pass_on(self, source: socket.socket, to: socket.socket, seen: bytearray) -> None:
        try:
            while True:
                data = source.recv(65536)
                self._runs.wait()
                if not data:
                    to.shutdown(socket.SHUT_WR)
                    return
                seen += data
                to.sendall(data)
        except OSError:
            to.close()

    def hold(self) -> None:
        """Stops passing data on: the servers see a link that is up but takes nothing."""
        self._runs.clear()

    def go_on(self) -> None:
        self._runs.set()

    def inject(self, there: bytes, back: bytes) -> None:
        """Sends data in the name of either endpoint, on the newest connection. The servers may close
        the connection because of the first data, before the second is sent."""
        near, far = self._open[-2:]
        for end, data in ((far, there), (near, back)):
            with contextlib.suppress(OSError):
                end.sendall(data)

    def close(self) -> None:
        self.go_on()
        self._listener.close()
        for end in self._open:
            end.close()


class Span(TestCase):
    """A herd of the servers A, B and C in a line, each of which can be hosted in any process."""

    def setUp(self) -> None:
        super().setUp()
        self.ports = dict(zip("ABC", free_ports(3)))
        self.secret = self.secret_file("secret", "correct horse battery staple\n")

    def secret_file(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        return str(path)

    def herd(self, file: str, **ports: int) -> Dict[str, Any]:
        """Writes the herd's scenario; a port given here is the one that other servers dial."""
        at = {**self.ports, **ports}
        return {"name": file, "duration": "1s",
                "herds": [{"name": "span", "links": [["A", "B"], ["B", "C"]], "keepalive": "off",
                           "servers": [{"name": n, "host": HOST, "port": at[n]} for n in "ABC"]}]}

    def host(self, servers: str, secret: Optional[str] = None, **ports: int) -> Serving:
        options = [f"--server={name}" for name in servers]
        scenario = self.herd(f"span-{servers}", **ports)
        return self.serve(scenario, len(servers), *options, "--secret-file", secret or self.secret)

    def wire(self, server: str) -> Wire:
        wire = Wire((HOST, self.ports[server]))
        self.addCleanup(wire.close)
        return wire

    def at(self, server: str) -> Tuple[str, int]:
        return (HOST, self.ports[server])

    def send_until_heard(self, told: str, heard: str, client: str) -> int:
        """Sends updates to one server until another knows one; returns the number of that update."""
        return send_until_known(self.at(told), self.at(heard), client)


class Updates(Span):
    def test_each_process_hosts_only_its_own_servers(self) -> None:
        serving = self.host("B")
        self.assertEqual(serving.lines, [f"span B {HOST}:{self.ports['B']}"])
        for server in "AC":
            with self.assertRaises(ConnectionRefusedError):
                Client(self.at(server))

    def test_updates_cross_in_both_directions(self) -> None:
        for server in "CAB":  # any order of start
            self.host(server)
        for told, heard in (("A", "C"), ("C", "A"), ("B", "A"), ("B", "C")):
            client = f"from-{told}-to-{heard}"
            self.send_until_heard(told, heard, client)
            line = asked(self.at(told), f"IAMAT {client} +2+2 1479413884.392014450\n".encode())
            self.assertTrue(line.startswith(f"AT {told} ".encode()))
            self.assertEqual(wait_for_record(self.at(heard), client, "1479413884.392014450"), line)

    def test_two_servers_in_one_process_and_one_in_another(self) -> None:
        self.host("AB")
        self.host("C")
        self.send_until_heard("A", "C", "kiwi")
        self.send_until_heard("C", "A", "lemon")

    def test_two_servers_on_loops_of_their_own_and_one_in_another_process(self) -> None:
        scenario = self.herd("loops")
        scenario["herds"][0]["loops"] = 3
        self.serve(scenario, 2, "--server=A", "--server=B", "--secret-file", self.secret)
        self.host("C")
        self.send_until_heard("A", "C", "kiwi")
        self.send_until_heard("C", "A", "lemon")
        self.send_until_heard("B", "A", "lime")

    def test_at_is_relayed_byte_for_byte_and_echoed_and_nothing_else_is_on_the_wire(self) -> None:
        self.host("C")
        wire = self.wire("C")
        self.host("AB", C=wire.port)
        first = self.send_until_heard("A", "C", "kiwi")
        with Client(self.at("A")) as client:
            told = [client.ask(f"IAMAT kiwi +1+1 {stamp}.5\n".encode())
                    for stamp in range(first, first + 50)]
        wait_for_record(self.at("C"), "kiwi", f"{first + 49}.5")  # otherwise C's is newer
        back = asked(self.at("C"), f"IAMAT kiwi +1+1 {first + 60}\n".encode())
        wait_for_record(self.at("A"), "kiwi", str(first + 60))

        def all_there() -> bool:  # the last echo may still be in flight when A knows
            return bytes(wire.dialled[-1]["there"]).endswith(back)

        wait_until(all_there, "B's echo to C")
        there = bytes(wire.dialled[-1]["there"]).splitlines(keepends=True)
        returned = bytes(wire.dialled[-1]["back"]).splitlines(keepends=True)
        for lines in (there, returned):
            self.assertEqual({line.split()[0] for line in lines[2:]}, {b"AT"})
            self.assertEqual(lines[-51:], told + [back], "flood-echo: each once in each direction")
            self.assertEqual(len(set(lines)), len(lines))


class Handshakes(Span):
    def test_nothing_is_flooded_before_the_acknowledgement(self) -> None:
        with socket.create_server(self.at("B")) as listener:
            listener.settimeout(DEADLINE_S)
            self.host("A")
            link, _ = listener.accept()
            with link:
                link.settimeout(DEADLINE_S)
                data = link.recv(65536)
                asked(self.at("A"), b"IAMAT kiwi +1+1 5\n")
                link.sendall(b"nonsense\n")  # no acknowledgement: A abandons the connection
                while True:
                    try:
                        more = link.recv(65536)
                    except ConnectionResetError:
                        break
                    if not more:
                        break
                    data += more
        self.assertEqual(data.count(b"\n"), 1, data)
        self.assertNotIn(b"kiwi", data)

    def seen_handshake(self) -> Tuple[bytes, bytes]:
        """Hosts A and B over a wire; returns A's LINK and MAC lines, as an attacker sees them."""
        self.host("B")
        wire = self.wire("B")
        self.host("A", B=wire.port)
        self.send_until_heard("A", "B", "there")
        link, mac = bytes(wire.dialled[-1]["there"]).split(b"\n")[:2]
        return link + b"\n", mac + b"\n"

    def test_a_handshake_cannot_be_replayed(self) -> None:
        link, mac = self.seen_handshake()
        self.assertTrue(link.startswith(b"LINK span A B "), link)
        self.assertNotIn(b"correct", link + mac, "the secret itself is never sent")
        nonces = set()
        for _ in range(200):
            with Client(self.at("B")) as attacker:
                attacker.send(link)
                nonce = attacker.line()
                self.assertTrue(nonce.startswith(b"NONCE "), nonce)
                nonces.add(nonce)
                attacker.send(mac + b"AT A +0.1 forged +1+1 5\n")
                self.assertEqual(attacker.rest(), b"? " + mac, "and closed")
        self.assertEqual(len(nonces), 200, "each connection has a nonce of its own")
        self.assertTrue(asked(self.at("B"), b"WHATSAT forged 10 5\n").startswith(b"? "))
        line = asked(self.at("A"), b"IAMAT on +1+1 5\n")
        self.assertEqual(wait_for_record(self.at("B"), "on"), line, "the real link is still up")

    def test_a_handshake_of_other_names_is_refused_and_closed(self) -> None:
        link, _ = self.seen_handshake()
        for line, server in ((link.replace(b" A ", b" C "), "B"),
                             (link.replace(b" span ", b" spam "), "B"), (link, "A")):
            with self.subTest(line=line, server=server), Client(self.at(server)) as attacker:
                attacker.send(line + b"AT A +0.1 forged +1+1 5\n")
                self.assertEqual(attacker.rest(), b"? " + line)

    def test_at_lines_of_unknown_servers_are_bad_lines(self) -> None:
        self.host("B")
        wire = self.wire("B")
        self.host("A", B=wire.port)
        self.send_until_heard("A", "B", "there")
        wire.inject(b"AT Nobody +0.1 ghost +1+1 1\nAT C +0.1 known +1+1 1\n", b"")
        self.assertEqual(wait_for_record(self.at("B"), "known"), b"AT C +0.1 known +1+1 1\n")
        self.assertTrue(asked(self.at("B"), b"WHATSAT ghost 10 5\n").startswith(b"? "))

    def test_a_replaced_link_is_a_warning(self) -> None:
        serving = self.host("B")
        wires = [self.wire("B"), self.wire("B")]
        self.host("A", B=wires[0].port)
        self.send_until_heard("A", "B", "there")
        self.assertNotIn("replaced", serving.stderr())
        # Another process has the secret too, and says that it is A.
        self.serve({**self.herd("twin", A=free_ports(1)[0], B=wires[1].port)}, 1, "--server=A",
                   "--secret-file", self.secret)
        wait_until(lambda: re.search("warning .*replaced", serving.stderr()), "a warning")

    def test_a_secret_file_is_private_and_long_enough(self) -> None:
        scenario = write_scenario(self.herd("secrets"), self.folder)
        for text, mode, complaint in (("correct horse battery staple\n", 0o644, "chmod 600"),
                                      ("correct horse battery staple\n", 0o620, "chmod 600"),
                                      ("too short\n", 0o600, "right is 16 to 1024"),
                                      ("", 0o600, "holds no secret")):
            with self.subTest(complaint=complaint):
                file = self.folder / "bad-secret"
                file.write_text(text)
                file.chmod(mode)
                ended = self.herdsim("serve", str(scenario), "--server=A", "--secret-file",
                                     str(file))
                self.assertEqual((ended.status, ended.stdout), (3, ""))
                self.assertIn(complaint, ended.stderr)
                self.assertIn(str(file), ended.stderr)

    def test_a_secret_may_come_through_a_pipe(self) -> None:
        self.host("B")
        scenario = self.herd("piped")
        out, into = os.pipe()
        with open(into, "wb") as writer:
            with open(out, "rb") as reader:
                process = self.start_serving(scenario, reader)
            # The pipe stays open: a line is a secret, whatever may come behind it.
            writer.write(b"correct horse battery staple\n")
            writer.flush()
            wait_until(lambda: "A " in process.stdout() or process.ended(), "it serves")
            self.send_until_heard("A", "B", "piped")

    def start_serving(self, scenario: Dict[str, Any], stdin: Any) -> Process:
        """Serves A with its secret from here."""
        file = write_scenario(scenario, self.folder)
        return self.start("serve", str(file), "--server=A", "--secret-file=-", stdin=stdin)

    def test_a_file_on_standard_input_is_private_too(self) -> None:
        file = pathlib.Path(self.secret)
        for mode, links in ((0o644, False), (0o600, True)):
            file.chmod(mode)
            with self.subTest(mode=oct(mode)), open(file, "rb") as reader:
                process = self.start_serving(self.herd("redirected"), reader)
                if not links:
                    self.assertEqual(process.wait(), 3)
                    self.assertIn("-: may be used by others than its owner", process.stderr())
                    continue
                wait_until(lambda: "A " in process.stdout() or process.ended(), "it serves")
                self.assertFalse(process.ended(), process.stderr())

    def test_a_process_with_the_wrong_secret_never_links(self) -> None:
        wrong = self.secret_file("wrong", "wrong horse battery staple\n")
        self.host("C", wrong)
        wire = self.wire("C")
        self.host("B", C=wire.port)
        self.host("A")
        self.send_until_heard("A", "B", "kiwi")
        asked(self.at("C"), b"IAMAT stranger +1+1 5\n")
        # After several tries, each of them refused …
        wait_until(lambda: len(wire.dialled) >= 5, "B dials C again and again")
        for tried in wire.dialled[:4]:
            self.assertRegex(bytes(tried["back"]), rb"\ANONCE [0-9a-f]{64}\n\? MAC ")
            self.assertNotIn(b"kiwi", bytes(tried["there"]))
        # … neither side knows the other's clients.
        self.assertTrue(asked(self.at("C"), b"WHATSAT kiwi 10 5\n").startswith(b"? "))
        self.assertTrue(asked(self.at("B"), b"WHATSAT stranger 10 5\n").startswith(b"? "))


class Trouble(Span):
    """Tests faults of a link that is up."""

    def linked(self) -> Wire:
        """Hosts A and B in one process and C in another; returns the relay through which B dials
        C."""
        self.host("C")
        wire = self.wire("C")
        self.host("AB", C=wire.port)
        self.send_until_heard("A", "C", "there")
        self.send_until_heard("C", "A", "back")
        return wire

    def assert_flows(self, name: str) -> None:
        for told, heard in (("A", "C"), ("C", "A")):
            line = asked(self.at(told), f"IAMAT {name}-{told} +1+1 5\n".encode())
            self.assertEqual(wait_for_record(self.at(heard), f"{name}-{told}"), line)

    def test_a_link_never_answers(self) -> None:
        wire = self.linked()
        lines = (b"nonsense\n", b"\n", b"? nonsense\r\n", b"IAMAT forged +1+1 5\n",
                 b"WHATSAT there 10 5\n", b"AT C +0.1 forged +1+1\n", b"AT C 0.1 forged +1+1 5\n",
                 b"LINK span B C 00\n", b"LINKED span C B 00\n", b"z" * 9216 + b"\n")
        for line in lines:
            wire.inject(line, line)
        self.assert_flows("on")
        self.assertEqual(len(wire.dialled), 1, "the same connection bears it all")
        for way in ("there", "back"):
            heard = bytes(wire.dialled[0][way]).splitlines()[2:]
            self.assertEqual({line.split(b" ")[0] for line in heard}, {b"AT"})
        for server in "ABC":
            self.assertTrue(asked(self.at(server), b"WHATSAT forged 10 5\n").startswith(b"? "))

    def test_a_line_that_is_too_long_even_for_a_link_is_not_answered_either(self) -> None:
        wire = self.linked()
        wire.inject(b"z" * 9217 + b"\n", b"z" * 20_000 + b"\n")
        # The herd may keep the link or dial again: either way, later updates cross it.
        self.send_until_heard("A", "C", "later-there")
        self.send_until_heard("C", "A", "later-back")
        for seen in wire.dialled:
            for way in ("there", "back"):
                self.assertNotIn(b"?", bytes(seen[way]))

    def test_a_link_that_takes_nothing_is_dropped_at_64_mib_and_dialled_again(self) -> None:
        wire = self.linked()
        dialled = len(wire.dialled)
        wire.hold()
        name = "k" * 8000
        with Client(self.at("A")) as client:
            for stamp in range(1, 12_000):  # 92 MiB on the link, and the herd still serves
                answer = client.ask(f"IAMAT {name} +1+1 {stamp}\n".encode())
                self.assertTrue(answer.startswith(b"AT A "))
        wire.go_on()
        wait_until(lambda: len(wire.dialled) > dialled, "B dials C again")
        self.send_until_heard("A", "C", "later-there")
        self.send_until_heard("C", "A", "later-back")


class Returning(Span):
    def check_comes_back(self, servers: Tuple[str, ...], killed: str) -> None:
        processes = {server: self.host(server) for server in servers}
        self.send_until_heard("A", "C", "before")
        processes[killed].send_signal(signal.SIGKILL)
        self.assertEqual(processes[killed].wait(), -signal.SIGKILL)
        # The other servers go on at the same time.
        for server in set("ABC") - {killed}:
            answer = asked(self.at(server), b"IAMAT meanwhile-%s +1+1 5\n" % server.encode())
            self.assertRegex(answer, rb"^AT ")
        self.host(killed)
        self.send_until_heard("A", "C", "after")
        self.send_until_heard("C", "A", "after-too")

    def test_the_link_of_a_process_that_was_killed_comes_back(self) -> None:
        for killed in "ABC":  # one that dials, one that does both, one that is dialled
            with self.subTest(killed=killed):
                self.ports = dict(zip("ABC", free_ports(3)))
                self.check_comes_back(("A", "B", "C"), killed)

    def test_what_was_lost_stays_lost_and_what_is_new_flows(self) -> None:
        self.host("AB")
        lost = self.host("C")
        self.send_until_heard("A", "C", "kiwi")
        self.assertEqual(lost.stop(), 0)
        asked(self.at("A"), b"IAMAT meanwhile +1+1 5\n")
        wait_for_record(self.at("B"), "meanwhile")
        self.host("C")
        self.send_until_heard("A", "C", "after")
        for client in ("kiwi", "meanwhile"):
            answer = asked(self.at("C"), f"WHATSAT {client} 10 5\n".encode())
            self.assertTrue(answer.startswith(b"? "), "no memory, and no recovery")


class Stopped(Span):
    """Tests a process that stops without closing anything, as after kill -STOP."""

    def herd(self, file: str, **ports: int) -> Dict[str, Any]:
        scenario = super().herd(file, **ports)
        scenario["herds"][0].update(keepalive={"every": "200ms", "timeout": "600ms"},
                                    recovery="sync")
        return scenario

    def check_is_noticed(self, stopped: str, other: str) -> None:
        processes = {"AB": self.host("AB"), "C": self.host("C")}
        self.send_until_heard("A", "C", "before")
        there = processes[other]
        processes[stopped].send_signal(signal.SIGSTOP)
        wait_until(lambda: "silent for too long" in there.stderr(), "the silence is noticed")
        told = asked(self.at(other[0]), b"IAMAT meanwhile +1+1 5\n")
        self.assertRegex(told, rb"^AT ")
        processes[stopped].send_signal(signal.SIGCONT)
        # Without any action, the link comes back, and the missed update is repaired.
        self.assertEqual(wait_for_record(self.at(stopped[0]), "meanwhile", "5"), told)
        after = asked(self.at(stopped[0]), b"IAMAT after +1+1 6\n")
        self.assertEqual(wait_for_record(self.at(other[0]), "after", "6"), after)
        self.assertFalse(processes[stopped].ended() or there.ended())

    def test_of_the_one_that_is_dialled(self) -> None:
        self.check_is_noticed("C", "AB")

    def test_of_the_one_that_dials(self) -> None:
        self.check_is_noticed("AB", "C")


class Usage(Span):
    def serve_status(self, *options: str) -> Tuple[int, str]:
        scenario = write_scenario(self.herd("usage"), self.folder)
        ended = self.herdsim("serve", str(scenario), *options)
        self.assertEqual(ended.stdout, "")
        return ended.status, ended.stderr

    def test_server_without_a_secret_file_is_bad_usage(self) -> None:
        status, said = self.serve_status("--server", "A")
        self.assertEqual(status, 2, said)
        self.assertIn("--secret-file", said)

    def test_standard_input_is_the_scenario_or_the_secret(self) -> None:
        with open(write_scenario(self.herd("both"), self.folder), "rb") as reader:
            ended = self.herdsim("serve", "-", "--server", "A", "--secret-file", "-", stdin=reader)
        self.assertEqual(ended.status, 2, ended.stderr)
        self.assertIn("--secret-file: standard input is the scenario already", ended.stderr)

    def test_an_unknown_server_is_bad_usage(self) -> None:
        status, said = self.serve_status("--server", "D", "--secret-file", self.secret)
        self.assertEqual(status, 2, said)
        self.assertIn("D", said)

    def test_a_secret_file_that_is_missing_or_empty_is_an_error_that_names_it(self) -> None:
        for path in (str(self.folder / "missing"), self.secret_file("empty", "")):
            status, said = self.serve_status("--server", "A", "--secret-file", path)
            self.assertIn(status, (2, 3), said)
            self.assertTrue(re.search(re.escape(path), said), said)


if __name__ == "__main__":
    unittest.main()
