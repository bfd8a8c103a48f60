"""No two sources of a wing give a name of their own to different things.

Sources of one wing may be compiled in one batch (`herdsim_batches` in CMakeLists.txt), in which their
anonymous namespaces are one. Which of them meet changes with every new file; so none may.
"""

from __future__ import annotations

import pathlib
import unittest
from typing import Dict, Iterable, List, Tuple

from cpp_source import (SOURCE, Statement, Token, class_name, files, statements,
                        without_attributes, without_templates)
from one_definition_test import LIBRARY, function_name, split


def constant_names(head: List[Token]) -> List[str]:
    """The names of the constants that a declaration defines."""
    texts = [token.text for token in head]
    if "constexpr" not in texts and texts[:1] != ["const"]:
        return []
    names = []
    for declared in split(head, ","):
        # The name is the word before a value or bounds.
        left, depth = [], 0
        for token in split(declared, "=")[0]:
            if depth == 0 and token.text in ("(", "[", "{"):
                break
            depth += {"<": 1, ">": -1}.get(token.text, 0)
            left.append(token)
        if left and left[-1].kind == "word" and (names or len(left) > 1):
            names.append(left[-1].text)
    return names


def names_of(statement: Statement) -> List[str]:
    """The names of what is defined in an anonymous namespace."""
    scopes = statement.scopes
    if any(scope.kind != "namespace" for scope in scopes):
        return []
    if all(scope.name is not None for scope in scopes):
        return []
    if statement.opens is not None and statement.opens.kind == "namespace":
        return []
    if statement.opens is not None and statement.opens.kind == "class":
        return [class_name(statement.head) or ""]
    head = without_attributes(without_templates(statement.head))
    texts = [token.text for token in head]
    if texts[:1] == ["using"]:
        return texts[1:2] if texts[2:3] == ["="] else []
    if statement.opens is not None:
        function = function_name(head)
        if function:
            return [function]
    return constant_names(head)


def own_names(source: str) -> List[Tuple[str, int]]:
    """The names that only this source knows, and the line of each."""
    found: Dict[str, int] = {}
    for statement in statements(source):
        for name in names_of(statement):
            if name:
                found.setdefault(name, statement.head[0].line)
    return list(found.items())


def wing(path: pathlib.Path) -> pathlib.Path:
    """core, a folder of sim/, or all tests of core/ or of sim/."""
    within = path.relative_to(SOURCE).parent
    return pathlib.Path(*within.parts[:1 if within.parts[0] == "core" else 2])


def met(paths: Iterable[pathlib.Path]) -> Dict[str, List[str]]:
    """The names that several sources of one wing have, and where."""
    places: Dict[Tuple[pathlib.Path, str], List[str]] = {}
    for path in paths:
        for name, line in own_names(path.read_text()):
            places.setdefault((wing(path), name), []).append(f"{path.relative_to(SOURCE)}:{line}")
    return {name: at for (_, name), at in places.items() if len(at) > 1}


class Samples(unittest.TestCase):
    def test_names(self) -> None:
        for source, want in (
                ("namespace sim { namespace { struct A { int b; }; } }", ["A"]),
                ("namespace { enum class E { kA }; using U = int; }", ["E", "U"]),
                ("namespace { constexpr int kA = 1; constexpr char kB[] = {1, 2}; }", ["kA", "kB"]),
                ("namespace { const std::vector<int> kA = {1}; }", ["kA"]),
                ("namespace { constexpr Milliseconds kA(2), kB(400); }", ["kA", "kB"]),
                ("namespace { constexpr int kA = f(1, 2), kB = 2; }", ["kA", "kB"]),
                ("namespace { constexpr std::pair<int, int> kA(1, 2); }", ["kA"]),
                ("namespace { int f(int a) { return a; } int f() { return 1; } }",
                 ["f(int)", "f()"]),
                ("namespace sim { struct A {}; int f() { return 1; } }", []),
                ("namespace { class A; }", [])):
            with self.subTest(source):
                self.assertEqual([name for name, _ in own_names(source)], want)


class Sources(unittest.TestCase):
    def test_no_names_meet(self) -> None:
        sources = [path for path in files(*LIBRARY, "tests/core", "tests/sim")
                   if path.suffix == ".cpp"]
        self.assertGreater(sum(len(own_names(path.read_text())) for path in sources), 500,
                           "the scanner finds what there is")
        self.assertEqual(met(sources), {})


if __name__ == "__main__":
    unittest.main()
