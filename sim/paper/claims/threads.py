"""threads: which engines can use more than one core."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence

import alone
import bare_relays
import budget
import effects
import engines
import flags
import throughput
import trust
from alone import ALL, ONE
from cell import Cell
from chart import Bound, Panel, of_column, scaled
from context import Context
from effects import Name
from figures import Sample, View
from table import Column, Figure, Table, by_engine
from verdict import (DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, Control, Verdict, answers,
                     crossing, word_of)

ID = "threads"
SECTION = "2.3, 4.1"
CLUSTER = "node-cluster"
NAMES = ("native", "twisted", "node", CLUSTER, "java-selector", "java-pool", "java-threads")
# Engines that are measured on one core too: those that the rule asks about.
LIMITED = ("twisted", "java-pool", "java-threads")
# Engines that `events` measures with many connections, in the same start.
ALSO_EVENTS = ("native", "twisted", "node", "java-selector", "java-threads")
PARALLEL = ("java-pool", "java-threads")
ONE_CORE_MOST = 1.1
GAIN = 1.2
FULL_CORE = 0.7

CLAIM = ("Python's interpreter lock limits a server to one core, however many threads it has; Java's "
         "threads use all cores.")
TOPIC = "the interpreter lock"
MEASURED = (
    "One server of each engine receives far more updates than it can handle, over "
    f"{throughput.PIPELINED.connections} connections with {throughput.PIPELINED.in_flight} lines in "
    "flight on each. The server is free to use all cores; then, still warm, all its threads are "
    "limited to one core. *cold* is the first second after the start, the other columns are steady "
    "state. The figures are the updates answered per second, the number of cores that the server "
    "keeps busy (the processor seconds of all its processes, divided by the time), and the rate per "
    "processor second. `load-ceiling` is what the load generator can do at most: a bare relay that "
    "only answers. The generator may use any core. `native-loops` is the paper's five servers in "
    "herdsim's own process, on one event loop and on two; its clients do not wait for answers, so "
    "compare its rates only with each other.")
RULE = (
    f"*Python*: Twisted, free to use all cores, keeps at most {ONE_CORE_MOST:g} of them busy and "
    f"answers less than {GAIN:g} times as many updates as on one core. *Java*: with a thread per "
    f"connection or a loop per core, it answers at least {GAIN:g} times as many updates on all "
    "cores as on one. If both are true, the claim holds. If only the Python half is true and Java "
    f"still keeps more than {ONE_CORE_MOST:g} cores busy, it holds only when the load generator "
    "leaves a core free. In every other case it does not hold. If Twisted on one core keeps less "
    f"than {FULL_CORE:g} of it busy, the load was too small for a verdict.")
CONTROL = (f"Java with threads, limited to one core: does it keep more than {ONE_CORE_MOST:g} cores busy?")
NOT_SHOWN = (
    "More than two cores. On two cores the load generator takes a part of one, so an engine that "
    "can use all cores gets less than twice as much; on a larger machine the gain is larger. A JVM "
    "counts the cores when it starts, so a JVM that is limited later keeps its two loops and its "
    "parallel collector. CPython without the lock (3.13t) is not measured, because Twisted does not "
    "run on it yet.")


def _measure_loops(context: Context, loops: int) -> List[Sample]:
    each = budget.LOOPS_BURST[context.kind] // 5
    settings = {f"events.{number}.updates": each for number in range(5)}
    herd = "two-loops" if loops == 2 else "one-loop"
    summary = context.run("loops", herd, settings)
    return [Sample(ID, "native-loops", "updates_per_s_inside" + (ALL if loops == 2 else ONE),
                   summary.number("updates_per_s"))]


def _measure_inside(context: Context) -> List[Sample]:
    """Measures what herdsim's own clients can do that do not wait for answers."""
    inside = context.run("ceiling", "inside", {
        "events.0.updates": budget.CEILING_BURST[context.kind], "events.0.clients": 100})
    return [Sample(ID, throughput.INSIDE_ENGINE, throughput.INSIDE_METRIC,
                   inside.number("updates_per_s"))]


def _engine_cell(context: Context, name: str) -> Cell:
    counts = alone.COUNTS if name in ALSO_EVENTS else ()
    is_limited, family = name in LIMITED, engines.family(name)
    runs = is_limited * budget.WARM_WORK_S + sum(alone.expected_s(name, each) for each in counts)
    seconds = budget.START_S[family] + budget.work_s(family, 1) + runs
    has_phones = name in alone.WITH_PHONES
    seconds += budget.PHONES_S if has_phones else 0
    return Cell(ID, name, "", context.seconds(seconds),
                lambda now: alone.measure(now, name, is_limited, counts),
                rounds=budget.UNRULED_ROUNDS if name == CLUSTER else None,
                also=(*(["events"] if counts else []), *(["deferred"] if has_phones else [])))


def _alternative_cell(context: Context, choice: flags.Choice) -> Cell:
    family = engines.family(choice.engine)
    return Cell(ID, choice.name, "other flags",
                context.seconds(budget.START_S[family] + budget.work_s(family, 1)),
                lambda now: alone.measure_command(now, choice.name,
                                                  flags.command(choice, now.binary)),
                rounds=budget.ALTERNATIVE_ROUNDS)


def cells(context: Context) -> List[Cell]:
    shapes = 1 + len(alone.COUNTS)
    found = [Cell(ID, trust.CEILING, "", context.seconds(shapes * budget.WARM_WORK_S),
                  alone.measure_ceiling, also=("events",), rounds=budget.CEILING_ROUNDS),
             Cell(ID, throughput.INSIDE_ENGINE, "", context.seconds(budget.LOOPS_S), _measure_inside,
                  also=("herd",), rounds=budget.CEILING_ROUNDS)]
    found += [_engine_cell(context, name) for name in context.present(NAMES)]
    found += [_alternative_cell(context, each) for each in flags.ALTERNATIVES
              if context.present([each.engine]) and flags.is_installed(each)]
    if context.present(["java-threads"]):
        found.append(Cell(ID, bare_relays.name("java-threads"), "", context.seconds(
            budget.START_S["java"] + budget.work_s("java", 1)), alone.measure_bare_threads,
            rounds=budget.BARE_ROUNDS))
    for loops in (1, 2):
        found.append(Cell(ID, "native-loops", f"{loops} loop{'s' * (loops - 1)}",
                          context.seconds(budget.LOOPS_S),
                          lambda now, loops=loops: _measure_loops(now, loops),
                          rounds=budget.UNRULED_ROUNDS))
    return found


def _gain(view: View, engine: str) -> effects.Effect:
    return effects.ratio_of(view, Name(engine, "updates_per_s" + ALL),
                            Name(engine, "updates_per_s" + ONE))


def _any(found: Sequence[Optional[bool]]) -> Optional[bool]:
    """Returns whether one is true; None if that is not known."""
    return True if True in found else None if None in found else False


def _word(told: Dict[str, bool]) -> str:
    if not told["Twisted's full core"]:
        return UNDECIDED
    if not told["Twisted's cores"] or told["Twisted's gain"]:
        return DOES_NOT_HOLD
    if told["Java's gain"]:
        return HOLDS
    return HOLDS_ONLY_WHEN if told["Java's cores"] else DOES_NOT_HOLD


def judge(view: View) -> Verdict:
    full = effects.value(view, "twisted", "cores_used" + ONE)
    python_gain, python_cores = _gain(view, "twisted"), effects.value(view, "twisted", "cores_used" + ALL)
    gains = {name: _gain(view, name) for name in PARALLEL}
    cores = {name: effects.value(view, name, "cores_used" + ALL) for name in PARALLEL}
    best, most = (max(each, key=lambda name, each=each: each[name].estimate) for each in (gains, cores))
    told = (f"on all cores Twisted answers {effects.times(python_gain)} times as many updates as on one "
            f"and keeps {effects.times(python_cores)} cores busy; {best} answers "
            f"{effects.times(gains[best])} times as many, and {most} keeps "
            f"{effects.times(cores[most])} cores busy")
    is_more = {name: each.is_at_most(ONE_CORE_MOST) for name, each in cores.items()}
    choices = {
        "Twisted's full core": answers(full.is_at_least(FULL_CORE)),
        "Twisted's cores": answers(python_cores.is_at_most(ONE_CORE_MOST)),
        "Twisted's gain": answers(python_gain.is_at_least(GAIN)),
        "Java's gain": answers(_any([each.is_at_least(GAIN) for each in gains.values()])),
        "Java's cores": answers(_any([None if each is None else not each for each in is_more.values()]))}
    word = word_of(choices, _word)
    if word == HOLDS_ONLY_WHEN:
        return Verdict(word, f"the load generator leaves a core free: {told}.")
    if word != UNDECIDED:
        return Verdict(word, f"{told}.")
    if full.is_at_least(FULL_CORE) is False:
        return Verdict(word, f"Twisted kept only {effects.times(full)} of its one core busy; {told}.")
    return Verdict(word, f"{crossing(choices)}: {told}.")


def control(view: View) -> Control:
    cores = effects.value(view, "java-threads", "cores_used" + ONE)
    return Control(CONTROL, cores.is_at_most(ONE_CORE_MOST), f"it keeps {effects.times(cores)} cores busy")


def tables(view: View) -> List[Table]:
    mark = throughput.marks(view.figures, ID)
    names = (*NAMES, bare_relays.name("java-threads"), trust.CEILING)
    inside = [Column("one loop", "updates_per_s_inside" + ONE),
              Column("two loops", "updates_per_s_inside" + ALL),
              Column("one server, at most", throughput.INSIDE_METRIC)]
    rates = [Column("cold", "cold_updates_per_s" + ALL), Column("all cores", "updates_per_s" + ALL),
             Column("one core", "updates_per_s" + ONE)]
    cores = [Column("all cores", "cores_used" + ALL), Column("one core", "cores_used" + ONE)]
    work = [Column("rate per processor second, all cores", "updates_per_cpu_s" + ALL),
            Column("one core", "updates_per_cpu_s" + ONE)]
    others = [Column("cold", "cold_updates_per_s" + ALL), Column("steady", "updates_per_s" + ALL),
              Column("rate per processor second", "updates_per_cpu_s" + ALL)]
    compared = [name for choice in flags.ALTERNATIVES for name in (choice.engine, choice.name)]
    return [by_engine(view, "Updates answered per second", names, rates, mark),
            by_engine(view, "Cores kept busy", NAMES, cores),
            by_engine(view, "Updates answered per processor second", names, work),
            by_engine(view, "Seconds until steady", names, [Column("after the start", "warmup_s" + ALL)]),
            by_engine(view, "Updates answered per second with other flags, all cores",
                      list(dict.fromkeys(compared)), others, mark),
            by_engine(view, "Updates answered per second if clients do not wait for answers",
                      ("native-loops", throughput.INSIDE_ENGINE), inside)]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    one = Bound(ONE_CORE_MOST, "limit", f"{ONE_CORE_MOST:g} cores, the most that count as one core")

    def gain(figure: Figure) -> Optional[float]:
        return scaled(view, figure.engine, "updates_per_s" + ONE, GAIN)

    return [of_column(found[1], "one core", [one], ("java-threads",)),
            of_column(found[1], "all cores", [one]),
            of_column(found[0], "all cores", limit_of=gain,
                      limit_meaning=f"{GAIN:g} times the engine's own rate on one core")]
