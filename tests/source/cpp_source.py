"""C++ sources as these tests read them: tokens, and which scope each brace opens.

This is far from a compiler: it knows as much of the language as this project's sources use.
"""

from __future__ import annotations

import os
import pathlib
import re
from dataclasses import dataclass
from typing import Iterator, List, NamedTuple, Optional, Tuple

SOURCE = pathlib.Path(os.environ.get("HERDSIM_SOURCE_DIR", pathlib.Path(__file__).parents[2]))

_TOKEN = re.compile(r'''
    (?P<space>\s+ | //[^\n]* | /\*.*?\*/)
  | (?P<macro>(?m:^)[ \t]*\#(?:[^\n\\]|\\.)*)
  | (?P<raw>R"(?P<mark>[^()\s\\"]*)\(.*?\)(?P=mark)")
  | (?P<text>"(?:[^"\\\n]|\\.)*")
  | (?P<number>\.?\d(?:'?[\w.]|[eEpP][+-])*)
  | (?P<char>'(?:[^'\\\n]|\\.)+')
  | (?P<word>[A-Za-z_]\w*)
  | (?P<sign>::|->|\[\[|\]\]|&&|\|\||[-+*/%&|^<>=!]=|.)
''', re.VERBOSE | re.DOTALL)


class Token(NamedTuple):
    text: str
    line: int
    kind: str  # of the groups above


def tokens(source: str) -> List[Token]:
    """All but spaces, comments and preprocessor lines."""
    found = []
    line = 1
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup or ""
        if match.group("raw") is not None:
            kind = "text"
        if kind not in ("space", "macro"):
            found.append(Token(match.group(), line, kind))
        line += match.group().count("\n")
    return found


def without_templates(head: List[Token]) -> List[Token]:
    """A declaration without the `template <...>` in front of it."""
    while head and head[0].text == "template":
        depth, at = 0, 1
        while at < len(head):
            depth += {"<": 1, ">": -1}.get(head[at].text, 0)
            at += 1
            if depth == 0:
                break
        head = head[at:]
    return head


def without_attributes(head: List[Token]) -> List[Token]:
    """A declaration without [[...]] and alignas(...)."""
    out: List[Token] = []
    at = 0
    while at < len(head):
        if head[at].text == "[[":
            while at < len(head) and head[at].text != "]]":
                at += 1
        elif head[at].text == "alignas":
            depth = 0
            while at + 1 < len(head):
                at += 1
                depth += {"(": 1, ")": -1}.get(head[at].text, 0)
                if depth == 0:
                    break
        else:
            out.append(head[at])
        at += 1
    return out


class Scope(NamedTuple):
    kind: str             # "namespace", "class", or "other": a function, an initializer
    name: Optional[str]   # None: anonymous


def class_name(head: List[Token]) -> Optional[str]:
    """The name of the class or enumeration whose body comes next; None if none does."""
    head = without_attributes(without_templates(head))
    if head and head[0].text == "typedef":
        head = head[1:]
    if not head or head[0].text not in ("class", "struct", "union", "enum"):
        return None
    rest = head[1:]
    if head[0].text == "enum" and rest and rest[0].text in ("class", "struct"):
        rest = rest[1:]
    name, depth = "", 0
    for token in rest:
        if depth == 0 and token.text in (":", "final"):
            break
        depth += {"<": 1, ">": -1}.get(token.text, 0)
        # `struct stat info {}` is a variable, `struct Pair make() {` a function.
        if depth == 0 and (token.text in ("(", "=") or
                           (token.kind == "word" and name and not name.endswith("::"))):
            return None
        name += token.text
    return name


def opened_scope(head: List[Token]) -> Scope:
    """Returns the scope that a brace behind these tokens opens."""
    texts = [token.text for token in head]
    if texts[:1] == ["inline"] and texts[1:2] == ["namespace"]:
        texts = texts[1:]
    if texts[:1] == ["namespace"]:
        return Scope("namespace", "".join(texts[1:]) or None)
    if texts[:2] == ["extern", '"C"'] and len(texts) == 2:
        return Scope("namespace", "")
    name = class_name(head)
    if name is not None:
        return Scope("class", name or None)
    return Scope("other", None)


@dataclass
class Statement:
    """The tokens before a `;` or a `{` outside of functions."""
    scopes: Tuple[Scope, ...]
    head: List[Token]
    opens: Optional[Scope]  # None: it ends here

    def path(self, name: str) -> str:
        """The full name of what is declared; empty if it has no external linkage."""
        if any(scope.name is None for scope in self.scopes):
            return ""
        return "::".join([scope.name for scope in self.scopes if scope.name] + [name])


def statements(source: str) -> Iterator[Statement]:
    """Yields the declarations and definitions in namespaces and classes, without function bodies."""
    scopes: List[Scope] = []
    head: List[Token] = []
    parens = 0
    for token in tokens(source):
        inside = bool(scopes) and scopes[-1].kind == "other"
        if token.text == "{":
            # A brace within parentheses, or behind `=`, is an initializer's.
            scope = Scope("other", None) if inside or parens else opened_scope(head)
            if not inside and not parens:
                yield Statement(tuple(scopes), head, scope)
            scopes.append(scope)
            if scope.kind != "other":
                head = []
        elif token.text == "}":
            closed = scopes.pop()
            # A variable of the class may be declared behind its body.
            if closed.kind != "other" or not parens:
                head = []
        elif inside:
            continue
        elif token.text == ";" and not parens:
            if head:
                yield Statement(tuple(scopes), head, None)
            head = []
        elif token.text == ":" and len(head) == 1 and head[0].text in (
                "public", "private", "protected"):
            head = []
        else:
            parens += {"(": 1, ")": -1}.get(token.text, 0)
            head.append(token)


def files(*folders: str) -> List[pathlib.Path]:
    """The C++ files below folders of the project, in order."""
    found = [path for folder in folders for path in (SOURCE / folder).rglob("*")
             if path.suffix in (".h", ".cpp")]
    return sorted(found)
