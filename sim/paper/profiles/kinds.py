"""The kinds of work, and how a stack of functions gets one of them."""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, NamedTuple, Sequence, Tuple

SOCKETS = "sockets"
LINES = "lines"
PARSING = "parsing"
FORMATTING = "formatting"
RECORDS = "records"
FLOODING = "flooding"
MEMORY = "memory"
LOOP = "loop"
OTHER = "other"

# The kinds in the order of the page, with their meaning.
MEANING: Dict[str, str] = {
    SOCKETS: "system calls, and the runtime's layer for streams above them",
    LINES: "cutting the input into lines, joining lines to one write, and copying them",
    PARSING: "parsing and checking the fields of a line",
    FORMATTING: "formatting an AT line: the clock, the difference, the fields",
    RECORDS: "finding a client's record, and deciding whether a report is newer",
    FLOODING: "deciding which links get a report",
    MEMORY: "allocating memory, collecting garbage, and compiling while the server runs",
    LOOP: "the event loop, timers, and the calls from there into the server",
    OTHER: "functions that no table names",
}

# The last function of a stack is first.
Stack = Tuple[str, ...]
Samples = Mapping[Stack, int]


class Rule(NamedTuple):
    """A regular expression for the names of functions, and their kind of work."""

    pattern: str
    kind: str


class Table:
    """The kinds of an engine's functions. The first function of a stack that a rule names decides."""

    def __init__(self, rules: Sequence[Tuple[str, str]]) -> None:
        self._rules = [(re.compile(pattern), kind) for pattern, kind in rules]
        self._found: Dict[str, str] = {}

    @property
    def kinds(self) -> List[str]:
        return [kind for _, kind in self._rules]

    def kind_of(self, stack: Stack) -> str:
        return next((kind for kind in map(self._of_function, stack) if kind), OTHER)

    def _of_function(self, name: str) -> str:
        if name not in self._found:
            self._found[name] = next((kind for each, kind in self._rules if each.search(name)), "")
        return self._found[name]

    def shares(self, samples: Samples) -> Dict[str, float]:
        """Returns the share of the samples that each kind has, also OTHER; their sum is 1."""
        total = sum(samples.values())
        found = dict.fromkeys(MEANING, 0.0)
        for stack, count in samples.items():
            found[self.kind_of(stack)] += count / total
        return found


def most_time(samples: Samples, most: int) -> List[Tuple[str, float]]:
    """Returns the functions with the most time of their own, and their shares."""
    total = sum(samples.values())
    own: Dict[str, int] = {}
    for stack, count in samples.items():
        own[stack[0]] = own.get(stack[0], 0) + count
    return [(name, count / total) for name, count in
            sorted(own.items(), key=lambda each: (-each[1], each[0]))[:most]]
