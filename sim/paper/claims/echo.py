"""echo: the useless messages of simple flooding."""

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
# The closed forms for a connected graph with this number of servers and links.
EXACT = {
    "flood-echo": {"messages": 2 * LINKS, "duplicates": 2 * LINKS - (SERVERS - 1),
                   "echoes": SERVERS - 1},
    "flood": {"messages": 2 * LINKS - (SERVERS - 1), "duplicates": 2 * (LINKS - (SERVERS - 1)),
              "echoes": 0},
}

CLAIM = ("The herd's simple flooding sends reports to servers that already have them, and sends a report "
         "back to the server that it came from.")
TOPIC = "duplicates of simple flooding"
MEASURED = (
    "The paper's herd of each engine, one process per server. 20 phones send five reports a "
    "second each. Every message between two servers passes through a relay, which counts it and "
    "delays it by 20 ms. `flood-echo` is the paper's scheme. `flood` is the better scheme: it "
    "does not send a report back to the neighbour that it came from.")
RULE = (
    "For one update on five servers and five links theory gives exact counts: "
    + "; ".join(f"{scheme}: {', '.join(f'{count} {what}' for what, count in EXACT[scheme].items())}"
                for scheme in SCHEMES)
    + f" ({SERVERS - 1} messages are the minimum). The claim holds if the flood-echo of each engine "
    "has exactly these counts in every run. It does not hold if an engine has other counts.")
CONTROL = "The same question about `flood`: does it send anything back to the sender?"
NOT_SHOWN = (
    "Whether that matters: see `small`. Links take 20 ms here, which decides from which neighbour "
    "a server hears first; `node` measures propagation on links without delay. These floods run "
    "under light load: if reports of one client overtake each other, the counts differ and the "
    "older messages count as stale.")


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
        return Verdict(DOES_NOT_HOLD, f"other counts in {', '.join(others)}: see the tables.")
    counts = EXACT["flood-echo"]
    return Verdict(HOLDS, f"every engine sends {counts['messages']} messages per update; "
                   f"{counts['duplicates']} of them are duplicates, and {counts['echoes']} of those "
                   "go back to the sender.")


def control(view: View) -> Control:
    echoes = max(view.need(name, "echoes_per_update_flood") for name in NAMES)
    return Control(CONTROL, echoes == 0, f"at most {echoes:g} echoes per update")


def tables(view: View) -> List[Table]:
    found = []
    for scheme in SCHEMES:
        end = _suffix(scheme)
        found.append(by_engine(view, f"`{scheme}`, per update", NAMES, [
            Column("messages", "messages_per_update" + end),
            Column("duplicates", "duplicates_per_update" + end),
            Column("echoes", "echoes_per_update" + end), Column("bytes", "bytes_per_update" + end),
            Column("propagation p50, ms", "propagation_p50_us" + end, 1000),
            Column("p99, ms", "propagation_p99_us" + end, 1000)]))
    return found
