"""Finds the commands and the whole scenarios that the project's pages show."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import re
from typing import Any, Dict, Iterator, List, Tuple

# First words of commands. A block in which one line is a command must have commands only.
PROGRAMS = frozenset("""
    .ci/run build/herdsim cd cmake ctest curl docker export git herdsim java javac make nc netgenerate
    node npm pip printf python3 sed sh sim/paper/run.py source sudo sumo telnet /usr/bin/python3
""".split())


@dataclasses.dataclass(frozen=True)
class Command:
    page: str
    line: int
    text: str
    # The exit status that a comment beside the command names, or 0.
    status: int = 0
    # The lines below the command, in a block with `$` prompts.
    output: Tuple[str, ...] = ()


class NotUnderstood(Exception):
    """A line of a block of commands that is not a known command."""


def commands_of(root: pathlib.Path, page: str) -> Iterator[Command]:
    """Yields the commands in code blocks, then those of make and cmake within sentences."""
    text = (root / page).read_text(encoding="utf-8")
    for first, lines in _blocks(text):
        yield from _commands_in(page, _joined(first, lines))
    for number, line in enumerate(text.splitlines(), 1):
        for found in re.findall(r"`((?:make|cmake) [^`]+)`", line):
            yield Command(page, number, found)


def whole_scenarios(root: pathlib.Path, page: str) -> Iterator[Dict[str, Any]]:
    text = (root / page).read_text(encoding="utf-8")
    for example in re.findall(r"^```json\n(\{.*?)^```$", text, re.DOTALL | re.MULTILINE):
        yield json.loads(example)


def _blocks(text: str) -> Iterator[Tuple[int, List[str]]]:
    """Indented blocks, and fenced ones of a shell or without a language; each with its first line."""
    block: List[str] = []
    fence, before = "", ""
    for number, line in enumerate(text.splitlines() + [""], 1):
        if line.startswith("```"):
            if not fence:
                fence = line
            else:
                if fence in ("```", "```sh"):
                    yield number - len(block), block
                fence, block = "", []
        elif fence:
            block.append(line)
        elif line.startswith("    ") and (block or not before.strip()):
            block.append(line[4:])
        elif block:
            yield number - len(block), block
            block = []
        before = line


def _joined(first: int, lines: List[str]) -> List[Tuple[int, str]]:
    """The lines with their numbers; lines that end with a backslash are joined with the next."""
    found: List[Tuple[int, str]] = []
    continues = False
    for number, line in enumerate(lines, first):
        if continues:
            found[-1] = (found[-1][0], found[-1][1][:-1] + line.strip())
        else:
            found.append((number, line))
        continues = line.endswith("\\")
    return found


def _commands_in(page: str, lines: List[Tuple[int, str]]) -> Iterator[Command]:
    if any(line.startswith("$ ") for _, line in lines):
        yield from _prompted(page, lines)
        return
    has_commands = any(_is_command(line) for _, line in lines)
    for number, line in lines:
        if _is_command(line):
            yield _command(page, number, line, ())
        elif has_commands and line.strip() and not line.startswith("#") or _has_options(line):
            raise NotUnderstood(f"{page}:{number}: {line}")


def _prompted(page: str, lines: List[Tuple[int, str]]) -> Iterator[Command]:
    starts = [at for at, (_, line) in enumerate(lines) if line.startswith("$ ")]
    for at, end in zip(starts, [*starts[1:], len(lines)]):
        output = tuple(line for _, line in lines[at + 1:end])
        yield _command(page, lines[at][0], lines[at][1][2:], output)


def _is_command(line: str) -> bool:
    words = [word for word in line.split() if not re.fullmatch(r"\w+=\S*", word)]
    return bool(words) and words[0] in PROGRAMS


def _has_options(line: str) -> bool:
    """Whether a line looks like a command, because of a word with options after it."""
    return bool(re.match(r"[\w./-]+ .*(?<!\S)--[a-z]", line))


def _command(page: str, number: int, line: str, output: Tuple[str, ...]) -> Command:
    text, _, comment = line.partition(" # ")
    named = re.search(r"\bstatus (\d+)", comment)
    return Command(page, number, text.strip(), int(named[1]) if named else 0, output)
