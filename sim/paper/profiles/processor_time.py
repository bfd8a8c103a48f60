"""The processor time of servers by thread, and how samples divide it into kinds of work."""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from profiles.kinds import LOOP, MEMORY, MEANING, SOCKETS
from thread_times import Thread, Threads

# The times that the samples of a profiler cover: all time; the time outside of the kernel; or that of the threads
# which run Java, also outside of the kernel. Time in the kernel that no sample covers belongs to sockets.
EVERYTHING, USER, JAVA_THREADS = "everything", "user", "java threads"

# Threads of a JVM that run no Java, and the kind of their work. None: it is the profiler's own.
_JVM: Sequence[Tuple[str, Optional[str]]] = (
    (r"^(C[12] Comp|Sweeper|VM Thread|GC |G1 )", MEMORY),
    (r"^(JFR |Attach)", None),
    (r"^(VM Periodic|Signal|Service|Monitor|Reference|Finalizer|Common-)", LOOP),
)


def between(before: Threads, after: Threads) -> List[Thread]:
    """Returns the threads of `after`, each with the time that it took since `before`."""
    nothing = Thread("", 0.0, 0.0)
    return [Thread(each.name, each.user - before.get(number, nothing).user,
                   each.system - before.get(number, nothing).system)
            for number, each in after.items()]


def divide(spent: Sequence[Thread], shares: Mapping[str, float], covers: str) -> Dict[str, float]:
    """Returns the seconds of each kind, without those of the profiler itself."""
    found = dict.fromkeys(MEANING, 0.0)
    for each in spent:
        of_jvm = next((item for item in _JVM if re.search(item[0], each.name)), None)
        if covers == JAVA_THREADS and of_jvm:
            if of_jvm[1]:
                found[of_jvm[1]] += each.user + each.system
            continue
        sampled = each.user + (each.system if covers == EVERYTHING else 0.0)
        found[SOCKETS] += each.user + each.system - sampled
        for kind, share in shares.items():
            found[kind] += share * sampled
    return found
