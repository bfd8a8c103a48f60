"""Tables of figures, which the Markdown page, the HTML page and its charts share."""

from __future__ import annotations

from typing import Callable, List, NamedTuple, Optional, Sequence, Union

from figures import View

UNKNOWN = "–"


class Column(NamedTuple):
    header: str
    metric: str
    # The figure is divided by this to get the header's unit.
    unit: float = 1


class Figure(NamedTuple):
    """A metric of an engine over its runs, as paper-claims.csv has it; `unit` divides it for the reader."""

    engine: str
    metric: str
    # Not yet divided: the median, and the least and the greatest of the runs.
    value: float
    lowest: float
    highest: float
    unit: float = 1
    # Stands behind the number if the figure needs a remark.
    mark: str = ""
    # What a full run had, not yet divided; shown if it is known.
    published: Optional[float] = None

    @property
    def text(self) -> str:
        spread = self.highest - self.lowest
        beside = f" ({short(spread / self.unit)})" if spread else ""
        if self.published is not None:
            beside += f" [published: {short(self.published / self.unit)}]"
        return short(self.value / self.unit) + self.mark + beside


# A figure, or a text such as UNKNOWN.
Entry = Union[Figure, str]


class Line(NamedTuple):
    name: str
    entries: Sequence[Entry]


class Table(NamedTuple):
    title: str
    # The first header stands above the names of the rows.
    headers: Sequence[str]
    rows: Sequence[Line]


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


def cell(view: View, engine: str, column: Column, mark: str = "") -> Entry:
    values = view.values(engine, column.metric)
    if not values:
        return UNKNOWN
    return Figure(engine, column.metric, view.need(engine, column.metric), min(values), max(values),
                  column.unit, mark)


def text_of(each: Entry) -> str:
    return each if isinstance(each, str) else each.text


def by_engine(view: View, title: str, names: Sequence[str], columns: Sequence[Column],
              mark: Optional[Callable[[str, str], str]] = None) -> Table:
    """Makes one row per engine; leaves out engines without any figure."""
    rows: List[Line] = []
    for name in names:
        entries = [cell(view, name, each, mark(name, each.metric) if mark else "")
                   for each in columns]
        if any(each != UNKNOWN for each in entries):
            rows.append(Line(name, entries))
    return Table(title, ["engine", *(each.header for each in columns)], rows)


def _in_markdown(text: str) -> str:
    return text.replace("*", "\\*")


def markdown(table: Table) -> str:
    lines = [f"{table.title}:", ""] if table.title else []
    if not table.rows:
        return "\n".join([*lines, "*no figures*"])
    lines += ["| " + " | ".join(table.headers) + " |",
              "| " + " | ".join(["---"] + ["---:"] * (len(table.headers) - 1)) + " |"]
    lines += ["| " + " | ".join([row.name, *(_in_markdown(text_of(each)) for each in row.entries)]) + " |"
              for row in table.rows]
    return "\n".join(lines)
