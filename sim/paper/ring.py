"""Measures rings of servers: first at ease and cold, then at work until steady, then at ease and warm.

Each engine does all of it in one start per round, so that what is measured warm is warm.
"""

from __future__ import annotations

from typing import Callable, List, Sequence

import bare_relays
import budget
import engines
import herd_servers
import load_generator
import scenario
import steady
import throughput
from cell import Cell
from context import Context
from figures import Sample
from herd_servers import HerdServers, Place
from server_process import ServerProcess
from waits import halves, is_even, latencies
from watch import Watch

NAMES = ("native", "twisted", "node", "java-selector")
SIZES = (5, 25)
# The clients of a larger ring use five of its servers too.
ORIGINS = 5


def command_of(engine: str, binary: object) -> Callable[[Place], List[str]]:
    """Returns the command line of one server of a ring, as the scenario has it."""
    whole = scenario.load("node-throughput")

    def command(place: Place) -> List[str]:
        words = {"server": place.name, "port": "0", "host": "127.0.0.1", "herd": herd_servers.HERD,
                 "dial": ",".join(place.dial), "expect": ",".join(place.expect),
                 "servers": ",".join(place.servers), "propagation": "flood-echo",
                 "herdsim": str(binary)}
        return [*scenario.command_of(whole, engine, words), "--log", "info"]

    return command


def at_work(herd: HerdServers, rule: steady.Rule) -> load_generator.Run:
    return load_generator.until_steady(herd.ports[:ORIGINS], herd.pids(), throughput.PIPELINED, rule)


def work_rule(context: Context, servers: int) -> steady.Rule:
    return (budget.RING_WORK if servers <= 5 else budget.MANY_WORK)[context.kind]


def measure(claims: Sequence[str], context: Context, engine: str, servers: int) -> List[Sample]:
    """Returns samples for each claim, whose metrics end with the size in `scale`."""
    rate = budget.EASE_PER_S[servers]
    with HerdServers(command_of(engine, context.binary), servers, is_watched=True) as herd:
        with Watch(herd.names, herd.ports, herd.ports[:ORIGINS]) as watch:
            herd.wait_linked()
            cold = watch.reports(rate, budget.COLD_EASE_S[context.kind])
        # The watch has gone, so that the herd sends only its own messages.
        run = at_work(herd, work_rule(context, servers))
        resident = herd.resident_mib()
        with Watch(herd.names, herd.ports, herd.ports[:ORIGINS]) as watch:
            # The first reports follow all news that the herd has not passed on yet.
            behind = watch.reports(rate, 4 / rate)
            warm = watch.reports(rate, budget.EASE_S[context.kind])
    behind_s = max(value for each in behind for value in each.propagation_us) / 1e6
    if behind_s > budget.BEHIND_MOST[context.kind] * run.windows[-1].end:
        # The herd answered more than it passed on, so it could not go on like that.
        run = run._replace(state=run.state._replace(is_reached=False))
    found: List[Sample] = []
    for claim in claims:
        suffix = f"_{servers}_servers" if claim == "scale" else ""
        found += throughput.samples(claim, engine, suffix, run, is_fresh=True)
        found.append(Sample(claim, engine, f"behind_s{suffix}", behind_s))
        found += [Sample(claim, engine, f"{start}{name}{suffix}", value)
                  for start, part in (*halves(warm), ("cold_", cold))
                  for name, value in latencies(part).items()]
        found += [Sample(claim, engine, f"is_steady_at_ease{suffix}", is_even(warm, context.kind)),
                  Sample(claim, engine, f"rss_mib{suffix}", resident)]
    return found


def measure_bare(context: Context, engine: str) -> List[Sample]:
    """Returns the rate of a ring of bare relays on the engine's runtime."""
    with HerdServers(lambda place: bare_relays.command(engine, place), 5) as herd:
        herd.wait_linked()
        run = at_work(herd, work_rule(context, 5))
    return throughput.samples("node", bare_relays.name(engine), "", run, is_fresh=True)


def measure_ceiling(context: Context) -> List[Sample]:
    """Measures what the load generator can do with five bare relays that have no links."""
    alone = Place("S1", [], [], ["S1"])
    servers = [ServerProcess(bare_relays.command("native", alone)) for _ in range(ORIGINS)]
    try:
        run = load_generator.until_steady(
            [each.address[1] for each in servers], [pid for each in servers for pid in each.pids()],
            throughput.PIPELINED, budget.WARM_WORK[context.kind])
    finally:
        for each in servers:
            each.close()
    return [sample for claim, suffix in (("node", ""), *(("scale", f"_{size}_servers") for size in SIZES))
            for sample in throughput.ceiling_samples(claim, suffix, run)]


def cells(claim: str, context: Context, servers: int, also: Sequence[str] = (),
          quick: bool = True) -> List[Cell]:
    found = []
    for name in context.present(NAMES):
        family = engines.family(name)
        seconds = (budget.herd_start(family, servers) + budget.work_s(family, servers)
                   + budget.COLD_EASE_S["full"] + budget.EASE_S["full"])
        found.append(Cell(claim, name, f"{servers} servers", context.seconds(seconds),
                          lambda now, name=name: measure([claim, *also], now, name, servers),
                          rounds=budget.UNRULED_ROUNDS if name == "native" and servers > 5 else None,
                          quick=quick, also=tuple(also)))
    return found
