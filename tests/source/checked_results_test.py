"""No result of a call that may fail for want of descriptors, memory or threads is dropped.

Such a call fails on a full machine alone, so that a test seldom sees what comes of it. Results that
do not matter are cast to void, with a comment that says why.
"""

from __future__ import annotations

import re
import unittest
from typing import List

from cpp_source import SOURCE, Token, files, tokens

# Of libuv: whatever begins something. It documents that prepare, check and idle handles always
# start; a timer fails to start only if it is closing or has no callback.
UV = re.compile(r"uv_(?!buf_init|(?:timer|prepare|check|idle)_start)"
                r"(\w+_init\w*|\w+_start|\w+_bind|tcp_connect|\w+_open|listen|accept|fileno|spawn"
                r"|getaddrinfo|queue_work|thread_create\w*|try_write|write|shutdown"
                r"|tcp_getsockname|tcp_getpeername|ip4_addr|ip6_addr|inet_pton)$")
SYSTEM = re.compile(r"(pipe2?|socket|socketpair|eventfd|epoll_\w+|timerfd_create|signalfd"
                    r"|inotify_\w+|openat|mkdtemp|mkstemp|memfd_create|mmap|dup[23]?|fcntl|fork"
                    r"|sigaction|pthread_\w+|prctl|getrlimit|setrlimit|getaddrinfo|fopen|fdopen"
                    r"|opendir)$")
# Names that our own classes have too, whose results the compiler looks after.
GLOBAL_ONLY = re.compile(r"(open|bind|listen|accept4?|connect)$")
LIBRARIES = re.compile(r"(curl_(global_init\w*|multi_init|multi_add_handle|easy_init|easy_escape"
                       r"|url|url_set|slist_append)"
                       r"|MHD_(start_daemon|create_response_\w+|queue_response)"
                       r"|json_(object|array|stringn?|integer|real|copy|deep_copy|load\w+|dumps)"
                       r"|XML_ParserCreate\w*"
                       r"|PQ(connect\w+|setnonblocking|send\w+|enterPipelineMode|pipelineSync"
                       r"|consumeInput|flush))$")


def dropped(source: str) -> List[str]:
    """The calls whose results nothing looks at, as `line: name`."""
    found = []
    all_tokens = tokens(source)
    for at, token in enumerate(all_tokens[:-1]):
        if token.kind != "word" or all_tokens[at + 1].text != "(":
            continue
        before = at - 1
        is_global = before >= 0 and all_tokens[before].text == "::" and (
            before == 0 or all_tokens[before - 1].kind != "word"
            or all_tokens[before - 1].text in ("else", "do"))
        if is_global:
            before -= 1
        name = token.text
        if not (UV.match(name) or SYSTEM.match(name) or LIBRARIES.match(name)
                or (is_global and GLOBAL_ONLY.match(name))):
            continue
        if begins_statement(all_tokens, before):
            found.append(f"{token.line}: {name}")
    return found


def begins_statement(all_tokens: List[Token], before: int) -> bool:
    """Whether what follows this token is a statement, also one that an `if` or a loop governs."""
    if before < 0:
        return True
    text = all_tokens[before].text
    if text == "{":  # of a block; any other brace opens an initializer
        return before == 0 or all_tokens[before - 1].text in (
            ")", "]", "{", "}", ";", "else", "do", "try", "const", "noexcept", "override", "mutable")
    return text in (";", "}", ")", "else", "do")


class Samples(unittest.TestCase):
    def test_dropped(self) -> None:
        for source, want in (
                ("void f() { uv_loop_init(&loop); }", ["1: uv_loop_init"]),
                ("void f() {\n  if (a) uv_poll_init(l, p, fd);\n}", ["2: uv_poll_init"]),
                ("void f() { for (auto* h : all) uv_signal_init(l, h); }", ["1: uv_signal_init"]),
                ("void f() { if (a) { } else ::pipe2(ends, 0); }", ["1: pipe2"]),
                ("void f() { a(); ::open(path, 0); }", ["1: open"]),
                ("void f() { uv_listen(s, 1, [](uv_stream_t* s, int) { uv_accept(s, c); }); }",
                 ["1: uv_listen", "1: uv_accept"])):
            with self.subTest(source):
                self.assertEqual(dropped(source), want)

    def test_looked_at(self) -> None:
        for source in ("int f() { return uv_loop_init(&loop); }",
                       "void f() { const int e =\n      uv_poll_init(l, p, fd); }",
                       'void f() { require(uv_signal_init(l, h), "signals"); }',
                       "void f() { if (uv_listen(s, 1, f) != 0) g(); }",
                       "void f() { static_cast<void>(::open(path, 0)); }",
                       "void f() { const OwnedFd fd(::open(path, 0)); }",
                       "void f() { uv_timer_start(t, g, 1, 0); uv_timer_stop(t); }",
                       "void f() { port.open(host, 0); open(leg); }",
                       "void f() { // uv_loop_init(&loop);\n }"):
            with self.subTest(source):
                self.assertEqual(dropped(source), [])


class Sources(unittest.TestCase):
    def test_no_result_is_dropped(self) -> None:
        calls = [f"{path.relative_to(SOURCE)}:{call}" for path in files("sim")
                 for call in dropped(path.read_text())]
        self.assertEqual("\n".join(calls), "")

    def test_threads_are_started_in_one_place(self) -> None:
        """There the error of a machine without room for one is dealt with."""
        starts = re.compile(r"std::(j?thread(?!::|_)\s*\w*\s*[({]|async\s*\()")
        places = [str(path.relative_to(SOURCE)) for path in files("sim")
                  if path.stem != "start_thread" and starts.search(path.read_text())]
        self.assertEqual(places, [])


if __name__ == "__main__":
    unittest.main()
