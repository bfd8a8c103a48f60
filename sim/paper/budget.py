"""The limits on time and load. Change them here and nowhere else.

A full run has ROUNDS["full"] rounds in at most MOST_S["full"] seconds. A quick run has one round.
"""

from __future__ import annotations

from typing import Dict

from steady import Rule

ROUNDS = {"full": 5, "quick": 1}
# The rounds of what needs no more: counts that are the same in every run, or nearly; what the load
# generator can do; the floors of the runtimes; other flags than the engines' own; and controls, which are far
# from their bounds. No rule asks about the others.
EXACT_ROUNDS = 1
SKEW_ROUNDS = 3
CEILING_ROUNDS = 1
BARE_ROUNDS = 1
ALTERNATIVE_ROUNDS = 1
CONTROL_ROUNDS = 3
# Of `node-cluster`, of herdsim's own event loops, and of the native servers in the largest ring.
UNRULED_ROUNDS = 3
# The first round always finishes; later rounds stop when the time is over.
MOST_S = {"full": 29.5 * 60, "quick": 200}

# When a run of the load generator counts as steady. Five rounds have at least 10 s of steady work.
# A quick run decides nothing, so it does not wait for steady state, and calls any run steady.
_ANY = float("inf")
WORK = {"full": Rule(1.0, 2.0, 12.0), "quick": Rule(0.5, 0.5, 5.0, _ANY, _ANY)}
# The same for servers that an earlier run of the same round has warmed.
WARM_WORK = {"full": Rule(0.5, 2.0, 6.0), "quick": Rule(0.25, 0.25, 5.0, _ANY, _ANY)}
RING_WORK = {"full": Rule(1.0, 2.0, 25.0), "quick": Rule(0.5, 0.5, 5.0, _ANY, _ANY)}
# With more processes than cores, compilers work for long (those of 25 JVMs on two cores for 35 to 45 s), and
# rates vary more from window to window. Once the compilers rest, the rate no longer rises.
MANY_WORK = {"full": Rule(3.5, 3.5, 64.0, compilers_most=0.02, share=1 / 3), "quick": RING_WORK["quick"]}
# A thread for each connection: what each runs in its loop is compiled late.
THREADS_PIPELINED = {"full": Rule(4.0, 3.0, 14.0), "quick": WORK["quick"]}
# A thread for each of many connections: for some seconds after they were opened, the threads run in step, and
# the server answers up to twice what it can keep up. Its rate varies by a tenth within seconds.
THREADS_WORK = {"full": Rule(8.0, 8.0, 20.0), "quick": WARM_WORK["quick"]}
# Waits vary more than rates from window to window, also by how long a process takes to wake up.
WAIT_TOLERANCE = {"full": 0.15, "quick": _ANY}
WAIT_SLACK_US = 30.0
# A herd may answer sooner than it passes news on. If the news is behind by more than this share of the
# work's duration when the work ends, its rate is not one that it could keep up.
BEHIND_MOST = {"full": 0.1, "quick": _ANY}

# Reports a second to a herd at ease, and for how long: cold after its start, and warm.
EASE_PER_S = {5: 200, 25: 50}
COLD_EASE_S = {"full": 1.0, "quick": 0.4}
EASE_S = {"full": 2.0, "quick": 0.6}
DEFERRED_S = {"full": 2.0, "quick": 0.6}

LOOPS_BURST = {"full": 600_000, "quick": 100_000}
CEILING_BURST = {"full": 1_000_000, "quick": 50_000}

# The duration of scripts with an even load.
SCRIPT = {"full": "1500ms", "quick": "1s"}
HERD_SCRIPT = {"full": "3s", "quick": "1s"}
SKEW_SCRIPT = {"full": "2s", "quick": "2s"}

# The numbers of known clients at which `memory` reads a server's size.
KNOWN = {"full": (1_000, 10_000, 100_000), "quick": (1_000, 10_000)}
CHURN_S = {"full": 2.0, "quick": 0.8}
COLD_CHURN_S = {"full": 1.0, "quick": 0.4}
CHURN_PER_S = 10_000

# Expected seconds of one run of a cell in the full run, with its start and end. A run of the quick
# run takes about QUICK_SHARE of that, because its scripts are shorter.
QUICK_SHARE = 0.4
START_S: Dict[str, float] = {"native": 0.4, "twisted": 0.6, "node": 0.4, "java": 0.7,
                             "native-central": 1.2}
SCRIPT_S = 1.6
HERD_S = 3.2
HERD_WORK_S = {"native": 7.9, "native-central": 4.1, "native-central-volatile": 4.0}
LOOPS_S = 3.4
# The phones of `deferred`: cold, warm, and with slow Places.
PHONES_S = 5.5
# One more load of a server that is warm.
WARM_WORK_S = 2.6
# The same with a thread for each of many connections.
THREADS_WORK_S = 17.0
TYPING_S = 3.5
TYPING_BARE_S = 2.0
MEMORY_S = 7.5
CONNECTIONS_S = 0.5
# The load of a ring of bare relays, which have little to compile.
BARE_S = 3.5
# Beyond the start: until a server alone, a ring of five or a larger one is steady, on two cores.
WARMUP_S: Dict[str, float] = {"native": 1.2, "twisted": 1.2, "node": 1.2, "java": 1.8}
RING_WARMUP_S: Dict[str, float] = {"native": 1.2, "twisted": 1.0, "node": 2.3, "java": 14.0}
MANY_WARMUP_S: Dict[str, float] = {"native": 3.5, "twisted": 3.5, "node": 8.0, "java": 45.5}
# Seconds to start one process of a herd on two cores.
PROCESS_S = {"native": 0.05, "twisted": 0.13, "node": 0.07, "java": 0.18}


def kind(quick: bool) -> str:
    return "quick" if quick else "full"


def herd_start(family: str, servers: int) -> float:
    return START_S[family] + PROCESS_S[family] * servers


def work_s(family: str, servers: int) -> float:
    """Returns the expected seconds of one run of the load until its end."""
    if servers > 5:
        return MANY_WARMUP_S[family] + MANY_WORK["full"].steady_s
    if servers > 1:
        return RING_WARMUP_S[family] + RING_WORK["full"].steady_s
    return WARMUP_S[family] + WORK["full"].steady_s
