"""Every class of good and bad lines, and the exact bytes of each answer."""

from __future__ import annotations

import random
import re
import unittest
from typing import Iterable, List, Tuple

import model
from engine_case import HERE, EngineCase, loader_of
from fake_neighbor import link_line, mac_line, nonce_of
from herdsim_e2e import Client

PLACE = HERE.encode()
AT = re.compile(rb"AT Mid [+-][0-9]+\.[0-9]{9} (\S+) (\S+) (\S+)")

BAD = [
    # no command, an unknown command, a command in lower case
    b"", b" ", b"\t \v\f", b"\0", b"\xff\xfe", b"IAMATkiwi", b"iamat kiwi +34-118 0",
    b"Whatsat kiwi 10 5", b"IAMA kiwi +34-118 0", b"IAMATS kiwi +34-118 0", b"GET / HTTP/1.1",
    b"? IAMAT kiwi +34-118 0", b"IAMAT\0kiwi +34-118 0", b"IAMAT\xa0kiwi +34-118 0",
    b"IAMAT\x1ckiwi +34-118 0", b"IAMAT\x85kiwi +34-118 0", b"\xef\xbb\xbfIAMAT kiwi +34-118 0",
    b"__proto__", b"constructor", b"%s %d %n {} ${x} \\", b"toString kiwi +34-118 0",
    # commands of servers
    b"AT Mid +0.1 kiwi +34-118 0", b"AT Alford +0 forged +34-118 0", b"ALIVE", b"LINKED a b c d",
    b"SYNC GO", b"LINK", b"LINK paper Near Mid",
    # arity
    b"IAMAT", b"IAMAT kiwi", b"IAMAT kiwi +34-118", b"IAMAT kiwi +34-118 0 0", b"WHATSAT",
    b"WHATSAT known", b"WHATSAT known 10", b"WHATSAT known 10 5 5", b"IAMAT  +34-118 0",
    # locations
    b"IAMAT kiwi home 0", b"IAMAT kiwi 34-118 0", b"IAMAT kiwi +34 0", b"IAMAT kiwi +34118 0",
    b"IAMAT kiwi +34-118+ 0", b"IAMAT kiwi +34-118-1 0", b"IAMAT kiwi ++34-118 0",
    b"IAMAT kiwi +-34-118 0", b"IAMAT kiwi +34.-118 0", b"IAMAT kiwi +.5-118 0",
    b"IAMAT kiwi +34-118. 0", b"IAMAT kiwi +34-.5 0", b"IAMAT kiwi +3e1-118 0",
    b"IAMAT kiwi +34,5-118 0", b"IAMAT kiwi +0x1-118 0", b"IAMAT kiwi +nan-118 0",
    b"IAMAT kiwi +inf-118 0", b"IAMAT kiwi +1_0-118 0", b"IAMAT kiwi +91-118 0",
    b"IAMAT kiwi -90.0000001-118 0", b"IAMAT kiwi +90.0000000000000000000001+0 0",
    b"IAMAT kiwi +0+181 0", b"IAMAT kiwi +0-180.0000000000000000000001 0",
    b"IAMAT kiwi +34-118/ 0", b"IAMAT kiwi +34-118\0 0", b"IAMAT kiwi +34-1\xb2 0",
    b"IAMAT kiwi +99999999999999999999999999-118 0", b"IAMAT kiwi \xd9\xa3-118 0",
    # times
    b"IAMAT kiwi +34-118 yesterday", b"IAMAT kiwi +34-118 -1", b"IAMAT kiwi +34-118 +1",
    b"IAMAT kiwi +34-118 1.", b"IAMAT kiwi +34-118 .5", b"IAMAT kiwi +34-118 1e9",
    b"IAMAT kiwi +34-118 1.5.5", b"IAMAT kiwi +34-118 0x10", b"IAMAT kiwi +34-118 1_000",
    b"IAMAT kiwi +34-118 9223372036.854775808", b"IAMAT kiwi +34-118 9223372037",
    b"IAMAT kiwi +34-118 18446744073709551616", b"IAMAT kiwi +34-118 1,5",
    b"IAMAT kiwi +34-118 " + b"9" * 400, b"IAMAT kiwi +34-118 Infinity", b"IAMAT kiwi +34-118 NaN",
    b"IAMAT kiwi +34-118 1\0", b"IAMAT kiwi +34-118 \xb9", b"IAMAT kiwi +34-118 1.5\xb2",
    # radius and bound
    b"WHATSAT known 0 5", b"WHATSAT known 0.0 5", b"WHATSAT known -1 5", b"WHATSAT known +10 5",
    b"WHATSAT known 51 5", b"WHATSAT known 50.0000000000000000000001 5", b"WHATSAT known ten 5",
    b"WHATSAT known 1e1 5", b"WHATSAT known 10. 5", b"WHATSAT known .5 5", b"WHATSAT known 10 0",
    b"WHATSAT known 10 00", b"WHATSAT known 10 21", b"WHATSAT known 10 -5", b"WHATSAT known 10 +5",
    b"WHATSAT known 10 5.0", b"WHATSAT known 10 five", b"WHATSAT known 10 1e1",
    b"WHATSAT known 10 0x5", b"WHATSAT known 10 " + b"9" * 400,
    b"WHATSAT known " + b"9" * 400 + b" 5",
    b"WHATSAT known 10 5\0", b"WHATSAT known 10\0 5",
    # unknown clients
    b"WHATSAT nobody 10 5", b"WHATSAT KNOWN 10 5", b"WHATSAT known\0 10 5",
    b"WHATSAT __proto__ 10 5",
    b"WHATSAT constructor 10 5", b"WHATSAT hasOwnProperty 10 5", b"WHATSAT \xff 10 5",
    # the answer repeats the white space
    b"  IAMAT   kiwi\thome  0  ", b"nonsense ", b"\tnonsense\v\f ", b"non\rsense", b"\rnonsense",
]

GOOD = [
    b"IAMAT kiwi +34.068930-118.445127 1479413884.392014450", b"  IAMAT   kiwi  +34-118   0  ",
    b"\tIAMAT\vkiwi\f+34-118 \t\r 0\f", b"IAMAT\rkiwi\r+34-118\r0", b"IAMAT kiwi +4-8 007.5",
    b"IAMAT kiwi -90.000+180.000 0", b"IAMAT kiwi +90-180 0.0", b"IAMAT kiwi -0-0 1",
    b"IAMAT kiwi +00000000000000000000000034-000000000000000000000118 1",
    b"IAMAT kiwi +34-118 9223372036.854775807", b"IAMAT kiwi +34-118 9223372036.8547758079999",
    b"IAMAT kiwi +34-118 1.9999999999", b"IAMAT kiwi +34-118 0000000000000000000000000000001.5",
    b"IAMAT kiwi +34-118 1." + b"0" * 400, b"IAMAT kiwi +34." + b"6" * 4000 + b"-118 1",
    b"IAMAT \0 +1+1 1", b"IAMAT a\0b +1+1 1", b"IAMAT \xff\xfe\x80 +1+1 1", b"IAMAT \xa0 +1+1 1",
    b"IAMAT \x85x\x1c +1+1 1", b"IAMAT \xc3\x28 +1+1 1", b"IAMAT \xe2\x80\xa8 +1+1 1",
    b"IAMAT IAMAT +1+1 1", b"IAMAT __proto__ +1+1 1", b"IAMAT constructor +1+1 1",
    b"IAMAT %s +1+1 1", b"IAMAT ? +1+1 1", b"IAMAT +1+1 +1+1 1", b"IAMAT \x01\x02\x7f +1+1 1",
]


def line_of(size: int) -> bytes:
    """Returns a valid IAMAT of `size` bytes."""
    return b"IAMAT ".ljust(size - len(b" +1+1 1"), b"k") + b" +1+1 1"


class Lines(EngineCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.started()
        self.reported(self.server, b"known")

    def check(self, lines: Iterable[bytes], ending: bytes, answered: List[bytes]) -> None:
        """Compares answers with those of the model."""
        lines = list(lines)
        for number, line in enumerate(lines):
            self.assertLess(number, len(answered), f"no answer to {line!r} and the lines after it")
            report = model.iamat(line)
            if report is None:
                self.assertEqual(answered[number], b"? " + line + ending)
                continue
            found = AT.fullmatch(answered[number][:-len(ending)])
            self.assertTrue(found and answered[number].endswith(ending), (line, answered[number]))
            self.assertEqual(found.groups(), report)
        self.assertEqual(answered[len(lines):], [])

    def answers(self, lines: List[bytes], ending: bytes) -> List[bytes]:
        text = self.conversation(self.server, b"".join(line + ending for line in lines))
        return re.findall(rb"[^\n]*\n", text)

    def test_every_bad_line_is_repeated_as_it_was_sent(self) -> None:
        for line in BAD:
            self.assertIsNone(model.iamat(line), line)
            if b"known" not in line:
                self.assertFalse(line.startswith(b"WHATSAT known") and model.is_whatsat(line))
        for ending in (b"\n", b"\r\n"):
            with self.subTest(ending=ending):
                self.check(BAD, ending, self.answers(BAD, ending))

    def test_a_bad_line_changes_nothing(self) -> None:
        self.answers(BAD, b"\n")
        for client in (b"kiwi", b"forged"):
            self.assertIsNone(self.known(self.server.address, client))

    def test_every_good_line_is_answered_with_its_own_fields(self) -> None:
        for line in GOOD:
            self.assertIsNotNone(model.iamat(line), line)
        for ending in (b"\n", b"\r\n"):
            with self.subTest(ending=ending):
                self.check(GOOD, ending, self.answers(GOOD, ending))

    def test_clients_of_any_bytes_are_told_apart_and_known_again(self) -> None:
        ids = [b"\0", b"\0\0", b"\xff", b"\xfe\xff", b"\xc3\xa9", b"e\xcc\x81", b"\xe9", b"K", b"k",
               b"__proto__", b"constructor", b"toString", b"1", b"01", b"\xa0"]
        told = {each: self.reported(self.server, each, b"+1+%d" % n) for n, each in enumerate(ids)}
        for each in ids:
            self.assertEqual(self.known(self.server.address, each), told[each])

    def test_lines_made_at_random_one_connection_in_random_pieces(self) -> None:
        dice = random.Random(20161201)
        for ending in (b"\n", b"\r\n"):
            lines = [random_line(dice) for _ in range(3000)]
            sent = b"".join(line + ending for line in lines)
            with Client(self.server.address) as client:
                at = 0
                while at < len(sent):
                    size = dice.choice((1, 2, 7, 60, 500, 4000))
                    client.send(sent[at:at + size])
                    at += size
                client.half_close()
                answered = re.findall(rb"[^\n]*\n", client.rest())
            self.check(lines, ending, answered)

    def test_noise_kills_nobody(self) -> None:
        dice = random.Random(20161202)
        for _ in range(30):
            noise = dice.randbytes(dice.randrange(1, 6000))
            with Client(self.server.address) as client:
                client.send(noise)
                client.half_close()
                answered = client.rest()
            lines = [line for line in noise.split(b"\n")[:-1]]
            wanted = b"".join(b"? " + line + b"\n" for line in lines)
            self.assertEqual(answered, wanted)


class Endings(EngineCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.started()

    def test_each_answer_has_the_ending_of_its_own_line(self) -> None:
        text = self.conversation(self.server, b"IAMAT a +1+1 1\r\nbad\nIAMAT b +1+1 1\nbad \r\n"
                                              b"\n\r\n\r\r\nx\r\r\n \n")
        self.assertRegex(text, rb"\AAT Mid \S+ a \+1\+1 1\r\n\? bad\nAT Mid \S+ b \+1\+1 1\n"
                               rb"\? bad \r\n\? \n\? \r\n\? \r\r\n\? x\r\r\n\?  \n\Z")

    def test_a_conversation_cut_at_every_byte(self) -> None:
        sent = b"IAMAT a +1+1 1\r\nbad\r\r\n\r\nIAMAT b +1+1 1\n\n"
        whole = re.sub(rb"Mid \S+", b"Mid", self.conversation(self.server, sent))
        self.assertEqual(whole, b"AT Mid a +1+1 1\r\n? bad\r\r\n? \r\nAT Mid b +1+1 1\n? \n")
        for at in range(1, len(sent)):
            with Client(self.server.address) as client:
                client.send(sent[:at])
                # When the server answers another connection, it has read the first piece.
                self.reported(self.server, b"between")
                client.send(sent[at:])
                client.half_close()
                self.assertEqual(re.sub(rb"Mid \S+", b"Mid", client.rest()), whole, f"cut at {at}")

    def test_text_without_an_ending_is_dropped_at_close(self) -> None:
        for left in (b"IAMAT late +1+1 1", b"IAMAT late +1+1 1\r", b"nonsense", b"\r"):
            text = self.conversation(self.server, b"bad\n" + left)
            self.assertEqual(text, b"? bad\n", left)
        self.assertIsNone(self.known(self.server.address, b"late"))


class Long(EngineCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.started()

    def test_8192_bytes_are_a_line(self) -> None:
        for ending in (b"\n", b"\r\n"):
            line = line_of(8192)
            text = self.conversation(self.server, line + ending + b"x" * 8192 + ending)
            first, second = text.split(ending)[:2]
            self.assertEqual(first.split()[3:], line.split()[1:])
            self.assertEqual(second, b"? " + b"x" * 8192)

    def check_refused(self, sent: bytes, before: bytes, echo: bytes) -> None:
        with Client(self.server.address) as client:
            client.send(sent)
            self.assertEqual(client.rest(), before + b"? " + echo + b"\n", "then the end")

    def test_a_longer_one_is_answered_in_its_turn_and_the_connection_ends(self) -> None:
        line = line_of(8193)
        for sent in (line + b"\n", line + b"\r\n", line, line + b"\nbad\nbad\n", line * 3,
                     line_of(8192) + b"\rx", b"\xff\0" * 5000 + b"\n"):
            with self.subTest(size=len(sent), end=sent[-2:]):
                self.check_refused(b"first\r\n" + sent, b"? first\r\n", sent[:64])
        self.assertIsNone(self.known(self.server.address, line.split()[1]))

    def test_a_cr_that_may_be_half_of_an_ending_is_not_counted(self) -> None:
        with Client(self.server.address) as client:
            client.send(b"x" * 8192 + b"\r")
            self.reported(self.server, b"between")
            client.send(b"\nnext\n")
            self.assertEqual(client.line(), b"? " + b"x" * 8192 + b"\r\n")
            self.assertEqual(client.line(), b"? next\n")

    def test_a_huge_line_is_answered_though_there_is_much_behind_it(self) -> None:
        with Client(self.server.address) as client:
            for _ in range(64):
                client.send(b"z" * 65536)
            client.half_close()
            self.assertEqual(client.rest(), b"? " + b"z" * 64 + b"\n")

    def test_a_longer_line_made_up_of_good_ones_takes_no_effect(self) -> None:
        line = (b"IAMAT hidden +1+1 1\r" * 1000) + b"\n"
        self.check_refused(line, b"", line[:64])
        self.assertIsNone(self.known(self.server.address, b"hidden"))


class LinkWords(EngineCase):
    """LINK from a connection that may not send it."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.started(expect=["Near"])

    def right(self) -> bytes:
        return link_line(self.server.setup, "Near", "Mid")

    def test_link_behind_another_line_is_a_bad_line_and_no_more(self) -> None:
        for first, answer in ((b"\n", rb"\? \n"), (b"bad\n", rb"\? bad\n"),
                              (b"LINK\n", rb"\? LINK\n"),
                              (b"IAMAT a +1+1 1\n", rb"AT Mid \S+ a \+1\+1 1\n")):
            text = self.conversation(self.server, first + self.right() + b"\r\nnext\n")
            self.assertRegex(text, b"\\A" + answer + b"\\? " + re.escape(self.right()) +
                             b"\r\n\\? next\n\\Z")

    def test_a_wrong_link_is_repeated_and_the_connection_closed(self) -> None:
        right = self.right()
        for wrong in (right.replace(b"paper", b"papers"), right.replace(b" Mid ", b" Ball "),
                      right.replace(b" Near ", b" near "), right.replace(b" Near ", b" Mid "),
                      link_line(self.server.setup, "Far", "Mid")):
            for ending in (b"\n", b"\r\n"):
                with self.subTest(wrong=wrong), Client(self.server.address) as client:
                    client.send(wrong + ending + b"AT Near +0.1 forged +1+1 5" + ending)
                    self.assertEqual(client.rest(), b"? " + wrong + ending, "then the end")
        self.assertIsNone(self.known(self.server.address, b"forged"))
        self.assertFalse(self.server.is_linked())

    def test_a_wrong_mac_is_repeated_and_the_connection_closed(self) -> None:
        def right(nonce: bytes) -> bytes:
            return mac_line(self.server.setup, "Near", "Mid", nonce)

        for spoil in (lambda line: line[:-1], lambda line: line + b"0", lambda line: b"MAC",
                      lambda line: line[:-1] + b"g", lambda line: b"MAC " + line[4:].upper(),
                      lambda line: b"MAC \xff\xfe", lambda line: b"MAC " + b"0" * 64,
                      lambda line: line + b" more", lambda line: line.replace(b"MAC", b"mac"),
                      lambda line: b"", lambda line: self.right(),
                      lambda line: b"IAMAT forged +1+1 5", lambda line: b"AT Near +1 forged +1+1 5"):
            for ending in (b"\n", b"\r\n"):
                with Client(self.server.address) as client:
                    client.send(self.right() + ending)
                    wrong = spoil(right(nonce_of(client.line())))
                    with self.subTest(wrong=wrong):
                        client.send(wrong + ending + b"AT Near +0.1 forged +1+1 5" + ending)
                        self.assertEqual(client.rest(), b"? " + wrong + ending, "then the end")
        self.assertIsNone(self.known(self.server.address, b"forged"))
        self.assertFalse(self.server.is_linked())

    def test_a_neighbour_that_is_to_be_dialled_may_not_dial(self) -> None:
        listener = self.listener()
        server = self.started(dial={"Far": listener.address})
        link = link_line(server.setup, "Far", "Mid")
        with Client(server.address) as client:
            client.send(link + b"\nAT Far +0.1 forged +1+1 5\n")
            self.assertEqual(client.rest(), b"? " + link + b"\n", "then the end")
        self.assertIsNone(self.known(server.address, b"forged"))

    def test_a_malformed_link_is_a_bad_line_and_no_more(self) -> None:
        for wrong in (b"LINK paper Near Mid", self.right() + b" more", b"LINK pa/per Near Mid x",
                      b"LINK paper N\xe9ar Mid x", b"LINK paper Near " + b"m" * 65 + b" x"):
            text = self.conversation(self.server, wrong + b"\nnext\n")
            self.assertEqual(text, b"? " + wrong + b"\n? next\n")


def random_line(dice: random.Random) -> bytes:
    """Returns a valid or almost valid command with odd spacing, without its ending."""
    words = [dice.choice((b"IAMAT",) * 6 + (b"WHATSAT", b"AT", b"iamat", b"", b"LINKED"))]
    words.append(dice.choice((b"kiwi", b"\xff\x00", b"caf\xc3\xa9", b"k" * 200, b"")))
    words.append(dice.choice((b"+34-118", b"+90.0-180.00", random_location(dice),
                              random_location(dice), mutated(dice, b"+34.5-118.25"))))
    words.append(dice.choice((b"%d" % dice.randrange(10 ** 10), b"1479413884.392014450",
                              b"%d.%d" % (dice.randrange(10 ** 10), dice.randrange(10 ** 12)),
                              mutated(dice, b"1479413884.39"))))
    if dice.random() < 0.05:
        words.append(b"extra")
    spaces = (b" ",) * 12 + (b"  ", b"\t", b"\v", b"\f ", b" \r ")
    line = dice.choice((b"",) * 8 + (b" ", b"\t")) + words[0]
    for word in words[1:]:
        line += dice.choice(spaces) + word
    return line + dice.choice((b"",) * 8 + (b" ", b"\t "))


def random_location(dice: random.Random) -> bytes:
    parts: Tuple[str, ...] = tuple(
        dice.choice("+-") + str(dice.randrange(limit))
        + dice.choice(("", ".0", ".50", ".123456789"))
        for limit in (92, 183))
    return "".join(parts).encode()


def mutated(dice: random.Random, text: bytes) -> bytes:
    at = dice.randrange(len(text))
    put = dice.choice((b"", b"+", b"-", b".", b"0", b"e", b"x", b"\0", b"\xb2", b"9" * 12))
    return text[:at] + put + text[at + dice.randrange(2):]


load_tests = loader_of(Lines, Endings, Long, LinkWords)

if __name__ == "__main__":
    unittest.main()
