"""deferred: who waits while Places is slow."""

from __future__ import annotations

from typing import List

import budget
import engines
from cell import Cell
from context import Context
from figures import Sample, View
from table import Column, Table, by_engine
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "deferred"
SECTION = "3.1, 3.2.3"
ASYNCHRONOUS = ("native", "twisted", "node", "java-selector", "java-threads")
BLOCKING = "twisted-blocking"
SLOW, FAST = "_places_500ms", "_places_0ms"
LATENCIES = {SLOW: "500ms", FAST: "0s"}
MOST_US = 50_000.0

CLAIM = ("A server that takes up Places' answer when it comes, and waits for nothing, goes on serving "
         "others however slow Places is.")
MEASURED = (
    "20 phones report ten times a second to one server, and somebody who reported once asks it "
    "twice a second what is near; Places answers at once, or after 500 ms. How long the phones "
    "wait for their answers. `twisted-blocking` is the Twisted server that asks Places in its "
    "only thread.")
RULE = (f"An engine is held up where the 99th percentile of the phones' waits is more than "
        f"{MOST_US / 1000:g} ms longer with slow Places than with fast. It holds where none of "
        "the five that do not wait is held up, does not hold where Twisted is, and otherwise "
        "holds only when it is not one of those that are.")
CONTROL = "Twisted that waits for Places in its only thread: is it not held up?"
NOT_SHOWN = (
    "Many questions at once: whoever keeps them all open holds memory for each. An update sent "
    "behind a question on the same connection is answered after it, as the protocol asks, in "
    "every engine; the phones here ask nothing.")


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
    told = (f"slow Places make the phones wait {max(later[worst], 0) / 1000:.2f} ms longer at the most "
            f"({worst}), and {_later(view, BLOCKING) / 1000:,.0f} ms at the server that blocks")
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
        return [Column("Places at once", metric + FAST, 1000),
                Column("Places 500 ms", metric + SLOW, 1000)]

    return [by_engine(view, "What a phone waits, median, ms", names, columns("reply_p50_us")),
            by_engine(view, "What a phone waits, 99th percentile, ms", names,
                      columns("reply_p99_us")),
            by_engine(view, "What who asks waits, median, ms", names, columns("query_p50_us"))]
