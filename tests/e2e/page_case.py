"""Shared by the tests of report.html in a real browser: small runs, files whose figures are easy to find
again, and test cases that open a page."""

from __future__ import annotations

import csv
import io
import pathlib
import shutil
import subprocess
import unittest
from typing import Any, Dict, List

import page_browser
from herdsim_e2e import BINARY, Row, Run, RunOnce

HOSTILE = "</script><img/src=x/onerror=alert(1)>"
PAGE = "report.html"
HAS_PAGE = subprocess.run([BINARY, "report", "/nonexistent"], capture_output=True, text=True,
                          check=False).stderr.find("built without") < 0
WITHOUT = "herdsim was built without the page, because esbuild or D3's modules are missing"


def small(**changes: Any) -> Dict[str, Any]:
    return {"name": "small", "clock": "virtual", "duration": "2s",
            "herds": [{"name": "echo", "propagation": "flood-echo", "link": {"latency": "10ms"}},
                      {"name": "flood", "propagation": "flood", "link": {"latency": "10ms"}}],
            "clients": [{"id": "phone-{n}", "count": 4, "server": "spread", "updates": "5/s"}],
            "events": [{"at": "500ms", "do": "link_down", "link": ["Alford", "Welsh"]},
                       {"at": "900ms", "do": "link_up", "link": ["Alford", "Welsh"]}],
            **changes}


def write_csv(file: pathlib.Path, text: str) -> None:
    """Writes rows that are given with blanks between their fields; `-` is an empty one."""
    out = io.StringIO()
    rows = [["" if field == "-" else field for field in line.split()] for line in text.split("\n") if line.strip()]
    csv.writer(out, lineterminator="\n").writerows(rows)
    file.write_text(out.getvalue())


# Figures that are easy to find again on the page. The second update never reaches Ball.
FIXTURES = {
    "timeline.csv": """
herd from_us to_us accepted covered deliveries messages duplicates echoes stale lost repairs links_down servers_down open_updates propagation_p50_us propagation_p99_us propagation_max_us reply_p50_us reply_p99_us reply_max_us
echo 0.000 1000000.000 7 6 28 70 42 28 0 0 0 1 0 3 20000.000 31000.000 37000.000 1.000 2.000 3.000
echo 1000000.000 2000000.000 5 6 20 50 30 20 0 0 0 0 0 0 21000.000 32000.000 41000.000 - - -
flood 0.000 1000000.000 7 6 28 42 14 0 0 0 0 1 0 2 20000.000 30000.000 33000.000 1.000 2.000 3.000
flood 1000000.000 2000000.000 5 6 20 30 10 0 0 0 0 0 0 0 20000.000 30000.000 34000.000 1.000 2.000 3.000
""",
    "heat.csv": """
herd from_us to_us least_us upto_us count
echo 0.000 2000000.000 16777.216 20971.519 40
echo 0.000 2000000.000 33554.432 41943.039 8
flood 0.000 2000000.000 16777.216 20971.519 48
""",
    "handovers.csv": """
herd client at_us from to latency_us connected_us known stale_us
echo phone-0 1600000.000 Alford Ball 9000.000 2000.000 0 34000.000
echo phone-1 1700000.000 Ball Welsh 9000.000 2000.000 1 0.000
""",
    "histograms.csv": """
herd metric upto_us count
echo propagation 10000.000 60
echo propagation 20000.000 39
echo propagation 41000.000 1
flood propagation 10000.000 100
""",
    "messages.csv": """
herd update from to sent_us received_us hops kind echo repair
echo 0 Alford Hamilton 0.000 10000.000 1 delivery 0 0
echo 0 Hamilton Alford 10000.000 20000.000 2 duplicate 1 0
echo 0 Alford Welsh 0.000 12000.000 1 delivery 0 0
echo 0 Welsh Ball 12000.000 - - lost 0 0
""",
    "undelivered.csv": """
herd update client origin server reason
echo 0 phone-0 Alford Ball lost
""",
}


def with_fixtures(run: Run) -> pathlib.Path:
    """Returns a copy of the run's folder in which those files are ours, with its page."""
    folder = run.folder.parent / "fixtures"
    shutil.copytree(run.folder, folder)
    for file, text in FIXTURES.items():
        write_csv(folder / file, text)
    subprocess.run([BINARY, "report", str(folder)], check=True, capture_output=True)
    return folder


def rewrite(page: pathlib.Path, file: str, text: str) -> pathlib.Path:
    """Replaces a file beside the page, and writes the page again. Returns the page."""
    write_csv(page.parent / file, text)
    subprocess.run([BINARY, "report", str(page.parent)], check=True, capture_output=True)
    return page


class InBrowser(RunOnce):
    browser: page_browser.Browser
    page: pathlib.Path

    @classmethod
    def scenario(cls) -> Dict[str, Any]:
        if not HAS_PAGE:
            raise unittest.SkipTest(WITHOUT)
        if page_browser.MISSING:
            raise unittest.SkipTest(page_browser.MISSING)
        return cls.subject()

    @classmethod
    def subject(cls) -> Dict[str, Any]:
        raise unittest.SkipTest("no scenario")

    @classmethod
    def page_of(cls, run: Run) -> pathlib.Path:
        """Returns the page to open: one whose figures are those of FIXTURES."""
        return with_fixtures(run) / PAGE

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.page = cls.page_of(cls.run_)
        cls.browser = page_browser.Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self) -> None:
        self.browser.look()
        self.browser.open(self.page)

    def csv(self, file: str, herd: str = "") -> List[Row]:
        """Returns the rows of a file beside the page."""
        with (self.page.parent / file).open(newline="") as text:
            return [row for row in csv.DictReader(text) if herd in ("", row["herd"])]
