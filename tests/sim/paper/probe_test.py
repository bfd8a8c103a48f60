"""How the probe judges each kind of server behaviour."""

import contextlib
import socket
import threading
import unittest

import harness  # noqa: F401, puts the harness on the path
import corpus
import typing_probe
from corpus import Case

BAD = Case("no number", b"IAMAT kiwi here 1", b"\r\n", corpus.REPEATED)
GOOD = Case("odd but good", b" IAMAT  kiwi +1-2 3.5", b"\n", corpus.TAKEN)
HUGE = Case("huge", b"x" * 9000, b"\n", corpus.CUT)


class JudgeTest(unittest.TestCase):
    def judge(self, case, said, has_ended=False):
        return typing_probe.judge(case, said, has_ended)

    def test_a_bad_line_is_repeated_with_its_ending(self):
        self.assertEqual(self.judge(BAD, b"? IAMAT kiwi here 1\r\n"), "right")
        self.assertEqual(self.judge(BAD, b"? IAMAT kiwi here 1\n"), "wrong")
        self.assertEqual(self.judge(BAD, b"AT A +0.1 kiwi here 1\r\n"), "wrong")
        self.assertEqual(self.judge(BAD, b""), "silent")
        self.assertEqual(self.judge(BAD, b"", has_ended=True), "dropped")
        self.assertEqual(self.judge(BAD, b"? IAMAT kiwi here 1\r\n", has_ended=True), "dropped")

    def test_a_good_line_is_answered_with_its_fields(self):
        self.assertEqual(self.judge(GOOD, b"AT A -0.123456789 kiwi +1-2 3.5\n"), "right")
        self.assertEqual(self.judge(GOOD, b"? IAMAT  kiwi +1-2 3.5\n"), "wrong")
        self.assertEqual(self.judge(GOOD, b"AT A -0.123456789 kiwi +1-2 3.50\n"), "wrong")

    def test_a_line_that_is_too_long_is_cut_and_ends_the_connection(self):
        answer = b"? " + b"x" * 64 + b"\n"
        self.assertEqual(self.judge(HUGE, answer, has_ended=True), "right")
        self.assertEqual(self.judge(HUGE, answer), "wrong")
        self.assertEqual(self.judge(HUGE, b"", has_ended=True), "dropped")
        self.assertEqual(self.judge(HUGE, b""), "silent")


@contextlib.contextmanager
def serving(answer):
    """Runs a server that answers with `answer(line)`; it drops the connection if that is None."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve(connection):
        with connection, connection.makefile("rb") as lines, contextlib.suppress(OSError):
            for line in lines:
                said = answer(line)
                if said is None:
                    return
                connection.sendall(said)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield listening.getsockname()
    finally:
        # close() alone does not wake a thread in accept().
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def taken(line):
    _, client, place, stamp = line.split()
    return b" ".join((b"AT A +0.000000001", client, place, stamp)) + b"\n"


class ProbeTest(unittest.TestCase):
    def outcome(self, answer_to_bad):
        def answer(line):
            return answer_to_bad if line.startswith(b"BAD") else taken(line)

        with serving(answer) as address:
            probe = typing_probe.Probe(address, lambda: self.fail("the server did not die"))
            try:
                case = Case("unknown command", b"BAD line", b"\n", corpus.REPEATED)
                return [each.outcome for each in probe.run([case, case])], probe.deaths
            finally:
                probe.close()

    def test_each_behaviour_has_its_name(self):
        self.assertEqual(self.outcome(b"? BAD line\n"), (["right"] * 2, 0))
        self.assertEqual(self.outcome(b"what?\n"), (["wrong"] * 2, 0))
        self.assertEqual(self.outcome(b""), (["silent"] * 2, 0))
        self.assertEqual(self.outcome(None), (["dropped"] * 2, 0))

    def test_a_server_that_dies_is_started_again(self):
        alive = [True]

        def answer(line):
            if line.startswith(b"BAD"):
                alive[0] = False
            return taken(line) if alive[0] else None

        def restart():
            alive[0] = True
            return address

        with serving(answer) as address:
            probe = typing_probe.Probe(address, restart)
            try:
                bad = Case("unknown command", b"BAD line", b"\n", corpus.REPEATED)
                good = Case("odd but good", b"IAMAT k +0+0 1", b"\n", corpus.TAKEN)
                self.assertEqual([each.outcome for each in probe.run([bad, good])], ["dead", "right"])
                self.assertEqual(probe.deaths, 1)
                self.assertTrue(probe.is_serving())
            finally:
                probe.close()


if __name__ == "__main__":
    unittest.main()
