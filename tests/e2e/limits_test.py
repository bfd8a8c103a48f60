"""Plays the binary without threads, without memory, and without its standard descriptors."""

from __future__ import annotations

import itertools
import os
import resource
import signal
import unittest
from typing import List, Optional, Tuple

from herdsim_e2e import wait_until, write_scenario
from limited_process import LimitsTest, limited, tiny

# A thread's stack is as large as this limit, and no address space has room for that.
TOO_LARGE_STACK = 1 << 46


class Threads(LimitsTest):
    """Tests on a machine that cannot start a thread."""

    def call(self, *arguments: str, service_lines: int = 0) -> int:
        process = self.start(*arguments,
                             preexec_fn=limited(resource.RLIMIT_STACK, TOO_LARGE_STACK))
        if service_lines:
            self.end_service(process, service_lines)
        status = self.assert_ended_well(process)
        if status == 3:
            self.assertRegex(process.stderr(), r"cannot start a thread: ")
        return status

    def setUp(self) -> None:
        super().setUp()
        hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
        if hard != resource.RLIM_INFINITY and hard < TOO_LARGE_STACK:
            self.skipTest("the limit on stacks may not be raised here")

    def test_runs(self) -> None:
        for path in (self.live, self.virtual):
            self.assertEqual(self.call("run", str(path), "--quiet"), 3)
        self.assertEqual(list(self.folder.glob("results/*")), [])
        self.assertEqual(list(self.folder.glob("results/.*")), [])

    def test_serve(self) -> None:
        loops = tiny("loops")
        loops["herds"][0]["loops"] = 2
        for scenario in (tiny("one"), loops):
            path = write_scenario(scenario, self.folder)
            self.assertEqual(self.call("serve", str(path), service_lines=2), 3)

    def test_what_needs_none(self) -> None:
        self.assertEqual(self.call("check", str(self.live)), 0)
        self.assertEqual(self.call("places", service_lines=1), 0)


class Memory(LimitsTest):
    """Tests on a machine without memory."""

    def test_every_limit_from_what_it_needs_down(self) -> None:
        def call(mib: int, *arguments: str) -> Optional[int]:
            process = self.start(*arguments,
                                 preexec_fn=limited(resource.RLIMIT_AS, mib << 20))
            status = process.wait()
            # The dynamic linker has its own message if it finds no memory.
            if status == 127 and "shared libraries" in process.stderr():
                return None
            self.assert_ended_well(process)
            return status

        if call(1024, "--version") != 0:
            self.skipTest("a build with sanitizers maps terabytes")
        large = tiny("large", "virtual")
        large["herds"] = [{"name": "h", "servers": 10_000, "links": "ring"}]
        large["clients"][0]["server"] = "S1"
        scenario = write_scenario(large, self.folder)
        found: List[Optional[int]] = []
        mib = 30
        while found[-1:] != [0] and mib < 600:
            call(mib, "check", str(scenario))
            found.append(call(mib, "run", str(scenario), "--quiet", "--out", f"out-{mib}"))
            mib += 7
        self.assertIn(3, found, "it can have too little")
        self.assertEqual(found[-1], 0, "and enough")


class ClosedDescriptors(LimitsTest):
    """Tests that standard input, output and error may all be missing."""

    def test_every_call_without_them(self) -> None:
        for count in (1, 2, 3):
            for closed in itertools.combinations((0, 1, 2), count):
                with self.subTest(closed=closed):
                    self.check_without(closed)

    def check_without(self, closed: Tuple[int, ...]) -> None:
        def close() -> None:  # in the child
            for fd in closed:
                os.close(fd)

        out = "-".join(map(str, closed))
        for path in (self.live, self.virtual):
            process = self.start("run", str(path), "--out", f"{path.stem}-{out}",
                                 preexec_fn=close)
            self.assertEqual(process.wait(), 0, process.stderr())
            self.assertTrue((self.folder / f"{path.stem}-{out}" / "run.json").exists())
        self.assertEqual(self.start("check", str(self.live), preexec_fn=close).wait(), 0)
        if {1, 2} <= set(closed):
            return  # there is no way to see when it is ready
        process = self.start("serve", str(self.live), preexec_fn=close)
        # It writes its addresses once its set-up is over. Without standard output there is no way to
        # see that: then the signal may come before, and it ends with 130.
        is_set_up = ((lambda: process.stderr().count(" listening on ") == 2) if 1 in closed
                     else (lambda: process.stdout().count("\n") == 2))
        wait_until(lambda: process.ended() or is_set_up(), "it serves")
        process.send_signal(signal.SIGTERM)
        self.assertIn(process.wait(), {0, 130} if 1 in closed else {0}, process.stderr())


if __name__ == "__main__":
    unittest.main()
