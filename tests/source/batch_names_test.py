"""No two sources of a folder give a name of their own to different things.

Sources of one folder are compiled in one batch (`herdsim_batches` in CMakeLists.txt), in which their
anonymous namespaces are one. Which of them meet changes with every new file; so none may.
"""

from __future__ import annotations

import pathlib
import unittest
from typing import Dict, Iterable, List, Tuple

from cpp_source import (SOURCE, Statement, class_name, files, statements, without_attributes,
                        without_templates)
from one_definition_test import LIBRARY, function_name, split


def own_name(statement: Statement) -> str:
    """The name of what is defined in an anonymous namespace; empty if nothing is."""
    scopes = statement.scopes
    if any(scope.kind != "namespace" for scope in scopes):
        return ""
    if all(scope.name is not None for scope in scopes):
        return ""
    if statement.opens is not None and statement.opens.kind == "namespace":
        return ""
    if statement.opens is not None and statement.opens.kind == "class":
        return class_name(statement.head) or ""
    head = without_attributes(without_templates(statement.head))
    texts = [token.text for token in head]
    if texts[:1] == ["using"]:
        return texts[1] if texts[2:3] == ["="] else ""
    if statement.opens is not None:
        function = function_name(head)
        if function:
            return function
    # A variable: the word before its value or its bounds.
    left = split(head, "=")[0]
    while left and left[-1].kind != "word":
        left = left[:-1]
    is_constant = "constexpr" in texts or texts[:1] == ["const"]
    return left[-1].text if len(left) > 1 and is_constant else ""


def own_names(source: str) -> List[Tuple[str, int]]:
    """The names that only this source knows, and the line of each."""
    found: Dict[str, int] = {}
    for statement in statements(source):
        name = own_name(statement)
        if name and name not in found:
            found[name] = statement.head[0].line
    return list(found.items())


def met(paths: Iterable[pathlib.Path]) -> Dict[str, List[str]]:
    """The names that several sources of one folder have, and where."""
    places: Dict[Tuple[pathlib.Path, str], List[str]] = {}
    for path in paths:
        for name, line in own_names(path.read_text()):
            places.setdefault((path.parent, name), []).append(f"{path.relative_to(SOURCE)}:{line}")
    return {name: at for (_, name), at in places.items() if len(at) > 1}


class Samples(unittest.TestCase):
    def test_names(self) -> None:
        for source, want in (
                ("namespace sim { namespace { struct A { int b; }; } }", ["A"]),
                ("namespace { enum class E { kA }; using U = int; }", ["E", "U"]),
                ("namespace { constexpr int kA = 1; constexpr char kB[] = {1, 2}; }", ["kA", "kB"]),
                ("namespace { const std::vector<int> kA = {1}; }", ["kA"]),
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
