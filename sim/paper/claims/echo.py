"""echo: what simple flooding sends for nothing."""

from __future__ import annotations

from typing import List

import budget
import engines
from cell import Cell
from context import Context
from figures import Sample, View
from table import Column, Table, by_engine
from verdict import DOES_NOT_HOLD, HOLDS, Control, Verdict

ID = "echo"
SECTION = "3.2.3"
NAMES = ("native", "twisted", "node", "java-selector")
SCHEMES = ("flood-echo", "flood")
SERVERS, LINKS = 5, 5
# The closed forms of the protocol's page, on a connected graph.
EXACT = {
    "flood-echo": {"messages": 2 * LINKS, "duplicates": 2 * LINKS - (SERVERS - 1),
                   "echoes": SERVERS - 1},
    "flood": {"messages": 2 * LINKS - (SERVERS - 1), "duplicates": 2 * (LINKS - (SERVERS - 1)),
              "echoes": 0},
}

CLAIM = ("The herd's simple flooding sends servers what they have already, and gives a report back to "
         "the very server that it came from.")
MEASURED = (
    "The paper's herd of each engine, a process a server, 20 phones that report five times a "
    "second. Every message from server to server goes through a relay, which counts it and "
    "delays it by 20 ms. `flood-echo` is the paper's way; `flood` is the better one that there "
    "is: it leaves out the neighbour that a report came from.")
RULE = (
    "For one update on five servers and five links theory has exact counts: "
    + "; ".join(f"{scheme}: {', '.join(f'{count} {what}' for what, count in EXACT[scheme].items())}"
                for scheme in SCHEMES)
    + f" (at the least {SERVERS - 1} messages are needed). It holds where each engine's flood-echo has "
    "just these counts in every run, and does not hold where one has none of these duplicates or "
    "echoes, or other counts.")
CONTROL = "The same of `flood`: does it send anything back to the sender?"
NOT_SHOWN = (
    "Whether that matters: see `small`. Links take 20 ms here, so that it is clear from whom a "
    "server hears first; propagation on links without length is in `node`. These are floods at "
    "ease: where reports of one client overtake each other the counts differ, and count as "
    "stale.")


def _suffix(scheme: str) -> str:
    return "_" + scheme.replace("-", "_")


def _measure(context: Context, engine: str, scheme: str) -> List[Sample]:
    summary = context.run("echo", f"{engine}-{scheme}", {"duration": budget.SCRIPT[context.kind]})
    accepted = summary.number("accepted")
    found = [(f"{what}_per_update", summary.number(what) / accepted)
             for what in ("messages", "duplicates", "echoes", "bytes")]
    found += [(name, summary.number(name)) for name in ("propagation_p50_us", "propagation_p99_us")]
    return [Sample(ID, engine, name + _suffix(scheme), value) for name, value in found]


def cells(context: Context) -> List[Cell]:
    return [Cell(ID, name, scheme,
                 context.seconds(budget.SCRIPT_S + budget.herd_start(engines.family(name), SERVERS)),
                 lambda now, name=name, scheme=scheme: _measure(now, name, scheme))
            for scheme in SCHEMES for name in context.present(NAMES)]


def _is_exact(view: View, engine: str, scheme: str) -> bool:
    return all(set(view.values(engine, f"{what}_per_update{_suffix(scheme)}")) == {count}
               for what, count in EXACT[scheme].items())


def judge(view: View) -> Verdict:
    for name in NAMES:
        view.need(name, "echoes_per_update_flood_echo")
    others = [name for name in NAMES if not _is_exact(view, name, "flood-echo")]
    if others:
        return Verdict(DOES_NOT_HOLD, f"{', '.join(others)} floods otherwise: see the counts.")
    counts = EXACT["flood-echo"]
    return Verdict(HOLDS, f"every engine sends {counts['messages']} messages an update, of which "
                   f"{counts['duplicates']} tell nothing new and {counts['echoes']} go straight "
                   "back.")


def control(view: View) -> Control:
    echoes = max(view.need(name, "echoes_per_update_flood") for name in NAMES)
    return Control(CONTROL, echoes == 0, f"{echoes:g} echoes an update at the most")


def tables(view: View) -> List[Table]:
    found = []
    for scheme in SCHEMES:
        end = _suffix(scheme)
        found.append(by_engine(view, f"`{scheme}`, for one update", NAMES, [
            Column("messages", "messages_per_update" + end),
            Column("duplicates", "duplicates_per_update" + end),
            Column("echoes", "echoes_per_update" + end), Column("bytes", "bytes_per_update" + end),
            Column("propagation p50, ms", "propagation_p50_us" + end, 1000),
            Column("p99, ms", "propagation_p99_us" + end, 1000)]))
    return found
