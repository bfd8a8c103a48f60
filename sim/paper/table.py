"""Markdown tables that show each median with its spread."""

from __future__ import annotations

from typing import Callable, List, NamedTuple, Optional, Sequence

from figures import View

UNKNOWN = "–"


class Column(NamedTuple):
    header: str
    metric: str
    # The figure is divided by this to get the header's unit.
    unit: float = 1


class Table(NamedTuple):
    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


def listed(parts: Sequence[str]) -> str:
    """Joins words as English does: `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + f" and {parts[-1]}"


def short(value: float) -> str:
    """Formats with three significant digits, but whole numbers below 100,000 in full."""
    if value == int(value) and abs(value) < 100_000:
        return f"{int(value):,}"
    rounded = float(f"{value:.3g}")
    if abs(rounded) >= 100:
        return f"{rounded:,.0f}"
    return f"{rounded:.3g}" if abs(rounded) >= 0.001 else f"{rounded:.6f}".rstrip("0")


def cell(view: View, engine: str, column: Column, mark: str = "") -> str:
    value = view.median(engine, column.metric)
    if value is None:
        return UNKNOWN
    text = short(value / column.unit) + mark
    spread = view.spread(engine, column.metric) or 0
    return f"{text} ({short(spread / column.unit)})" if spread else text


def by_engine(view: View, title: str, names: Sequence[str], columns: Sequence[Column],
              mark: Optional[Callable[[str, str], str]] = None) -> Table:
    """Makes one row per engine; leaves out engines without any figure."""
    rows: List[List[str]] = []
    for name in names:
        cells = [cell(view, name, each, mark(name, each.metric) if mark else "")
                 for each in columns]
        if any(each != UNKNOWN for each in cells):
            rows.append([name, *cells])
    return Table(title, ["engine", *(each.header for each in columns)], rows)


def markdown(table: Table) -> str:
    lines = [f"{table.title}:", ""] if table.title else []
    if not table.rows:
        return "\n".join([*lines, "*no figures*"])
    lines += ["| " + " | ".join(table.headers) + " |",
              "| " + " | ".join(["---"] + ["---:"] * (len(table.headers) - 1)) + " |"]
    lines += ["| " + " | ".join(row) + " |" for row in table.rows]
    return "\n".join(lines)
