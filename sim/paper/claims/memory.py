"""memory: whether memory management matters for a herd."""

from __future__ import annotations

from typing import List, Sequence

import budget
import engines
import memory_probe
from cell import Cell
from chart import Panel, bound, bounds, extreme, of_column, scaled
from context import Context
from figures import View
from table import Column, Table, by_engine
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "memory"
SECTION = "2.2, 4.1"
NAMES = ("native", "twisted", "node", "java-selector")
PAUSED = "native-paused"
MOST_TIMES = 1.5
MOST_PAUSE_US = 10_000.0

CLAIM = "For a herd of servers, a language's memory management is neither an advantage nor a disadvantage."
TOPIC = "memory management"
MEASURED = (
    "One server of each engine learns of 1,000, then 10,000, then 100,000 clients (100,000 only "
    f"in the full run, in {budget.ROUNDS_OF_MOST_KNOWN} of its rounds). After each step the "
    "harness reads the resident size from the system. Then all clients together send "
    f"{budget.CHURN_PER_S:,} reports a second, so that the server creates and discards records "
    "all the time. Meanwhile one more client sends a report every millisecond and measures the "
    "time from when the report was due until its answer arrives.")
RULE = (
    f"*Size*: at 10,000 known clients no engine is larger than {MOST_TIMES:g} times the smallest "
    "engine. *Pauses*: no engine's p99.9 (99.9th percentile of the waits) is more than "
    f"{MOST_PAUSE_US / 1000:g} ms above that of the native server, which has no garbage "
    "collector. If both are true, the claim holds; if neither is true, it does not hold; if one "
    "is true, it holds only when the other does not matter.")
CONTROL = (f"The native server, stopped for {memory_probe.PAUSE_S * 1000:g} ms in the middle of the run: "
           "are its pauses as short as the rule demands?")
NOT_SHOWN = (
    "Days of running, in which heaps grow and fragment. Each engine runs with the defaults of its "
    "runtime; a JVM with a small heap limit stays smaller (see the README of the Java engine). "
    "Resident size includes pages that other processes of the same program share. On two cores a "
    "garbage collector's own threads can use the core that the clients leave free.")


def _measure(engine: str, context: Context) -> list:
    known = budget.KNOWN[context.kind]
    if context.round > budget.ROUNDS_OF_MOST_KNOWN or engine == PAUSED:
        known = known[:2]
    command = engines.single_server_command("native" if engine == PAUSED else engine,
                                            context.binary, {})
    return memory_probe.measure(engine, command, known, budget.CHURN_S[context.kind],
                                pause=engine == PAUSED)


def cells(context: Context) -> List[Cell]:
    return [Cell(ID, name, "", context.seconds(budget.MEMORY_S),
                 lambda now, name=name: _measure(name, now))
            for name in (*context.present(NAMES), PAUSED)]


def _pause(view: View, engine: str) -> float:
    """Returns how far the engine's p99.9 is above the native server's, in microseconds."""
    return view.need(engine, "reply_p999_us") - view.need("native", "reply_p999_us")


def judge(view: View) -> Verdict:
    sizes = {name: view.need(name, "rss_mib_10000_known") for name in NAMES}
    times = max(sizes.values()) / min(sizes.values())
    largest, smallest = max(sizes, key=sizes.get), min(sizes, key=sizes.get)
    pauses = {name: _pause(view, name) for name in NAMES}
    slowest = max(pauses, key=pauses.get)
    size_holds, pause_holds = times <= MOST_TIMES, pauses[slowest] <= MOST_PAUSE_US
    told = (f"{largest} is {times:.1f} times as large as {smallest}, and {slowest}'s p99.9 is "
            f"{pauses[slowest] / 1000:.1f} ms above native's")
    if size_holds and pause_holds:
        return Verdict(HOLDS, f"{told}.")
    if size_holds or pause_holds:
        return Verdict(HOLDS_ONLY_WHEN, ("pauses" if size_holds else "size")
                       + f" do{'' if size_holds else 'es'} not matter: {told}.")
    return Verdict(DOES_NOT_HOLD, f"{told}.")


def control(view: View) -> Control:
    pause = _pause(view, PAUSED)
    return Control(CONTROL, pause > MOST_PAUSE_US, f"its p99.9 is {pause / 1000:.1f} ms above")


def tables(view: View) -> List[Table]:
    sizes = [Column("idle", "rss_mib_idle")]
    sizes += [Column(f"{count:,} known", f"rss_mib_{count}_known")
              for count in budget.KNOWN["full"]]
    sizes.append(Column("after all reports", "rss_mib_after_churn"))
    waits = [Column("median", "reply_p50_us", 1000), Column("p99.9", "reply_p999_us", 1000),
             Column("longest", "reply_max_us", 1000)]
    return [by_engine(view, "Resident size, MiB", NAMES, sizes),
            by_engine(view, "Wait of a client while records change, ms", (*NAMES, PAUSED), waits)]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    size = bound(extreme(view, NAMES, "rss_mib_10000_known", min, MOST_TIMES), "limit",
                 f"{MOST_TIMES:g} times the smallest engine")
    pause = bound(scaled(view, "native", "reply_p999_us", plus=MOST_PAUSE_US, unit=1000), "limit",
                  f"native's p99.9 and {MOST_PAUSE_US / 1000:g} ms")
    return [of_column(found[0], "10,000 known", bounds(size)),
            of_column(found[1], "p99.9", bounds(pause), (PAUSED,))]
