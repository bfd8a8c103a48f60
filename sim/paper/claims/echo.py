"""echo: the useless messages of simple flooding."""

from __future__ import annotations

from typing import List, Sequence

import budget
import engines
from cell import Cell
from chart import Bar, Bound, Panel, of_column, titled
from context import Context
from figures import Sample, View
from table import UNKNOWN, Column, Line, Table, by_engine, cell, listed
from verdict import DOES_NOT_HOLD, HOLDS, Control, Verdict

ID = "echo"
SECTION = "3.2.3"
NAMES = ("native", "twisted", "node", "java-selector")
SCHEMES = ("flood-echo", "flood")
# Schemes that only the native server has; its herd runs in herdsim's own process.
BETTER = ("source-tree", "plumtree", "gossip", "gossipsub")
BETTER_ENGINE = "native-loops"
# The engine that has all schemes.
ENGINE_OF_ALL = "native"
SERVERS, LINKS = 5, 5
LEAST = SERVERS - 1
TITLE = "`{}`, per update"
BETTER_TITLE = f"Better schemes of `{BETTER_ENGINE}`, per update"
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
    "does not send a report back to the neighbour that it came from. The native server has four "
    "schemes more, which no rule here asks about. `native-loops` is its herd in herdsim's own "
    "process, with the same links, whose messages the servers count themselves. `source-tree` "
    "sends along the shortest-path tree of each server; `plumtree` floods the first report of "
    "each server and learns its tree from the duplicates; `gossip` sends to two neighbours drawn "
    "at random; `gossipsub` floods a mesh of chosen links.")
RULE = (
    "For one update on five servers and five links theory gives exact counts: "
    + "; ".join(f"{scheme}: {', '.join(f'{count} {what}' for what, count in EXACT[scheme].items())}"
                for scheme in SCHEMES)
    + f" ({SERVERS - 1} messages are the minimum). The claim holds if the flood-echo of each engine "
    "has exactly these counts in every run. It does not hold if an engine has other counts.")
CONTROL = "The same question about `flood`: does it send anything back to the sender?"
NOT_SHOWN = (
    "Whether that matters: see `small`. Links take 20 ms here, which decides from which neighbour "
    "a server hears first; `node` measures propagation on links without delay, and by warm servers. "
    "These floods run under light load: if reports of one client overtake each other, the counts differ and the "
    "older messages count as stale. A ring is the graph on which better schemes save least; on it "
    "`gossip` and `gossipsub` have nobody to leave out, so they send what `flood` sends. A tree "
    "needs more than a flood does: a map of the herd or the first reports to learn from, and a "
    "repair when one of its links fails.")


def _suffix(scheme: str) -> str:
    return "_" + scheme.replace("-", "_")


def _measure(context: Context, engine: str, herd: str, scheme: str) -> List[Sample]:
    summary = context.run("echo", f"{herd}-{scheme}", {"duration": budget.SCRIPT[context.kind]})
    accepted = summary.number("accepted")
    found = [(f"{what}_per_update", summary.number(what) / accepted)
             for what in ("messages", "duplicates", "echoes", "bytes")]
    found += [(name, summary.number(name)) for name in ("propagation_p50_us", "propagation_p99_us")]
    if scheme in BETTER:
        found += [(f"{what}_per_update", summary.number(what) / accepted)
                  for what in ("control_lines", "control_bytes")]
    return [Sample(ID, engine, name + _suffix(scheme), value) for name, value in found]


def cells(context: Context) -> List[Cell]:
    def one(engine: str, herd: str, scheme: str) -> Cell:
        start = budget.herd_start(engines.family(engine), SERVERS)
        return Cell(ID, engine, scheme, context.seconds(budget.SCRIPT_S + start),
                    lambda now: _measure(now, engine, herd, scheme), rounds=budget.EXACT_ROUNDS)

    found = [one(name, name, scheme) for scheme in SCHEMES for name in context.present(NAMES)]
    return found + [one(BETTER_ENGINE, "native", scheme) for scheme in BETTER]


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
                   f"go back to the sender{_told_of_better(view)}.")


def _told_of_better(view: View) -> str:
    """Returns what each better scheme needs, as the end of a sentence; empty if none was measured."""
    found = {scheme: view.median(BETTER_ENGINE, "messages_per_update" + _suffix(scheme))
             for scheme in BETTER}
    told = [f"{value:.2f} with {scheme}" for scheme, value in found.items() if value is not None]
    return f" ({LEAST} messages are the least; native needs {listed(told)})" if told else ""


def control(view: View) -> Control:
    echoes = max(view.need(name, "echoes_per_update_flood") for name in NAMES)
    return Control(CONTROL, echoes == 0, f"at most {echoes:g} echoes per update")


def _columns(scheme: str) -> List[Column]:
    end = _suffix(scheme)
    found = [Column("messages", "messages_per_update" + end),
             Column("duplicates", "duplicates_per_update" + end),
             Column("echoes", "echoes_per_update" + end), Column("bytes", "bytes_per_update" + end),
             Column("propagation p50, ms", "propagation_p50_us" + end, 1000),
             Column("p99, ms", "propagation_p99_us" + end, 1000)]
    if scheme in BETTER:
        found += [Column("control lines", "control_lines_per_update" + end),
                  Column("control bytes", "control_bytes_per_update" + end)]
    return found


def _better(view: View) -> Table:
    """Makes one row per better scheme."""
    rows = [Line(scheme, entries) for scheme in BETTER
            if set(entries := [cell(view, BETTER_ENGINE, each) for each in _columns(scheme)])
            != {UNKNOWN}]
    return Table(BETTER_TITLE, ["scheme", *(each.header for each in _columns(BETTER[0]))], rows)


def tables(view: View) -> List[Table]:
    found = [by_engine(view, TITLE.format(scheme), NAMES, _columns(scheme)) for scheme in SCHEMES]
    return [*found, _better(view)]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    del view
    least = Bound(LEAST, "least", f"what {SERVERS} servers need, one message for each but the first", False)
    shown = []
    for scheme, what in ((SCHEMES[0], "messages"), (SCHEMES[0], "duplicates"), (SCHEMES[0], "echoes"),
                         (SCHEMES[1], "echoes")):
        theory = Bound(EXACT[scheme][what], "theory",
                       f"the exact count on {SERVERS} servers and {LINKS} links")
        shown.append(of_column(titled(found, TITLE.format(scheme)), what, [theory],
                               NAMES if scheme == SCHEMES[1] else ()))
    return [*shown, Panel("Messages per update by scheme, native servers", _by_scheme(found), [least])]


def _by_scheme(found: Sequence[Table]) -> List[Bar]:
    floods = [each._replace(name=scheme) for scheme in SCHEMES
              for each in of_column(titled(found, TITLE.format(scheme)), "messages").bars
              if each.name == ENGINE_OF_ALL]
    return [*floods, *of_column(titled(found, BETTER_TITLE), "messages").bars]
