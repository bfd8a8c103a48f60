"""Rings of servers, and the watch that is a neighbour of each."""

import pathlib
import unittest

from harness import BINARY

import garbage
import herd_servers
import ring
import waits
from herd_servers import HerdServers
from server_process import ServerProcess
from watch import Report, Watch

ENGINES = ("native", "twisted", "node")


class WavesTest(unittest.TestCase):
    def test_a_server_never_dials_one_that_has_not_started(self):
        for count in range(3, 30):
            for number in range(count):
                for other in herd_servers.neighbors(number, count):
                    self.assertNotEqual(herd_servers.wave(number, count),
                                        herd_servers.wave(other, count))

    def test_neighbors_of_small_rings(self):
        self.assertEqual(herd_servers.neighbors(0, 1), [])
        self.assertEqual(herd_servers.neighbors(0, 2), [1])
        self.assertEqual(herd_servers.neighbors(0, 5), [1, 4])

    def test_both_kinds_of_servers_say_when_they_are_linked(self):
        self.assertTrue(herd_servers.is_linked(b"listening 127.0.0.1:1\nlinked\n", 3))
        self.assertFalse(herd_servers.is_linked(b"listening 127.0.0.1:1\n", 1))
        self.assertFalse(herd_servers.is_linked(b"link to S2: up\n", 2))
        self.assertTrue(herd_servers.is_linked(b"link to S2: up\nlink to S3: up\n", 2))


class WatchTest(unittest.TestCase):
    def test_every_report_reaches_every_server_and_the_watch_sees_it(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                with HerdServers(ring.command_of(engine, BINARY), 3, is_watched=True) as herd:
                    with Watch(herd.names, herd.ports, herd.ports) as watch:
                        herd.wait_linked()
                        reports = watch.reports(100, 0.2)
                    # Again, as after the work.
                    with Watch(herd.names, herd.ports, herd.ports[:2]) as watch:
                        reports += watch.reports(100, 0.1)
                self.assertEqual(len(reports), 30)
                for each in reports:
                    self.assertGreater(each.reply_us, 0)
                    self.assertEqual(len(each.propagation_us), 2)
                    self.assertGreaterEqual(min(each.propagation_us), 0)

    def test_phones_alone_have_no_propagation(self):
        with HerdServers(ring.command_of("native", BINARY), 1) as herd:
            with Watch([], [], herd.ports * 4) as watch:
                reports = watch.reports(100, 0.1)
        self.assertEqual([each.propagation_us for each in reports], [[]] * 10)


class WaitsTest(unittest.TestCase):
    def reports(self, replies):
        return [Report(number * 0.05, reply, [reply, 3 * reply]) for number, reply in enumerate(replies)]

    def test_percentiles_are_nearest_rank(self):
        self.assertEqual(waits.percentile([4, 1, 3, 2], 0.5), 2)
        self.assertEqual(waits.percentile([4, 1, 3, 2], 0.99), 4)
        self.assertEqual(waits.percentile([7], 0.01), 7)

    def test_replies_and_propagation_have_their_percentiles(self):
        found = waits.latencies(self.reports([1, 2, 3, 4]))
        self.assertEqual(found, {"reply_p50_us": 2, "reply_p99_us": 4, "propagation_p50_us": 3,
                                 "propagation_p99_us": 12})
        self.assertEqual(list(waits.latencies([Report(0, 5, [])])), ["reply_p50_us", "reply_p99_us"])

    def test_halves(self):
        self.assertEqual(waits.halves([1, 2, 3, 4]), [("", [1, 2, 3, 4]), ("early_", [1, 2]), ("late_", [3, 4])])
        self.assertEqual(waits.halves([1, 2, 3])[1:], [("early_", [1, 2]), ("late_", [2, 3])])

    def test_waits_that_fall_are_not_even(self):
        self.assertTrue(waits.is_even(self.reports([100, 101] * 20), "full"))
        self.assertTrue(waits.are_even([120, 120, 100, 100], "full"), "a wake-up is no warm-up")
        self.assertFalse(waits.are_even([1200, 1200, 1000, 1000], "full"))
        self.assertFalse(waits.is_even(self.reports([200] * 20 + [100] * 20), "full"))

    def test_a_quick_run_calls_anything_even(self):
        self.assertTrue(waits.is_even(self.reports([200] * 20 + [100] * 20), "quick"))


class GarbageTest(unittest.TestCase):
    def test_a_server_collects_and_goes_on(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                with ServerProcess(garbage.command(engine, pathlib.Path(BINARY))) as server:
                    garbage.collect(engine, server)
                    garbage.collect(engine, server)
                    self.assertTrue(server.is_running())
                    self.assertGreater(server.resident_mib(), 1)


if __name__ == "__main__":
    unittest.main()
