"""The page of what was measured again, and its file of figures."""

from __future__ import annotations

import csv
import io
import statistics
from typing import Dict, List, NamedTuple, Sequence, Tuple

import csv_file
from again.measure import OTHER_S, Found, Rates
from table import Line, Table, listed, markdown, short
from trust import RISING_MARK, UNSTEADY_MARK, mark_of, mostly

TITLE = "The rates of the paper's comparisons, measured again"
HEADER = ("work", "engine", "metric", "value", "runs")
# How much twice the work may change a rate, and the other generator a ratio of two engines.
TWICE_MOST = 0.10
OTHER_MOST = 0.20
# Two rates that differ by no more are as good as equal: either may come first.
EQUAL_MOST = 0.05


class Again(NamedTuple):
    """Medians over the rounds."""

    rate: float
    # The rate with twice the work, divided by the rate.
    twice: float
    # The rate of the other generator, divided by that with twice the work, which was measured just before.
    other: float
    is_steady: bool
    is_rising: bool
    runs: int

    @property
    def mark(self) -> str:
        return mark_of(self.is_steady, self.is_rising)


class Report(NamedTuple):
    found: Found
    machine: Sequence[Tuple[str, str]]
    date: str


def again_of(runs: Sequence[Rates]) -> Again:
    return Again(statistics.median(each.page for each in runs),
                 statistics.median(each.twice / each.page for each in runs),
                 statistics.median(each.other / each.twice for each in runs),
                 mostly([each.is_steady for each in runs]), mostly([each.is_rising for each in runs]), len(runs))


def medians(runs_of: Dict[str, List[Rates]]) -> Dict[str, Again]:
    return {name: again_of(runs) for name, runs in runs_of.items() if runs}


def changed_by_twice(each: Again) -> float:
    """Returns by which share twice the work changes a rate."""
    return abs(each.twice - 1)


def order(rates: Dict[str, float]) -> List[str]:
    """Returns the engines, the fastest first."""
    return sorted(rates, key=lambda name: -rates[name])


def changes_of_order(ours: Dict[str, float], theirs: Dict[str, float]) -> List[Tuple[str, str, float]]:
    """Returns each pair that `theirs` has the other way round, the faster of `ours` first, and by which share the
    closer of its two ratios is not 1."""
    names = order(ours)
    pairs = [(one, other) for number, one in enumerate(names) for other in names[number + 1:]]
    return [(one, other, min(ours[one] / ours[other], theirs[other] / theirs[one]) - 1)
            for one, other in pairs if theirs[other] > theirs[one]]


def differences_of_ratios(found: Dict[str, Again]) -> List[Tuple[str, str, float]]:
    """Returns each pair of engines, and by which share its ratio differs with the other generator."""
    names = list(found)
    pairs = [(one, other) for number, one in enumerate(names) for other in names[number + 1:]]
    ratios = [(one, other, found[one].other / found[other].other) for one, other in pairs]
    return [(one, other, max(ratio, 1 / ratio) - 1) for one, other, ratio in ratios]


def table_of(title: str, found: Dict[str, Again]) -> Table:
    rows = [Line(name, [short(each.rate) + each.mark, f"{each.twice:.2f}", f"{each.other:.2f}"])
            for name, each in found.items()]
    return Table(title, ["engine", "updates answered per second", "with twice the work", "by the other generator"],
                 rows)


def _about_twice(steady: Dict[str, Again]) -> List[str]:
    if not steady:
        return []
    most = max(steady, key=lambda name: changed_by_twice(steady[name]))
    beyond = [f"`{name}`" for name in steady if changed_by_twice(steady[name]) > TWICE_MOST]
    if beyond:
        return [f"Twice the work changes the steady rate of {listed(beyond)} by more than {TWICE_MOST:.0%}."]
    return [f"Twice the work changes no steady rate by more than {changed_by_twice(steady[most]):.0%} (`{most}`)."]


def _about_order(ours: Dict[str, float], theirs: Dict[str, float]) -> str:
    names = listed([f"`{name}`" for name in order(ours)])
    changes = changes_of_order(ours, theirs)
    if any(share > EQUAL_MOST for _, _, share in changes):
        others = listed([f"`{name}`" for name in order(theirs)])
        return f"The other generator finds another order: {others} in place of {names}."
    as_good = [f"`{one}` and `{other}` change places, but differ by at most {EQUAL_MOST:.0%} for one of the generators"
               for one, other, _ in changes]
    return "; ".join([f"The other generator finds the same order: {names}", *as_good]) + "."


def _about_ratios(found: Dict[str, Again]) -> List[str]:
    """The rates that became steady come first: a rate that did not has no one value to compare."""
    steady = {name: each for name, each in found.items() if not each.mark}
    lines: List[str] = []
    for which, compared in (("two engines", steady), ("two engines, if one was not steady,", found)):
        differences = differences_of_ratios(compared)
        if not differences or (lines and len(compared) == len(steady)):
            continue
        one, other, share = max(differences, key=lambda each: each[2])
        lines.append(f"The ratio of {which} differs by at most {share:.0%} (`{one}` to `{other}`)"
                     + (f", which is more than {OTHER_MOST:.0%}." if share > OTHER_MOST else "."))
    return lines


def sentences(found: Dict[str, Again]) -> List[str]:
    """Says in words what the table of one work shows."""
    if not found:
        return []
    lines = _about_twice({name: each for name, each in found.items() if not each.mark})
    lines += [f"The rate of `{name}` still rose when its time was over, so verdicts take it for a lower bound."
              if each.is_rising else f"The rate of `{name}` never became steady, so no verdict rests on it."
              for name, each in found.items() if each.mark]
    lines.append(_about_order({name: each.rate * each.twice for name, each in found.items()},
                              {name: each.rate * each.twice * each.other for name, each in found.items()}))
    lines += _about_ratios(found)
    return lines


def text_of(report: Report) -> str:
    lines = [
        f"# {TITLE}", "",
        "If the rates of [paper-claims.md](paper-claims.md) are right, then they do not depend on how long the "
        "servers worked, and not on the program that loads them. Here each server is started, loaded until it is "
        "steady as for that page, and then measured again: while it works on for as long as it had worked until "
        f"then (*twice the work*), and for {OTHER_S:g} s by another load generator, which shares no code with the "
        "first and takes the time in its own way. Both columns are ratios to the measurement just before: 1.00 is the "
        f"same rate. The figures are medians over the rounds; {UNSTEADY_MARK} marks a rate that never became steady, "
        f"{RISING_MARK} one that still rose when its time was over. `make paper-again` measures this page again.", ""]
    for title, runs_of in report.found.items():
        found = medians(runs_of)
        rounds = max((each.runs for each in found.values()), default=0)
        lines += [f"## {title}", "", f"{rounds} {'round' if rounds == 1 else 'rounds'}.", "",
                  markdown(table_of("", found)), "", *[f"- {each}" for each in sentences(found)], ""]
    lines += ["## How it was run", "", "| | |", "| --- | --- |", f"| date | {report.date} |"]
    lines += [f"| {name} | {value} |" for name, value in report.machine]
    return "\n".join(lines) + "\n"


def figures_of(report: Report) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for title, runs_of in report.found.items():
        for name, each in medians(runs_of).items():
            for metric, value in (("updates_per_s", each.rate), ("twice_the_work", each.twice),
                                  ("other_generator", each.other), ("is_steady", each.is_steady),
                                  ("is_rising", each.is_rising)):
                writer.writerow([title, name, metric, csv_file.number(value), each.runs])
    return out.getvalue()
