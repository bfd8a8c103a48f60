"""Runs herdsim on one herd and reads its summary.csv."""

from __future__ import annotations

import csv
import json
import pathlib
import shutil
import subprocess
import tempfile
from typing import Any, Dict, List, Mapping, Sequence

from cell import RunFailed

# A run that takes longer counts as hung.
TIMEOUT_S = 120


class Summary:
    """A row of summary.csv."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells

    def text(self, column: str) -> str:
        return self._cells[column]

    def known(self, column: str) -> bool:
        return self._cells.get(column, "") != ""

    def number(self, column: str) -> float:
        if not self.known(column):
            raise RunFailed(f"summary.csv has no value for {column}")
        return float(self._cells[column])


def _last_words(text: str, lines: int = 6) -> str:
    kept = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(kept[-lines:]) or "no output"


def run(binary: pathlib.Path, scenario: Dict[str, Any], settings: Mapping[str, object] = {},
        options: Sequence[str] = ()) -> List[Summary]:
    """Returns the rows of the run's summary. Raises RunFailed if the run or an expectation failed."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="herdsim-paper-"))
    try:
        file = folder / "scenario.json"
        file.write_text(json.dumps(scenario), encoding="utf-8")
        command = [str(binary), "run", str(file), "--out", str(folder / "out"), "--quiet", *options]
        for path, value in settings.items():
            command += ["--set", f"{path}={json.dumps(value)}"]
        return _summaries(command, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _summaries(command: Sequence[str], folder: pathlib.Path) -> List[Summary]:
    # herdsim ends its own herds, also when it is interrupted.
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace")
    try:
        said, _ = process.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        raise RunFailed(f"took longer than {TIMEOUT_S} s") from None
    finally:
        _end(process)
    if process.returncode != 0:
        raise RunFailed(f"herdsim ended with {process.returncode}: {_last_words(said)}")
    with open(folder / "out" / "summary.csv", encoding="utf-8", newline="") as file:
        return [Summary(row) for row in csv.DictReader(file)]


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def run_one(binary: pathlib.Path, scenario: Dict[str, Any], settings: Mapping[str, object] = {},
            options: Sequence[str] = ()) -> Summary:
    rows = run(binary, scenario, settings, options)
    if len(rows) != 1:
        raise RunFailed(f"the run had {len(rows)} herds instead of one")
    return rows[0]
