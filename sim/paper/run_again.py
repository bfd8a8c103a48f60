#!/usr/bin/python3
"""Measures the rates of the page again, with twice the work and with another load generator, and writes
results/paper-again.md and .csv.

Needs herdsim, the load generators and the Java engine, which `make paper-again` builds. Exits with 0 if every run
succeeded, 1 if one failed, 2 for bad usage, 3 if a program is missing.
"""

from __future__ import annotations

import argparse
import pathlib
import signal
import sys
import tempfile
from typing import Sequence

import engines
import load_generator
import machine
from again import measure, page
from cell import RunFailed
from context import Context
from project import RESULTS, ROOT


def read_arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--herdsim", type=pathlib.Path, default=ROOT / "build" / "herdsim",
                        help="the program (default: build/herdsim)")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="the folder for the page (default: results)")
    parser.add_argument("--quick", action="store_true",
                        help="one round that waits for no steady state; writes paper-again-quick")
    return parser.parse_args(words)


def works(is_quick: bool) -> Sequence[measure.Work]:
    return [work._replace(rounds=1) for work in measure.WORKS] if is_quick else measure.WORKS


def main() -> int:
    arguments = read_arguments(sys.argv[1:])
    for program in (arguments.herdsim, load_generator.PROGRAM, measure.PROGRAM):
        if not program.exists():
            print(f"{program} does not exist: run make paper-again", file=sys.stderr)
            return 3
    # Becomes a KeyboardInterrupt, so that all started processes end on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    described = machine.describe(arguments.herdsim)
    date = machine.date()
    with tempfile.TemporaryDirectory(prefix="herdsim-again-") as folder:
        context = Context(arguments.herdsim.resolve(), arguments.quick, engines.missing(), pathlib.Path(folder))
        try:
            found = measure.measure_all(context, works(arguments.quick), lambda said: print(said, flush=True))
        except RunFailed as error:
            print(f"failed: {error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("interrupted: no file is written", file=sys.stderr)
            return 130
    report = page.Report(found, described, date)
    name = "paper-again-quick" if arguments.quick else "paper-again"
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / f"{name}.md").write_text(page.text_of(report), encoding="utf-8", newline="")
    (arguments.out / f"{name}.csv").write_text(page.figures_of(report), encoding="utf-8", newline="")
    print(f"files      {arguments.out / name}.md, .csv")
    return 0


if __name__ == "__main__":
    sys.exit(main())
