"""skew: whether the servers' clocks matter."""

from __future__ import annotations

from typing import List, Sequence

import budget
from cell import Cell
from chart import Bound, Panel, of_column
from context import Context
from figures import Sample, View
from table import Column, Table, by_engine
from verdict import DOES_NOT_HOLD, HOLDS, Control, Verdict

ID = "skew"
SECTION = "3.2.3"
HERDS = {"native": "client-time", "native-server-time": "server-time"}
CONTROL_ENGINE = "native-server-time"
# Replaces the scenario's own expectations, which count more updates than this shorter script has.
EXPECT = [{"herd": "*", "metric": "violations", "equals": 0}]

CLAIM = ("Servers order reports by the clients' clocks, so it does no harm if the servers' own clocks are "
         "wrong: the newest report wins on every server.")
TOPIC = "clock skew"
MEASURED = (
    "Five servers whose clocks are up to ten seconds wrong. 40 phones report every 200 ms and "
    "move to another server every 700 ms. At the end each server's record of each phone is "
    "compared with the last report of that phone in its script. Each round uses another seed.")
RULE = ("The claim holds if the herd that orders by client time ends every run without a wrong record. "
        "It does not hold if any run has one.")
CONTROL = "The same herd, ordered by its servers' clocks: does it end without a wrong record?"
NOT_SHOWN = (
    "Clients whose own clocks are wrong: if a phone's clock is ahead, every server believes that "
    "phone's report until true time reaches it. The time difference that a server writes into its "
    "AT lines is wrong by its skew, but no decision depends on it.")


def _measure(context: Context, engine: str) -> List[Sample]:
    summary = context.run("skew", HERDS[engine], {
        "duration": budget.SKEW_SCRIPT[context.kind], "expect": EXPECT})
    return [Sample(ID, engine, name, summary.number(name))
            for name in ("updates", "accepted", "wrong_records", "handovers", "converged")]


def cells(context: Context) -> List[Cell]:
    return [Cell(ID, name, "", context.seconds(budget.SCRIPT_S + 1),
                 lambda now, name=name: _measure(now, name), rounds=budget.SKEW_ROUNDS)
            for name in HERDS]


def judge(view: View) -> Verdict:
    view.need("native", "wrong_records")
    wrong = view.highest("native", "wrong_records") or 0
    runs = len(view.values("native", "wrong_records"))
    told = f"in {runs} run{'s' * (runs != 1)}"
    if wrong == 0:
        return Verdict(HOLDS, f"no wrong record {told}.")
    return Verdict(DOES_NOT_HOLD, f"up to {wrong:.0f} wrong records {told}.")


def control(view: View) -> Control:
    view.need(CONTROL_ENGINE, "wrong_records")
    wrong = view.lowest(CONTROL_ENGINE, "wrong_records") or 0
    return Control(CONTROL, wrong > 0, f"it has at least {wrong:.0f}")


def tables(view: View) -> List[Table]:
    return [by_engine(view, "Order by clock (native: the clients' clocks)", list(HERDS), [
        Column("updates", "updates"), Column("accepted", "accepted"),
        Column("handovers", "handovers"), Column("wrong records", "wrong_records"),
        Column("all servers agree (1: yes)", "converged")])]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    del view
    return [of_column(found[0], "wrong records", [Bound(0, "limit", "no wrong record")],
                      (CONTROL_ENGINE,), title="Wrong records at the end")]
