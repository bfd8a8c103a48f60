"""deferred: which clients wait while Places is slow."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence

import alone
import budget
import effects
import load_generator
import phones
import throughput
from cell import Cell
from chart import Panel, of_column, scaled
from context import Context
from effects import Name
from figures import Sample, View
from phones import FAST, PER_S, PHONES, PLACES_S, SLOW
from table import Column, Figure, Table, by_engine
from verdict import (DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, Control, Verdict, answers,
                     crossing, word_of)

ID = "deferred"
SECTION = "3.1, 3.2.3"
# Measured in the same start as `threads`, which warms them.
ASYNCHRONOUS = alone.WITH_PHONES
BLOCKING = phones.BLOCKING
MOST_US = 50_000.0

CLAIM = "A server that asks Places asynchronously keeps serving its other clients, however slow Places is."
TOPIC = "slow Places answers"
MEASURED = (
    f"{PHONES} phones send {PER_S} reports a second in total to one server. *cold*: in the first "
    "second after its start. Then the load of `threads` warms the server until it is steady, and the "
    "phones send again: first without any query, then while one more client always has one query "
    f"open, which Places answers after {PLACES_S * 1000:g} ms. The figure is how long the phones wait "
    "for their answers. `twisted-blocking` is the Twisted server that asks Places in its only thread.")
RULE = (f"An engine is delayed if the 99th percentile of the phones' waits is more than "
        f"{MOST_US / 1000:g} ms longer while Places is slow than without queries. The claim holds if "
        "none of the five asynchronous engines is delayed. It does not hold if Twisted is "
        "delayed. Otherwise it holds only when the engine is not one of the delayed ones.")
CONTROL = "Twisted that waits for Places in its only thread: does it avoid the delay?"
NOT_SHOWN = (
    "Many queries at once: a server that keeps them all open needs memory for each. In every "
    "engine, an update that follows a query on the same connection is answered after that query, "
    "as the protocol requires; the phones here send no queries.")


def _measure_blocking(context: Context) -> List[Sample]:
    """Measures the control like the others, which the runs of `threads` warm."""
    with phones.server_with_places(BLOCKING, context) as server:
        found = phones.cold(BLOCKING, server, context.kind)
        load_generator.until_steady([server.address[1]], server.pids(), throughput.PIPELINED,
                                    budget.WORK[context.kind])
        return found + phones.warm(BLOCKING, server, context.kind)


def cells(context: Context) -> List[Cell]:
    # The runs of `threads` measure the other engines.
    if not context.present([BLOCKING]):
        return []
    seconds = budget.START_S["twisted"] + budget.work_s("twisted", 1) + budget.PHONES_S
    return [Cell(ID, BLOCKING, "", context.seconds(seconds), _measure_blocking,
                 rounds=budget.CONTROL_ROUNDS)]


def _later(view: View, engine: str) -> effects.Effect:
    return effects.difference(view, Name(engine, "reply_p99_us" + SLOW),
                              Name(engine, "reply_p99_us" + FAST))


def _word(is_delayed: Dict[str, bool]) -> str:
    if not any(is_delayed.values()):
        return HOLDS
    return DOES_NOT_HOLD if is_delayed["twisted"] else HOLDS_ONLY_WHEN


def judge(view: View) -> Verdict:
    later = {name: _later(view, name) for name in ASYNCHRONOUS}
    choices = {name: answers(None if (each := later[name].is_at_most(MOST_US)) is None else not each)
               for name in ASYNCHRONOUS}
    worst = max(later, key=lambda name: later[name].high)
    told = (f"with slow Places the phones wait {effects.amount(later[worst], 1000)} ms longer at the "
            f"most delayed of these engines ({worst}), but {effects.amount(_later(view, BLOCKING), 1000)} "
            "ms longer at the server that blocks")
    word = word_of(choices, _word)
    if word == UNDECIDED:
        return Verdict(word, f"{crossing(choices)}: {told}.")
    if word == HOLDS_ONLY_WHEN:
        held_up = [name for name, each in choices.items() if True in each]
        return Verdict(word, f"the engine is not {' or '.join(held_up)}: {told}.")
    return Verdict(word, f"{told}.")


def control(view: View) -> Control:
    later = _later(view, BLOCKING)
    return Control(CONTROL, later.is_at_least(MOST_US),
                   f"its phones wait {effects.amount(later, 1000)} ms longer")


def tables(view: View) -> List[Table]:
    names = (*ASYNCHRONOUS, BLOCKING)
    mark = throughput.marks(view.figures, ID)

    def columns(metric: str) -> List[Column]:
        return [Column("cold, no query", f"cold_{metric}{FAST}", 1000),
                Column("no query", metric + FAST, 1000),
                Column(f"Places answers after {PLACES_S * 1000:g} ms", metric + SLOW, 1000)]

    return [by_engine(view, "Wait of a phone, median, ms", names, columns("reply_p50_us"), mark),
            by_engine(view, "Wait of a phone, 99th percentile, ms", names, columns("reply_p99_us"), mark)]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    def limit(figure: Figure) -> Optional[float]:
        return scaled(view, figure.engine, "reply_p99_us" + FAST, plus=MOST_US, unit=figure.unit)

    return [of_column(found[1], "no query"),
            of_column(found[1], f"Places answers after {PLACES_S * 1000:g} ms", controls=(BLOCKING,),
                      limit_of=limit, limit_meaning=f"the engine's own wait without queries, and "
                      f"{MOST_US / 1000:g} ms")]
