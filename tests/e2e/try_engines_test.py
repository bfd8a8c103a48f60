"""Tests that `herdsim try` finds nothing wrong with the herds of this project: its own server and the
engines in Python, JavaScript and Java."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import unittest
from typing import Sequence

from herdsim_e2e import BINARY, SOURCE, TestCase
from tried import SECRET, Tried

ARGUMENTS = ["--herd", "{herd}", "--server", "{server}", "--port", "{port}", "--dial", "{dial}",
             "--expect", "{expect}", "--servers", "{servers}", "--propagation", "{propagation}",
             "--places", "{places_url}"]
JAVA_CLASSES = os.environ.get("HERD_JAVA_CLASSES",
                              str(pathlib.Path(BINARY).parent / "engines" / "java"))
PYTHON = "/usr/bin/python3"


class Engines(TestCase):
    def check(self, command: Sequence[str]) -> None:
        tried = Tried([*SECRET, *command, *ARGUMENTS], self.folder)
        self.assertEqual((tried.status, tried.found.get("failures")), (0, []),
                         tried.stderr + tried.stdout)
        self.assertEqual(tried.found["not_played"], [])
        engine = tried.found["engine"]
        self.assertEqual((engine["links"], engine["pipelining"]), ("persistent", True))
        self.assertFalse({"line_ending", "connection", "half_close", "reply_end"} & set(engine))

    def test_native(self) -> None:
        self.check([PYTHON, str(SOURCE / "sim" / "paper" / "native_server.py"), "{herdsim}"])

    def test_twisted(self) -> None:
        if subprocess.run([PYTHON, "-c", "import twisted"], capture_output=True, check=False).returncode:
            self.skipTest("Twisted is not installed")
        self.check([PYTHON, str(SOURCE / "sim" / "engines" / "twisted" / "herd.py")])

    def test_node(self) -> None:
        if shutil.which("node") is None:
            self.skipTest("Node.js is not installed")
        self.check(["node", str(SOURCE / "sim" / "engines" / "node" / "herd.js")])

    def test_java(self) -> None:
        if shutil.which("java") is None or not (pathlib.Path(JAVA_CLASSES) / "Herd.class").exists():
            self.skipTest("Java is not installed, or its engine is not built")
        self.check(["java", "-cp", JAVA_CLASSES, "Herd", "--mode", "selector"])


if __name__ == "__main__":
    unittest.main()
