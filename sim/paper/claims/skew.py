"""skew: whether servers' clocks matter."""

from __future__ import annotations

from typing import List

import budget
from cell import Cell
from context import Context
from figures import Sample, View
from table import Column, Table, by_engine
from verdict import DOES_NOT_HOLD, HOLDS, Control, Verdict

ID = "skew"
SECTION = "3.2.3"
HERDS = {"native": "client-time", "native-server-time": "server-time"}
CONTROL_ENGINE = "native-server-time"
# The scenario's own expectations count its updates, and this script is shorter.
EXPECT = [{"herd": "*", "metric": "violations", "equals": 0}]

CLAIM = ("As servers judge reports by the clients' clocks, it does no harm that their own are off: the "
         "right one wins everywhere.")
MEASURED = (
    "Five servers whose clocks are up to ten seconds off, 40 phones that report every 200 ms "
    "and go to another server every 700 ms. At the end each server's record of each phone is "
    "held against what that phone said last, as its script has it. Each round has another seed.")
RULE = ("It holds where the herd that orders by the clients' time ends with no wrong record in any "
        "run, and does not hold where there is one.")
CONTROL = "The same herd, ordering by its servers' clocks: does it end with no wrong record?"
NOT_SHOWN = (
    "Clients whose own clocks are off: a phone whose clock is ahead is believed until true "
    "time has caught up with it, at every server alike. What a server tells (the difference in "
    "its AT lines) is off by its skew; nothing is decided by that.")


def _measure(context: Context, engine: str) -> List[Sample]:
    summary = context.run("skew", HERDS[engine], {
        "duration": budget.SKEW_SCRIPT[context.kind], "expect": EXPECT})
    return [Sample(ID, engine, name, summary.number(name))
            for name in ("updates", "accepted", "wrong_records", "handovers", "converged")]


def cells(context: Context) -> List[Cell]:
    return [Cell(ID, name, "", context.seconds(budget.SCRIPT_S + 1),
                 lambda now, name=name: _measure(now, name)) for name in HERDS]


def judge(view: View) -> Verdict:
    view.need("native", "wrong_records")
    wrong = view.highest("native", "wrong_records") or 0
    runs = len(view.values("native", "wrong_records"))
    told = f"{wrong:.0f} wrong records at the most in {runs} run{'s' * (runs != 1)}"
    return Verdict(HOLDS if wrong == 0 else DOES_NOT_HOLD, f"{told}.")


def control(view: View) -> Control:
    view.need(CONTROL_ENGINE, "wrong_records")
    wrong = view.lowest(CONTROL_ENGINE, "wrong_records") or 0
    return Control(CONTROL, wrong > 0, f"it has {wrong:.0f} at the least")


def tables(view: View) -> List[Table]:
    return [by_engine(view, "By whose clock records are ordered (native: the clients')", list(HERDS), [
        Column("updates", "updates"), Column("accepted", "accepted"),
        Column("handovers", "handovers"), Column("wrong records", "wrong_records"),
        Column("all servers agree (1: yes)", "converged")])]
