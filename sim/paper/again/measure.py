"""Measures the rates of one engine three times in one start: as the page does, then with twice the work,
then with the other load generator."""

from __future__ import annotations

import subprocess
from typing import Callable, Dict, List, NamedTuple, Sequence

import alone
import engines
import load_generator
import ring
import steady
import throughput
from cell import RunFailed
from context import Context
from herd_servers import HerdServers
from load_generator import Shape
from project import PROGRAMS
from server_process import ServerProcess

PROGRAM = PROGRAMS / "other_load"
OTHER_S = 4.0
ENDS_WITHIN_S = 30
FOREVER = float("inf")


class Rates(NamedTuple):
    """Updates answered per second."""

    page: float
    # While the servers work on for as long as they had worked until then.
    twice: float
    # What the other load generator counts.
    other: float
    # Whether the first run became steady, and if not, whether it still rose.
    is_steady: bool
    is_rising: bool = False


class Work(NamedTuple):
    """A figure of the page that is measured again."""

    title: str
    engines: Sequence[str]
    rounds: int
    measure: Callable[[Context, str], Rates]


def _again(ports: Sequence[int], pids: Sequence[int], shape: Shape, rule: steady.Rule) -> Rates:
    first = load_generator.until_steady(ports, pids, shape, rule)
    length = first.windows[-1].end
    # Any run is steady by this rule once it has that length, and all but its beginning counts.
    always = steady.Rule(rule.least_s, length - rule.least_s, length, FOREVER, FOREVER)
    second = load_generator.until_steady(ports, pids, shape, always)
    other = _other(ports, shape, rule.least_s)
    return Rates(first.rate, second.rate, other, first.state.is_reached, first.state.is_rising)


def _other(ports: Sequence[int], shape: Shape, warm_s: float) -> float:
    words = [str(PROGRAM), *map(str, shape), str(warm_s), str(OTHER_S), *map(str, ports)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=ENDS_WITHIN_S)
    if done.returncode != 0:
        raise RunFailed(done.stderr.strip())
    answers, seconds = done.stdout.split()
    return int(answers) / float(seconds)


def _ring(servers: int) -> Callable[[Context, str], Rates]:
    def measure(context: Context, engine: str) -> Rates:
        with HerdServers(ring.command_of(engine, context.binary), servers) as herd:
            herd.wait_linked()
            return _again(herd.ports[:ring.ORIGINS], herd.pids(), throughput.PIPELINED,
                          ring.work_rule(context, servers))
    return measure


def _pipelined(context: Context, engine: str) -> Rates:
    with ServerProcess(engines.single_server_command(engine, context.binary, {})) as server:
        return _again([server.address[1]], server.pids(), throughput.PIPELINED,
                      alone.pipelined_rule(context, engine))


def _one_line_at_a_time(count: int) -> Callable[[Context, str], Rates]:
    def measure(context: Context, engine: str) -> Rates:
        with ServerProcess(engines.single_server_command(engine, context.binary, {})) as server:
            ports, pids = [server.address[1]], server.pids()
            # As for the page, the other load has warmed the server.
            load_generator.until_steady(ports, pids, throughput.PIPELINED, alone.pipelined_rule(context, engine))
            rule = alone.rule_at(context, engine, count)
            return _again(ports, pids, Shape(count, 1), rule)
    return measure


ALONE = (*ring.NAMES, "java-threads")
WORKS = (
    Work("A ring of five servers, 16 connections with 32 lines in flight each", ring.NAMES, 3, _ring(5)),
    Work("A ring of 25 servers, the same connections", ring.NAMES, 3, _ring(25)),
    Work("One server, 16 connections with 32 lines in flight each", ALONE, 3, _pipelined),
    Work("One server, 1,000 connections with one line in flight each", ALONE, 3,
         _one_line_at_a_time(1_000)),
)

# By title of the work and engine, one element a round.
Found = Dict[str, Dict[str, List[Rates]]]


def measure_all(context: Context, works: Sequence[Work], say: Callable[[str], None]) -> Found:
    """Raises RunFailed if a server or a load generator fails. In each round, every engine has its turn."""
    found: Found = {work.title: {name: [] for name in context.present(work.engines)} for work in works}
    for number in range(max(work.rounds for work in works)):
        for work in works:
            for name in found[work.title] if number < work.rounds else ():
                rates = work.measure(context, name)
                found[work.title][name].append(rates)
                say(f"round {number + 1}, {work.title}: {name}: {rates.page:,.0f} /s, twice the work "
                    f"{rates.twice / rates.page:.2f}, other generator {rates.other / rates.twice:.2f}")
    return found
