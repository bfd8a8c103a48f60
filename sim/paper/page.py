"""Writes the page in Markdown: bottom line, verdicts, engines, and one section per claim."""

from __future__ import annotations

from typing import List

import engines
import sentences
from report import Report
from table import markdown
from verdict import HOLDS_ONLY_WHEN, Verdict


def _verdict(verdict: Verdict) -> str:
    joint = " " if verdict.word == HOLDS_ONLY_WHEN else ": "
    return f"**{verdict.word}**{joint}{verdict.because}"


def _opening(report: Report) -> List[str]:
    lines = [f"# {sentences.TITLE}", ""]
    for notice in sentences.notices(report):
        lines += [f"**{notice}**", ""]
    return [*lines, *sentences.bottom_line(report), ""]


def _reading() -> List[str]:
    lines = ["## How to read this page", ""]
    for paragraph in sentences.READING:
        lines += [paragraph, ""]
    return lines


def _overview(report: Report) -> List[str]:
    if not report.has_verdicts:
        return []
    lines = ["## The verdicts", "", "| claim | section of the paper | verdict |", "| --- | --- | --- |"]
    for claim in report.claims:
        verdict, _ = report.decided[claim.ID]
        lines.append(f"| [{claim.ID}](#{claim.ID}) {claim.CLAIM} | {claim.SECTION} | "
                     f"{_verdict(verdict)} |")
    return lines + [""]


def _engines(report: Report) -> List[str]:
    lines = ["## The engines", ""]
    lines += [f"- `{name}`: {words}" for name, words in engines.ABOUT.items()]
    lines += ["", *sentences.missing(report), *([""] if report.missing else [])]
    lines += ["Flags, and why they are these:", ""]
    lines += [f"- *{name}*: {words}" for name, words in sentences.flag_rows()]
    return [*lines, ""]


def _how(report: Report) -> List[str]:
    lines = ["## How it was run", "", "| | |", "| --- | --- |"]
    lines += [f"| {name} | {value} |" for name, value in sentences.run_rows(report)]
    return [*lines, "", *sentences.run_limits(report), ""]


def _section(report: Report, claim) -> List[str]:
    verdict, control = report.decided[claim.ID]
    lines = [f'<a id="{claim.ID}"></a>', "", f"## {claim.ID}: {claim.CLAIM}", "",
             f"*Section of the paper*: {claim.SECTION}.", "",
             f"*Measured*: {claim.MEASURED}", "", f"*Rule*: {claim.RULE}", "",
             f"*Control (the answer must be no)*: {control.question} {sentences.outcome(control)}", ""]
    for table in report.tables_of(claim):
        lines += [markdown(table), ""]
    failures = report.failures_of(claim)
    if failures:
        lines += ["*Failed runs, which gave no figures*:", ""]
        lines += [f"- {each.cell.name}, round {each.round}: {_one_line(each.why)}"
                  for each in failures]
        lines.append("")
    if report.has_verdicts:
        lines += [f"*Verdict*: {_verdict(verdict)}", ""]
    return lines + [f"*What this does not show*: {claim.NOT_SHOWN}", ""]


def _one_line(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


def text_of(report: Report) -> str:
    lines = [*_opening(report), *_overview(report), *_reading(), *_engines(report), *_how(report)]
    for claim in report.claims:
        lines += _section(report, claim)
    return "\n".join(lines).rstrip() + "\n"
