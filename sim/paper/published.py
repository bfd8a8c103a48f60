"""The published figures, results/paper-claims.csv, which a quick run shows beside its own."""

from __future__ import annotations

import csv
import pathlib
from typing import Dict, List, Mapping, Sequence

from figures import Key
from table import Entry, Figure, Line, Table


def read(path: pathlib.Path) -> Dict[Key, float]:
    """Returns the values by claim, engine and metric; none if the file does not exist."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["claim"], row["engine"], row["metric"]): float(row["value"])
                for row in csv.DictReader(file)}


def beside(tables: Sequence[Table], claim: str, published: Mapping[Key, float]) -> List[Table]:
    """Returns the tables with the published figure beside each figure that has one."""
    def entry(each: Entry) -> Entry:
        if not isinstance(each, Figure):
            return each
        return each._replace(published=published.get((claim, each.engine, each.metric)))

    return [table._replace(rows=[Line(row.name, [entry(each) for each in row.entries])
                                 for row in table.rows]) for table in tables]
