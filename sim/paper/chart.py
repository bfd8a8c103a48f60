"""Charts of the claims: panels of bars, which show figures of the claims' tables."""

from __future__ import annotations

from typing import Callable, Dict, List, NamedTuple, Optional, Sequence

from figures import View
from table import Figure, Table

# Returns the limit of one bar in the unit of its panel, or None if it has none of its own.
LimitOf = Callable[[Figure], Optional[float]]


class Bound(NamedTuple):
    """A value to compare the bars of a panel with: a line across them."""

    # In the unit of the panel.
    value: float
    # One word, which stands at the line.
    name: str
    # What the value is, as part of a sentence.
    meaning: str
    # Whether the claim's rule has it; otherwise it only helps the reader.
    is_of_rule: bool = True


class Bar(NamedTuple):
    name: str
    figure: Figure
    # Whether the claim's control asks about this figure.
    is_control: bool = False
    # A limit of this bar alone, in the unit of the panel.
    limit: Optional[float] = None

    @property
    def value(self) -> float:
        return self.figure.value / self.figure.unit


class Panel(NamedTuple):
    """Bars with a common scale, which begins at zero."""

    title: str
    bars: Sequence[Bar]
    bounds: Sequence[Bound] = ()
    # What the limits of single bars are; empty if they have none.
    limit_meaning: str = ""


def bounds(*wanted: Optional[Bound]) -> List[Bound]:
    """Returns those that are known."""
    return [each for each in wanted if each is not None]


def bound(value: Optional[float], name: str, meaning: str) -> Optional[Bound]:
    return None if value is None else Bound(value, name, meaning)


def scaled(view: View, engine: str, metric: str, times: float = 1, plus: float = 0,
           unit: float = 1) -> Optional[float]:
    """Returns times * median + plus in the unit of a panel; None if there is no median."""
    value = view.median(engine, metric)
    return None if value is None else (times * value + plus) / unit


def extreme(view: View, names: Sequence[str], metric: str, choose: Callable[..., float],
            times: float = 1) -> Optional[float]:
    """Returns `times` the least or the greatest median; None if one of them is missing."""
    values = [view.median(name, metric) for name in names]
    return None if None in values else times * choose(values)


def titled(tables: Sequence[Table], title: str) -> Table:
    for each in tables:
        if each.title == title:
            return each
    raise KeyError(f"no table has the title {title}")


def _figures_of_column(table: Table, header: str) -> Dict[str, Figure]:
    place = list(table.headers).index(header) - 1
    return {row.name: row.entries[place] for row in table.rows
            if isinstance(row.entries[place], Figure)}


def _figures_of_row(table: Table, name: str) -> Dict[str, Figure]:
    return {header: entry for row in table.rows if row.name == name
            for header, entry in zip(table.headers[1:], row.entries) if isinstance(entry, Figure)}


def bars(figures: Dict[str, Figure], controls: Sequence[str] = (),
         limit_of: LimitOf = lambda figure: None) -> List[Bar]:
    return [Bar(name, figure, name in controls, limit_of(figure)) for name, figure in figures.items()]


def of_column(table: Table, header: str, lines: Sequence[Bound] = (), controls: Sequence[str] = (),
              title: str = "", limit_of: LimitOf = lambda figure: None,
              limit_meaning: str = "") -> Panel:
    """Makes a panel of one column: a bar per row that has a figure."""
    return Panel(title or f"{table.title}: {header}",
                 bars(_figures_of_column(table, header), controls, limit_of), lines, limit_meaning)


def of_row(table: Table, name: str, lines: Sequence[Bound] = (), controls: Sequence[str] = ()) -> Panel:
    """Makes a panel of one row: a bar per column that has a figure."""
    return Panel(f"{table.title}: {name}", bars(_figures_of_row(table, name), controls), lines)
