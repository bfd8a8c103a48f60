"""What a rule says of a claim, and what a control says of the rule."""

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
    # Of HOLDS_ONLY_WHEN: the condition. Else why it is so, in one sentence with figures.
    because: str


@dataclasses.dataclass(frozen=True)
class Control:
    """The same question asked of something for which the answer is known to be no."""

    question: str
    # True: it failed, as it must. False: the measurement says nothing. None: it was not run.
    failed: Optional[bool]
    figures: str = ""


def decide(claim, view: View) -> "tuple[Verdict, Control]":
    """The claim's verdict by its rule: none without its figures, nor with a control that holds."""
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
        return Verdict(UNDECIDED, "the control, which must fail, did not: "
                       f"{control.figures}. Without it: {verdict.word}."), control
    return verdict, control
