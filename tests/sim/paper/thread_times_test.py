"""Processor time by thread: threads of this process stand in for those of a server."""

import contextlib
import ctypes
import os
import threading
import unittest
from unittest import mock

import harness  # noqa: F401

import thread_times
from thread_times import Compilers

PR_SET_NAME = 15


@contextlib.contextmanager
def busy_thread(name):
    """Runs a thread with this name that works until the end."""
    is_over, is_named = threading.Event(), threading.Event()

    def work():
        ctypes.CDLL(None).prctl(PR_SET_NAME, name, 0, 0, 0)
        is_named.set()
        while not is_over.is_set():
            sum(range(1000))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        is_named.wait()
        yield thread
    finally:
        is_over.set()
        thread.join()


class CompilersTest(unittest.TestCase):
    def setUp(self):
        self.compilers = Compilers([os.getpid()])

    def test_only_compilers_count_and_also_after_their_end(self):
        with busy_thread(b"http-worker"):
            self.assertEqual(self.compilers.seconds(), 0)
            with busy_thread(b"C2 CompilerThre"):
                while (seen := self.compilers.seconds()) == 0:
                    pass
            self.assertEqual(self.compilers.seconds(), seen)

    def test_a_thread_with_another_name_is_read_twice_and_no_more(self):
        with busy_thread(b"http-worker") as thread, \
                mock.patch.object(thread_times, "_read", wraps=thread_times._read) as read:
            for _ in range(5):
                self.compilers.seconds()
        self.assertEqual([call.args[1] for call in read.call_args_list].count(thread.native_id), 2)

    def test_a_thread_that_is_named_after_its_first_sight_counts(self):
        unnamed, named = thread_times.Thread("java", 0.5, 0.0), thread_times.Thread("C1 CompilerThre", 1.0, 0.5)
        with mock.patch.object(thread_times, "_numbers", lambda pids: [(1, 7)]), \
                mock.patch.object(thread_times, "_read", side_effect=[unnamed, named]):
            self.assertEqual([self.compilers.seconds(), self.compilers.seconds()], [0, 1.5])

    def test_a_process_that_has_ended_has_no_threads(self):
        with mock.patch("os.listdir", side_effect=FileNotFoundError):
            self.assertEqual(self.compilers.seconds(), 0)
            self.assertEqual(thread_times.threads([os.getpid()]), {})


if __name__ == "__main__":
    unittest.main()
