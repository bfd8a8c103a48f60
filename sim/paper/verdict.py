"""Verdicts on claims, and the controls that they depend on."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Set

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


# The answers that a comparison may have: one if it is decided, several if its interval crosses a bound.
Answers = Sequence[Any]
YES_OR_NO: Answers = (True, False)


def answers(found: Optional[bool]) -> Answers:
    """Returns the possible answers to a question; both if the interval crosses the bound."""
    return YES_OR_NO if found is None else (found,)


def possible(choices: Mapping[str, Answers], rule: Callable[[Dict[str, Any]], Any]) -> Set[Any]:
    """Applies a rule to every combination of possible answers; returns all its outcomes."""
    return {rule(dict(zip(choices, each))) for each in itertools.product(*choices.values())}


def word_of(choices: Mapping[str, Answers], rule: Callable[[Dict[str, Any]], str]) -> str:
    """Returns the word that the rule has for all possible answers; UNDECIDED if it has several."""
    found = possible(choices, rule)
    return found.pop() if len(found) == 1 else UNDECIDED


def crossing(choices: Mapping[str, Answers]) -> str:
    """Returns which comparisons leave a verdict open, as the beginning of a sentence."""
    names = [name for name, each in choices.items() if len(each) > 1]
    return f"the interval of {' and of '.join(names)} crosses the rule's bound"


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
        return Verdict(UNDECIDED, f"the control has no answer: {control.figures}."), control
    if not control.failed:
        return Verdict(UNDECIDED, "the control must fail, but did not: "
                       f"{control.figures}. The rule alone says: {verdict.word}."), control
    return verdict, control
