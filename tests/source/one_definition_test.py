"""No class, function or variable is defined twice: the linker would take one of the two, for all.

Compilers see one file at a time, and a linker that is not told to look takes the first definition of
an inline function. `.ci/odr` looks at the types that a whole program is made of; this test looks at
the names, in all files, in seconds.
"""

from __future__ import annotations

import pathlib
import unittest
from typing import Dict, Iterable, List, Tuple

from cpp_source import (SOURCE, Statement, Token, class_name, files, statements,
                        without_attributes, without_templates)

# Folders that become one program, and those that each become another one with them.
LIBRARY = ("core", "sim")
PROGRAMS = ("tests/core", "tests/sim")
# Programs that are linked with nothing of the library.
APART = ("sim/paper/load", "sim/paper/again", "sim/paper/bare")


def split(tokens: List[Token], at: str) -> List[List[Token]]:
    """Cuts at each such token that is in no brackets."""
    parts: List[List[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.text in ("(", "<", "[", "{"):
            depth += 1
        elif token.text in (")", ">", "]", "}"):
            depth -= 1
        if depth == 0 and token.text == at:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def parameter_type(parameter: List[Token]) -> str:
    """The parameter without its default and its name."""
    words = split(parameter, "=")[0]
    types = [token for token in words if token.text != "const"]
    if (len(types) > 1 and words[-1].kind == "word" and types[-2].text != "::"
            and words[-1].text not in ("int", "long", "unsigned", "char", "double")):
        words = words[:-1]
    return " ".join(token.text for token in words)


def function_name(head: List[Token]) -> str:
    """The name and the parameters' types of a function; empty if it is none."""
    depth = 0
    for at, token in enumerate(head):
        if token.text == "<" and head[at - 1].text != "operator":
            depth += 1
        elif token.text == ">" and head[at - 1].text != "operator":
            depth -= 1
        elif token.text == "=" and depth == 0 and head[at - 1].text != "operator":
            return ""
        elif token.text == "(" and depth == 0:
            break
    else:
        return ""
    start = at
    while start > 0 and head[start - 1].text not in (">", "*", "&", "&&") and (
            head[start - 1].kind != "word" or start == at or head[start].text == "::"
            or head[start - 1].text in ("operator", "~")):
        start -= 1
    name = "".join(token.text for token in head[start:at])
    if not name or start == 0:  # a constructor's, or a macro: `TEST(A, B) {`
        return ""
    depth, end = 0, at
    for end in range(at, len(head)):
        depth += {"(": 1, ")": -1}.get(head[end].text, 0)
        if depth == 0:
            break
    parameters = [parameter_type(each) for each in split(head[at + 1:end], ",") if each]
    const = " const" if end + 1 < len(head) and head[end + 1].text == "const" else ""
    return f"{name}({', '.join(parameters)}){const}"


def variable_name(head: List[Token]) -> str:
    """The name of an inline variable that is defined; empty if none is."""
    if "inline" not in (token.text for token in head):
        return ""
    left = split(head, "=")[0]
    left = [token for token in left if token.text != "]" and token.text != "["]
    words = [token.text for token in left if token.kind == "word"]
    return words[-1] if words and left[-1].kind == "word" else ""


def defined_by(statement: Statement) -> str:
    """The full name of what is defined and seen by other files; empty if nothing is."""
    if any(scope.kind == "other" for scope in statement.scopes):
        return ""
    in_class = any(scope.kind == "class" for scope in statement.scopes)
    if statement.opens is not None and statement.opens.kind == "namespace":
        return ""
    if statement.opens is not None and statement.opens.kind == "class":
        name = class_name(statement.head)
        return statement.path(name) if name else ""
    head = without_attributes(without_templates(statement.head))
    texts = {token.text for token in head}
    # The members in a class's body are found with the class.
    if in_class or not head or "static" in texts or "using" in texts or "friend" in texts:
        return ""
    if statement.opens is None:
        name = variable_name(head)
    else:
        name = function_name(head) or variable_name(head)
    # Templates that differ only in their own parameters are different templates.
    front = statement.head[:len(statement.head) - len(without_templates(statement.head))]
    return statement.path(name + "".join(f" {token.text}" for token in front)) if name else ""


def definitions(source: str) -> List[Tuple[str, int]]:
    """The full name of each thing that is defined and seen by other files, and its line."""
    found = []
    for statement in statements(source):
        name = defined_by(statement)
        if name:
            found.append((name, statement.head[0].line))
    return found


Places = Dict[str, List[str]]


def places_of(paths: Iterable[pathlib.Path]) -> Places:
    """Where each name is defined."""
    found: Places = {}
    for path in paths:
        for name, line in definitions(path.read_text()):
            found.setdefault(name, []).append(f"{path.relative_to(SOURCE)}:{line}")
    return found


class Samples(unittest.TestCase):
    def names(self, source: str) -> List[str]:
        return [name for name, _ in definitions(source)]

    def test_classes(self) -> None:
        for source, want in (
                ("namespace sim { class A { int a; }; }", ["sim::A"]),
                ("namespace sim {\nstruct A final : public B<C> {\n} a; }", ["sim::A"]),
                ("namespace a::b { enum class E : char { kOne, kTwo }; }", ["a::b::E"]),
                ("namespace sim { class [[nodiscard]] A {}; }", ["sim::A"]),
                ("namespace sim { struct alignas(64) A {}; }", ["sim::A"]),
                ("namespace sim { class A { struct B { enum { kC }; }; }; }", ["sim::A",
                                                                               "sim::A::B"]),
                ("namespace sim { struct A::B { int b; }; }", ["sim::A::B"]),
                ("namespace sim { template <class T, class U = V<T>> class A {}; }", ["sim::A"]),
                ("namespace sim { template <> struct A<int> {}; }", ["sim::A<int>"]),
                ("union U {};", ["U"]),
                ("namespace sim { inline namespace v { class A {}; } }", ["sim::v::A"])):
            with self.subTest(source):
                self.assertEqual(self.names(source), want)

    def test_functions_and_variables(self) -> None:
        for source, want in (
                ("namespace sim { int f(int a, const B& b = {}) { return a; } }",
                 ["sim::f(int, const B &)"]),
                ("namespace sim { inline std::string f() { return {}; } }", ["sim::f()"]),
                ("namespace sim { template <class T> void f(T&& t) { struct L {}; } }",
                 ["sim::f(T &&) template < class T >"]),
                ("namespace sim { void A::f(int) const { if (x) { y(); } } }", ["sim::A::f(int) const"]),
                ("namespace sim { bool operator==(const A& a, const A& b) { return true; } }",
                 ["sim::operator==(const A &, const A &)"]),
                ("namespace sim { A::A(int a) : b_(a), c_{1} { } }", []),
                ("namespace sim { inline constexpr int kA = 1; }", ["sim::kA"]),
                ("namespace sim { inline constexpr std::array<int, 2> kA = {1, 2}; }",
                 ["sim::kA"])):
            with self.subTest(source):
                self.assertEqual(self.names(source), want)

    def test_what_no_other_file_sees(self) -> None:
        for source in ("namespace sim { namespace { class A {}; void f() {} } }",
                       "namespace { struct A { struct B {}; }; }",
                       "namespace sim { class A; enum class E : int; void f(int); }",
                       "namespace sim { static int f() { return 1; } }",
                       "namespace sim { constexpr int kA = 1; using A = B; }",
                       "namespace sim { void f(); /* class A {}; */ // class A {};\n }",
                       'namespace sim { const char* const a = "class A {};"; }',
                       'namespace sim { const char* const a = R"(class A {};)"; }',
                       "#define A class A {};\n"):
            with self.subTest(source):
                self.assertEqual(self.names(source), [])

    def test_two_definitions_of_one_class(self) -> None:
        base = "namespace sim {\nclass OwnedFd {\n int fd_;\n};\n}"
        results = "// Folder.\nnamespace sim {\n// Fd.\nclass OwnedFd {\n public:\n};\n}"
        self.assertEqual(definitions(base), [("sim::OwnedFd", 2)])
        self.assertEqual(definitions(results), [("sim::OwnedFd", 4)])


class Sources(unittest.TestCase):
    def test_nothing_is_defined_twice(self) -> None:
        apart = [places_of(files(program)) for program in APART]
        others = [path for path in files(*LIBRARY) if path not in files(*APART)]
        library = places_of(others)
        self.assertGreater(len(library), 1500, "the scanner finds what there is")
        for each in (library, *apart):
            self.assertTrue(each)
            self.assertEqual({name: at for name, at in each.items() if len(at) > 1}, {})
        for program in PROGRAMS:
            own = places_of(files(program))
            self.assertEqual({name: at + library.get(name, []) for name, at in own.items()
                              if len(at) > 1 or name in library}, {}, program)


if __name__ == "__main__":
    unittest.main()
