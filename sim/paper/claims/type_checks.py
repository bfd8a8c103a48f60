"""typing: how servers treat lines that static types would have made impossible."""

from __future__ import annotations

import pathlib
import re
import subprocess
import tempfile
from typing import Iterator, List, Sequence

import budget
import corpus
import engines
import load_generator
import throughput
import typing_probe
from cell import Cell, RunFailed
from chart import Panel, bound, bounds, of_column
from context import Context
from figures import Sample, View
from server_process import ServerProcess
from table import UNKNOWN, Column, Entry, Line, Table, by_engine, cell
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, Control, Verdict

ID = "typing"
SECTION = "2.1, 4.1"
GUARDED = ("native", "twisted", "node", "java-selector")
BARE = ("twisted-unguarded", "java-unguarded")
PARROT = "native-parrot"

CLAIM = ("A server in a dynamically typed language must check its input at run time: it receives bad "
         "input that static types would have kept out.")
TOPIC = "run-time checks in a dynamic language"
MEASURED = (
    f"One server of each engine receives {len(corpus.cases())} lines, one at a time. The bad lines "
    "have a wrong number of fields, words in place of numbers, locations that are malformed or "
    "out of range, NUL bytes, invalid UTF-8, noise, up to 300,000 bytes, or forged AT and LINK "
    "commands. Some lines look odd but are valid. A valid line follows each line and shows where "
    "the answer to it ends. *right*: the answer that the protocol requires; *wrong*: another "
    "answer; *silent*: no answer; *dropped*: the server closed the connection although it must "
    "not; *dead*: the server serves no client any more; *right when warm*: the right answers when all "
    "lines come again after the load generator has loaded the server until it was steady. "
    "`twisted-unguarded` is the Twisted server without its input checks. `java-unguarded` is the Java server without the checks of numbers "
    "and locations (sim/paper/unguarded/ has both).")
RULE = (
    "The claim has two halves. *A dynamic server must check its input*: `twisted-unguarded` gets "
    "at least one line wrong, while the normal Twisted and Node.js servers get every line right "
    "and keep serving. *Static types would do it*: `java-unguarded` gets every line right. If "
    "both halves are true, the claim holds. If only the first is true, it holds only when the half "
    "about types is left out. Otherwise it does not hold.")
CONTROL = ("A server that answers `? ` to every line would be right about every bad line. Are all of its "
           "answers right?")
NOT_SHOWN = (
    "What a type checker finds before a program runs: these engines no longer contain such "
    "mistakes. Every line is text, and in any language the conversion from text to a number "
    "happens at run time; static types only make sure that no programmer forgets it. We chose the "
    "lines, and other lines may find other mistakes. `java-unguarded` still counts the fields of "
    "a line, which `twisted-unguarded` does not do, and still checks the MAC of a link.")


def _not_right(kind: str) -> str:
    return "not_right_" + re.sub(r"\W+", "_", kind.lower())


def _samples(engine: str, probe: typing_probe.Probe, cases: List[corpus.Case]) -> Iterator[Sample]:
    judged = probe.run(cases)
    yield Sample(ID, engine, "lines", len(judged))
    for outcome, count in typing_probe.counts(judged).items():
        yield Sample(ID, engine, outcome, count)
    yield Sample(ID, engine, "serves_afterwards", probe.is_serving())
    yield Sample(ID, engine, "believes_forged", probe.is_serving() and probe.believes_forgeries())
    for kind, (right, count) in typing_probe.right_by_kind(judged).items():
        if right < count:
            yield Sample(ID, engine, _not_right(kind), count - right)


def _again_warm(engine: str, server: ServerProcess, probe: typing_probe.Probe,
                context: Context) -> Iterator[Sample]:
    """Loads the server until it is steady, and sends all lines again: its code is compiled now."""
    run = load_generator.until_steady([server.address[1]], server.pids(), throughput.PIPELINED,
                                      budget.WORK[context.kind])
    judged = probe.run(corpus.cases())
    yield Sample(ID, engine, "warmup_s", run.warmup_s)
    yield Sample(ID, engine, "right_warm", typing_probe.counts(judged)[typing_probe.RIGHT])


def _probe_server(engine: str, command: List[str], context: Context) -> List[Sample]:
    servers: List[ServerProcess] = []

    def start() -> typing_probe.Address:
        for server in servers:
            server.close()
        servers[:] = [ServerProcess(command)]
        return servers[0].address

    try:
        probe = typing_probe.Probe(start(), start)
        try:
            found = list(_samples(engine, probe, corpus.cases()))
            if engine in GUARDED:
                found += _again_warm(engine, servers[0], probe, context)
            return found
        finally:
            probe.close()
    except OSError as why:
        raise RunFailed(f"could not talk to the server: {why}") from None
    finally:
        for server in servers:
            server.close()


def _measure_bare(engine: str, context: Context) -> List[Sample]:
    if engine == "twisted-unguarded":
        return _probe_server(engine, engines.unguarded_twisted(context.binary), context)
    with tempfile.TemporaryDirectory(dir=context.folder) as folder:
        try:
            engines.compile_unguarded_java(pathlib.Path(folder))
        except (OSError, subprocess.CalledProcessError) as why:
            raise RunFailed(f"could not compile it: {getattr(why, 'stderr', '') or why}") from None
        return _probe_server(engine, engines.unguarded_java(context.binary, pathlib.Path(folder)), context)


def _measure_parrot() -> List[Sample]:
    """Computes the answers of the parrot, which are known without a run."""
    cases = corpus.cases()
    right = sum(typing_probe.judge(case, b"? " + case.line + case.ending, False)
                == typing_probe.RIGHT for case in cases)
    return [Sample(ID, PARROT, "lines", len(cases)), Sample(ID, PARROT, typing_probe.RIGHT, right)]


def cells(context: Context) -> List[Cell]:
    found = [Cell(ID, PARROT, "", 0.1, lambda _: _measure_parrot(), rounds=1)]
    for name in context.present(GUARDED):
        found.append(Cell(ID, name, "", budget.TYPING_S, lambda now, name=name: _probe_server(
            name, engines.single_server_command(name, now.binary, {}), now), rounds=budget.EXACT_ROUNDS))
    for name in context.present(BARE):
        found.append(Cell(ID, name, "", budget.TYPING_BARE_S,
                          lambda now, name=name: _measure_bare(name, now), rounds=budget.EXACT_ROUNDS))
    return found


def _all_right(view: View, engine: str) -> bool:
    lines = view.need(engine, "lines")
    return (view.lowest(engine, "right") == lines and view.lowest(engine, "serves_afterwards") == 1
            and view.lowest(engine, "right_warm") in (lines, None))


def judge(view: View) -> Verdict:
    bare, lines = view.need("twisted-unguarded", "right"), view.need("twisted-unguarded", "lines")
    guarded = all(_all_right(view, name) for name in ("twisted", "node"))
    typed = view.need("java-unguarded", "right")
    told = (f"without input checks Twisted gets {bare:.0f} of {lines:.0f} lines right and Java "
            f"{typed:.0f}; with them Twisted and Node.js get {'all' if guarded else 'not all'} right")
    if bare >= lines or not guarded:
        return Verdict(DOES_NOT_HOLD, f"{told}.")
    if _all_right(view, "java-unguarded"):
        return Verdict(HOLDS, f"{told}.")
    return Verdict(HOLDS_ONLY_WHEN, "the half about types is left out, because servers need "
                   f"checks in both languages: {told}.")


def control(view: View) -> Control:
    right, lines = view.need(PARROT, "right"), view.need(PARROT, "lines")
    return Control(CONTROL, right < lines, f"{right:.0f} of {lines:.0f} are")


def _of_kind(view: View, engine: str, kind: str) -> Entry:
    found = cell(view, engine, Column(kind, _not_right(kind)))
    # A kind of which every answer is right has no figure.
    return "0" if found == UNKNOWN and view.values(engine, "lines") else found


def tables(view: View) -> List[Table]:
    names = GUARDED + BARE + (PARROT,)
    columns = [Column(outcome, outcome) for outcome in ("lines", *typing_probe.OUTCOMES)]
    columns.insert(2, Column("right when warm", "right_warm"))
    columns += [Column("still serves", "serves_afterwards"), Column("believes forged AT", "believes_forged")]
    kinds = [kind for kind in corpus.kinds()
             if any(view.values(name, _not_right(kind)) for name in names)]
    rows = [Line(kind, [_of_kind(view, name, kind) for name in BARE]) for kind in kinds]
    return [by_engine(view, "Lines by outcome (1: yes, 0: no)", names, columns),
            Table("Lines without the right answer, by kind of mistake",
                  ["lines", *BARE], rows)]


def panels(view: View, found: Sequence[Table]) -> List[Panel]:
    every = bound(view.median("native", "lines"), "all", "all lines, which the rule asks for")
    return [of_column(found[0], "right", bounds(every), (PARROT,), title="Lines with the right answer")]
