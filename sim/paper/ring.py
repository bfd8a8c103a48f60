"""Measures the paper's ring and larger rings of each engine, under full and under light load."""

from __future__ import annotations

from typing import List, Mapping

import budget
import engines
import throughput
from cell import Cell
from context import Context
from figures import Sample

NAMES = ("native", "twisted", "node", "java-selector")
SIZES = (5, 10, 25)
LATENCIES = ("reply_p50_us", "reply_p99_us", "propagation_p50_us", "propagation_p99_us")


def at_work(context: Context, scenario: str, engine: str, servers: int,
            settings: Mapping[str, object] = {}) -> throughput.Summary:
    each = budget.ring_burst(engine, servers, context.quick) // 5
    bursts = {f"events.{number}.updates": each for number in range(5)}
    return context.run(scenario, engine, {
        "duration": budget.SCRIPT[context.kind], **bursts, **settings})


def at_ease(context: Context, scenario: str, engine: str,
            settings: Mapping[str, object] = {}) -> throughput.Summary:
    return context.run(scenario, engine, {"duration": budget.SCRIPT[context.kind], **settings})


def scale_work(engine: str, servers: int, summary: throughput.Summary) -> List[Sample]:
    return throughput.samples("scale", engine, f"_{servers}_servers", summary)


def scale_ease(engine: str, servers: int, summary: throughput.Summary) -> List[Sample]:
    end = f"_{servers}_servers"
    found = [Sample("scale", engine, name + end, summary.number(name))
             for name in ("propagation_p50_us", "propagation_p99_us", "coverage_p50_us")]
    return [*found, Sample("scale", engine, "rss_mib" + end, summary.number("rss_mib"))]


def cells(claim: str, context: Context, servers: int, measures: Mapping[str, object],
          quick: bool = True) -> List[Cell]:
    """Makes one cell per measure and engine, ordered by measure."""
    found = []
    for point, measure in measures.items():
        for name in context.present(NAMES):
            seconds = budget.SCRIPT_S + budget.herd_start(engines.family(name), servers)
            found.append(Cell(claim, name, f"{servers} servers, {point}", context.seconds(seconds),
                              lambda now, name=name, measure=measure: measure(now, name),
                              quick=quick))
    return found
