"""Shared by the tests of a machine without files, threads or memory.

There every call ends with 0, 2 or 3, never by a signal, and says why if not with 0.
"""

from __future__ import annotations

import resource
import signal
from typing import Any, Callable, Dict, Tuple

from herdsim_e2e import Process, TestCase, wait_until, write_scenario


def tiny(name: str, clock: str = "live", herds: int = 1, **keys: Any) -> Dict[str, Any]:
    """A pair of servers in each herd, and one update."""
    return {"name": name, "duration": "20ms", "clock": clock, "record": "summary",
            "herds": [{"name": f"h{n}", "servers": ["A", "B"], "links": [["A", "B"]]}
                      for n in range(herds)],
            "clients": [{"id": "c", "server": "A", "updates": {"every": "20ms"}}], **keys}


def limited(which: int, limit: int) -> Callable[[], None]:
    """For preexec_fn: the limit of the child, soft and hard."""
    return lambda: resource.setrlimit(which, (limit, limit))


class LimitsTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.live = write_scenario(tiny("live"), self.folder)
        self.virtual = write_scenario(tiny("virtual", "virtual"), self.folder)

    def assert_ended_well(self, process: Process, statuses: Tuple[int, ...] = (0, 2, 3)) -> int:
        """Waits for its end, by itself and with a reason, and returns the exit status."""
        status = process.wait()
        text = process.stderr()
        self.assertIn(status, statuses, text)
        self.assertNotRegex(text, r"(?i)terminate|assert|abort|sanitizer|runtime error")
        if status != 0:
            self.assertRegex(text, r"\w+ \w+.*\n\Z", "a sentence")
        return status

    def end_service(self, process: Process, lines: int) -> None:
        """Ends one that runs until it is told to stop, if it came so far."""
        wait_until(lambda: process.ended() or process.stdout().count("\n") >= lines, "it is ready")
        if not process.ended():
            process.send_signal(signal.SIGTERM)
