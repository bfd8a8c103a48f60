"""deferred: which clients wait while Places is slow."""

from __future__ import annotations

from typing import List, Optional, Sequence

import budget
import engines
from cell import Cell
from chart import Panel, of_column, scaled
from context import Context
from figures import Sample, View
from table import Column, Figure, Table, by_engine
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "deferred"
SECTION = "3.1, 3.2.3"
ASYNCHRONOUS = ("native", "twisted", "node", "java-selector", "java-threads")
BLOCKING = "twisted-blocking"
SLOW, FAST = "_places_500ms", "_places_0ms"
LATENCIES = {SLOW: "500ms", FAST: "0s"}
MOST_US = 50_000.0

CLAIM = "A server that asks Places asynchronously keeps serving its other clients, however slow Places is."
TOPIC = "slow Places answers"
MEASURED = (
    "20 phones send ten reports a second each to one server. One more client, which has reported "
    "once, sends the server two queries a second. Places answers at once, or after 500 ms. The "
    "figure is how long the phones wait for their answers. `twisted-blocking` is the Twisted "
    "server that asks Places in its only thread.")
RULE = (f"An engine is delayed if the 99th percentile of the phones' waits is more than "
        f"{MOST_US / 1000:g} ms longer with slow Places than with fast Places. The claim holds if "
        "none of the five asynchronous engines is delayed. It does not hold if Twisted is "
        "delayed. Otherwise it holds only when the engine is not one of the delayed ones.")
CONTROL = "Twisted that waits for Places in its only thread: does it avoid the delay?"
NOT_SHOWN = (
    "Many queries at once: a server that keeps them all open needs memory for each. In every "
    "engine, an update that follows a query on the same connection is answered after that query, "
    "as the protocol requires; the phones here send no queries.")


def _measure(context: Context, engine: str, suffix: str) -> List[Sample]:
    summary = context.run("deferred", engine, {
        "duration": budget.SCRIPT[context.kind], "herds.0.places.latency": LATENCIES[suffix]})
    found = [Sample(ID, engine, f"{name}{suffix}", summary.number(name))
             for name in ("reply_p50_us", "reply_p99_us", "reply_max_us", "queries")]
    if summary.known("query_p50_us"):
        found.append(Sample(ID, engine, f"query_p50_us{suffix}", summary.number("query_p50_us")))
    return found


def cells(context: Context) -> List[Cell]:
    found = []
    for suffix in (FAST, SLOW):
        for name in context.present((*ASYNCHRONOUS, BLOCKING)):
            seconds = budget.SCRIPT_S + budget.START_S[engines.family(name)]
            found.append(Cell(ID, name, f"Places {LATENCIES[suffix]}", context.seconds(seconds),
                              lambda now, name=name, suffix=suffix: _measure(now, name, suffix)))
    return found


def _later(view: View, engine: str) -> float:
    return view.need(engine, "reply_p99_us" + SLOW) - view.need(engine, "reply_p99_us" + FAST)


def judge(view: View) -> Verdict:
    later = {name: _later(view, name) for name in ASYNCHRONOUS}
    held_up = [name for name in ASYNCHRONOUS if later[name] > MOST_US]
    worst = max(later, key=later.get)
    told = (f"with slow Places the phones wait at most {max(later[worst], 0) / 1000:.2f} ms longer "
            f"({worst}), but {_later(view, BLOCKING) / 1000:,.0f} ms longer at the server that blocks")
    if not held_up:
        return Verdict(HOLDS, f"{told}.")
    if "twisted" in held_up:
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    return Verdict(HOLDS_ONLY_WHEN, f"the engine is not {' or '.join(held_up)}: {told}.")


def control(view: View) -> Control:
    later = _later(view, BLOCKING)
    return Control(CONTROL, later > MOST_US, f"its phones wait {later / 1000:,.0f} ms longer")


def tables(view: View) -> List[Table]:
    names = (*ASYNCHRONOUS, BLOCKING)

    def columns(metric: str) -> List[Column]:
        return [Column("Places answers at once", metric + FAST, 1000),
                Column("Places answers after 500 ms", metric + SLOW, 1000)]

    return [by_engine(view, "Wait of a phone, median, ms", names, columns("reply_p50_us")),
            by_engine(view, "Wait of a phone, 99th percentile, ms", names,
                      columns("reply_p99_us")),
            by_engine(view, "Wait of the client that sends queries, median, ms", names,
                      columns("query_p50_us"))]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    def limit(figure: Figure) -> Optional[float]:
        return scaled(view, figure.engine, "reply_p99_us" + FAST, plus=MOST_US, unit=figure.unit)

    return [of_column(found[1], "Places answers at once"),
            of_column(found[1], "Places answers after 500 ms", controls=(BLOCKING,), limit_of=limit,
                      limit_meaning=f"the engine's own wait if Places answers at once, and "
                      f"{MOST_US / 1000:g} ms")]
