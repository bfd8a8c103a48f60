"""herd: a herd against one central database."""

from __future__ import annotations

from typing import List, NamedTuple, Sequence

import budget
import effects
import herdsim
import throughput
import waits
from cell import Cell
from chart import Panel, bound, bounds, extreme, of_column, of_row, scaled
from context import Context
from figures import Sample, View
from table import Column, Line, Table, by_engine, cell
from verdict import (DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, Control, Verdict, answers,
                     crossing, word_of)

ID = "herd"
SECTION = "1"
HERD, AGAIN, CENTRAL, VOLATILE = ("native", "native-again", "native-central",
                                  "native-central-volatile")
NAMES = (HERD, CENTRAL, VOLATILE)
CLEARLY = 3.0


class Point(NamedTuple):
    clients: int
    latency_ms: int

    @property
    def suffix(self) -> str:
        return f"_{self.clients}_clients_{self.latency_ms}ms"

    @property
    def words(self) -> str:
        return f"{self.clients:,} clients, {self.latency_ms} ms"


POINTS = (Point(200, 5), Point(1000, 20))
# The point at which the control is measured too.
MIDDLE = Point(200, 5)
# More updates at once than a design can handle, in place of the even load: work for less than a second,
# and for longer. The clients do not wait for answers, and a link of the herd keeps at most 64 MiB for a
# neighbour, so the herd gets several bursts, one after the other, in place of a longer one.
COLD_BURST = {"full": 50_000, "quick": 10_000}
BURST = {"full": {HERD: 600_000, CENTRAL: 200_000, VOLATILE: 200_000},
         "quick": {HERD: 100_000, CENTRAL: 20_000, VOLATILE: 20_000}}
BURSTS = {"full": {HERD: 3, CENTRAL: 1, VOLATILE: 1}, "quick": {HERD: 1, CENTRAL: 1, VOLATILE: 1}}

CLAIM = ("Mobile clients with frequent updates wait for a central server; a herd of servers that inform "
         "each other removes that wait.")
TOPIC = "a herd against a central server"
MEASURED = (
    "The same phones against two designs, both in this project's own C++: the paper's herd, and "
    "five front ends over one PostgreSQL. The phones move, report five times a second, and every "
    "two seconds they send a query and change servers. The waits of the first second are *cold*, the "
    "others are the figures. A link of 5 ms (also 20 ms) lies "
    "between neighbours, and between the database and each front end except the one beside it. "
    "`native-central` answers once an update is on the disk; `native-central-volatile` answers at "
    "once, as a herd does. *At work*: 100 clients send far more updates than the design can handle and "
    "do not wait for answers; links have no delay. *cold* is the rate of a short burst after the "
    "start. The figure is that of a burst that takes about 2 s or, for the herd, the median of three "
    "shorter ones, because a link keeps only 64 MiB for a neighbour that lags.")
RULE = (
    "The herd removes the wait at a point if the median wait of its clients is at least "
    f"{CLEARLY:g} times shorter than in the central design. It removes the wait under load if it "
    f"answers at least {CLEARLY:g} times as many updates per second as the better central design. "
    "If it does so at every point, the claim holds; if at none, the claim does not hold; "
    "otherwise it holds only when the point is one of those where the herd removes the wait.")
CONTROL = (f"The same herd measured a second time ({MIDDLE.words}): is its wait {CLEARLY:g} times as long "
           "as in the first measurement?")
NOT_SHOWN = (
    "What the herd costs. A client that changes servers may reach a server that has not heard of "
    "it yet (a table above has the share of such handovers; the central design has none). A "
    "server that dies loses what it had not passed on, while the database keeps everything. A "
    "database on its own machine, with replicas or caches, does better than one that shares two "
    "cores with its clients. The disk is the one of this machine.")


def _herd_of(engine: str) -> str:
    return "central" if engine.startswith(CENTRAL) else "herd"


def _volatile(engine: str, settings: dict) -> dict:
    return {**settings, "herds.0.durability": "off"} if engine == VOLATILE else settings


def _waits(updates: Sequence[herdsim.Update], first_s: float, end_s: float) -> List[herdsim.Update]:
    return [each for each in updates if first_s <= each.sent_s < end_s and each.reply_us is not None]


def _is_even(updates: Sequence[herdsim.Update], kind: str) -> bool:
    return waits.are_even(waits.medians([each.sent_s for each in updates],
                                        [each.reply_us for each in updates]), kind)


def _measure(context: Context, engine: str, point: Point) -> List[Sample]:
    summary, updates = context.run_with_updates("herd", _herd_of(engine), _volatile(engine, {
        "duration": budget.HERD_SCRIPT[context.kind], "record": "updates",
        "clients.0.count": point.clients, "herds.0.link.latency": f"{point.latency_ms}ms"}))
    cold_s = budget.COLD_EASE_S[context.kind]
    cold, warm = _waits(updates, 0, cold_s), _waits(updates, cold_s, float("inf"))
    handovers = summary.number("handovers")
    stale = summary.number("handovers_stale") / handovers if handovers else 0.0
    found = {f"{begin}reply_p{share * 100:.0f}_us": waits.percentile([each.reply_us for each in part], share)
             for begin, part in (("cold_", cold), *waits.halves(warm)) for share in (0.5, 0.99)}
    found |= {"is_steady_at_ease": _is_even(warm, context.kind), "stale_share": stale,
              "cpu_s_per_100000": summary.number("cpu_s") / summary.number("updates") * 100_000}
    return [Sample(ID, engine, name + point.suffix, value) for name, value in found.items()]


def _burst(context: Context, engine: str, updates: int) -> herdsim.Summary:
    burst = {"at": "0s", "do": "burst", "server": "Ball", "clients": 100, "updates": updates}
    return context.run("herd", _herd_of(engine), _volatile(engine, {
        "duration": "100ms", "drain": "60s", "record": "summary", "clients": [], "events": [burst],
        "herds.0.link.latency": "0s"}))


def _measure_work(context: Context, engine: str) -> List[Sample]:
    kind = context.kind
    cold = _burst(context, engine, COLD_BURST[kind])
    bursts = sorted((_burst(context, engine, BURST[kind][engine]) for _ in range(BURSTS[kind][engine])),
                    key=lambda each: each.number("updates_per_s"))
    return [*throughput.inside_samples(ID, engine, "", bursts[len(bursts) // 2]),
            Sample(ID, engine, "cold_updates_per_s", cold.number("updates_per_s"))]


def cells(context: Context) -> List[Cell]:
    found = []

    def add(engine: str, words: str, seconds: float, measure) -> None:
        start = budget.START_S["native-central"] if engine.startswith(CENTRAL) else 0.3
        found.append(Cell(ID, engine, words, context.seconds(seconds + start), measure,
                          rounds=budget.CONTROL_ROUNDS if engine == AGAIN else None))

    for point in POINTS:
        more = (AGAIN,) if point == MIDDLE else ()
        for engine in context.present((HERD, CENTRAL, *more)):
            add(engine, point.words, budget.HERD_S, lambda now, engine=engine, point=point:
                _measure(now, engine, point))
    for engine in context.present(NAMES):
        add(engine, "at work", budget.HERD_WORK_S[engine], lambda now, engine=engine: _measure_work(now, engine))
    return found


def _word(removes: dict) -> str:
    if all(removes.values()):
        return HOLDS
    return HOLDS_ONLY_WHEN if any(removes.values()) else DOES_NOT_HOLD


def judge(view: View) -> Verdict:
    found = {point.words: effects.ratio(view, CENTRAL, HERD, "reply_p50_us" + point.suffix)
             for point in POINTS}
    middle = found[MIDDLE.words]
    best = max((CENTRAL, VOLATILE), key=lambda name: view.need(name, "updates_per_s"))
    found["under load"] = times = effects.ratio(view, HERD, best, "updates_per_s")
    choices = {words: answers(each.is_at_least(CLEARLY)) for words, each in found.items()}
    told = (f"the herd answers {effects.times(times)} times as many updates per second as {best}, and the "
            f"wait of its clients is {effects.times(middle)} times shorter ({MIDDLE.words})")
    word = word_of(choices, _word)
    if word == UNDECIDED:
        return Verdict(word, f"{crossing(choices)}: {told}.")
    if word == HOLDS_ONLY_WHEN:
        won = [words for words, each in choices.items() if False not in each]
        lost = [words for words in choices if words not in won]
        return Verdict(word, f"the point is one of: {'; '.join(won)} (but not: {'; '.join(lost)}): {told}.")
    return Verdict(word, f"{told}.")


def control(view: View) -> Control:
    times = effects.ratio(view, AGAIN, HERD, "reply_p50_us" + MIDDLE.suffix)
    reached = times.is_at_least(CLEARLY)
    return Control(CONTROL, None if reached is None else not reached,
                   f"it is {effects.times(times)} times as long")


def _table(view: View, title: str, metric: str, unit: float) -> Table:
    names = (HERD, AGAIN, CENTRAL)
    rows = []
    for point in POINTS:
        column = Column("", metric + point.suffix, unit)
        rows.append(Line(point.words, [cell(view, name, column) for name in names]))
    return Table(title, ["clients, link", *names], rows)


def tables(view: View) -> List[Table]:
    return [_table(view, "Wait of a phone, median, ms", "reply_p50_us", 1000),
            _table(view, "Wait of a phone, 99th percentile, ms", "reply_p99_us", 1000),
            _table(view, "Wait of a phone in the first second (cold), median, ms", "cold_reply_p50_us",
                   1000),
            _table(view, "Handovers to a server that did not know the client's last report, %",
                   "stale_share", 0.01),
            _table(view, "Processor seconds per 100,000 updates (scaled), PostgreSQL included",
                   "cpu_s_per_100000", 1),
            by_engine(view, "At work", NAMES, [
                Column("cold: updates answered per second", "cold_updates_per_s"),
                Column("updates answered per second", "updates_per_s"),
                Column("processor seconds per 100,000", "cpu_s_per_100000")])]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    shown = []
    for point in POINTS:
        limit = bound(scaled(view, HERD, "reply_p50_us" + point.suffix, CLEARLY, unit=1000), "limit",
                      f"{CLEARLY:g} times the wait in the herd")
        shown.append(of_row(found[0], point.words, bounds(limit), (AGAIN,)))
    most = bound(extreme(view, (CENTRAL, VOLATILE), "updates_per_s", max, CLEARLY), "limit",
                 f"{CLEARLY:g} times the better central design")
    return [*shown, of_column(found[-1], "updates answered per second", bounds(most))]
