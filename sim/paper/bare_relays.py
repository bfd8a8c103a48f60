"""The bare relays: what each runtime needs for the same messages if it parses nothing."""

from __future__ import annotations

from typing import Dict, List, Sequence

from herd_servers import Place
from project import BARE, PROGRAMS, PYTHON, RELAY_CLASSES

# By engine whose floor each is.
COMMANDS: Dict[str, Sequence[str]] = {
    "native": [str(PROGRAMS / "bare_relay")],
    "twisted": [PYTHON, str(BARE / "relay.py")],
    "node": ["node", str(BARE / "relay.js")],
    "java-selector": ["java", "-XX:+UseSerialGC", "-Xmx256m", "-Xss256k", "-cp",
                      str(RELAY_CLASSES), "NioRelay"],
    "java-threads": ["java", "-XX:+UseSerialGC", "-Xmx256m", "-Xss256k", "-cp",
                     str(RELAY_CLASSES), "ThreadRelay"],
}


def name(engine: str) -> str:
    """Returns the name of the bare relay in the figures."""
    return f"{engine}-bare"


def command(engine: str, place: Place) -> List[str]:
    """Returns the command of one relay of a ring; the ring has an odd number of relays."""
    addresses = [each.partition("=")[2] for each in place.dial]
    return [*COMMANDS[engine], "--port", "0", "--dial", ",".join(addresses), "--expect",
            str(len(place.expect)), "--reach", str((len(place.servers) - 1) // 2)]
