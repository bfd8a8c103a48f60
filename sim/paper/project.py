"""Paths of the project."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios" / "paper"
RESULTS = ROOT / "results"
HARNESS = ROOT / "sim" / "paper"
JAVA_CLASSES = ROOT / "build" / "engines" / "java"
PYTHON = "/usr/bin/python3"
# The load generator and the bare relay in C++, which `make paper` builds.
PROGRAMS = ROOT / "build" / "paper"
BARE = HARNESS / "bare"
RELAY_CLASSES = PROGRAMS / "java"
