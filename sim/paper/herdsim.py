"""Runs herdsim on one herd and reads its summary.csv."""

from __future__ import annotations

import csv
import json
import pathlib
import shutil
import subprocess
import tempfile
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, TypeVar

from cell import RunFailed

# A run that takes longer counts as hung.
TIMEOUT_S = 120


Found = TypeVar("Found")


class Update(NamedTuple):
    """A row of updates.csv."""

    sent_s: float
    # None if no answer came.
    reply_us: Optional[float]


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


def _run(binary: pathlib.Path, scenario: Dict[str, Any], settings: Mapping[str, object],
         read: Callable[[pathlib.Path], Found]) -> Found:
    """Runs a scenario; returns what `read` makes of the folder of its files.

    Raises RunFailed if the run or an expectation failed.
    """
    folder = pathlib.Path(tempfile.mkdtemp(prefix="herdsim-paper-"))
    try:
        file = folder / "scenario.json"
        file.write_text(json.dumps(scenario), encoding="utf-8")
        command = [str(binary), "run", str(file), "--out", str(folder / "out"), "--quiet"]
        for path, value in settings.items():
            command += ["--set", f"{path}={json.dumps(value)}"]
        _play(command, folder)
        return read(folder / "out")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _play(command: Sequence[str], folder: pathlib.Path) -> None:
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


def _summaries(folder: pathlib.Path) -> List[Summary]:
    with open(folder / "summary.csv", encoding="utf-8", newline="") as file:
        return [Summary(row) for row in csv.DictReader(file)]


def _summary(folder: pathlib.Path) -> Summary:
    rows = _summaries(folder)
    if len(rows) != 1:
        raise RunFailed(f"the run had {len(rows)} herds instead of one")
    return rows[0]


def _updates(folder: pathlib.Path) -> List[Update]:
    with open(folder / "updates.csv", encoding="utf-8", newline="") as file:
        return [Update(float(row["sent_us"]) / 1e6, float(row["reply_us"]) if row["reply_us"] else None)
                for row in csv.DictReader(file)]


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def run(binary: pathlib.Path, scenario: Dict[str, Any]) -> List[Summary]:
    """Returns the rows of the run's summary, one per herd."""
    return _run(binary, scenario, {}, _summaries)


def run_one(binary: pathlib.Path, scenario: Dict[str, Any], settings: Mapping[str, object] = {}
            ) -> Summary:
    """Returns the row of the run's summary."""
    return _run(binary, scenario, settings, _summary)


def run_with_updates(binary: pathlib.Path, scenario: Dict[str, Any], settings: Mapping[str, object] = {}
                     ) -> "tuple[Summary, List[Update]]":
    """Returns the row of the run's summary, and its updates in the order of the plan."""
    return _run(binary, scenario, settings, lambda folder: (_summary(folder), _updates(folder)))
