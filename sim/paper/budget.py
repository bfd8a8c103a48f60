"""The limits on time and load. Change them here and nowhere else.

A full run has ROUNDS["full"] rounds in at most MOST_S["full"] seconds. A quick run has one round.
"""

from __future__ import annotations

from typing import Dict

ROUNDS = {"full": 5, "quick": 1}
# The first round always finishes; later rounds stop when the time is over.
MOST_S = {"full": 27 * 60, "quick": 180}

# Updates to one server: enough for one or two seconds, alone on a core of 2025.
BURST = {
    "full": {"native": 150_000, "twisted": 100_000, "node": 120_000, "node-cluster": 60_000,
             "java-selector": 100_000, "java-pool": 100_000, "java-threads": 60_000},
    "quick": {"native": 50_000, "twisted": 30_000, "node": 40_000, "node-cluster": 20_000,
              "java-selector": 30_000, "java-pool": 30_000, "java-threads": 20_000},
}
# Updates to a ring, shared by five of its servers. Each update costs two messages per link.
RING_BURST = {
    "full": {"native": 100_000, "twisted": 40_000, "node": 50_000, "java-selector": 40_000},
    "quick": {"native": 25_000, "twisted": 8_000, "node": 10_000, "java-selector": 8_000},
}
LOOPS_BURST = {"full": 300_000, "quick": 100_000}
CEILING_BURST = {"full": 150_000, "quick": 50_000}

# The duration of scripts with an even load.
SCRIPT = {"full": "1500ms", "quick": "1s"}
SKEW_SCRIPT = {"full": "2s", "quick": "2s"}

# The numbers of known clients at which `memory` reads a server's size.
KNOWN = {"full": (1_000, 10_000, 100_000), "quick": (1_000, 10_000)}
# The number of rounds that go up to the largest number.
ROUNDS_OF_MOST_KNOWN = 3
CHURN_S = {"full": 3.0, "quick": 1.5}
CHURN_PER_S = 10_000

# Expected seconds of one run of a cell in the full run, with its start and end. A run of the quick
# run takes about QUICK_SHARE of that, because its scripts are shorter.
QUICK_SHARE = 0.6
START_S: Dict[str, float] = {"native": 0.4, "twisted": 0.6, "node": 0.4, "java": 0.7,
                             "native-central": 1.2}
BURST_S = 1.7
SCRIPT_S = 2.0
TYPING_S = 0.5
TYPING_BARE_S = 2.0
MEMORY_S = 5.0
CONNECTIONS_S = 0.8
# Seconds to start one process of a herd on two cores.
PROCESS_S = {"native": 0.05, "twisted": 0.15, "node": 0.06, "java": 0.2}


def kind(quick: bool) -> str:
    return "quick" if quick else "full"


def ring_burst(engine: str, servers: int, quick: bool) -> int:
    """Returns the number of updates: fewer for larger rings, and always a multiple of five."""
    return RING_BURST[kind(quick)][engine] * 5 // servers // 5 * 5


def herd_start(family: str, servers: int) -> float:
    return START_S[family] + PROCESS_S[family] * servers
