"""memory: what the way of managing memory means for a herd."""

from __future__ import annotations

from typing import List

import budget
import engines
import memory_probe
from cell import Cell
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

CLAIM = ("How a language manages memory is neither a gain nor a loss for a herd of servers.")
MEASURED = (
    "One server of each engine learns of 1,000, 10,000 and (in the full run, in "
    f"{budget.ROUNDS_OF_MOST_KNOWN} of its rounds) 100,000 clients; each time its resident size "
    f"is read from the system. Then all of them report again and again, {budget.CHURN_PER_S:,} "
    "reports a second in all, so that records are made and thrown away, while one client "
    "reports every millisecond and notes how long it waits, from when its line was due.")
RULE = (
    f"*Size*: at 10,000 known clients no engine is larger than {MOST_TIMES:g} times the "
    "smallest. *Pauses*: no engine's worst thousandth (p99.9) is more than "
    f"{MOST_PAUSE_US / 1000:g} ms above the native server's, which has no collector. Both: it "
    "holds; neither: it does not; one: it holds only when the other does not matter.")
CONTROL = (f"The native server, stopped for {memory_probe.PAUSE_S * 1000:g} ms in the midst: "
           "are its pauses as short as the rule asks?")
NOT_SHOWN = (
    "Days of running: heaps that creep, fragments. Each engine runs with its runtime's "
    "defaults; a JVM told to stay small stays smaller (the README of the Java engine says how). "
    "Resident size counts pages that are shared with other processes of the same program. On two "
    "cores a collector's own threads find one free beside the clients.")


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
    """Beyond the native server's, in microseconds."""
    return view.need(engine, "reply_p999_us") - view.need("native", "reply_p999_us")


def judge(view: View) -> Verdict:
    sizes = {name: view.need(name, "rss_mib_10000_known") for name in NAMES}
    times = max(sizes.values()) / min(sizes.values())
    largest, smallest = max(sizes, key=sizes.get), min(sizes, key=sizes.get)
    pauses = {name: _pause(view, name) for name in NAMES}
    slowest = max(pauses, key=pauses.get)
    size_holds, pause_holds = times <= MOST_TIMES, pauses[slowest] <= MOST_PAUSE_US
    told = (f"{largest} is {times:.1f} times as large as {smallest}, and the worst thousandth of "
            f"{slowest}'s answers comes {pauses[slowest] / 1000:.1f} ms later than native's")
    if size_holds and pause_holds:
        return Verdict(HOLDS, f"{told}.")
    if size_holds or pause_holds:
        return Verdict(HOLDS_ONLY_WHEN, ("pauses" if size_holds else "size")
                       + f" do{'' if size_holds else 'es'} not matter: {told}.")
    return Verdict(DOES_NOT_HOLD, f"{told}.")


def control(view: View) -> Control:
    pause = _pause(view, PAUSED)
    return Control(CONTROL, pause > MOST_PAUSE_US, f"{pause / 1000:.1f} ms above")


def tables(view: View) -> List[Table]:
    sizes = [Column("idle", "rss_mib_idle")]
    sizes += [Column(f"{count:,} known", f"rss_mib_{count}_known")
              for count in budget.KNOWN["full"]]
    sizes.append(Column("after churn", "rss_mib_after_churn"))
    waits = [Column("median", "reply_p50_us", 1000), Column("p99.9", "reply_p999_us", 1000),
             Column("longest", "reply_max_us", 1000)]
    return [by_engine(view, "Resident size, MiB", NAMES, sizes),
            by_engine(view, "What a client waits while records churn, ms", (*NAMES, PAUSED), waits)]
