"""brevity: how much code each engine needs for the same server."""

from __future__ import annotations

from typing import List, Sequence

import code_lines
from cell import Cell
from chart import Panel, bound, bounds, extreme, of_column
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


CLAIM = "Python needs fewer lines than the other languages for the same server."
TOPIC = "short code in Python"
MEASURED = (
    "Lines of code, without comments and blank lines, as cloc counts them. Each engine is one "
    "event-driven server that speaks the whole protocol: lines, records, flooding, links and "
    "their handshake, Places, command line, logging. One conformance suite checks that all four "
    "give the same answers (tests/engines). Files for anything beyond that are not counted. "
    "Counted files: " + "; ".join(f"{name}: {_patterns(name)}" for name in NAMES) + ".")
RULE = (f"The claim holds if Twisted has at most {CLEARLY:g} times the lines of the shortest other "
        "engine. It does not hold if another engine has fewer lines. Between the two it holds "
        f"only when a difference of less than {1 - CLEARLY:.0%} counts.")
CONTROL = "The same question about the native server: is it the shortest?"
NOT_SHOWN = (
    "How hard the lines were to write or are to read, and how much code comes from libraries: "
    "Twisted and Node.js include HTTP and JSON, the JDK includes HTTP but no JSON, and C++ "
    "includes neither HTTP, JSON nor sockets. One author wrote each engine; another author would "
    "need another number of lines. The native server also hosts many servers in one process and "
    "reports each of its decisions; that code is in the same files and is counted.")


def _measure(engine: str) -> List[Sample]:
    counted = code_lines.count(code_lines.files_of(engine))
    return [Sample(ID, engine, "code_lines", counted["code"]),
            Sample(ID, engine, "comment_lines", counted["comment"]),
            Sample(ID, engine, "files", counted["files"])]


def cells(context: Context) -> List[Cell]:
    del context  # Counting needs no runtime, so an engine that cannot run here is counted too.
    return [Cell(ID, name, "", 0.5, lambda _, name=name: _measure(name), rounds=1)
            for name in NAMES]


def _shortest_of_others(view: View, engine: str) -> "tuple[float, str]":
    return min((view.need(name, "code_lines"), name) for name in NAMES if name != engine)


def judge(view: View) -> Verdict:
    own = view.need("twisted", "code_lines")
    other, name = _shortest_of_others(view, "twisted")
    told = f"Twisted has {own:,.0f} lines, {name} has {other:,.0f}"
    if own <= CLEARLY * other:
        return Verdict(HOLDS, f"{told} (ratio {own / other:.2f}).")
    if own > other:
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    return Verdict(HOLDS_ONLY_WHEN, f"small differences count: {told}.")


def control(view: View) -> Control:
    own = view.need("native", "code_lines")
    other, name = _shortest_of_others(view, "native")
    return Control(CONTROL, own > CLEARLY * other, f"native has {own:,.0f} lines, {name} has {other:,.0f}")


def tables(view: View) -> List[Table]:
    return [by_engine(view, "Lines in each engine", NAMES, [
        Column("lines of code", "code_lines"), Column("lines of comment", "comment_lines"),
        Column("files", "files")])]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    limit = extreme(view, [name for name in NAMES if name != "twisted"], "code_lines", min, CLEARLY)
    return [of_column(found[0], "lines of code", bounds(bound(
        limit, "limit", f"{CLEARLY:g} times the lines of the shortest engine beside Twisted")),
        ("native",))]
