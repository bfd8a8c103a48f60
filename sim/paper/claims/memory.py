"""memory: whether memory management matters for a herd."""

from __future__ import annotations

from typing import List, Sequence

import budget
import effects
import garbage
import memory_probe
import throughput
from cell import Cell
from chart import Panel, bound, bounds, extreme, of_column, scaled
from context import Context
from figures import View
from table import Column, Table, by_engine
from verdict import (DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, Control, Verdict, answers,
                     crossing, word_of)

ID = "memory"
SECTION = "2.2, 4.1"
NAMES = ("native", "twisted", "node", "java-selector")
PAUSED = "native-paused"
SIZE = "rss_mib_10000_collected"
MOST_TIMES = 1.5
MOST_PAUSE_US = 10_000.0

CLAIM = "For a herd of servers, a language's memory management is neither an advantage nor a disadvantage."
TOPIC = "memory management"
MEASURED = (
    "One server of each engine learns of 1,000, then 10,000, then 100,000 clients (100,000 only in the "
    "full run). After each step the harness reads the resident size from the system; from 10,000 on, "
    "it then makes the server collect all its garbage and reads the size again. Twice all clients "
    f"together send {budget.CHURN_PER_S:,} reports a second, so that the server creates and discards "
    "records all the time, while one more client sends a report every millisecond and measures the time "
    "from when the report was due until its answer arrives: *cold*, soon after the start with 1,000 "
    "clients known, and *warm*, with all clients known and after the load generator has loaded the "
    "server until it was steady.")
RULE = (
    f"*Size*: at 10,000 known clients, without garbage, no engine is larger than {MOST_TIMES:g} times the "
    "smallest engine. *Pauses*: warm, no engine's p99.9 (99.9th percentile of the waits) is more than "
    f"{MOST_PAUSE_US / 1000:g} ms above that of the native server, which has no garbage "
    "collector. If both are true, the claim holds; if neither is true, it does not hold; if one "
    "is true, it holds only when the other does not matter.")
CONTROL = (f"The native server, stopped for {memory_probe.PAUSE_S * 1000:g} ms in the middle of the run: "
           "are its pauses as short as the rule demands?")
NOT_SHOWN = (
    "Days of running, in which heaps grow and fragment. A runtime may keep the memory of garbage that it "
    "has collected, and a collection touches memory itself, so a size without garbage is not always "
    "smaller. Each engine runs with the defaults of its "
    "runtime; a JVM with a small heap limit stays smaller (see the README of the Java engine). "
    "Resident size includes pages that other processes of the same program share. On two cores a "
    "garbage collector's own threads can use the core that the clients leave free.")


def _measure(name: str, context: Context) -> list:
    engine = "native" if name == PAUSED else name
    return memory_probe.measure(engine, context.kind, name, garbage.command(engine, context.binary),
                                pause=name == PAUSED)


def cells(context: Context) -> List[Cell]:
    return [Cell(ID, name, "", context.seconds(budget.MEMORY_S),
                 lambda now, name=name: _measure(name, now),
                 rounds=budget.CONTROL_ROUNDS if name == PAUSED else None)
            for name in (*context.present(NAMES), PAUSED)]


def _pause(view: View, engine: str) -> effects.Effect:
    """Returns how far the engine's p99.9 is above the native server's, in microseconds."""
    return effects.difference(view, effects.Name(engine, "reply_p999_us"),
                              effects.Name("native", "reply_p999_us"))


def _word(told: dict) -> str:
    if all(told.values()):
        return HOLDS
    return HOLDS_ONLY_WHEN if any(told.values()) else DOES_NOT_HOLD


def judge(view: View) -> Verdict:
    sizes = {name: view.need(name, SIZE) for name in NAMES}
    largest, smallest = max(sizes, key=sizes.get), min(sizes, key=sizes.get)
    times = effects.ratio(view, largest, smallest, SIZE)
    pauses = {name: _pause(view, name) for name in NAMES if name != "native"}
    slowest = max(pauses, key=lambda name: pauses[name].high)
    within = [each.is_at_most(MOST_PAUSE_US) for each in pauses.values()]
    choices = {"size": answers(times.is_at_most(MOST_TIMES)),
               "pauses": answers(False if False in within else None if None in within else True)}
    told = (f"{largest} is {effects.times(times)} times as large as {smallest}, and {slowest}'s p99.9 is "
            f"{effects.amount(pauses[slowest], 1000)} ms above native's")
    word = word_of(choices, _word)
    if word == UNDECIDED:
        return Verdict(word, f"{crossing(choices)}: {told}.")
    if word == HOLDS_ONLY_WHEN:
        harmful = "size does" if False in choices["size"] else "pauses do"
        return Verdict(word, f"{harmful} not matter: {told}.")
    return Verdict(word, f"{told}.")


def control(view: View) -> Control:
    pause = _pause(view, PAUSED)
    return Control(CONTROL, pause.is_at_least(MOST_PAUSE_US),
                   f"its p99.9 is {effects.amount(pause, 1000)} ms above")


def tables(view: View) -> List[Table]:
    sizes = [Column("idle", "rss_mib_idle")]
    for count in budget.KNOWN["full"]:
        sizes.append(Column(f"{count:,} known", f"rss_mib_{count}_known"))
        if count >= memory_probe.COLLECTED_FROM:
            sizes.append(Column(f"{count:,} known, without garbage", f"rss_mib_{count}_collected"))
    sizes += [Column("after all reports", "rss_mib_after_churn"),
              Column("after all reports, without garbage", "rss_mib_after_churn_collected")]
    waits = [Column(f"{begin}{name}".replace("cold_", "cold "), f"{begin}{metric}", 1000)
             for name, metric in (("median", "reply_p50_us"), ("p99.9", "reply_p999_us"),
                                  ("longest", "reply_max_us")) for begin in ("cold_", "")]
    return [by_engine(view, "Resident size, MiB", NAMES, sizes),
            by_engine(view, "Wait of a client while records change, ms", (*NAMES, PAUSED), waits,
                      throughput.marks(view.figures, ID)),
            by_engine(view, "Seconds of load until warm", NAMES, [Column("seconds", "warmup_s")])]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    size = bound(extreme(view, NAMES, SIZE, min, MOST_TIMES), "limit",
                 f"{MOST_TIMES:g} times the smallest engine")
    pause = bound(scaled(view, "native", "reply_p999_us", plus=MOST_PAUSE_US, unit=1000), "limit",
                  f"native's p99.9 and {MOST_PAUSE_US / 1000:g} ms")
    return [of_column(found[0], "10,000 known, without garbage", bounds(size)),
            of_column(found[1], "p99.9", bounds(pause), (PAUSED,))]
