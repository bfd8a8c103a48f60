"""brevity: how much code the same server takes."""

from __future__ import annotations

from typing import List

import code_lines
from cell import Cell
from context import Context
from figures import Sample, View
from table import Column, Table, by_engine
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "brevity"
SECTION = "2.1, 4.1, 6"
NAMES = ("twisted", "node", "java-selector", "native")
CLEARLY = 0.9


def _patterns(engine: str) -> str:
    wanted, extra = code_lines.SETS[engine]
    text = ", ".join(f"`{pattern}`" for pattern in wanted)
    return text + (" without " + ", ".join(f"`{each}`" for each in extra) if extra else "")


CLAIM = "Python says the same server in fewer lines than the others."
MEASURED = (
    "Lines of code, without comments and blank ones, as cloc counts them, of one event-driven "
    "server that speaks the whole protocol: lines, records, flooding, links and their proof, "
    "Places, command line, logging. One conformance suite holds all four to the same answers "
    "(tests/engines). What an engine has beyond that is left out. Counted: "
    + "; ".join(f"{name}: {_patterns(name)}" for name in NAMES) + ".")
RULE = (f"It holds where Twisted's lines are at most {CLEARLY:g} times those of the shortest of the "
        "others; it does not hold where another has fewer; between the two it holds only when a "
        f"difference of less than {1 - CLEARLY:.0%} counts.")
CONTROL = "The same of the native server: is it the shortest?"
NOT_SHOWN = (
    "How hard the lines were to write or are to read, and what was written by others: Twisted "
    "and Node.js bring HTTP and JSON, the JDK brings HTTP but no JSON, C++ brings neither, nor "
    "a socket. Each engine was written by one hand; another's would have another length. The "
    "native server also hosts many servers in one process and reports each of its decisions, "
    "which is not separable by files.")


def _measure(engine: str) -> List[Sample]:
    counted = code_lines.count(code_lines.files_of(engine))
    return [Sample(ID, engine, "code_lines", counted["code"]),
            Sample(ID, engine, "comment_lines", counted["comment"]),
            Sample(ID, engine, "files", counted["files"])]


def cells(context: Context) -> List[Cell]:
    del context  # Nothing is run: an engine is counted even where it could not be.
    return [Cell(ID, name, "", 0.5, lambda _, name=name: _measure(name), rounds=1)
            for name in NAMES]


def _shortest_of_others(view: View, engine: str) -> "tuple[float, str]":
    return min((view.need(name, "code_lines"), name) for name in NAMES if name != engine)


def judge(view: View) -> Verdict:
    own = view.need("twisted", "code_lines")
    other, name = _shortest_of_others(view, "twisted")
    told = f"Twisted {own:,.0f} lines, {name} {other:,.0f}"
    if own <= CLEARLY * other:
        return Verdict(HOLDS, f"{told}: {own / other:.2f} times.")
    if own > other:
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    return Verdict(HOLDS_ONLY_WHEN, f"small differences count: {told}.")


def control(view: View) -> Control:
    own = view.need("native", "code_lines")
    other, name = _shortest_of_others(view, "native")
    return Control(CONTROL, own > CLEARLY * other, f"native {own:,.0f} lines, {name} {other:,.0f}")


def tables(view: View) -> List[Table]:
    return [by_engine(view, "Lines", NAMES, [
        Column("lines of code", "code_lines"), Column("lines of comment", "comment_lines"),
        Column("files", "files")])]
