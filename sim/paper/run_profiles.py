#!/usr/bin/python3
"""Profiles the engines and their floors, and writes results/paper-profiles.md and .csv.

Needs herdsim, the load generator and the bare relays, which `make paper-profiles` builds. Exits with 0 if
every profile that can run here succeeded, 1 if one failed, 2 for bad usage, 3 if a program is missing.
"""

from __future__ import annotations

import argparse
import pathlib
import signal
import sys
from typing import Dict, List, Sequence, Tuple

import bare_relays
import engines
import machine
from cell import RunFailed
from profiles import page
from profiles.engines_profiled import ENGINES
from profiles.measure import PROFILE_S, Profile, measure
from project import PROGRAMS, RESULTS, ROOT


def read_arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--herdsim", type=pathlib.Path, default=ROOT / "build" / "herdsim",
                        help="the program (default: build/herdsim)")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="the folder for the page (default: results)")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=list(ENGINES),
                        help="only these engines, separated by commas; writes paper-profiles-part")
    parser.add_argument("--seconds", type=float, default=PROFILE_S,
                        help=f"how long a profile lasts (default: {PROFILE_S:g})")
    arguments = parser.parse_args(words)
    unknown = [each for each in arguments.engines if each not in ENGINES]
    if unknown or arguments.seconds <= 0:
        parser.error(f"unknown engine: {unknown[0]}" if unknown else "--seconds must be more than 0")
    return arguments


def why_missing(engine: str) -> str:
    return engines.missing().get(engines.family(engine), "") or ENGINES[engine].profiler.missing()


def measure_all(arguments: argparse.Namespace) -> Tuple[Dict[str, Profile], Dict[str, str], List[str]]:
    """Returns the profiles, the reasons for those that cannot be made here, and the failures."""
    profiles: Dict[str, Profile] = {}
    missing: Dict[str, str] = {}
    failures: List[str] = []
    for engine in arguments.engines:
        why = why_missing(engine)
        for is_bare in (True, False):
            name = bare_relays.name(engine) if is_bare else engine
            if why:
                missing[name] = why
                continue
            try:
                profiles[name] = measure(engine, is_bare, arguments.herdsim.resolve(), arguments.seconds)
                print(f"{name}: {profiles[name].per_update_us:.2f} us per update", flush=True)
            except RunFailed as error:
                failures.append(name)
                missing[name] = " ".join(str(error).split())
                print(f"{name} failed: {error}", file=sys.stderr)
    return profiles, missing, failures


def main() -> int:
    arguments = read_arguments(sys.argv[1:])
    for program in (arguments.herdsim, PROGRAMS / "load", PROGRAMS / "bare_relay"):
        if not program.exists():
            print(f"{program} does not exist: run make paper-profiles", file=sys.stderr)
            return 3
    # Becomes a KeyboardInterrupt, so that all started processes end on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    described = machine.describe(arguments.herdsim)
    try:
        profiles, missing, failures = measure_all(arguments)
    except KeyboardInterrupt:
        print("interrupted: no file is written", file=sys.stderr)
        return 130
    report = page.Report(profiles, missing, described, machine.date(), arguments.seconds)
    # A part never replaces the reference.
    is_part = arguments.engines != list(ENGINES) or arguments.seconds != PROFILE_S
    name = "paper-profiles-part" if is_part else "paper-profiles"
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / f"{name}.md").write_text(page.text_of(report), encoding="utf-8", newline="")
    (arguments.out / f"{name}.csv").write_text(page.figures_of(report), encoding="utf-8", newline="")
    print(f"files      {arguments.out / name}.md, .csv")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
