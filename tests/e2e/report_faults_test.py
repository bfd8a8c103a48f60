"""Tests, in a real browser, that the page shows each fault from its beginning to its end, however the
scenario names it."""

from __future__ import annotations

import pathlib
import unittest
from typing import Any, Dict

from herdsim_e2e import Run
from page_case import PAGE, InBrowser, small


class Faults(InBrowser):
    @classmethod
    def subject(cls) -> Dict[str, Any]:
        return small(herds=[{"name": "flood", "propagation": "flood", "link": {"latency": "10ms"}, "keepalive": "off"}], events=[
            {"at": "200ms", "do": "server_down", "server": "Ball"},
            {"at": "400ms", "do": "server_up", "server": "Ball"},
            {"at": "800ms", "do": "link_down", "link": ["Alford", "Welsh"], "how": "blackhole"},
            {"at": "1000ms", "do": "link_up", "link": ["Welsh", "Alford"]},
            {"at": "1200ms", "do": "link_down", "link": ["Hamilton", "Alford"]},
            {"at": "1400ms", "do": "link_up", "link": ["Alford", "Hamilton"]}])

    @classmethod
    def page_of(cls, run: Run) -> pathlib.Path:
        return run.folder / PAGE

    def at(self, ms: int) -> str:
        self.browser.open(self.page, f"#t={ms * 1000}")
        return self.browser.text("topology", ".readout").partition(": ")[2]

    def test_of_an_event_for_all_herds(self) -> None:
        self.assertIn("1 dead server: Ball", self.at(300))
        self.assertEqual(self.at(750), "everything is up.")

    def test_of_a_blackhole_that_broke_no_connection(self) -> None:
        self.assertEqual(self.at(900), "1 cut link: Alford - Welsh.")
        self.assertEqual(self.at(1100), "everything is up.")

    def test_of_a_link_whose_ends_are_named_in_the_other_order(self) -> None:
        self.assertRegex(self.at(1300), "^1 cut link: (Alford - Hamilton|Hamilton - Alford)[.]$")
        self.assertEqual(self.at(1900), "everything is up.")


if __name__ == "__main__":
    unittest.main()
