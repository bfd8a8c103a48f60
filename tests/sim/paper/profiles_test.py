"""The profiles: kinds of work on made-up samples, what each profiler says, the page."""

import csv
import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import types
import unittest

from harness import ROOT

import claims
import html_text
import load_generator
import steady
import thread_times
from profiles import in_python, jfr, kinds, measure, page, perf, processor_time, sentences, sigprof
from profiles.engines_profiled import ENGINES
from profiles.kinds import (FLOODING, FORMATTING, LINES, LOOP, MEANING, MEMORY, OTHER, PARSING, RECORDS,
                            SOCKETS, Table)
from profiles.processor_time import EVERYTHING, JAVA_THREADS, USER
from thread_times import Thread

TABLE = Table(((r"^read", SOCKETS), (r" grammar\.js$", PARSING)))
# Stacks of each engine whose kind is known.
KNOWN = {
    "node": (
        (("RegExp:^AT", "Builtins_RegExpPrototypeExec", "line neighbor.js"), PARSING),
        (("Builtins_SubString", "Builtins_RegExpPrototypeExec"), PARSING),
        (("v8::internal::String::SlowEquals", "Builtins_FindOrderedHashMapEntry"), RECORDS),
        (("v8::internal::Scavenger::ScavengeObject",), MEMORY),
        (("formatSkew grammar.js",), FORMATTING),
        (("#flood herd_server.js",), FLOODING),
        (("memmove", "v8::String::WriteOneByte"), LINES),
        (("__GI___libc_write", "node::LibuvStreamWrap::DoTryWrite"), SOCKETS),
        (("uv_run", "node::Start"), LOOP)),
    "twisted": (
        (("read_at lines.py", "HerdLineReceiver.link_line herd_server.py"), PARSING),
        (("write_at lines.py",), FORMATTING), (("TwistedHerdServer.news herd_server.py",), RECORDS),
        (("TwistedHerdServer.flood herd_server.py",), FLOODING), (("Relay.lineReceived relay.py",), LINES),
        (("untilConcludes util.py", "Connection.writeSomeData tcp.py"), SOCKETS),
        (("ReactorBase.runUntilCurrent base.py",), LOOP)),
    "java-selector": (
        (("java.lang.String.<init>", "Fields.split"), PARSING), (("Report.skew",), FORMATTING),
        (("java.util.concurrent.ConcurrentHashMap.compute", "Records.offer"), RECORDS),
        (("Session.sendOn", "Server.lambda$flood$0"), FLOODING), (("LineSplitter.split",), LINES),
        (("sun.nio.ch.IOUtil.read",), SOCKETS), (("EventLoop.drain",), LOOP)),
    "native": (
        (("herd::scan_location",), PARSING), (("__vdso_clock_gettime",), FORMATTING),
        (("herd::RecordStore::offer",), RECORDS), (("herd::Server::news",), FLOODING),
        (("__memmove_avx_unaligned",), LINES), (("[unknown] libuv.so.1.0.0",), SOCKETS),
        (("_int_free",), MEMORY), (("sim::LiveServer::time_reached",), LOOP)),
}


def profile(per_update_us=10.0, **kinds_us):
    return measure.Profile(per_update_us, 11.0, True, {**dict.fromkeys(MEANING, 0.0), **kinds_us},
                           [("read_at lines.py", 0.5)], 1000)


def report(**profiles):
    return page.Report({name.replace("_", "-"): each for name, each in profiles.items()}, {}, [], "today", 10.0)


class KindsTest(unittest.TestCase):
    def test_the_first_named_function_of_a_stack_decides(self):
        self.assertEqual(TABLE.kind_of(("memcpy", "exec grammar.js", "read")), PARSING)
        self.assertEqual(TABLE.kind_of(("read", "exec grammar.js")), SOCKETS)

    def test_other_is_what_no_rule_names(self):
        shares = TABLE.shares({("read",): 2, ("memcpy", "exec grammar.js"): 5, ("memcpy",): 3})
        self.assertEqual({kind: share for kind, share in shares.items() if share},
                         {SOCKETS: 0.2, PARSING: 0.5, OTHER: 0.3})
        self.assertEqual(list(shares), list(MEANING))

    def test_each_engine_has_its_known_functions_and_every_kind(self):
        for engine, stacks in KNOWN.items():
            table = ENGINES[engine].functions
            for stack, kind in stacks:
                self.assertEqual(table.kind_of(stack), kind, f"{engine}: {stack}")
            self.assertEqual(table.kind_of(("no such function",)), OTHER, engine)
            self.assertLessEqual(set(table.kinds), set(MEANING) - {OTHER}, engine)
            self.assertLessEqual(set(MEANING) - {OTHER, MEMORY}, set(table.kinds), engine)
        self.assertEqual(set(KNOWN), set(ENGINES))

    def test_the_most_time_is_that_of_the_last_functions(self):
        samples = {("a", "b"): 3, ("b",): 5, ("a",): 1, ("c", "a"): 1}
        self.assertEqual(kinds.most_time(samples, 2), [("b", 0.5), ("a", 0.4)])


class ProcessorTimeTest(unittest.TestCase):
    SHARES = {PARSING: 0.75, SOCKETS: 0.25}

    def seconds(self, covers, *threads):
        found = processor_time.divide(threads, self.SHARES, covers)
        return {kind: value for kind, value in found.items() if value}

    def test_samples_may_cover_everything(self):
        self.assertEqual(self.seconds(EVERYTHING, Thread("python3", 3.0, 1.0)), {PARSING: 3.0, SOCKETS: 1.0})

    def test_time_in_the_kernel_that_they_do_not_cover_belongs_to_sockets(self):
        self.assertEqual(self.seconds(USER, Thread("node", 3.0, 1.0), Thread("node", 1.0, 0.0)),
                         {PARSING: 3.0, SOCKETS: 2.0})

    def test_a_jvm_has_threads_for_memory_and_the_profilers_own_do_not_count(self):
        self.assertEqual(
            self.seconds(JAVA_THREADS, Thread("loop-0", 4.0, 1.0), Thread("VM Thread", 0.5, 0.25),
                         Thread("C2 CompilerThre", 1.0, 0.0), Thread("JFR Thread Samp", 9.0, 9.0)),
            {PARSING: 3.0, SOCKETS: 2.0, MEMORY: 1.75})

    def test_a_thread_counts_from_the_first_look_on(self):
        spent = processor_time.between({1: Thread("a", 2.0, 1.0)},
                                       {1: Thread("a", 5.0, 1.5), 2: Thread("b", 1.0, 0.0)})
        self.assertEqual(spent, [Thread("a", 3.0, 0.5), Thread("b", 1.0, 0.0)])

    def test_this_process_has_threads(self):
        self.assertIn(os.getpid(), thread_times.threads([os.getpid()]))

    def test_kinds_divide_the_time_without_the_profiler(self):
        windows = [load_generator.Window(1.0, 100_000, 1, 1, 1, 0.8, 0.1)]
        warm = load_generator.Run(windows, steady.Steady(0, True))
        run = load_generator.Run([windows[0]._replace(servers_cpu_s=1.0)], steady.Steady(0, True))
        made = measure.of_samples(ENGINES["twisted"], warm, run, [Thread("python3", 0.6, 0.4)],
                                  {("read_at lines.py",): 3, ("no such function",): 1})
        self.assertAlmostEqual(made.per_update_us, 8.0)
        self.assertAlmostEqual(made.profiled_us, 10.0)
        self.assertAlmostEqual(made.kinds_us[PARSING], 6.0)
        self.assertAlmostEqual(made.kinds_us[OTHER], 2.0)


class ProfilersTest(unittest.TestCase):
    def test_perf(self):
        said = ("\n\t  14d185e Builtins_SubString (/usr/bin/node)\n"
                "\t7f32 JS:*line file:///x/node/neighbor.js:159:7 (/tmp/perf-1.map)\n"
                "\t7f33 JS:^Readable.push node:internal/streams/readable:387:35 (/tmp/perf-1.map)\n"
                "\n\t  7f34 JS:* file:///x/line_connection.js:43:23 (/tmp/perf-1.map)\n"
                "\n\t  12 [unknown] (/usr/lib/libuv.so.1.0.0)\n")
        self.assertEqual(perf.read(said.splitlines()), {
            ("Builtins_SubString", "line neighbor.js", "Readable.push readable"): 1,
            (" line_connection.js",): 1, ("[unknown] libuv.so.1.0.0",): 1})

    def test_flight_recorder(self):
        def event(time_of_day, *names):
            frames = [{"method": {"type": {"name": name}, "name": method}} for name, method in names]
            return {"values": {"startTime": f"2026-11-30T{time_of_day}.158996867+09:00",
                               "stackTrace": {"frames": frames} if frames else None}}
        # 17:17:05 in this offset is 08:17:05 UTC.
        since = 1796026625.0
        found = jfr.read([event("17:17:04", ("Fields", "split")), event("17:17:05"),
                          event("17:17:05", ("java/lang/String", "<init>"), ("Fields", "split"))], since)
        self.assertEqual(found, {("java.lang.String.<init>", "Fields.split"): 1})

    def test_sampler_in_python(self):
        script = "import time\ndef spin():\n    while True:\n        pass\nprint('begun', flush=True)\nspin()\n"
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "script.py").write_text(script)
            process = subprocess.Popen(
                sigprof.command([sys.executable, str(folder / "script.py")], folder),
                stdout=subprocess.PIPE, text=True)
            try:
                self.assertEqual(process.stdout.readline(), "begun\n")
                process.send_signal(signal.SIGUSR2)
                self.assertEqual(process.stdout.readline(), "profiling\n")
                used = thread_times.threads([process.pid])[process.pid].user
                while thread_times.threads([process.pid])[process.pid].user < used + 0.1:
                    time.sleep(0.01)
                process.send_signal(signal.SIGUSR2)
                self.assertEqual(process.stdout.readline(), "profiled\n")
                found = json.loads((folder / f"{process.pid}.json").read_text())
            finally:
                process.kill()
                process.communicate()
        self.assertTrue(all(stack[0][0] == "spin" for stack, _ in found), found)
        self.assertGreater(sum(count for _, count in found), 5)

    def test_the_sampler_in_python_leaves_itself_out(self):
        def stack_of(function):
            caller = types.SimpleNamespace(f_code=self.test_sampler_in_python.__code__, f_back=None)
            return types.SimpleNamespace(f_code=function.__code__, f_back=caller)
        self.addCleanup(in_python.samples.clear)
        for own in in_python.sample, in_python.toggle:
            in_python.sample(signal.SIGPROF, stack_of(own))
        self.assertFalse(in_python.samples)
        in_python.sample(signal.SIGPROF, stack_of(json.dumps))
        self.assertEqual([[name for name, _ in stack] for stack in in_python.samples],
                         [["dumps", "ProfilersTest.test_sampler_in_python"]])

    def test_commands(self):
        folder = pathlib.Path("/f")
        self.assertEqual(perf.command(["herdsim", "serve"], folder), ["herdsim", "serve"])
        self.assertIn("--perf-basic-prof", perf.command(["node", "herd.js"], folder))
        self.assertIn("-XX:StartFlightRecording", " ".join(jfr.command(["java", "Herd"], folder)))
        self.assertTrue(jfr.SETTINGS.exists())


class PageTest(unittest.TestCase):
    def full(self):
        return report(twisted=profile(21.0, parsing=12.0, records=4.0, sockets=2.0, lines=3.0),
                      twisted_bare=profile(4.0, sockets=1.0, lines=3.0),
                      node=profile(8.0, parsing=3.0, records=1.0, sockets=2.0, memory=2.0),
                      node_bare=profile(4.0, sockets=2.0, lines=1.5, memory=0.5))

    def test_sentences_come_from_the_figures(self):
        text = page.text_of(self.full())
        self.assertIn("of 8.00 µs an update, 4.00 µs (50%) is work that the protocol asks for", text)
        self.assertIn("parsing 3.00 µs, records 1.00 µs, formatting 0.00 µs and flooding 0.00 µs", text)
        self.assertIn("Memory takes 2.00 µs, in the floor 0.50 µs", text)
        self.assertIn("`twisted` takes 2.62 times the processor time of `node`: 4.00 times for the protocol's "
                      "work, 1.25 times for everything else. Twisted's floor takes 1.00 times that of the other "
                      "runtime. So work that any relay on these runtimes does holds the ratio down.", text)

    def test_what_bounds_an_engine_depends_on_its_figures(self):
        floor = profile(4.0, sockets=4.0)
        for engine, said in ((profile(8.0, sockets=4.0, parsing=4.0), "The protocol's work is most of the 4.00 µs"),
                             (profile(8.0, sockets=4.0, parsing=1.0, memory=3.0), "Memory is most of the 4.00 µs"),
                             (profile(8.0, sockets=7.5, parsing=0.5), "Most of the 4.00 µs above the floor is not")):
            self.assertIn(said, sentences.bounds({"node": engine, "node-bare": floor}, ["node"])[0])

    def test_a_table_that_leaves_out_too_much_is_told(self):
        self.assertIn("`node` leaves out too much", page.text_of(report(node=profile(10.0, other=1.1))))
        self.assertNotIn("leaves out too much", page.text_of(report(node=profile(10.0, other=0.9))))

    def test_an_engine_without_a_profile_is_named(self):
        made = self.full()._replace(missing={"native": "this system does not permit perf"})
        self.assertIn("- `native` has no profile: this system does not permit perf.", page.text_of(made))

    def test_the_csv_file_has_what_the_page_has(self):
        made = self.full()
        rows = list(csv.DictReader(io.StringIO(page.figures_of(made))))
        self.assertEqual({row["engine"] for row in rows}, set(made.profiles))
        self.assertEqual({(row["engine"], row["metric"]): row["value"] for row in rows}[("node", "parsing_us")], "3")

    def test_every_table_row_has_as_many_cells_as_its_header(self):
        for block in page.text_of(self.full()).split("\n\n"):
            widths = {line.count("|") for line in block.splitlines() if line.startswith("|")}
            self.assertLessEqual(len(widths), 1, block)

    def test_the_published_page_says_what_its_texts_say(self):
        """The texts about the measurement are constant, so the published pages must have them."""
        published = (ROOT / "results" / "paper-claims.md").read_text()
        node = next(each for each in claims.ALL if each.ID == "node")
        self.assertIn(node.MEASURED, published)
        self.assertIn(html_text.inline(node.MEASURED), (ROOT / "results" / "paper-claims.html").read_text())
        self.assertIn("](paper-profiles.md)", node.MEASURED)


if __name__ == "__main__":
    unittest.main()
