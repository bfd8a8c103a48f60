"""How long everything may take and how much each engine is given: the one place to change it.

A full run has ROUNDS rounds in MOST_S["full"] seconds; the quick one has one in MOST_S["quick"].
"""

from __future__ import annotations

from typing import Dict

ROUNDS = {"full": 5, "quick": 1}
# The first round is always finished; later ones are cut where time is up.
MOST_S = {"full": 27 * 60, "quick": 180}

# Updates to one server: what takes it one or two seconds, alone on a core of 2025.
BURST = {
    "full": {"native": 150_000, "twisted": 100_000, "node": 120_000, "node-cluster": 60_000,
             "java-selector": 100_000, "java-pool": 100_000, "java-threads": 60_000},
    "quick": {"native": 50_000, "twisted": 30_000, "node": 40_000, "node-cluster": 20_000,
              "java-selector": 30_000, "java-pool": 30_000, "java-threads": 20_000},
}
# Updates to a ring of servers, shared by five of them: each costs two messages a link.
RING_BURST = {
    "full": {"native": 100_000, "twisted": 40_000, "node": 50_000, "java-selector": 40_000},
    "quick": {"native": 25_000, "twisted": 8_000, "node": 10_000, "java-selector": 8_000},
}
LOOPS_BURST = {"full": 300_000, "quick": 100_000}
CEILING_BURST = {"full": 150_000, "quick": 50_000}

# The length of scripts that go on at an even load.
SCRIPT = {"full": "1500ms", "quick": "1s"}
SKEW_SCRIPT = {"full": "2s", "quick": "2s"}

# What is known to a server whose memory is looked at.
KNOWN = {"full": (1_000, 10_000, 100_000), "quick": (1_000, 10_000)}
# 100,000 of them are learnt in so many rounds only.
ROUNDS_OF_MOST_KNOWN = 3
CHURN_S = {"full": 3.0, "quick": 1.5}
CHURN_PER_S = 10_000

# Seconds that one run of a cell is expected to take, its start and end included, in the full run.
# The quick run's scripts are shorter: about QUICK_SHARE of it.
QUICK_SHARE = 0.6
START_S: Dict[str, float] = {"native": 0.4, "twisted": 0.6, "node": 0.4, "java": 0.7,
                             "native-central": 1.2}
BURST_S = 1.7
SCRIPT_S = 2.0
TYPING_S = 0.5
TYPING_BARE_S = 2.0
MEMORY_S = 5.0
CONNECTIONS_S = 0.8
# What it takes to start a process of a herd, with two cores to do it.
PROCESS_S = {"native": 0.05, "twisted": 0.15, "node": 0.06, "java": 0.2}


def kind(quick: bool) -> str:
    return "quick" if quick else "full"


def ring_burst(engine: str, servers: int, quick: bool) -> int:
    """The fewer the more servers have to hear of each; a multiple of the five that take them."""
    return RING_BURST[kind(quick)][engine] * 5 // servers // 5 * 5


def herd_start(family: str, servers: int) -> float:
    return START_S[family] + PROCESS_S[family] * servers
