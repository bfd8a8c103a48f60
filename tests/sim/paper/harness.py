"""Shared by the tests: puts sim/paper on the path, makes figures, cells and contexts."""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "sim" / "paper"))

BINARY = pathlib.Path(os.environ.get("HERDSIM_BINARY", ROOT / "build" / "herdsim"))

from cell import Cell  # noqa: E402, found by the path above
from context import Context  # noqa: E402
from figures import Figures, Sample  # noqa: E402


def figures_of(claim, values):
    """Makes figures of one claim; each value is one number or a list with one number per run."""
    found = Figures()
    for (engine, metric), value in values.items():
        for each in value if isinstance(value, list) else [value]:
            found.add(Sample(claim, engine, metric, each))
    return found


def cell(claim, engine="native", measure=lambda context: [], seconds=1.0, **more):
    return Cell(claim, engine, "", seconds, measure, **more)


def context(folder, missing=None, quick=True, binary=BINARY):
    return Context(binary=binary, quick=quick, missing=missing or {}, folder=pathlib.Path(folder))
