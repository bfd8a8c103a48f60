"""Verdicts on claims, and the controls that they depend on."""

from __future__ import annotations

import dataclasses
from typing import Optional

from figures import Unknown, View

HOLDS = "holds"
DOES_NOT_HOLD = "does not hold"
HOLDS_ONLY_WHEN = "holds only when"
UNDECIDED = "undecided"


@dataclasses.dataclass(frozen=True)
class Verdict:
    word: str
    # The reason, in one sentence with figures. If the word is HOLDS_ONLY_WHEN, the condition comes first.
    because: str


@dataclasses.dataclass(frozen=True)
class Control:
    """The claim's question about something for which the answer must be no."""

    question: str
    # True: it failed, as required. False: the measurement proves nothing. None: it was not run.
    failed: Optional[bool]
    figures: str = ""


def decide(claim, view: View) -> "tuple[Verdict, Control]":
    """Applies rule and control. Undecided if a figure is missing or the control does not fail."""
    try:
        control = claim.control(view)
    except Unknown as why:
        control = Control(claim.CONTROL, None, str(why))
    try:
        verdict = claim.judge(view)
    except Unknown as why:
        return Verdict(UNDECIDED, f"{why}."), control
    if control.failed is None:
        return Verdict(UNDECIDED, f"the control was not run: {control.figures}."), control
    if not control.failed:
        return Verdict(UNDECIDED, "the control must fail, but did not: "
                       f"{control.figures}. The rule alone says: {verdict.word}."), control
    return verdict, control
