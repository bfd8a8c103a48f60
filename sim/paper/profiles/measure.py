"""Measures one engine or one floor: a ring of five servers at work, steady first, then with its profiler."""

from __future__ import annotations

import pathlib
import tempfile
from typing import Dict, List, NamedTuple, Tuple

import bare_relays
import budget
import load_generator
import ring
import steady
import thread_times
import throughput
from herd_servers import CommandOf, HerdServers
from profiles import processor_time
from profiles.engines_profiled import ENGINES, Profiled
from profiles.kinds import Samples, most_time
from thread_times import Thread

SERVERS = 5
PROFILE_S = 10.0
# The number of functions of each engine on the page.
FUNCTIONS = 12


class Profile(NamedTuple):
    # Microseconds of processor time per update, without the profiler.
    per_update_us: float
    # The same while the profiler worked.
    profiled_us: float
    is_steady: bool
    # Microseconds per update of each kind of work; their sum is per_update_us.
    kinds_us: Dict[str, float]
    # The functions with the most time of their own, and their shares of the samples.
    functions: List[Tuple[str, float]]
    samples: int


def command_of(engine: str, is_bare: bool, binary: pathlib.Path, folder: pathlib.Path) -> CommandOf:
    relay = lambda place: bare_relays.command(engine, place)  # noqa: E731
    own = relay if is_bare else ring.command_of(engine, binary)
    return lambda place: ENGINES[engine].profiler.command(own(place), folder)


def measure(engine: str, is_bare: bool, binary: pathlib.Path, profile_s: float = PROFILE_S) -> Profile:
    """Raises RunFailed if a server or the profiler fails."""
    profiled = ENGINES[engine]
    with tempfile.TemporaryDirectory(prefix="herdsim-profiles-") as name:
        folder = pathlib.Path(name)
        with HerdServers(command_of(engine, is_bare, binary, folder), SERVERS) as servers:
            servers.wait_linked()
            warm = ring.at_work(servers, budget.RING_WORK["full"])
            begun = profiled.profiler.begin(servers, folder)
            before = thread_times.threads(servers.pids())
            # Any run is steady by this rule, so it lasts exactly as long.
            always = steady.Rule(0.0, profile_s, profile_s, float("inf"), float("inf"))
            run = load_generator.until_steady(servers.ports, servers.pids(), throughput.PIPELINED, always)
            spent = processor_time.between(before, thread_times.threads(servers.pids()))
            samples = profiled.profiler.end(begun)
    return of_samples(profiled, warm, run, spent, samples)


def of_samples(profiled: Profiled, warm: load_generator.Run, run: load_generator.Run,
               spent: List[Thread], samples: Samples) -> Profile:
    seconds = processor_time.divide(spent, profiled.functions.shares(samples), profiled.profiler.COVERS)
    per_update_us = warm.cpu_s_per_answer * 1e6
    scale = per_update_us / sum(seconds.values())
    return Profile(per_update_us, run.cpu_s_per_answer * 1e6, warm.state.is_reached,
                   {kind: each * scale for kind, each in seconds.items()},
                   most_time(samples, FUNCTIONS), sum(samples.values()))
