"""Tests that `herdsim try` finds nothing wrong with the herds of this project: its own server and the
engines in Python, JavaScript and Java."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import unittest
from typing import Dict, List

from herdsim_e2e import BINARY, SOURCE
from tried import SECRET, Tried, TryCase

ARGUMENTS = ["--herd", "{herd}", "--server", "{server}", "--port", "{port}", "--dial", "{dial}",
             "--expect", "{expect}", "--servers", "{servers}", "--propagation", "{propagation}",
             "--places", "{places_url}"]
JAVA_CLASSES = os.environ.get("HERD_JAVA_CLASSES",
                              str(pathlib.Path(BINARY).parent / "engines" / "java"))
PYTHON = "/usr/bin/python3"


def engines() -> Dict[str, List[str]]:
    """Returns the commands of the engines whose languages are installed."""
    folder = SOURCE / "sim" / "engines"
    found = {"native": [PYTHON, str(SOURCE / "sim" / "paper" / "native_server.py"), "{herdsim}"]}
    if subprocess.run([PYTHON, "-c", "import twisted"], capture_output=True, check=False).returncode == 0:
        found["twisted"] = [PYTHON, str(folder / "twisted" / "herd.py")]
    if shutil.which("node"):
        found["node"] = ["node", str(folder / "node" / "herd.js")]
    if shutil.which("java") and (pathlib.Path(JAVA_CLASSES) / "Herd.class").exists():
        # For a herd that lives for seconds, the optimizing compiler would cost more than all the rest.
        found["java"] = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", JAVA_CLASSES,
                         "Herd", "--mode", "selector"]
    return found


class Engines(TryCase):
    def test_nothing_is_wrong(self) -> None:
        found = engines()
        tried = self.at_once(list(found), lambda name: Tried([*SECRET, *found[name], *ARGUMENTS],
                                                             self.folder))
        for name, attempt in tried.items():
            with self.subTest(name):
                self.check_right(attempt)
                engine = attempt.found["engine"]
                self.assertEqual((engine["links"], engine["pipelining"]), ("persistent", True))
                self.assertFalse({"line_ending", "connection", "half_close", "reply_end"}
                                 & set(engine))


if __name__ == "__main__":
    unittest.main()
