"""Links to fake neighbours: handshake, flooding, cuts, recovery."""

from __future__ import annotations

import socket
import unittest
from typing import List

from engine_case import EngineCase, loader_of
from engines import Server
from fake_neighbor import (NONCE, FakeNeighbor, Listener, link_line, linked_line, mac_line,
                           nonce_of)
from herdsim_e2e import Client

AT = b"AT Near +0.5 kiwi +34-118 10"


class Opening(EngineCase):
    def test_the_dialler_says_nothing_but_the_handshake_before_the_acknowledgement(self) -> None:
        listener = self.listener()
        server = self.started(dial={"Far": listener.address})
        link = FakeNeighbor(listener.accept(), server.setup, "Far")
        self.addCleanup(link.close)
        acknowledgement = link.hear()
        self.reported(server, b"early")
        self.assertFalse(server.is_linked())
        link.send(acknowledgement + b"\n")
        server.wait_linked()
        told = self.reported(server, b"kiwi")
        self.assertEqual(link.lines_until(told), [], "what was early is lost")

    def test_linked_is_said_when_the_last_link_is_proven(self) -> None:
        listener = self.listener()
        server = self.started(dial={"Far": listener.address}, expect=["Near", "Next"])
        for connect in (lambda: self.neighbor(server, "Next"),
                        lambda: self.accepted(listener, server, "Far")):
            self.assertFalse(server.is_linked())
            connect()
        self.assertFalse(server.is_linked())
        self.neighbor(server, "Near")
        server.wait_linked()

    def test_each_line_of_a_handshake_may_have_a_cr_and_any_white_space(self) -> None:
        listener = self.listener()
        server = self.started(dial={"Far": listener.address}, expect=["Near"])
        far = FakeNeighbor(listener.accept(), server.setup, "Far")
        self.addCleanup(far.close)
        nonce = nonce_of(far.line())
        far.send(b" NONCE\t " + NONCE + b" \r\n")
        self.assertTrue(far.line().startswith(b"MAC "))
        words = linked_line(server.setup, "Far", "Mid", nonce).split()
        far.send(b"  " + b" \t".join(words) + b" \r\n")
        near = FakeNeighbor(socket.create_connection(server.address), server.setup, "Near")
        self.addCleanup(near.close)
        near.send(b"\t" + b"  ".join(link_line(server.setup, "Near", "Mid").split()) + b"\r\n")
        nonce = nonce_of(near.line())
        near.send(b"\t" + b"\v ".join(mac_line(server.setup, "Near", "Mid", nonce).split()) +
                  b"\r\n")
        self.assertEqual(near.line(),
                         linked_line(server.setup, "Mid", "Near", NONCE, nonce) + b"\n")
        server.wait_linked()

    def test_what_is_said_right_behind_a_handshake_counts(self) -> None:
        listener = self.listener()
        server = self.started(dial={"Far": listener.address}, expect=["Near"])
        far = FakeNeighbor(listener.accept(), server.setup, "Far")
        self.addCleanup(far.close)
        far.send(far.hear() + b"\nAT Far +1 plum +1+1 1\n")
        self.assertEqual(self.wait_known(server.address, b"plum"), b"AT Far +1 plum +1+1 1")
        near = FakeNeighbor(socket.create_connection(server.address), server.setup, "Near")
        self.addCleanup(near.close)
        near.ask(AT + b"\n")
        self.wait_known(server.address, b"kiwi", AT)
        self.assertEqual(near.line(), linked_line(server.setup, "Mid", "Near", NONCE,
                                                  near.their_nonce) + b"\n")

    def test_a_dial_that_is_answered_wrongly_is_abandoned_and_made_again(self) -> None:
        listener = self.listener()
        server = self.started(dial={"Far": listener.address})
        for wrong in (b"", b"nonsense", b"NONCE", b"NONCE a b", b"nonce " + NONCE, AT,
                      linked_line(server.setup, "Far", "Mid", NONCE), b"x" * 9217):
            with self.subTest(wrong=wrong):
                link = FakeNeighbor(listener.accept(), server.setup, "Far")
                with link:
                    link.line()
                    link.send(wrong + b"\nAT Far +1 forged +1+1 1\n")
                    self.assert_ends(link)
        for spoil in (lambda right, mac: right[:-1], lambda right, mac: right + b"0",
                      lambda right, mac: right + b" more", lambda right, mac: b"LINKED",
                      lambda right, mac: right.replace(mac, mac.upper()),
                      lambda right, mac: right.replace(b"LINKED", b"LINK"),
                      lambda right, mac: right.replace(b"paper", b"other"),
                      lambda right, mac: right.replace(b" Far ", b" Mid "),
                      lambda right, mac: b"MAC " + mac, lambda right, mac: AT,
                      lambda right, mac: right.replace(mac, NONCE), lambda right, mac: b"x" * 9217):
            link = FakeNeighbor(listener.accept(), server.setup, "Far")
            with link:
                right = link.hear()
                wrong = spoil(right, right.split()[-1])
                with self.subTest(wrong=wrong):
                    link.send(wrong + b"\nAT Far +1 forged +1+1 1\n")
                    self.assert_ends(link)
        self.assertFalse(server.is_linked())
        self.accepted(listener, server, "Far")
        server.wait_linked()
        self.assertIsNone(self.known(server.address, b"forged"))

    def test_the_lines_of_another_handshake_prove_nothing(self) -> None:
        listener = self.listener()
        server = self.started(dial={"Far": listener.address}, expect=["Near"])
        # An attacker has seen a neighbour's good handshakes, with this server and with the dialler.
        near = self.neighbor(server, "Near")
        seen = (link_line(server.setup, "Near", "Mid") + b"\n" +
                mac_line(server.setup, "Near", "Mid", near.their_nonce) + b"\n")
        nonces = {near.their_nonce}
        for _ in range(20):
            with Client(server.address) as replay:
                replay.send(seen + b"AT Near +0.1 forged +1+1 5\n")
                lines = replay.rest().split(b"\n")
                nonces.add(nonce_of(lines[0]))
                self.assertEqual(lines[1:], [b"? " + seen.split(b"\n")[1], b""], "then the end")
        self.assertEqual(len(nonces), 21, "a nonce comes once")
        with FakeNeighbor(listener.accept(), server.setup, "Far") as first:
            linked = first.hear()
        for _ in range(3):
            with FakeNeighbor(listener.accept(), server.setup, "Far") as again:
                again.hear()
                again.send(linked + b"\nAT Far +1 forged +1+1 1\n")
                self.assert_ends(again)
        self.assertIsNone(self.known(server.address, b"forged"))
        told = self.reported(server, b"kiwi")
        self.assertEqual(near.lines_until(told), [], "the link is still the neighbour's")

    def test_a_servers_own_mac_does_not_prove_the_other_side(self) -> None:
        """An attacker opens two connections and lets the server answer itself."""
        server = self.started(expect=["Near"])
        with Client(server.address) as client:
            client.send(link_line(server.setup, "Near", "Mid") + b"\n")
            nonce = nonce_of(client.line())
            reflected = linked_line(server.setup, "Mid", "Near", NONCE, nonce).split()[-1]
            client.send(b"MAC " + reflected + b"\n")
            self.assertEqual(client.rest(), b"? MAC " + reflected + b"\n", "then the end")
        self.assertFalse(server.is_linked())

    def assert_ends(self, link: Client) -> None:
        """Checks that the server closes or resets the connection without another line."""
        try:
            self.assertEqual(link.rest(), b"")
        except ConnectionError:
            pass

    def test_a_dial_that_is_not_answered_is_abandoned_and_made_again(self) -> None:
        listener = self.listener()
        server = self.started(dial={"Far": listener.address})
        with FakeNeighbor(listener.accept(), server.setup, "Far") as silent:
            silent.line()
            self.accepted(listener, server, "Far")
            server.wait_linked()
            self.assert_ends(silent)

    def test_a_neighbour_that_is_dialled_may_come_up_later(self) -> None:
        late = Listener(listens=False)
        self.addCleanup(late.close)
        server = self.started(dial={"Far": late.address})
        self.reported(server, b"kiwi")
        late.listen()
        self.accepted(late, server, "Far")
        server.wait_linked()


class Flooding(EngineCase):
    def test_a_clients_report_goes_once_to_every_neighbour(self) -> None:
        for propagation in ("flood-echo", "flood"):
            server, far, near = self.between(propagation=propagation)
            told = [self.reported(server, b"kiwi", b"+1+1", b"%d" % n) for n in range(50)]
            end = self.reported(server, b"end")
            self.assertEqual(far.lines_until(end), told)
            self.assertEqual(near.lines_until(end), told)

    def test_a_report_in_crlf_goes_out_in_lf(self) -> None:
        server, far, _ = self.between()
        text = self.conversation(server, b"IAMAT kiwi +1+1 1\r\n")
        self.assertEqual(far.line(), text.replace(b"\r\n", b"\n"))

    def test_flood_echo_sends_a_neighbours_report_to_all_and_back(self) -> None:
        server, far, near = self.between(propagation="flood-echo")
        lines = [b"AT Near +0.5 c%d +34-118 10" % n for n in range(100)]
        near.send(b"\n".join(lines) + b"\n")
        end = self.reported_after(server, lines[-1])
        self.assertEqual(far.lines_until(end), lines, "passed on, each once")
        self.assertEqual(near.lines_until(end), lines, "echoed, each once")

    def test_split_horizon_leaves_out_whom_it_came_from(self) -> None:
        server, far, near = self.between(propagation="flood")
        lines = [b"AT Near +0.5 c%d +34-118 10" % n for n in range(100)]
        near.send(b"\n".join(lines) + b"\n")
        end = self.reported_after(server, lines[-1])
        self.assertEqual(far.lines_until(end), lines)
        self.assertEqual(near.lines_until(end), [])

    def reported_after(self, server: Server, line: bytes) -> bytes:
        """Waits until the server has the line, then reports a client; returns its AT line."""
        self.wait_known(server.address, line.split()[3], line)
        return self.reported(server, b"end")

    def test_an_echo_and_a_duplicate_go_no_further(self) -> None:
        for propagation in ("flood-echo", "flood"):
            server, far, near = self.between(propagation=propagation)
            told = self.reported(server, b"kiwi")
            self.assertEqual(far.line(), told + b"\n")
            self.assertEqual(near.line(), told + b"\n")
            near.send(told + b"\n" + told + b"\n" + AT.replace(b"kiwi", b"plum") + b"\n")
            far.send(told + b"\n")
            end = self.reported_after(server, AT.replace(b"kiwi", b"plum"))
            self.assertEqual(far.lines_until(end), [AT.replace(b"kiwi", b"plum")])
            echo = [AT.replace(b"kiwi", b"plum")] if propagation == "flood-echo" else []
            self.assertEqual(near.lines_until(end), echo)

    def test_what_arrives_over_two_links_is_taken_once(self) -> None:
        server, far, near = self.between(propagation="flood-echo")
        lines = [b"AT Else +0.5 c%d +34-118 10" % n for n in range(100)]
        text = b"\n".join(lines) + b"\n"
        near.send(text)
        far.send(text)
        end = self.reported_after(server, lines[-1])
        self.assertEqual(far.lines_until(end), lines)
        self.assertEqual(near.lines_until(end), lines)

    def test_a_line_is_passed_on_byte_for_byte(self) -> None:
        lines = [b"AT Near +0.5 a +34-118 10", b"AT Near -0.500000000 b +34.0-118.000 10.0",
                 b"  AT\tNear  +0.5\v c \f+34-118   10 \t ", b"AT Near +0.5 \xff\xfe\0 +34-118 10",
                 b"AT Near +0.5 caf\xc3\xa9 +34-118 0010.00", b"AT Mid +0.5 d +34-118 10",
                 b"AT S-1.eu_west +000.5 e +34-118 10.99999999999", b"AT Near +0.5 f +34-118 10\r",
                 b"AT Near +0.5 " + b"k" * 9192 + b" +34-118 10", b"AT Near\r+9 g\r+34-118 10",
                 b"AT " + b"n" * 64 + b" +0.5 h +34-118 10"]
        self.assertEqual(len(lines[-3]), 9216)
        server, far, near = self.between()
        near.send(b"".join(line + b"\n" for line in lines))
        for line in lines:
            # A CR before the LF belongs to the ending.
            wanted = line[:-1] if line.endswith(b"\r") else line
            self.assertEqual(far.line(), wanted + b"\n")
            self.assertEqual(near.line(), wanted + b"\n", "the echo")
        for client, line in ((b"c", lines[2]), (b"\xff\xfe\0", lines[3])):
            text = self.conversation(server, b"WHATSAT %s 10 5\r\n" % client)
            self.assertEqual(text.split(b"\r\n")[0], line, "and so to who asks")

    def test_a_link_never_answers_and_bears_all(self) -> None:
        server, far, near = self.between()
        right = link_line(server.setup, "Near", "Mid")
        bad: List[bytes] = [
            mac_line(server.setup, "Near", "Mid", near.their_nonce), b"NONCE " + NONCE,
            b"AT Nobody +0.5 forged +34-118 10", b"AT near +0.5 forged +34-118 10",
            b"AT paper +0.5 forged +34-118 10", b"", b" ", b"nonsense", b"? nonsense", b"\0\xff", b"IAMAT forged +1+1 5",
            b"WHATSAT kiwi 10 5", right, right.replace(b"LINK", b"LINKED"), b"ALIVE 1", b"alive",
            b"SYNC GO", b"SYNC HOLD 0 0000000000000000", b"AT", b"at Near +0.5 forged +34-118 10",
            b"AT Near +0.5 forged +34-118", b"AT Near +0.5 forged +34-118 10 10",
            b"AT N\xe9ar +0.5 forged +34-118 10", b"AT " + b"n" * 65 + b" +0.5 forged +34-118 10",
            b"AT Near 0.5 forged +34-118 10", b"AT Near +.5 forged +34-118 10",
            b"AT Near +0.5. forged +34-118 10", b"AT Near +5e1 forged +34-118 10",
            b"AT Near +0.5 forged 34-118 10", b"AT Near +0.5 forged +91-118 10",
            b"AT Near +0.5 forged +34-181 10", b"AT Near +0.5 forged +34-118 -10",
            b"AT Near +0.5 forged +34-118 9223372036.854775808", b"AT Near +0.5 forged +34-118 1.",
            b"AT Near +\xb2 forged +34-118 10", b"z" * 9216]
        for link in (near, far):
            link.send(b"".join(line + b"\n" for line in bad + [b"ALIVE", b" ALIVE ", AT]))
        end = self.reported_after(server, AT)
        self.assertEqual(far.lines_until(end), [AT])
        self.assertEqual(near.lines_until(end), [AT])
        self.assertIsNone(self.known(server.address, b"forged"))

    def test_lines_in_any_pieces(self) -> None:
        server, far, near = self.between(propagation="flood")
        lines = [b"AT Near +0.5 c%d +34-118 10" % n for n in range(300)]
        text = b"\n".join(lines) + b"\n"
        for at in range(0, len(text), 7):
            near.send(text[at:at + 7])
        end = self.reported_after(server, lines[-1])
        self.assertEqual(far.lines_until(end), lines)

    def test_a_burst_both_ways(self) -> None:
        server, far, near = self.between(propagation="flood")
        for name, link, other in ((b"n", near, far), (b"f", far, near)):
            lines = [b"AT Near +0.5 %s%d +34-118 10" % (name, n) for n in range(20_000)]
            link.send(b"\n".join(lines) + b"\n")
            heard = [other.line()[:-1] for _ in lines]
            self.assertEqual(heard, lines)


class Breaking(EngineCase):
    def test_a_link_that_is_lost_is_dialled_again_and_what_was_said_meanwhile_is_lost(self) -> None:
        server, far, near = self.between()
        for half in (False, True):
            if half:
                far.half_close()
                self.assertEqual(far.rest(), b"", "the link is over")
            else:
                far.close()
            again = FakeNeighbor(far.listener.accept(), server.setup, "Far")
            self.addCleanup(again.close)
            acknowledgement = again.hear()
            lost = self.reported(server, b"lost", b"+1+1", b"%d" % half)
            near.lines_until(lost)
            again.send(acknowledgement + b"\n")
            again.send(b"AT Far +1 back +1+1 %d\n" % half)
            near.lines_until(b"AT Far +1 back +1+1 %d" % half)
            self.assertEqual(again.line(), b"AT Far +1 back +1+1 %d\n" % half)
            told = self.reported(server, b"kiwi", b"+1+1", b"%d" % (10 + half))
            self.assertEqual(again.lines_until(told), [])
            near.lines_until(told)
            again.listener, far = far.listener, again

    def test_a_neighbour_that_dials_may_leave_and_come_back(self) -> None:
        server, far, near = self.between()
        for time in range(3):
            near.close()
            told = self.reported(server, b"kiwi", b"+1+1", b"%d" % time)
            far.lines_until(told)
            near = self.neighbor(server, "Near")
            told = self.reported(server, b"plum", b"+1+1", b"%d" % time)
            self.assertEqual(near.lines_until(told), [])

    def test_a_second_link_replaces_the_first(self) -> None:
        server, far, near = self.between()
        second = self.neighbor(server, "Near")
        self.assertEqual(near.rest(), b"", "closed")
        self.assertRegex(server.stderr(), "(?i)warn.*replaced")
        told = self.reported(server, b"kiwi")
        self.assertEqual(second.lines_until(told), [])
        self.assertEqual(far.lines_until(told), [])
        second.send(AT.replace(b"kiwi", b"plum") + b"\n")
        for link in (far, second):
            self.assertEqual(link.line(), AT.replace(b"kiwi", b"plum") + b"\n")
        near.close()
        told = self.reported(server, b"last")
        self.assertEqual(second.lines_until(told), [])

    def test_a_wrong_second_link_replaces_nothing(self) -> None:
        server, far, near = self.between()
        with Client(server.address) as client:
            client.send(link_line(server.setup, "Near", "Mid") + b"\n")
            wrong = mac_line(server.setup, "Near", "Mid", nonce_of(client.line()))[:-2] + b"zz"
            client.send(wrong + b"\n")
            self.assertEqual(client.rest(), b"? " + wrong + b"\n")
        told = self.reported(server, b"kiwi")
        self.assertEqual(near.lines_until(told), [])
        self.assertEqual(far.lines_until(told), [])

    def test_a_line_too_long_for_a_link_ends_it_without_an_answer(self) -> None:
        server, far, near = self.between()
        for link in (near, far):
            link.send(b"AT Near +1 " + b"k" * 9217)
            self.assert_ends(link)
        self.accepted(far.listener, server, "Far")
        again = self.neighbor(server, "Near")
        told = self.reported(server, b"kiwi")
        self.assertEqual(again.lines_until(told), [])

    def assert_ends(self, link: Client) -> None:
        try:
            self.assertEqual(link.rest(), b"")
        except ConnectionError:
            pass

    def test_a_link_with_more_than_64_mib_unsent_is_dropped_and_the_rest_served(self) -> None:
        server, far, near = self.between(propagation="flood")
        name = b"k" * 8000
        count = 12_000  # 92 MiB
        with Client(server.address) as client:
            for stamp in range(count):
                client.send(b"IAMAT %s +1+1 %d\n" % (name, stamp))
                self.assertTrue(client.line().startswith(b"AT Mid "))
                self.assertTrue(near.line().startswith(b"AT Mid "), "the other link lives")
                # The server waits only a few seconds for the answer to its new dial.
                if far.listener.is_dialled():
                    break
        again = self.accepted(far.listener, server, "Far")
        try:
            self.assertLess(len(far.rest()), count * 8000)
        except ConnectionError:
            pass
        self.heard_by(again, near)
        told = self.reported(server, b"plum")
        self.assertEqual(again.lines_until(told), [])

    def test_neighbours_that_come_and_go_all_the_time_do_no_harm(self) -> None:
        server, far, _ = self.between()
        for number in range(100):
            link = self.neighbor(server, "Near")
            link.send(b"AT Near +0.5 c%d +34-118 10\nAT Near" % number)
            self.assertEqual(far.line(), b"AT Near +0.5 c%d +34-118 10\n" % number)
            link.close()


load_tests = loader_of(Opening, Flooding, Breaking)

if __name__ == "__main__":
    unittest.main()
