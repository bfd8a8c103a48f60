"""The page that a person reads."""

from __future__ import annotations

import dataclasses
from typing import List, Mapping, Sequence, Tuple

import engines
import throughput
from cell import Failure
from figures import Figures
from table import markdown, short
from verdict import HOLDS_ONLY_WHEN, Control, Verdict, decide


@dataclasses.dataclass
class Report:
    """All that the page tells."""

    claims: Sequence[object]
    figures: Figures
    failures: Sequence[Failure]
    missing: Mapping[str, str]
    machine: Sequence[Tuple[str, str]]
    quick: bool
    rounds: int
    planned_rounds: int
    planned_s: float
    took_s: float
    date: str
    # Not all claims, or fewer rounds than budget.py has.
    is_part: bool = False

    def __post_init__(self) -> None:
        self.decided = {claim.ID: decide(claim, self.figures.of(claim.ID)) for claim in self.claims}

    def controls_that_held(self) -> List[str]:
        return [name for name, (_, control) in self.decided.items() if control.failed is False]


def _verdict(verdict: Verdict) -> str:
    joint = " " if verdict.word == HOLDS_ONLY_WHEN else ": "
    return f"**{verdict.word}**{joint}{verdict.because}"


def _control(control: Control) -> str:
    outcome = {True: "No, as it must be", False: "**Yes: the measurement says nothing**",
               None: "**Not run**"}[control.failed]
    return f"{control.question} {outcome}: {control.figures}."


def _opening(report: Report) -> List[str]:
    lines = ["# What the paper says, measured", ""]
    if report.quick:
        lines += ["**A quick run: everything once, in short. It shows that all works; its figures and "
                  "verdicts are no reference.**", ""]
    if report.is_part:
        lines += ["**A part of the whole: not all claims, or fewer rounds. What was not run is "
                  "undecided.**", ""]
    return lines + [
        "The paper compares Twisted with Java and Node.js for a herd of servers that tell each "
        "other where their clients are. Each section below takes one thing that it says, in "
        "our words, and lets runs decide. The rule that makes a verdict of figures, and a "
        "control that must fail for the figures to mean anything, stand before them; program "
        "code applies both (`sim/paper`).",
        "",
        "Figures are medians over the rounds, beside them in parentheses the greatest less the "
        "least where they differ. In each round every engine takes its turn before the next "
        "round begins. "
        "`paper-claims.csv` has all figures. p99 is the 99th percentile.", ""]


def _overview(report: Report) -> List[str]:
    lines = ["## The verdicts", "", "| claim | the paper's § | verdict |", "| --- | --- | --- |"]
    for claim in report.claims:
        verdict, _ = report.decided[claim.ID]
        lines.append(f"| [{claim.ID}](#{claim.ID}) {claim.CLAIM} | {claim.SECTION} | "
                     f"{_verdict(verdict)} |")
    return lines + [""]


def _engines(report: Report) -> List[str]:
    lines = ["## The engines", ""]
    lines += [f"- `{name}`: {words}" for name, words in engines.ABOUT.items()]
    lines.append("")
    for family, why in report.missing.items():
        lines.append(f"**{family} was not run: {why}.** Claims that need it are undecided.")
    return lines + ([""] if report.missing else [])


def _how(report: Report) -> List[str]:
    most = throughput.ceiling(report.figures)
    lines = ["## How it was run", "", "| | |", "| --- | --- |"]
    lines += [f"| {name} | {value} |" for name, value in report.machine]
    seeds = "1" if report.rounds == 1 else f"1 to {report.rounds}, one a round"
    lines += [
        f"| date | {report.date} |",
        f"| took | {report.took_s / 60:.1f} min ({report.planned_s / 60:.1f} planned) |",
        f"| rounds | {report.rounds} of {report.planned_rounds} |",
        f"| seeds | {seeds} |", "",
        "Clients and servers share this machine"
        + f" of {dict(report.machine).get('cores', '?')} cores, over 127.0.0.1."]
    if report.rounds < report.planned_rounds:
        lines.append("Time was up before all rounds were done.")
    if most != float("inf"):
        lines.append(
            f"The clients can have at most about {short(most)} updates a second answered: what "
            "the native server answers, which spends a small part of a core on it. A rate of "
            f"{throughput.BOUNDED_FROM:.0%} of that or more is marked "
            f"{throughput.BOUNDED_MARK}: it may be the clients' and not the engine's.")
    inside = throughput.ceiling(report.figures, throughput.INSIDE_METRIC)
    if inside != float("inf"):
        lines.append(
            f"Clients that do not wait for an answer before they say the next have at most about "
            f"{short(inside)} answered: so they do at work in `native-loops` and in `herd`, whose "
            "servers are in this program's own process, and whose rates are held against this.")
    return lines + [""]


def _section(report: Report, claim) -> List[str]:
    verdict, control = report.decided[claim.ID]
    view = report.figures.of(claim.ID)
    lines = [f'<a id="{claim.ID}"></a>', "", f"## {claim.ID}: {claim.CLAIM}", "",
             f"*Where the paper says so*: {claim.SECTION}.", "",
             f"*Measured*: {claim.MEASURED}", "", f"*Rule*: {claim.RULE}", "",
             f"*Control, which must fail*: {_control(control)}", ""]
    for table in claim.tables(view):
        lines += [markdown(table), ""]
    failures = [each for each in report.failures if each.cell.claim == claim.ID]
    if failures:
        lines += ["*Runs that failed and gave no figures*:", ""]
        lines += [f"- {each.cell.name}, round {each.round}: {_one_line(each.why)}"
                  for each in failures]
        lines.append("")
    return lines + [f"*Verdict*: {_verdict(verdict)}", "",
                    f"*What this does not show*: {claim.NOT_SHOWN}", ""]


def _one_line(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


def text_of(report: Report) -> str:
    lines = [*_opening(report), *_overview(report), *_engines(report), *_how(report)]
    for claim in report.claims:
        lines += _section(report, claim)
    return "\n".join(lines).rstrip() + "\n"
