"""Shared by the tests of a machine without files, threads or memory.

There, every call ends with status 0, 2 or 3, never by a signal, and gives a reason unless the
status is 0.
"""

from __future__ import annotations

import resource
import signal
from typing import Any, Callable, Dict, Tuple

from herdsim_e2e import Process, TestCase, wait_until, write_scenario


def tiny(name: str, clock: str = "live", herds: int = 1, **keys: Any) -> Dict[str, Any]:
    """Returns a scenario with a pair of servers in each herd, and one update."""
    return {"name": name, "duration": "20ms", "clock": clock, "record": "summary",
            "herds": [{"name": f"h{n}", "servers": ["A", "B"], "links": [["A", "B"]]}
                      for n in range(herds)],
            "clients": [{"id": "c", "server": "A", "updates": {"every": "20ms"}}], **keys}


def limited(which: int, limit: int) -> Callable[[], None]:
    """Returns a preexec_fn that sets a limit of the child, both soft and hard."""
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
        """Stops a process that serves, as soon as it has printed this many lines."""
        wait_until(lambda: process.ended() or process.stdout().count("\n") >= lines, "it is ready")
        if not process.ended():
            process.send_signal(signal.SIGTERM)
