"""The page of the profiles and its file of figures."""

from __future__ import annotations

import csv
import io
from typing import Dict, List, Mapping, NamedTuple, Sequence, Tuple

import bare_relays
import csv_file
from profiles import sentences
from profiles.engines_profiled import ENGINES
from profiles.kinds import MEANING, OTHER
from profiles.measure import FUNCTIONS, Profile
from table import UNKNOWN, Line, Table, markdown
from trust import UNSTEADY_MARK

TITLE = "Where the processor time of an update goes"
HEADER = ("engine", "metric", "value")
# A table of functions that leaves out more than this share of the time says too little.
OTHER_MOST = 0.1


class Report(NamedTuple):
    # By name of the engine or of its floor.
    profiles: Mapping[str, Profile]
    # The reasons for those that have no profile.
    missing: Mapping[str, str]
    machine: Sequence[Tuple[str, str]]
    date: str
    # How long each profile lasted.
    profile_s: float

    def engines(self) -> List[str]:
        return [name for name in ENGINES if name in self.profiles and bare_relays.name(name) in self.profiles]

    def mostly_other(self) -> List[str]:
        return [name for name, each in self.profiles.items()
                if each.kinds_us[OTHER] > OTHER_MOST * each.per_update_us]


def _us(value: float) -> str:
    return f"{value:.2f}"


def _names(report: Report) -> List[str]:
    """Returns the engines, each with its floor beside it."""
    return [name for engine in ENGINES for name in (engine, bare_relays.name(engine))
            if name in report.profiles]


def by_kind(report: Report) -> Table:
    names = _names(report)
    rows = [Line(kind, [_us(report.profiles[name].kinds_us[kind]) for name in names]) for kind in MEANING]
    rows.append(Line("all", [_us(report.profiles[name].per_update_us) +
                             ("" if report.profiles[name].is_steady else UNSTEADY_MARK) for name in names]))
    return Table("Microseconds of processor time per update", ["kind of work", *names], rows)


def about_profiles(report: Report) -> Table:
    rows = []
    for name in _names(report):
        each, profiler = report.profiles[name], ENGINES[name.removesuffix("-bare")].profiler
        rows.append(Line(name, [profiler.TOOL, f"{each.samples:,}", _us(each.profiled_us)]))
    return Table("The profiles", ["engine", "profiler", "samples", "µs per update meanwhile"], rows)


def functions(name: str, profile: Profile) -> Table:
    kind_of = ENGINES[name.removesuffix("-bare")].functions.kind_of
    rows = [Line(_code(function), [kind_of((function,)) if kind_of((function,)) != OTHER else UNKNOWN,
                                   f"{share:.1%}"]) for function, share in profile.functions]
    return Table("", [f"`{name}`", "kind of work", "share of the samples"], rows)


def _code(function: str) -> str:
    short = function if len(function) <= 70 else f"{function[:67]}..."
    return "`" + short.replace("|", "/").replace("`", "'").strip() + "`"


def text_of(report: Report) -> str:
    names = _names(report)
    lines = [f"# {TITLE}", "", *_about(), ""]
    for name in report.mostly_other():
        lines += [f"**The table of functions of `{name}` leaves out too much: see *{OTHER}*.**", ""]
    lines += [markdown(by_kind(report)), ""]
    lines += [f"- *{kind}*: {meaning}" for kind, meaning in MEANING.items()]
    lines += ["", "## What bounds each engine", "", *sentences.bounds(report.profiles, report.engines()), "",
              "## Beside Twisted", "", *sentences.beside_twisted(report.profiles), "",
              "## How it was measured", "", *_how(report.profile_s), "",
              markdown(about_profiles(report)), ""]
    lines += [f"- `{name}` has no profile: {why}." for name, why in report.missing.items()]
    lines += ["", "| | |", "| --- | --- |", f"| date | {report.date} |"]
    lines += [f"| {name} | {value} |" for name, value in report.machine]
    lines += ["", f"## The {FUNCTIONS} functions with the most time of their own", "",
              "Time in a function that no table names (–) counts for the function that called it, so it can be of "
              "several kinds.", ""]
    for name in names:
        lines += [markdown(functions(name, report.profiles[name])), ""]
    return "\n".join(lines).rstrip() + "\n"


def _about() -> List[str]:
    return ["The engines of [paper-claims.md](paper-claims.md#node) at work: a ring of five servers, "
            "16 connections with 32 lines in flight on each. Each update is one line from a client, its answer, and "
            "the ten lines that a ring of five floods (each server tells both neighbours, also the one "
            "that it heard from). Beside each engine is its *floor*, a bare relay on the same runtime, "
            "which sends the same messages and parses nothing. `make paper-profiles` measures this page again."]


def _how(profile_s: float) -> List[str]:
    return ["Each herd is started once and works until it is steady. The processor time per update is that of its "
            "five processes (user and system, from /proc) in the steady stretch, without a profiler at work. Then a "
            f"profiler samples all five for {profile_s:g} s. A table for each engine (`sim/paper/profiles/functions_*.py`) "
            "gives a sample the kind of work of the first function that it names, from the last call outwards. The "
            "shares of the kinds divide the processor time. A floor's relay decides while it copies to which link a "
            "line goes, so all of its own code counts as *lines*.",
            "",
            "`perf` and Java Flight Recorder sample outside of the kernel; the time in the kernel is from /proc and "
            "counts as *sockets*. A JVM collects and compiles on threads of their own, whose time is from /proc too. "
            "Python frees memory as it goes: *memory* has no part of that, and it is in the other kinds. The "
            "profiler in Node.js itself is not used: it looks at the clock and not at the processor time, so it counts "
            "the wait for a core, and the wait of a collection for its helper threads. One herd per "
            "engine was measured, so small differences mean nothing."]


def figures_of(report: Report) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for name in _names(report):
        for metric, value in _metrics(report.profiles[name]).items():
            writer.writerow([name, metric, csv_file.number(value)])
    return out.getvalue()


def _metrics(profile: Profile) -> Dict[str, float]:
    return {"cpu_us_per_update": profile.per_update_us, "cpu_us_per_update_profiled": profile.profiled_us,
            "is_steady": profile.is_steady, "samples": profile.samples,
            **{f"{kind}_us": value for kind, value in profile.kinds_us.items()}}
