#!/usr/bin/python3
"""Measures the paper's claims: `make paper`. README.md explains the results."""

from __future__ import annotations

import sys

if sys.version_info < (3, 10):
    sys.exit("sim/paper needs Python 3.10 or later")

import argparse
import pathlib
import signal
import tempfile
import time
from typing import Callable, Dict, List, Sequence

import budget
import claims
import csv_file
import engines
import html_page
import machine
import page
import published
from cell import Cell, Failure, RunFailed, interleaved, of_claims, planned_seconds
from context import Context
from figures import Figures
from project import PROGRAMS, RESULTS, ROOT
from report import Report


def read_arguments(words: Sequence[str]) -> argparse.Namespace:
    known = [claim.ID for claim in claims.ALL]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="run everything once, in three minutes")
    parser.add_argument("--claims", default="", metavar="ID,...",
                        help=f"measure only these claims: {', '.join(known)}")
    parser.add_argument("--rounds", type=int, help="number of rounds, instead of the one in budget.py")
    parser.add_argument("--herdsim", type=pathlib.Path, default=ROOT / "build" / "herdsim")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="the folder for the results")
    parser.add_argument("--plan", action="store_true", help="print what would run, and run nothing")
    found = parser.parse_args(words)
    found.claims = [name for name in found.claims.split(",") if name]
    for name in found.claims:
        if name not in known:
            parser.error(f"--claims: {name} is not one of {', '.join(known)}")
    if found.rounds is not None and found.rounds < 1:
        parser.error("--rounds: at least 1")
    return found


def cells_of(context: Context, wanted: Sequence[str]) -> List[Cell]:
    found = [cell for claim in claims.ALL for cell in claim.cells(context)]
    if context.quick:
        found = [cell for cell in found if cell.quick]
    return of_claims(found, wanted)


def run_cells(context: Context, cells: Sequence[Cell], rounds: int, figures: Figures, most_s: float,
              say: Callable[[str], None], spent_s: Dict[str, float]) -> "tuple[List[Failure], int]":
    """Runs every cell, round by round; returns the failures and the number of rounds.

    Adds the seconds of each claim to `spent_s`.
    """
    failures: List[Failure] = []
    begun = time.monotonic()
    done = 0
    for number, cell in interleaved(cells, rounds):
        passed = time.monotonic() - begun
        if number > 1 and passed > most_s:
            say(f"the time is over in round {number}")
            break
        context.round = done = number
        try:
            # Collect the samples first: a run that fails midway gives no figures.
            for sample in list(cell.measure(context)):
                figures.add(sample, number)
            outcome = f"{time.monotonic() - begun - passed:.1f} s"
        except Exception as error:  # A mistake in one run must not stop the others.
            why = (str(error) if isinstance(error, RunFailed)
                   else f"{type(error).__name__}: {error}")
            failures.append(Failure(cell, number, why))
            outcome = f"FAILED: {why}"
        spent_s[cell.claim] = (spent_s.get(cell.claim, 0.0) + time.monotonic() - begun - passed)
        say(f"[{passed:6.1f} s] round {number}, {cell.name}: {outcome}")
    return failures, done


def _say(text: str) -> None:
    print(text, flush=True)


def _print_plan(cells: Sequence[Cell], rounds: int) -> None:
    for claim in claims.ALL:
        own = of_claims(cells, [claim.ID])
        _say(f"{claim.ID:10} {len(own):3} cells {planned_seconds(own, 1):6.1f} s in the first round "
             f"{planned_seconds(own, rounds):7.1f} s in all")
    _say(f"{'all':10} {len(cells):3} cells {planned_seconds(cells, 1):6.1f} s in the first round "
         f"{planned_seconds(cells, rounds):7.1f} s in all")


def _measure(arguments: argparse.Namespace, folder: pathlib.Path) -> int:
    context = Context(binary=arguments.herdsim.resolve(), quick=arguments.quick,
                      missing=engines.missing(), folder=folder)
    planned_rounds = arguments.rounds or budget.ROUNDS[context.kind]
    cells = cells_of(context, arguments.claims)
    if arguments.plan:
        _print_plan(cells, planned_rounds)
        return 0
    for family, why in context.missing.items():
        _say(f"{family} does not run: {why}")
    described = machine.describe(context.binary)
    figures, begun, spent_s = Figures(), time.monotonic(), {}
    failures, rounds = run_cells(context, cells, planned_rounds, figures,
                                 budget.MOST_S[context.kind], _say, spent_s)
    report = Report(
        claims=claims.ALL, figures=figures, failures=failures, missing=context.missing,
        machine=described, quick=arguments.quick, rounds=rounds, planned_rounds=planned_rounds,
        planned_s=planned_seconds(cells, planned_rounds), took_s=time.monotonic() - begun,
        spent_s=spent_s, is_part=bool(arguments.claims) or planned_rounds < budget.ROUNDS[context.kind],
        published=published.read(RESULTS / "paper-claims.csv") if arguments.quick else {},
        date=machine.date())
    return _write(report, arguments.out)


def _write(report: Report, folder: pathlib.Path) -> int:
    # A quick or partial run never replaces the reference.
    name = "paper-claims" + ("-quick" if report.quick else "-part" if report.is_part else "")
    folder.mkdir(parents=True, exist_ok=True)
    csv_file.write(report.figures, folder / f"{name}.csv")
    (folder / f"{name}.md").write_text(page.text_of(report), encoding="utf-8", newline="")
    (folder / f"{name}.html").write_text(html_page.text_of(report), encoding="utf-8", newline="")
    _say("\nseconds    " + ", ".join(f"{name} {each:.0f}" for name, each in report.spent_s.items()))
    if not report.has_verdicts:
        _say("a quick run gives figures and no verdicts: they are on the page, with the published ones")
    for claim in report.claims if report.has_verdicts else ():
        verdict, _ = report.decided[claim.ID]
        _say(f"{claim.ID:10} {verdict.word}: {verdict.because}")
    _say(f"\nfiles      {folder / name}.html, .md, .csv")
    for each in report.failures:
        print(f"failed: {each.cell.name}, round {each.round}: {each.why}", file=sys.stderr)
    for name in report.controls_that_held():
        print(f"the control of {name} did not fail: its figures prove nothing", file=sys.stderr)
    return status_of(report)


def status_of(report: Report) -> int:
    # A quick run may share its machine, so that its figures prove nothing anyway.
    return 1 if report.failures or (report.has_verdicts and report.controls_that_held()) else 0


def main() -> int:
    arguments = read_arguments(sys.argv[1:])
    if not arguments.herdsim.exists():
        print(f"{arguments.herdsim} does not exist: run make build", file=sys.stderr)
        return 3
    if not (PROGRAMS / "load").exists():
        print(f"{PROGRAMS / 'load'} does not exist: run cmake --build build --target paper_programs",
              file=sys.stderr)
        return 3
    # Becomes a KeyboardInterrupt, so that all started processes end on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="herdsim-paper-") as folder:
            return _measure(arguments, pathlib.Path(folder))
    except KeyboardInterrupt:
        print("interrupted: no file is written", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
