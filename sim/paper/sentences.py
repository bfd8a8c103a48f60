"""Sentences about a run, which the Markdown page and the HTML page share.

`code`, *emphasis*, **strong** and [text](#claim) are marked as in Markdown.
"""

from __future__ import annotations

from typing import List, Sequence, Tuple

import budget
import flags
import steady
import throughput
import trust
from report import Report
from table import listed, short
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, Control

TITLE = "The paper's claims, measured"
QUICK = ("This is a quick run: everything once, in short. It shows that everything works. Its figures "
         "decide nothing, so this page has no verdicts. Do not quote it. The published figure of "
         "`results/paper-claims.csv` stands beside each figure in brackets: it is from a full run, "
         "perhaps on another machine.")
PART = ("This is a partial run: some claims only, or fewer rounds. Claims that did not run are "
        "undecided. Intervals over fewer than five rounds are too narrow.")
READING = (
    "The paper compares Twisted with Java and Node.js for a herd of servers that inform each other "
    "about the locations of their clients. Each section takes one claim of the paper, in our words, "
    "and measures it. The section states the rule that turns figures into a verdict, and a control. "
    "The control asks the same question about something for which the answer must be no; if the "
    "answer is yes, the measurement proves nothing. The rules were written before the runs, and "
    "program code applies them (`sim/paper`).",
    "Each figure is the median over the rounds. The number in parentheses is the largest value minus "
    "the smallest one, if they differ. In each round every engine runs once before the next round "
    "begins. `paper-claims.csv` has all figures. p99 is the 99th percentile.",
    "Figures of a program with a compiler at run time depend on when they are taken. So each rate and "
    "each wait is taken twice: *cold*, in the first second, and steady, after the warm-up; the column of "
    "a steady figure has no word of its own, and the verdicts use only these. "
    + steady.in_words(budget.RING_WORK["full"]) + " (These are the numbers for a ring of five; "
    "`sim/paper/budget.py` has the others.) Waits are steady if the medians of the two halves differ by at "
    f"most {budget.WAIT_TOLERANCE['full']:.0%} or {budget.WAIT_SLACK_US:g} µs. Over five rounds a figure has "
    "at least 10 s of steady work. A figure "
    f"marked {trust.UNSTEADY_MARK} never became steady in most of its rounds; a rate marked "
    f"{trust.RISING_MARK} did not either, because it still rose when its time was over: the steady rate is "
    "at least as large. Figures that no rule asks about "
    f"have fewer rounds: bare relays {budget.BARE_ROUNDS}, other flags {budget.ALTERNATIVE_ROUNDS}, what the "
    f"load generator can do {budget.CEILING_ROUNDS}; so have controls, {budget.CONTROL_ROUNDS}, whose intervals "
    "are narrow for that reason. [The rates measured again](paper-again.md) have twice the "
    "work, and another load generator.",
    "`load-ceiling` is what the load generator gets from a bare relay that only answers, with the same "
    f"connections and lines in flight. A rate of {trust.BOUNDED_FROM:.0%} of that or more, or one at "
    f"which the generator kept its core busy for {trust.BUSY_FROM:.0%} of the time or more, is marked "
    f"\\{trust.BOUNDED_MARK}: the generator may limit it, and not the engine. No verdict rests on a "
    f"figure with one of these marks, except that a rate marked {trust.RISING_MARK} counts as at least so much, "
    f"and that a wait marked {trust.UNSTEADY_MARK} counts with both halves of its runs: the interval of its "
    "effect covers the effect in each half.",
    "Effects in verdicts have their interval over the rounds in brackets: 1.25 [1.20 to 1.31]. An effect "
    "is computed in each round and estimated by the method of Hodges and Lehmann; the confidence of the "
    "interval is 94% for five rounds, and at least 95% for more. If an interval crosses a bound of the "
    "rule so that the verdict depends on it, the claim is undecided.")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _about(claims: Sequence[object]) -> str:
    return listed([f"[{claim.TOPIC}](#{claim.ID})" for claim in claims])


def counts(report: Report) -> str:
    words = {HOLDS: ("holds", "hold"),
             HOLDS_ONLY_WHEN: ("holds only under a condition", "hold only under a condition"),
             DOES_NOT_HOLD: ("does not hold", "do not hold"),
             UNDECIDED: ("is undecided", "are undecided")}
    parts = [_counted(len(report.claims_with(word)), *forms) for word, forms in words.items()
             if word != UNDECIDED or report.claims_with(word)]
    return f"Of the paper's {len(report.claims)} claims, {listed(parts)}."


def topics(report: Report) -> str:
    words = {DOES_NOT_HOLD: "is wrong about", HOLDS_ONLY_WHEN: "is right only under a condition about"}
    parts = [f"{said} {_about(report.claims_with(word))}" for word, said in words.items()
             if report.claims_with(word)]
    return f"It {'; it '.join(parts)}." if parts else "No decided claim is wrong or needs a condition."


def trust(report: Report) -> str:
    failed = [name for name, (_, control) in report.decided.items() if control.failed]
    if len(failed) == len(report.claims) and not report.failures:
        return (f"All {len(failed)} controls failed, as they must, and every run gave its figures, "
                "so the measurements can tell yes from no.")
    return (f"{len(failed)} of {len(report.claims)} controls failed, as all must, and "
            f"{_counted(len(report.failures), 'run', 'runs')} gave no figures, so read this page "
            "with care.")


def bottom_line(report: Report) -> List[str]:
    """Returns sentences that follow from the verdicts, if there are any, the controls and the failures."""
    return [*([counts(report), topics(report)] if report.has_verdicts else []), trust(report)]


def notices(report: Report) -> List[str]:
    return [*([QUICK] if report.quick else []), *([PART] if report.is_part else [])]


def outcome(control: Control) -> str:
    """Returns the answer to the control's question, with its figures."""
    answer = {True: "No, as required", False: "**Yes: the measurement proves nothing**",
              None: "**No answer**"}[control.failed]
    return f"{answer}: {control.figures}."


def missing(report: Report) -> List[str]:
    return [f"**{family} did not run: {why}.** Claims that need it are undecided."
            for family, why in report.missing.items()]


def flag_rows() -> List[Tuple[str, str]]:
    """Returns for each runtime its flags, and why they are these."""
    return list(flags.REASONS)


def run_rows(report: Report) -> List[Tuple[str, str]]:
    """Returns the machine and the run as names and values, which are plain text."""
    seeds = "1" if report.rounds == 1 else f"1 to {report.rounds}, one per round"
    spent = ", ".join(f"{name} {seconds:.0f}" for name, seconds in report.spent_s.items())
    return [*report.machine, ("date", report.date),
            ("duration", f"{report.took_s / 60:.1f} min ({report.planned_s / 60:.1f} planned)"),
            *([("seconds by claim", spent)] if spent else []),
            ("rounds", f"{report.rounds} of {report.planned_rounds}"), ("seeds", seeds)]


def run_limits(report: Report) -> List[str]:
    """Returns sentences on what the machine and the clients limit."""
    found = [f"Clients and servers share the {dict(report.machine).get('cores', '?')} cores of this "
             "machine and talk over 127.0.0.1."]
    if report.rounds < report.planned_rounds:
        found.append("The time was over before all rounds were done.")
    inside = throughput.inside_ceiling(report.figures)
    if inside is not None:
        found.append(
            f"herdsim's own clients get at most about {short(inside)} updates per second answered by one "
            "server. `native-loops` and `herd` have such clients under full load, because their servers "
            "run in herdsim's own process.")
    return found
