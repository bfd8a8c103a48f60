"""The engines in the order of the page, each with its profiler and the table of its functions."""

from __future__ import annotations

from types import ModuleType
from typing import Dict, NamedTuple

from profiles import functions_java, functions_native, functions_node, functions_twisted, jfr, perf, sigprof
from profiles.kinds import Table


class Profiled(NamedTuple):
    profiler: ModuleType
    functions: Table


ENGINES: Dict[str, Profiled] = {
    "native": Profiled(perf, functions_native.TABLE),
    "twisted": Profiled(sigprof, functions_twisted.TABLE),
    "node": Profiled(perf, functions_node.TABLE),
    "java-selector": Profiled(jfr, functions_java.TABLE),
}
