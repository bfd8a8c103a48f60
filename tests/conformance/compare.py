#!/usr/bin/env python3
"""Plays scenarios in both worlds, on real sockets and in virtual time, and compares the results.

    compare.py BINARY [FILE...]        default: every scenario beside this script

These must be the same to the last count:
- every update's outcome, messages, duplicates, echoes and reach;
- the records that every server holds at the end;
- every client's answers, in their order;
- every link's messages and drops;
- all counts of the summary.

Latencies are printed side by side, and medians must agree within 5 % or 1 ms. The longest are not
compared, because one late turn of a busy machine makes them. Ends with status 1 if anything
disagrees.

`--tabulate FILE` (repeatable) plays a scenario in which faults happen while updates are in flight.
Its outcome depends on the moment of each fault, so its figures are printed and not compared.
"""

from __future__ import annotations

import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
from typing import Dict, Iterable, Iterator, List, Tuple

HERE = pathlib.Path(__file__).parent
WORLDS = ("live", "virtual")

# Columns of summary.csv. The others are times, or what the machine used.
COUNTS = ("updates", "accepted", "deliveries", "undelivered", "messages", "duplicates", "echoes",
          "stale", "lost", "covered", "queries", "query_errors", "handovers", "link_drops",
          "converged", "violations", "deliveries_again", "repairs", "handovers_stale",
          "server_restarts", "connections_lost")
LATENCIES = ("propagation_p50_us", "propagation_p99_us", "propagation_max_us", "coverage_p50_us",
             "coverage_max_us", "reply_p50_us", "reply_max_us", "query_p50_us", "handover_p50_us",
             "staleness_max_us")
# The tables that are compared row by row: the columns that name a row, and the columns that must
# be the same.
TABLES = {
    "updates.csv": (("herd", "update"),
                    ("client", "origin", "outcome", "servers_reached", "messages", "duplicates",
                     "echoes")),
    "servers.csv": (("herd", "server"), ("clients_known", "accepted", "invalid_lines", "queries",
                                         "holds")),
    "clients.csv": (("herd", "client"), ("updates", "queries", "handovers", "answers")),
    "links.csv": (("herd", "from", "to"), ("messages", "duplicates", "echoes", "drops", "repairs")),
    "queries.csv": (("herd", "query"), ("client", "about", "server", "status", "places")),
}
RELATIVE, ABSOLUTE_US = 0.05, 1000.0

Rows = List[Dict[str, str]]


class Played:
    """The results of a scenario in one world."""

    def __init__(self, binary: str, scenario: pathlib.Path, world: str,
                 folder: pathlib.Path) -> None:
        self.folder = folder / world
        done = subprocess.run([binary, "run", "--quiet", "--clock", world, "--set", "record=updates",
                               "--out", str(self.folder), str(scenario)],
                              capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{scenario}: {world}: exit {done.returncode}\n{done.stderr}")
        self.summary = {row["herd"]: row for row in self.table("summary.csv")}

    def table(self, name: str) -> Rows:
        with open(self.folder / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def late_ms(live: Played, virtual: Played) -> float:
    """Returns by how much the live run was later, at most, with a client's action or an answer."""
    run = json.loads((live.folder / "run.json").read_text(encoding="utf-8"))
    late = [float(run["schedule_lag"]["max_us"] or 0)]
    for herd, row in live.summary.items():
        ideal = virtual.summary[herd]["reply_max_us"]
        late.append(float(row["reply_max_us"] or 0) - float(ideal or 0))
    return max(late) / 1000


def differences(live: Played, virtual: Played) -> Iterator[str]:
    for herd, row in live.summary.items():
        other = virtual.summary[herd]
        for column in COUNTS:
            if row[column] != other[column]:
                yield f"summary.csv: {herd}: {column} {row[column]} live, {other[column]} virtual"
    for name, (keys, columns) in TABLES.items():
        def by_key(rows: Rows) -> Dict[Tuple[str, ...], Dict[str, str]]:
            return {tuple(row[key] for key in keys): row for row in rows}
        here, there = by_key(live.table(name)), by_key(virtual.table(name))
        for key in sorted(here.keys() | there.keys()):
            words = " ".join(key)
            if key not in here or key not in there:
                yield f"{name}: {words}: only {'live' if key in here else 'virtual'}"
                continue
            for column in columns:
                one, other = here[key][column], there[key][column]
                if one != other:
                    yield f"{name}: {words}: {column} {one} live, {other} virtual"


def agree(live: str, virtual: str) -> bool:
    if not live or not virtual:
        return live == virtual
    one, other = float(live), float(virtual)
    return abs(one - other) <= max(ABSOLUTE_US, RELATIVE * max(one, other))


def print_table(live: Played, virtual: Played) -> int:
    """Prints both worlds' latencies and returns how many disagree."""
    apart = 0
    print(f"    {'':34}{'live':>14}{'virtual':>14}{'difference':>14}")
    for herd, row in live.summary.items():
        for column in LATENCIES:
            one, other = row[column], virtual.summary[herd][column]
            if not one and not other:
                continue
            good = "_p50_" not in column or agree(one, other)
            apart += not good
            difference = f"{float(other) - float(one):+.1f}" if one and other else ""
            print(f"    {herd + ' ' + column:34}{one:>14}{other:>14}{difference:>14}"
                  f"{'' if good else '  apart'}")
    return apart


def print_counts(live: Played, virtual: Played) -> None:
    for herd, row in live.summary.items():
        for column in COUNTS:
            one, other = row[column], virtual.summary[herd][column]
            mark = "" if one == other else "  *"
            if one not in ("", "0") or mark:
                print(f"    {herd + ' ' + column:34}{one:>14}{other:>14}{mark}")


def play(binary: str, scenario: pathlib.Path, folder: pathlib.Path) -> List[Played]:
    into = folder / scenario.stem
    return [Played(binary, scenario, world, into) for world in WORLDS]


def scenarios() -> List[pathlib.Path]:
    return sorted(HERE.glob("*.json"))


def main(arguments: Iterable[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    parser.add_argument("--tabulate", action="append", default=[], type=pathlib.Path)
    options = parser.parse_args(list(arguments))
    wrong = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for scenario in options.files or scenarios():
            about = json.loads(scenario.read_text(encoding="utf-8")).get("about", "")
            print(f"{scenario.stem}: {about}")
            live, virtual = play(options.binary, scenario, folder)
            found = list(differences(live, virtual))
            for each in found:
                print(f"    DIFFERS  {each}")
            if not found:
                print("    counts, records and answers are the same")
            wrong += len(found) + print_table(live, virtual)
        for scenario in options.tabulate:
            print(f"{scenario.stem}: for comparison only")
            live, virtual = play(options.binary, scenario, folder)
            print_counts(live, virtual)
            print_table(live, virtual)
    print(f"{wrong} differences" if wrong else "the worlds agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
