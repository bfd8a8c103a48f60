"""Takes single herds out of scenario files: engines that run side by side would disturb each other."""

from __future__ import annotations

import copy
import json
import pathlib
from typing import Any, Dict, List, Sequence

from project import SCENARIOS


def load(name: str) -> Dict[str, Any]:
    return json.loads((SCENARIOS / f"{name}.json").read_text(encoding="utf-8"))


def herd_of(scenario: Dict[str, Any], herd: str) -> Dict[str, Any]:
    for each in scenario["herds"]:
        if each["name"] == herd:
            return each
    raise KeyError(f"{scenario['name']} has no herd {herd}")


def _is_about(item: Dict[str, Any], herd: str) -> bool:
    return item.get("herd", "*") in ("*", herd)


def alone(scenario: Dict[str, Any], herd: str, folder: pathlib.Path = SCENARIOS) -> Dict[str, Any]:
    """Returns the scenario with that herd only, and with an absolute path to its engine's folder."""
    found = copy.deepcopy(scenario)
    found["herds"] = [herd_of(found, herd)]
    for key in ("events", "expect"):
        if key in found:
            found[key] = [item for item in found[key] if _is_about(item, herd)]
    engine = found["herds"][0].get("engine")
    if isinstance(engine, dict):
        engine["cwd"] = str((folder / engine.get("cwd", ".")).resolve())
    return found


def command_of(scenario: Dict[str, Any], herd: str, words: Dict[str, str]) -> List[str]:
    """Returns an engine's command with its placeholders filled in, for servers that no run starts."""
    return [fill(word, words) for word in herd_of(scenario, herd)["engine"]["command"]]


def fill(text: str, words: Dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace("{" + word + "}", value)
    return text


def herds(scenario: Dict[str, Any]) -> Sequence[str]:
    return [each["name"] for each in scenario["herds"]]
