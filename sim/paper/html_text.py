"""Escapes text for HTML, and turns the marks of sentences and the tables into HTML."""

from __future__ import annotations

import html
import re
from typing import Dict

import csv_file
from table import UNKNOWN, Entry, Figure, Table

_LINK = re.compile(r"\[([^\]]+)\]\(#([\w-]+)\)")
_FILE = re.compile(r"\[([^\]]+)\]\(([\w-]+\.md)\)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS = re.compile(r"(?<![\w*\\])\*([^*\s](?:[^*]*[^*\s])?)\*(?![\w*])")


def escaped(text: str) -> str:
    return html.escape(text, quote=True)


def _marked(text: str) -> str:
    text = _LINK.sub(r'<a href="#\2">\1</a>', escaped(text))
    # The page may be far from the other files of the project, so it names them and has no links to them.
    text = _FILE.sub(r"\1 (<code>\2</code>)", text)
    text = _EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", text))
    return text.replace("\\*", "*")


def inline(text: str) -> str:
    """Turns `code`, *emphasis*, **strong** and [text](#claim) into elements, and escapes the rest."""
    parts = text.split("`")
    return "".join(f"<code>{escaped(part)}</code>" if number % 2 and number < len(parts) - 1
                   else _marked("`" * (number % 2) + part) for number, part in enumerate(parts))


def plain(text: str) -> str:
    """Returns the text without the marks of code, for titles of pictures."""
    return escaped(text.replace("`", ""))


def data(figure: Figure) -> str:
    """Returns attributes that say which row of the CSV file a figure is, and its numbers there."""
    wanted: Dict[str, str] = {
        "engine": figure.engine, "metric": figure.metric, "value": csv_file.number(figure.value),
        "spread": csv_file.number(figure.highest - figure.lowest), "unit": csv_file.number(figure.unit)}
    return " ".join(f'data-{name}="{escaped(value)}"' for name, value in wanted.items())


def _entry(entry: Entry) -> str:
    if isinstance(entry, Figure):
        return f'<td class="n" {data(entry)}>{escaped(entry.text)}</td>'
    if entry == UNKNOWN:
        return ('<td class="n unknown"><span aria-hidden="true">–</span>'
                '<span class="spoken">not measured</span></td>')
    return f'<td class="n">{escaped(entry)}</td>'


def table(made: Table) -> str:
    if not made.rows:
        return f'<p class="missing">{inline(made.title)}: no figures.</p>\n'
    caption = f"<caption>{inline(made.title)}</caption>"
    head = f'<th scope="col">{inline(made.headers[0])}</th>'
    head += "".join(f'<th scope="col" class="n">{inline(each)}</th>' for each in made.headers[1:])
    rows = "".join(f'<tr><th scope="row">{inline(row.name)}</th>{"".join(map(_entry, row.entries))}</tr>\n'
                   for row in made.rows)
    return (f'<div class="scroll" tabindex="0" role="group" aria-label="{plain(made.title)}">\n'
            f"<table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n")
