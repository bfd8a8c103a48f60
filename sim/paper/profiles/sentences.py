"""Makes sentences from the figures: what bounds each engine, and how it compares with Twisted."""

from __future__ import annotations

from typing import Dict, List, Mapping, Sequence

import bare_relays
from profiles.kinds import FLOODING, FORMATTING, LINES, LOOP, MEMORY, PARSING, RECORDS, SOCKETS
from profiles.measure import Profile
from table import listed

# The work that the protocol asks for, and no floor does.
PROTOCOL = (PARSING, FORMATTING, RECORDS, FLOODING)
# The work that every relay of lines has.
RELAYING = (SOCKETS, LINES, LOOP)
IN_WORDS: Dict[str, str] = {PARSING: "parsing", FORMATTING: "formatting", RECORDS: "records",
                            FLOODING: "flooding", SOCKETS: "sockets", LINES: "lines", LOOP: "the event loop",
                            MEMORY: "memory"}


def _sum(profile: Profile, kinds: Sequence[str]) -> float:
    return sum(profile.kinds_us[kind] for kind in kinds)


def _us(value: float) -> str:
    return f"{value:.2f} µs"


def _largest(profile: Profile, kinds: Sequence[str]) -> List[str]:
    return sorted(kinds, key=lambda kind: -profile.kinds_us[kind])


def bounds(profiles: Mapping[str, Profile], engines: Sequence[str]) -> List[str]:
    """Returns an item of a list for each engine with its floor."""
    return [f"- {_bound(name, profiles[name], profiles[bare_relays.name(name)])}" for name in engines]


def _bound(name: str, engine: Profile, floor: Profile) -> str:
    protocol = _sum(engine, PROTOCOL)
    parts = listed([f"{IN_WORDS[kind]} {_us(engine.kinds_us[kind])}" for kind in _largest(engine, PROTOCOL)])
    beyond = engine.per_update_us - floor.per_update_us
    memory = engine.kinds_us[MEMORY] - floor.kinds_us[MEMORY]
    said = (f"`{name}`: of {_us(engine.per_update_us)} an update, {_us(protocol)} "
            f"({protocol / engine.per_update_us:.0%}) is work that the protocol asks for and the floor does not do: "
            f"{parts}. Sockets, lines and the event loop take {_us(_sum(engine, RELAYING))}, in the floor "
            f"{_us(_sum(floor, RELAYING))}. Memory takes {_us(engine.kinds_us[MEMORY])}, in the floor "
            f"{_us(floor.kinds_us[MEMORY])}. ")
    largest = max((*PROTOCOL, *RELAYING, MEMORY), key=lambda kind: engine.kinds_us[kind])
    if beyond > 0 and protocol >= beyond / 2:
        return said + (f"The protocol's work is most of the {_us(beyond)} above the floor; the largest kind is "
                       f"{IN_WORDS[largest]}.")
    if beyond > 0 and memory >= beyond / 2:
        return said + f"Memory is most of the {_us(beyond)} above the floor."
    return said + (f"Most of the {_us(beyond)} above the floor is not the protocol's work; the largest kind is "
                   f"{IN_WORDS[largest]}.")


def beside_twisted(profiles: Mapping[str, Profile]) -> List[str]:
    """Compares Node.js and Java with Twisted, and their floors with its floor."""
    found = []
    for name in ("node", "java-selector"):
        names = (name, "twisted", bare_relays.name(name), bare_relays.name("twisted"))
        if all(each in profiles for each in names) and _sum(profiles[name], PROTOCOL) > 0:
            found.append(f"- {_beside(name, *(profiles[each] for each in names))}")
    return found or ["*no figures*"]


def _beside(name: str, engine: Profile, twisted: Profile, floor: Profile, twisted_floor: Profile) -> str:
    all_work = twisted.per_update_us / engine.per_update_us
    protocol = _sum(twisted, PROTOCOL) / _sum(engine, PROTOCOL)
    rest = ((twisted.per_update_us - _sum(twisted, PROTOCOL))
            / (engine.per_update_us - _sum(engine, PROTOCOL)))
    said = (f"`twisted` takes {all_work:.2f} times the processor time of `{name}`: {protocol:.2f} times for the "
            f"protocol's work, {rest:.2f} times for everything else. Twisted's floor takes "
            f"{twisted_floor.per_update_us / floor.per_update_us:.2f} times that of the other runtime. ")
    if rest < all_work < protocol:
        return said + "So work that any relay on these runtimes does holds the ratio down."
    return said + "So work that any relay on these runtimes does is not what holds the ratio down."
