"""Writes results/paper-claims.csv: one row per claim, engine and metric."""

from __future__ import annotations

import csv
import decimal
import io
import pathlib

from figures import Figures

HEADER = ("claim", "engine", "metric", "value", "spread", "runs")


def number(value: float) -> str:
    """Formats whole numbers without a point, others with six significant digits; never an exponent."""
    if value == int(value):
        return str(int(value))
    return f"{decimal.Decimal(f'{value:.6g}'):f}"


def text_of(figures: Figures) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for row in figures.rows():
        writer.writerow([row.claim, row.engine, row.metric, number(row.value),
                         number(row.spread), row.runs])
    return out.getvalue()


def write(figures: Figures, path: pathlib.Path) -> None:
    path.write_text(text_of(figures), encoding="utf-8", newline="")
