"""The questions that a teacher asks of a run, each answered on its page by clicking alone; and a herd with a
bug, whose verdict is on the first screen."""

from __future__ import annotations

import os
import re
import subprocess
import unittest
from typing import Any, Dict, List

import page_browser
from herdsim_e2e import SOURCE, TestCase, write_scenario
from page_case import HAS_PAGE, PAGE, WITHOUT, InBrowser, small

MUTANT = os.environ.get("HERDSIM_MUTANT", "")
ITEMS = "return [...arguments[0].querySelectorAll(arguments[1])].map(item => item.textContent)"


class Questions(InBrowser):
    @classmethod
    def subject(cls) -> Dict[str, Any]:
        return small()

    def items(self, figure: str, selector: str) -> List[str]:
        found: List[str] = self.browser.run(ITEMS, self.browser.figure(figure), selector)
        return found

    def test_who_never_heard_of_an_update_and_why(self) -> None:
        self.browser.choose("update", "Updates", "all")
        self.browser.click("update", "#0")
        self.assertIn("Without it: Ball (a message to it was lost on its link).", self.browser.text("update"))
        self.assertEqual(self.items("update", ".sentences li"), [
            "+0 µs Alford accepts it from phone-0", "+10.0 ms Hamilton ← Alford: new", "+12.0 ms Welsh ← Alford: new",
            "+12.0 ms Ball ← Welsh: lost: it was sent and never received", "+20.0 ms Alford ← Hamilton: echo: sent straight back",
            "without Ball: a message to it was lost on its link"])

    def test_when_propagation_got_slow_and_what_happened_then(self) -> None:
        self.browser.click("timeline", "Slowest moment")
        self.assertIn("max 41.0 ms", self.browser.text("timeline", ".readout"))
        self.assertIn("the slowest delivery, 41.0 ms, came between 1.000 s and 2.000 s; the last event before was link_up Alford - Welsh at 0.900 s",
                      self.browser.text("timeline"))

    def test_which_link_carried_most_duplicates(self) -> None:
        self.browser.go_to("topology")
        self.assertTrue(self.browser.is_on_screen(self.browser.run("return document.querySelector('#topology h2')")))
        worst = max(self.csv("links.csv", "echo"), key=lambda row: int(row["duplicates"]))
        self.assertIn(f"{worst['duplicates']} of its {worst['messages']} messages", self.browser.text("topology"))

    def test_what_a_client_saw_just_after_its_handover(self) -> None:
        self.browser.go_to("clients")
        self.browser.click("handovers", "phone-0 at 1.600 s, Alford to Ball: its location came after 34.0 ms")
        last = [row for row in self.csv("updates.csv", "echo")
                if row["client"] == "phone-0" and row["accepted_us"] and float(row["accepted_us"]) <= 1602000][-1]
        accepted = f"{float(last['accepted_us']) / 1e6:.3f} s"
        self.assertEqual(self.items("handovers", ".sentences li"), [
            "1.600 s phone-0 left Alford for Ball.",
            f"+2.00 ms It was connected to Ball, which did not know its last location (update {last['update']}, accepted by "
            f"{last['origin']} at {accepted}): asked about phone-0, it would have answered with an older location, or with none.",
            "+36.0 ms Ball had that location, or a newer one, 34.0 ms after the client had come."])
        self.browser.click("handovers", f"Show update {last['update']}")
        self.assertIn(f"Update {last['update']} of phone-0", self.browser.text("update"))
        self.browser.click("handovers", "phone-1 at 1.700 s")
        self.assertIn("It was connected to Welsh, which knew its last location", self.items("handovers", ".sentences li")[1])

    def test_herds_are_shown_together_with_cursors_in_step(self) -> None:
        lines = """return [...arguments[0].querySelectorAll("line.cursor")].map(line => line.getBoundingClientRect().left
            - [...arguments[0].querySelectorAll("g.brush .overlay")][arguments[1].shift()].getBoundingClientRect().left)"""
        self.browser.click("timeline", "Slowest moment")
        places = self.browser.run(lines, self.browser.figure("timeline"), [0, 1])
        self.assertEqual(len(places), 2)
        self.assertAlmostEqual(places[0], places[1], delta=1)
        self.browser.tick("timeline", "flood")
        self.assertEqual(self.items("timeline", ".herd-name"), ["echo"])
        self.assertIn("The picture shows 1 of 2 herds", self.browser.text("timeline"))
        self.assertIn("show=0", self.browser.run("return location.hash"))
        self.browser.click("timeline", "All")
        self.assertEqual(self.items("timeline", ".herd-name"), ["echo", "flood"])


@unittest.skipUnless(HAS_PAGE, WITHOUT)
@unittest.skipUnless(MUTANT, "HERDSIM_MUTANT does not name the program whose rules can be broken")
@unittest.skipIf(page_browser.MISSING, page_browser.MISSING)
class BrokenHerd(TestCase):
    def test_a_herd_with_a_bug_has_its_verdict_on_the_first_screen(self) -> None:
        rules = re.findall(r"^  (k\w+),", (SOURCE / "core" / "mutation.h").read_text(), re.M)
        scenario = write_scenario(small(expect=[{"herd": "*", "metric": "violations", "equals": 0}]), self.folder)
        for rule in ("kAnswerTwice", "kSplitHorizonLost", "kNeighborSkipped"):
            out = self.folder / rule
            ended = subprocess.run([MUTANT, str(rules.index(rule)), "run", str(scenario), "--quiet", "--out", str(out)],
                                   capture_output=True, text=True, check=False, timeout=60)
            self.assertEqual(ended.returncode, 1, ended.stderr)
            for width in (320, 1280):
                with self.subTest(rule=rule, width=width):
                    self.check_first_screen(out / PAGE, width)

    def check_first_screen(self, page: Any, width: int) -> None:
        if not hasattr(self, "browser"):
            self.browser = page_browser.Browser()
            self.addCleanup(self.browser.close)
        self.browser.look(width)
        self.browser.open(page)
        self.assertEqual(self.browser.run("return scrollY"), 0)
        headline, first = (self.browser.run("return document.querySelector(arguments[0])", each) for each in (".headline.bad", ".violations li"))
        self.assertTrue(self.browser.is_on_screen(headline))
        self.assertRegex(headline.text, r"^✗ \d+ broken promises of the protocol: do not trust the other figures\.")
        self.assertTrue(self.browser.is_on_screen(first), first.text)
        red, green, blue = map(int, re.findall(r"\d+", self.browser.run("return getComputedStyle(arguments[0]).color", headline))[:3])
        self.assertGreater(red, 2 * max(green, blue))


if __name__ == "__main__":
    unittest.main()
