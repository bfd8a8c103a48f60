"""Draws one panel of a chart as SVG: bars from zero, the range of the runs, and the rule's bounds."""

from __future__ import annotations

import math
from typing import List

from chart import Bar, Bound, Panel
from html_text import data, escaped, plain
from table import short

# In the units of the picture, which the page scales to its column.
WIDTH = 300
LEFT, RIGHT = 3, 297
ROW, LANE, AXIS = 35, 14, 20
BAR_TOP, BAR_HEIGHT = 17, 10
# The share of the width that the largest value takes.
FILL = 0.97


def _x(value: float, most: float) -> float:
    return LEFT + (RIGHT - LEFT) * FILL * max(value, 0) / most


def _most(panel: Panel) -> float:
    values = [each.figure.highest / each.figure.unit for each in panel.bars]
    values += [each.value for each in panel.bounds]
    values += [each.limit for each in panel.bars if each.limit is not None]
    return max(values, default=0) or 1.0


def ticks(most: float) -> List[float]:
    """Returns round values from zero to at most `most`: two to four of them."""
    step = 10 ** math.floor(math.log10(most))
    while most / step < 2:
        step /= 2 if f"{step:e}"[0] in "12" else 2.5
    while most / step >= 4:
        step *= 2
    return [number * step for number in range(int(most / step) + 1)]


def _text(x: float, y: float, kind: str, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escaped(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def bar_name(bar: Bar) -> str:
    return bar.name + (" (control)" if bar.is_control else "")


def in_words(bar: Bar) -> str:
    figure = bar.figure
    low, high = short(figure.lowest / figure.unit), short(figure.highest / figure.unit)
    beside = f", from {low} to {high}" if figure.lowest != figure.highest else ""
    limit = f", its limit {short(bar.limit)}" if bar.limit is not None else ""
    return f"{bar_name(bar)} {short(bar.value)}{beside}{limit}"


def _description(panel: Panel) -> str:
    lines = [f"{each.name} {short(each.value)}: {each.meaning}" for each in panel.bounds]
    return "; ".join([*map(in_words, panel.bars), *lines]) + "."


def _range(bar: Bar, most: float, middle: float) -> str:
    low, high = (_x(value / bar.figure.unit, most) for value in (bar.figure.lowest, bar.figure.highest))
    parts = [(low, middle, high, middle), (low, middle - 4, low, middle + 4),
             (high, middle - 4, high, middle + 4)]
    if bar.figure.lowest == bar.figure.highest:
        return ""
    return "".join(_line(*each, kind) for kind in ("halo", "range") for each in parts)


def _bar(bar: Bar, most: float, top: float, hatch: str) -> str:
    end, middle = _x(bar.value, most), top + BAR_TOP + BAR_HEIGHT / 2
    fill = f' fill="url(#{hatch})"' if bar.is_control else ""
    kind = "control" if bar.is_control else "bar"
    limit = ""
    if bar.limit is not None:
        at = _x(bar.limit, most)
        limit = _line(at, middle - 9, at, middle + 9, "own-limit")
    return (f'<g {data(bar.figure)}><title>{escaped(in_words(bar))}</title>'
            f'<rect x="{LEFT}" y="{top + BAR_TOP:.1f}" width="{end - LEFT:.2f}" height="{BAR_HEIGHT}" '
            f'class="{kind}"{fill}/>{_range(bar, most, middle)}{limit}</g>\n')


def _label(bar: Bar, top: float) -> str:
    return (_text(LEFT, top + 12, "label", bar_name(bar))
            + _text(RIGHT, top + 12, "label value", bar.figure.text, "end") + "\n")


def bound_kind(bound: Bound) -> str:
    return "of-rule" if bound.is_of_rule else "mark"


def _bound(bound: Bound, most: float, lane: int, bottom: float) -> str:
    at, top = _x(bound.value, most), lane * LANE
    is_left = at > WIDTH * 0.55
    return (_line(at, top + 2, at, bottom, f"bound {bound_kind(bound)}")
            + _text(at - 4 if is_left else at + 4, top + 11, "bound-name",
                    f"{bound.name} {short(bound.value)}", "end" if is_left else "start") + "\n")


def _axis(most: float, top: float, bottom: float) -> str:
    parts = []
    for value in ticks(most):
        at = _x(value, most)
        anchor = "start" if value == 0 else "end" if at > WIDTH - 20 else "middle"
        parts.append(_line(at, top, at, bottom, "grid" if value else "axis")
                     + _text(at, bottom + 13, "tick", short(value), anchor))
    return "".join(parts) + "\n"


def _hatch(name: str) -> str:
    return (f'<defs><pattern id="{name}" width="5" height="5" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="5" height="5" class="hatch-back"/>'
            '<rect width="2.5" height="5" class="hatch"/></pattern></defs>\n')


def draw(panel: Panel, name: str) -> str:
    """Returns the picture; `name` begins its ids, which must be unique in the page."""
    most, lanes = _most(panel), len(panel.bounds)
    top = lanes * LANE
    bottom = top + ROW * len(panel.bars)
    parts = [f'<svg viewBox="0 0 {WIDTH} {bottom + AXIS}" role="img" aria-labelledby="{name}-t {name}-d">\n'
             f'<title id="{name}-t">{plain(panel.title)}</title>\n'
             f'<desc id="{name}-d">{escaped(_description(panel))}</desc>\n']
    if any(each.is_control for each in panel.bars):
        parts.append(_hatch(f"{name}-h"))
    parts.append(_axis(most, top, bottom))
    parts += [_bar(each, most, top + number * ROW, f"{name}-h") for number, each in enumerate(panel.bars)]
    parts += [_bound(each, most, lane, bottom) for lane, each in enumerate(panel.bounds)]
    # Last, so that no line crosses a text.
    parts += [_label(each, top + number * ROW) for number, each in enumerate(panel.bars)]
    return "".join(parts) + "</svg>\n"
