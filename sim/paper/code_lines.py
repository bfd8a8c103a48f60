"""Counts the code lines of each engine with cloc, for the same set of features."""

from __future__ import annotations

import json
import pathlib
import shutil
import subprocess
from typing import Dict, List, Sequence

from cell import RunFailed
from project import ROOT

# The files that a server of the herd needs: lines, records, flooding, links, Places, the command
# line. Patterns are relative to the project's root; each matches at least one file.
NATIVE = (
    "core/*.cpp", "core/*.h", "sim/base/io/*.cpp", "sim/base/io/*.h",
    "sim/base/json/*", "sim/base/free_places.h",
    "sim/worlds/live/*.cpp", "sim/worlds/live/*.h",
    "sim/worlds/world/native_herd.*", "sim/worlds/world/link_fault.h",
    "sim/worlds/places/curl_loop.*", "sim/worlds/places/host_resolver.*",
    "sim/worlds/places/json_scan.*", "sim/worlds/places/places_answer.*",
    "sim/worlds/places/places_asker.*", "sim/worlds/places/places_query.*",
    "sim/app/cli/serve_command.cpp", "sim/app/cli/stop_signals.*", "sim/main.cpp",
)
# Files among them for other features: recovery, the simulator's own clients, link conditions, the
# embedded provider, virtual time. They are not counted.
NATIVE_EXTRA = (
    "core/reconciler.*", "core/record_summary.*", "core/recovery.*", "core/sync_*",
    "core/siphash.*", "core/hash_prefix.h", "core/geodesy.*", "core/random.*", "core/mutation.h",
    "core/prefetch.h",
    "sim/worlds/live/live_client_world.*", "sim/worlds/live/live_clients.h",
    "sim/worlds/live/client_legs.*", "sim/worlds/live/live_herd_world.*",
    "sim/worlds/live/multi_loop_herd.*", "sim/worlds/live/delay_line.*",
    "sim/worlds/live/access_path.h", "sim/worlds/live/link_way.h",
    "sim/worlds/live/places_host.*", "sim/worlds/live/hosted_herd.h", "sim/base/io/run_clock.h",
)
SETS = {
    "twisted": (("sim/engines/twisted/*.py",), ()),
    "node": (("sim/engines/node/*.js",), ("sim/engines/node/cluster_*.js",)),
    "java-selector": (("sim/engines/java/*.java",), ("sim/engines/java/Thread*.java",)),
    "native": (NATIVE, NATIVE_EXTRA),
}


def _files(patterns: Sequence[str]) -> List[pathlib.Path]:
    return sorted({path for pattern in patterns for path in ROOT.glob(pattern)})


def files_of(engine: str) -> List[pathlib.Path]:
    wanted, extra = SETS[engine]
    left_out = set(_files(extra))
    return [path for path in _files(wanted) if path not in left_out]


def count(files: Sequence[pathlib.Path]) -> Dict[str, int]:
    """Returns the numbers of `code`, `comment` and `blank` lines and of `files`."""
    if shutil.which("cloc") is None:
        raise RunFailed("cloc is not installed")
    if not files:
        raise RunFailed("there are no files to count")
    done = subprocess.run(["cloc", "--json", "--quiet", "--skip-uniqueness", *map(str, files)],
                          capture_output=True, text=True, check=False, timeout=60)
    try:
        total = json.loads(done.stdout)["SUM"]
    except (ValueError, KeyError):
        raise RunFailed(f"cloc failed: {(done.stdout + done.stderr).strip()[-300:]}") from None
    if total["nFiles"] != len(files):
        raise RunFailed(f"cloc counted {total['nFiles']} of {len(files)} files")
    return {"code": total["code"], "comment": total["comment"], "blank": total["blank"],
            "files": total["nFiles"]}
