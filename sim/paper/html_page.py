"""Writes the page in HTML: one file without scripts and requests, with a chart for each claim."""

from __future__ import annotations

from typing import List, Optional, Sequence

import engines
import html_text
import sentences
import style
import svg
from chart import Panel
from html_text import escaped, inline
from report import Report
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, Control, Verdict

# The class and the sign of each verdict, so that its colour never stands alone.
_LOOKS = {HOLDS: ("good", "✓"), DOES_NOT_HOLD: ("bad", "✗"), HOLDS_ONLY_WHEN: ("partly", "◐"),
          UNDECIDED: ("undecided", "?")}
_CHARTS = (
    "A bar begins at zero and ends at the median over the rounds, whose number stands above it. The "
    "thin line with two ends goes from the smallest to the largest round, and the number in "
    "parentheses is its length; without it all rounds agree, or there was only one.",
    "A dashed line across the bars is a value of the claim's rule, and a dotted one only helps to "
    "compare; the text below the bars says what each is. A hatched bar marked “(control)” shows something for "
    "which the answer must be no.")


def _word(verdict: Verdict) -> str:
    kind, sign = _LOOKS[verdict.word]
    return (f'<strong class="{kind}"><span aria-hidden="true">{sign}</span> '
            f"{escaped(verdict.word)}</strong>")


def _because(verdict: Verdict) -> str:
    joint = "" if verdict.word == HOLDS_ONLY_WHEN else ":"
    return f"{joint} {inline(verdict.because)}"


def _verdict(verdict: Verdict) -> str:
    kind, _ = _LOOKS[verdict.word]
    return f'<p class="verdict {kind}">{_word(verdict)}<span>{_because(verdict)}</span></p>\n'


def _line(kind: str, name: str, meaning: str) -> str:
    return f'<li><span class="swatch {kind}"></span>{escaped(name)}: {inline(meaning)}</li>'


def _panel(panel: Panel, name: str) -> str:
    title = f'<p class="panel-title">{inline(panel.title)}</p>\n'
    if not panel.bars:
        return f'<div class="panel">{title}<p class="missing">Not measured.</p></div>\n'
    lines = [_line(svg.bound_kind(each), each.name, each.meaning) for each in panel.bounds]
    if any(each.limit is not None for each in panel.bars):
        lines.append(_line("own", "limit of a bar", panel.limit_meaning))
    below = f'<ul class="lines">{"".join(lines)}</ul>\n' if lines else ""
    return f'<div class="panel">{title}{svg.draw(panel, name)}{below}</div>\n'


def _figure(claim, panels: Sequence[Panel], verdict: Optional[Verdict], control: Control) -> str:
    drawn = "".join(_panel(each, f"{claim.ID}-{number}") for number, each in enumerate(panels))
    return (f'<figure>\n<div class="panels">\n{drawn}</div>\n<figcaption>'
            f"{_verdict(verdict) if verdict else ''}"
            f"<p>Control (the answer must be no): {inline(control.question)} "
            f"{inline(sentences.outcome(control))}</p></figcaption>\n</figure>\n")


def _failures(report: Report, claim) -> str:
    # The text comes from other programs: it is escaped, and its marks mean nothing.
    rows = [f"<li>{escaped(each.cell.name)}, round {each.round}: {escaped(' '.join(each.why.split()))}</li>"
            for each in report.failures_of(claim)]
    return ('<div class="missing">Failed runs, which gave no figures:'
            f'<ul>{"".join(rows)}</ul></div>\n') if rows else ""


def _section(report: Report, claim) -> str:
    verdict, control = report.decided[claim.ID]
    view = report.figures.of(claim.ID)
    panels = claim.panels(view, claim.tables(view))
    texts = (("Measured", claim.MEASURED), ("Rule", claim.RULE), ("Control", claim.CONTROL),
             ("What this does not show", claim.NOT_SHOWN))
    told = "".join(f"<dt>{name}</dt><dd>{inline(text)}</dd>\n" for name, text in texts)
    return (f'<section id="{claim.ID}" aria-labelledby="{claim.ID}-h">\n'
            f'<h2 id="{claim.ID}-h">{claim.ID}: {inline(claim.CLAIM)}</h2>\n'
            f'<p class="lead">Section of the paper: {escaped(claim.SECTION)}.</p>\n'
            f"{_figure(claim, panels, verdict if report.has_verdicts else None, control)}"
            f"{_failures(report, claim)}"
            f"<details><summary>How it was measured, and by which rule</summary>\n<dl>{told}</dl></details>\n"
            f"<details><summary>All figures as tables</summary>\n{''.join(map(html_text.table, report.tables_of(claim)))}"
            "</details>\n</section>\n")


def _overview(report: Report) -> str:
    if not report.has_verdicts:
        return ""
    rows = []
    for claim in report.claims:
        verdict, _ = report.decided[claim.ID]
        rows.append(f'<tr><th scope="row"><a href="#{claim.ID}">{claim.ID}</a> {inline(claim.CLAIM)}</th>'
                    f'<td><span class="narrow">Section of the paper: </span>{escaped(claim.SECTION)}</td>'
                    f"<td>{_word(verdict)}{_because(verdict)}</td></tr>\n")
    return ('<section aria-labelledby="verdicts-h">\n<h2 id="verdicts-h">The verdicts</h2>\n'
            '<table class="verdicts"><thead><tr><th scope="col">claim</th>'
            '<th scope="col">section of the paper</th><th scope="col">verdict</th></tr></thead>\n'
            f"<tbody>\n{''.join(rows)}</tbody></table>\n</section>\n")


def _legend() -> str:
    said = "".join(f"<p>{inline(each)}</p>\n" for each in _CHARTS)
    return f'<section id="charts"><h2>How to read the charts</h2>\n{said}</section>\n'


def _opening(report: Report) -> str:
    notices = "".join(f'<p class="notice">{inline(each)}</p>\n' for each in sentences.notices(report))
    said = "".join(f"<p>{inline(each)}</p>\n" for each in sentences.bottom_line(report))
    return f'{notices}<div class="bottom-line">\n{said}</div>\n'


def _background(report: Report) -> str:
    reading = "".join(f"<p>{inline(each)}</p>\n" for each in sentences.READING)
    about = "".join(f"<dt>{escaped(name)}</dt><dd>{inline(words)}</dd>\n"
                    for name, words in engines.ABOUT.items())
    missing = "".join(f'<p class="missing">{inline(each)}</p>\n' for each in sentences.missing(report))
    flagged = "".join(f"<dt>{escaped(name)}</dt><dd>{inline(words)}</dd>\n"
                      for name, words in sentences.flag_rows())
    ran = "".join(f"<dt>{escaped(name)}</dt><dd>{escaped(value)}</dd>\n"
                  for name, value in sentences.run_rows(report))
    limits = "".join(f"<p>{inline(each)}</p>\n" for each in sentences.run_limits(report))
    return (f'<section id="reading"><h2>How to read this page</h2>\n{reading}</section>\n'
            f'<section id="engines"><h2>The engines</h2>\n<dl>{about}</dl>\n{missing}'
            f'<h3>Flags, and why they are these</h3>\n<dl>{flagged}</dl></section>\n'
            f'<section id="run"><h2>How it was run</h2>\n<dl>{ran}</dl>\n{limits}</section>\n')


def _head() -> List[str]:
    sheet = style.text()
    return ['<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{style.policy(sheet)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n',
            f"<title>{escaped(sentences.TITLE)}</title>\n<style>{sheet}</style>\n</head>\n"]


def text_of(report: Report) -> str:
    links = "".join(f'<a href="#{claim.ID}">{claim.ID}</a>\n' for claim in report.claims)
    return "".join([
        *_head(), '<body>\n<a class="skip" href="#main">Skip to the findings</a>\n',
        f"<header><h1>{escaped(sentences.TITLE)}</h1>\n<nav aria-label=\"Claims\">{links}"
        '<a href="#reading">how to read</a></nav></header>\n<main id="main">\n',
        _opening(report), _overview(report), _legend(), *(_section(report, claim) for claim in report.claims),
        _background(report), "</main>\n</body>\n</html>\n"])
