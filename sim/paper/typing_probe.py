"""Sends every line of the corpus to a server and judges the answers."""

from __future__ import annotations

import re
import socket
import time
from collections import Counter
from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

import corpus
from corpus import Case

RIGHT, WRONG, SILENT, DROPPED, DEAD = "right", "wrong", "silent", "dropped", "dead"
OUTCOMES = (RIGHT, WRONG, SILENT, DROPPED, DEAD)
# A server that does not answer the good line after the bad one within this time has hung.
ANSWERS_WITHIN_S = 1.0

Address = Tuple[str, int]


class Judged(NamedTuple):
    case: Case
    outcome: str


class Connection:
    def __init__(self, address: Address) -> None:
        self._socket = socket.create_connection(address, ANSWERS_WITHIN_S)
        self._received = b""
        self.has_ended = False

    def send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError:
            self.has_ended = True

    def until(self, pattern: Optional["re.Pattern[bytes]"]) -> Tuple[bytes, bool]:
        """Returns the bytes before the pattern and True; all bytes received and False if it never comes."""
        deadline = time.monotonic() + ANSWERS_WITHIN_S
        while True:
            found = pattern.search(self._received) if pattern else None
            if found:
                before, self._received = self._received[:found.start()], self._received[found.end():]
                return before, True
            left = deadline - time.monotonic()
            if left <= 0 or not self._receive(left):
                before, self._received = self._received, b""
                return before, False

    def _receive(self, seconds: float) -> bool:
        self._socket.settimeout(seconds)
        try:
            data = self._socket.recv(1 << 16)
        except socket.timeout:
            return False
        except OSError:
            data = b""
        self._received += data
        self.has_ended = self.has_ended or not data
        return bool(data)

    def close(self) -> None:
        self._socket.close()


def _right_answer(case: Case) -> "re.Pattern[bytes]":
    if case.answer == corpus.TAKEN:
        _, client, place, stamp = re.split(rb"[ \t-\r]+", case.line.strip(b" \t\r\n\x0b\x0c"))
        fields = b" ".join(map(re.escape, (client, place, stamp)))
        text = rb"AT \S+ [+-]\d+\.\d{9} " + fields + re.escape(case.ending)
    elif case.answer == corpus.CUT:
        text = re.escape(b"? " + case.line[:corpus.OVERLONG_ECHO] + b"\n")
    else:
        text = re.escape(b"? " + case.line + case.ending)
    return re.compile(text, re.S)


def judge(case: Case, said: bytes, has_ended: bool) -> str:
    if has_ended and not case.ends_connection():
        return DROPPED
    if _right_answer(case).fullmatch(said) and has_ended == case.ends_connection():
        return RIGHT
    if said:
        return WRONG
    return DROPPED if has_ended else SILENT


class Probe:
    """Tests one server with the corpus. If the server dies, `restart` returns the address of a new one."""

    def __init__(self, address: Address, restart: Callable[[], Address]) -> None:
        self._address, self._restart = address, restart
        self._connection: Optional[Connection] = None
        self._asked = 0
        self.deaths = 0

    def run(self, cases: List[Case]) -> List[Judged]:
        return [Judged(case, self._outcome(case)) for case in cases]

    def _outcome(self, case: Case) -> str:
        said, has_ended = self._say(case)
        outcome = judge(case, said, has_ended)
        if outcome == RIGHT or self.is_serving():
            return outcome
        self.deaths += 1
        self.close()
        self._address = self._restart()
        return DEAD

    def _say(self, case: Case) -> Tuple[bytes, bool]:
        """Sends the line; returns the answer, and whether the connection has ended."""
        connection = self._connected(fresh=case.is_first)
        connection.send(case.line + case.ending)
        expected = None if case.ends_connection() else self._send_good_line(connection)
        said, _ = connection.until(expected)
        has_ended = connection.has_ended
        if has_ended or case.ends_connection():
            self.close()
        return said, has_ended

    def _connected(self, fresh: bool) -> Connection:
        if fresh:
            self.close()
        if self._connection is None:
            self._connection = Connection(self._address)
            # A LINK has another meaning if it is the first line.
            if not fresh:
                self._connection.until(self._send_good_line(self._connection))
        return self._connection

    def _send_good_line(self, connection: Connection) -> "re.Pattern[bytes]":
        """Sends a good line; returns its answer, which ends the answer to the line before."""
        self._asked += 1
        client = b"behind-%d" % self._asked
        connection.send(b"IAMAT " + client + b" +0+0 1\n")
        return re.compile(rb"AT \S+ [+-]\d+\.\d+ " + client + rb" \+0\+0 1\n")

    def is_serving(self) -> bool:
        """Returns whether the server serves a new client."""
        try:
            newcomer = Connection(self._address)
        except OSError:
            return False
        try:
            before, is_answered = newcomer.until(self._send_good_line(newcomer))
            return is_answered and not before
        finally:
            newcomer.close()

    def believes_forgeries(self) -> bool:
        """Returns whether the server knows the client that only forged lines name."""
        connection = Connection(self._address)
        try:
            question = b"WHATSAT " + corpus.FORGED_CLIENT + b" 1 1"
            connection.send(question + b"\n")
            said, _ = connection.until(self._send_good_line(connection))
            return said != b"? " + question + b"\n"
        finally:
            connection.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def counts(judged: List[Judged]) -> Dict[str, int]:
    found = Counter(each.outcome for each in judged)
    return {outcome: found[outcome] for outcome in OUTCOMES}


def right_by_kind(judged: List[Judged]) -> Dict[str, Tuple[int, int]]:
    """Returns for each kind the number of right answers and the number of cases."""
    return {kind: (sum(each.outcome == RIGHT for each in judged if each.case.kind == kind),
                   sum(each.case.kind == kind for each in judged)) for kind in corpus.kinds()}
