"""Writes the page: bottom line, verdicts, engines, and one section per claim."""

from __future__ import annotations

import dataclasses
from typing import List, Mapping, Sequence, Tuple

import engines
import throughput
from cell import Failure
from figures import Figures
from table import listed, markdown, short
from verdict import (DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, Control, Verdict, decide)


@dataclasses.dataclass
class Report:
    """The content of the page."""

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
    # True if only some claims ran, or fewer rounds than budget.py has.
    is_part: bool = False

    def __post_init__(self) -> None:
        self.decided = {claim.ID: decide(claim, self.figures.of(claim.ID)) for claim in self.claims}

    def claims_with(self, word: str) -> List[object]:
        return [claim for claim in self.claims if self.decided[claim.ID][0].word == word]

    def controls_that_held(self) -> List[str]:
        return [name for name, (_, control) in self.decided.items() if control.failed is False]


def _verdict(verdict: Verdict) -> str:
    joint = " " if verdict.word == HOLDS_ONLY_WHEN else ": "
    return f"**{verdict.word}**{joint}{verdict.because}"


def _control(control: Control) -> str:
    outcome = {True: "No, as required", False: "**Yes: the measurement proves nothing**",
               None: "**Not run**"}[control.failed]
    return f"{control.question} {outcome}: {control.figures}."


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _about(claims: Sequence[object]) -> str:
    return listed([f"[{claim.TOPIC}](#{claim.ID})" for claim in claims])


def _counts(report: Report) -> str:
    words = {HOLDS: ("holds", "hold"),
             HOLDS_ONLY_WHEN: ("holds only under a condition", "hold only under a condition"),
             DOES_NOT_HOLD: ("does not hold", "do not hold"),
             UNDECIDED: ("is undecided", "are undecided")}
    parts = [_counted(len(report.claims_with(word)), *forms) for word, forms in words.items()
             if word != UNDECIDED or report.claims_with(word)]
    return f"Of the paper's {len(report.claims)} claims, {listed(parts)}."


def _topics(report: Report) -> str:
    words = {DOES_NOT_HOLD: "is wrong about", HOLDS_ONLY_WHEN: "is right only under a condition about"}
    parts = [f"{said} {_about(report.claims_with(word))}" for word, said in words.items()
             if report.claims_with(word)]
    return f"It {'; it '.join(parts)}." if parts else "No decided claim is wrong or needs a condition."


def _trust(report: Report) -> str:
    failed = [name for name, (_, control) in report.decided.items() if control.failed]
    if len(failed) == len(report.claims) and not report.failures:
        return (f"All {len(failed)} controls failed, as they must, and every run gave its figures, "
                "so the measurements can tell yes from no.")
    return (f"{len(failed)} of {len(report.claims)} controls failed, as all must, and "
            f"{_counted(len(report.failures), 'run', 'runs')} gave no figures, so read this page "
            "with care.")


def _bottom_line(report: Report) -> List[str]:
    """Three sentences that follow from the verdicts, the controls and the failures."""
    return [_counts(report), _topics(report), _trust(report), ""]


def _opening(report: Report) -> List[str]:
    lines = ["# The paper's claims, measured", ""]
    if report.quick:
        lines += ["**This is a quick run: everything once, in short. It shows that everything works. "
                  "Do not quote its figures and verdicts.**", ""]
    if report.is_part:
        lines += ["**This is a partial run: some claims only, or fewer rounds. Claims that did not "
                  "run are undecided.**", ""]
    return lines + _bottom_line(report)


def _reading() -> List[str]:
    return [
        "## How to read this page", "",
        "The paper compares Twisted with Java and Node.js for a herd of servers that inform each "
        "other about the locations of their clients. Each section below takes one claim of the "
        "paper, in our words, and measures it. The section states the rule that turns figures into "
        "a verdict, and a control. The control asks the same question about something for which "
        "the answer must be no; if the answer is yes, the measurement proves nothing. The rules "
        "were written before the runs, and program code applies them (`sim/paper`).",
        "",
        "Each figure is the median over the rounds. The number in parentheses is the largest value "
        "minus the smallest one, if they differ. In each round every engine runs once before the "
        "next round begins. `paper-claims.csv` has all figures. p99 is the 99th percentile.", ""]


def _overview(report: Report) -> List[str]:
    lines = ["## The verdicts", "", "| claim | section of the paper | verdict |", "| --- | --- | --- |"]
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
        lines.append(f"**{family} did not run: {why}.** Claims that need it are undecided.")
    return lines + ([""] if report.missing else [])


def _how(report: Report) -> List[str]:
    most = throughput.ceiling(report.figures)
    lines = ["## How it was run", "", "| | |", "| --- | --- |"]
    lines += [f"| {name} | {value} |" for name, value in report.machine]
    seeds = "1" if report.rounds == 1 else f"1 to {report.rounds}, one per round"
    lines += [
        f"| date | {report.date} |",
        f"| duration | {report.took_s / 60:.1f} min ({report.planned_s / 60:.1f} planned) |",
        f"| rounds | {report.rounds} of {report.planned_rounds} |",
        f"| seeds | {seeds} |", "",
        f"Clients and servers share the {dict(report.machine).get('cores', '?')} cores of this "
        "machine and talk over 127.0.0.1."]
    if report.rounds < report.planned_rounds:
        lines.append("The time was over before all rounds were done.")
    if most != float("inf"):
        lines.append(
            f"The clients can get at most about {short(most)} updates per second answered. This is "
            "the rate of the native server, which needs only a part of a core for it. A rate of "
            f"{throughput.BOUNDED_FROM:.0%} of that or more is marked "
            f"\\{throughput.BOUNDED_MARK}: the clients may limit it, and not the engine.")
    inside = throughput.ceiling(report.figures, throughput.INSIDE_METRIC)
    if inside != float("inf"):
        lines.append(
            "Clients that do not wait for answers get at most about "
            f"{short(inside)} updates per second answered. `native-loops` and `herd` have such "
            "clients under full load, because their servers run in herdsim's own process; their "
            "rates are compared with this limit.")
    return lines + [""]


def _section(report: Report, claim) -> List[str]:
    verdict, control = report.decided[claim.ID]
    view = report.figures.of(claim.ID)
    lines = [f'<a id="{claim.ID}"></a>', "", f"## {claim.ID}: {claim.CLAIM}", "",
             f"*Section of the paper*: {claim.SECTION}.", "",
             f"*Measured*: {claim.MEASURED}", "", f"*Rule*: {claim.RULE}", "",
             f"*Control (the answer must be no)*: {_control(control)}", ""]
    for table in claim.tables(view):
        lines += [markdown(table), ""]
    failures = [each for each in report.failures if each.cell.claim == claim.ID]
    if failures:
        lines += ["*Failed runs, which gave no figures*:", ""]
        lines += [f"- {each.cell.name}, round {each.round}: {_one_line(each.why)}"
                  for each in failures]
        lines.append("")
    return lines + [f"*Verdict*: {_verdict(verdict)}", "",
                    f"*What this does not show*: {claim.NOT_SHOWN}", ""]


def _one_line(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


def text_of(report: Report) -> str:
    lines = [*_opening(report), *_overview(report), *_reading(), *_engines(report), *_how(report)]
    for claim in report.claims:
        lines += _section(report, claim)
    return "\n".join(lines).rstrip() + "\n"
