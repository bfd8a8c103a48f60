"""Tests `herdsim export`: each format is read by a reader of its own, and its counts are those of the
CSV files."""

from __future__ import annotations

import collections
import csv
import json
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree
from decimal import Decimal
from typing import Any, Dict, List, Tuple

from herdsim_e2e import DEADLINE_S, SOURCE, Row, Run, TestCase

# Names that end, or mean something in, the strings, labels and lines of the formats.
HOSTILE = ['a"b\\', "x;y#1:%%{init}", "</data>&amp;<b>", "two words\u2028\u00a0more", "end"]
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
# ShiViz's own default expression, in Python's syntax.
SHIVIZ = re.compile(r"(?P<event>.*)\n(?P<host>\S*) (?P<clock>{.*})")
ARROWS = {"delivery": "->>", "again": "->>", "duplicate": "-->>", "stale": "-->>", "lost": "-x"}


class Export(TestCase):
    def ran(self, name: str, *options: str) -> Run:
        out = self.folder / name
        run = self.herdsim("run", str(SOURCE / "scenarios" / f"{name}.json"), "--clock", "virtual",
                           "--quiet", "--report", "none", "--out", str(out), *options)
        self.assertEqual(run.status, 0, run.stderr)
        run.folder = out
        return run

    def exported(self, run: Run, file_format: str, *options: str) -> str:
        ended = self.herdsim("export", str(run.folder), "--format", file_format, *options)
        self.assertEqual(ended.status, 0, ended.stderr)
        self.notes = ended.stderr
        return ended.stdout

    def renamed(self, run: Run) -> Dict[str, str]:
        """Gives the servers hostile names in every file, and returns the new names by the old."""
        servers = list(dict.fromkeys(row["server"] for row in run.table("servers.csv")))
        names = dict(zip(servers, HOSTILE))
        for path in run.folder.glob("*.csv"):
            with path.open(newline="", encoding="utf-8") as file:
                rows = list(csv.reader(file))
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerows([names.get(cell, cell) for cell in row] for row in rows)
        run._tables.clear()
        return names

    def test_perfetto_has_each_message_and_fault(self) -> None:
        for name in ("churn", "chaos"):
            with self.subTest(name):
                self.check_trace(self.ran(name))

    def check_trace(self, run: Run) -> None:
        trace = json.loads(self.exported(run, "perfetto"))
        self.assertEqual(self.notes, "")
        events = trace["traceEvents"]
        self.assertEqual(trace["otherData"]["messages_left_out"], "0")
        processes = {each["pid"]: each["args"]["name"] for each in events
                     if each["name"] == "process_name"}
        threads = {(each["pid"], each["tid"]): each["args"]["name"] for each in events
                   if each["name"] == "thread_name"}
        bars = self.bars(events, "message")
        rows = run.table("messages.csv")
        self.assertEqual(
            collections.Counter(
                (processes[bar["pid"]], bar["args"]["update"], bar["name"], bar["args"]["kind"],
                 bar["args"]["hops"], Decimal(str(bar["ts"]))) for bar, _ in bars),
            collections.Counter(
                (row["herd"], int(row["update"]), f"{row['from']} -> {row['to']}", row["kind"],
                 int(row["hops"]), Decimal(row["sent_us"])) for row in rows))
        self.check_arrows(events, processes, threads, rows)
        self.check_faults(run, events, processes, threads)

    def bars(self, events: List[Dict[str, Any]], category: str) -> List[Tuple[Any, Any]]:
        """Returns the beginnings of the bars with their ends; None for an end that is missing."""
        ends = {each["id"]: each for each in events
                if each["ph"] == "e" and each["cat"] == category}
        return [(each, ends.get(each["id"])) for each in events
                if each["ph"] == "b" and each["cat"] == category]

    def check_arrows(self, events: List[Dict[str, Any]], processes: Dict[int, str],
                     threads: Dict[Tuple[int, int], str], rows: List[Row]) -> None:
        slices = {(each["pid"], each["tid"], each["ts"]) for each in events if each["ph"] == "X"}
        ends = {each["id"]: each for each in events if each["ph"] == "f"}
        found: List[Tuple[str, str, str, Decimal, Decimal]] = []
        for start in (each for each in events if each["ph"] == "s"):
            end = ends.pop(start["id"])
            for each in (start, end):
                self.assertIn((each["pid"], each["tid"], each["ts"]), slices)
            found.append((processes[start["pid"]], threads[start["pid"], start["tid"]],
                          threads[end["pid"], end["tid"]], Decimal(str(start["ts"])),
                          Decimal(str(end["ts"]))))
        self.assertEqual(ends, {})
        self.assertEqual(collections.Counter(found), collections.Counter(
            (row["herd"], row["from"], row["to"], Decimal(row["sent_us"]),
             Decimal(row["received_us"])) for row in rows if row["received_us"]))

    def check_faults(self, run: Run, events: List[Dict[str, Any]], processes: Dict[int, str],
                     threads: Dict[Tuple[int, int], str]) -> None:
        happened = run.table("events.csv")
        moments = collections.Counter(each["name"] for each in events if each["ph"] == "i")
        self.assertEqual(moments, collections.Counter(row["event"] for row in happened))
        downs = collections.Counter((processes[each["pid"]], threads[each["pid"], each["tid"]])
                                    for each in events if each["name"] == "down")
        herds = [row["herd"] for row in run.table("summary.csv")]
        self.assertEqual(downs, collections.Counter(
            (herd, row["detail"]) for row in happened if row["event"] == "server_down"
            for herd in ([row["herd"]] if row["herd"] else herds)))
        self.assertTrue(downs)
        # The time that each link was down is in links.csv too.
        down_us: Dict[Tuple[str, str], Decimal] = collections.defaultdict(Decimal)
        for start, end in self.bars(events, "fault"):
            self.assertIsNotNone(end, "every link is up at the end of this scenario")
            link = start["name"][:-len(" down")]
            down_us[processes[start["pid"]], link] += Decimal(str(end["ts"])) - Decimal(str(start["ts"]))
        self.assertTrue(down_us)
        silent = {row["detail"].partition(", blackhole")[0] for row in happened
                  if ", blackhole" in row["detail"]}
        for row in run.table("links.csv"):
            for name in (f"{row['from']} - {row['to']}", f"{row['to']} - {row['from']}"):
                # A link in a blackhole may stay connected, which links.csv does not count.
                if (row["herd"], name) in down_us and name not in silent:
                    self.assertEqual(down_us[row["herd"], name], Decimal(row["down_us"]), name)

    def test_perfetto_of_one_update_and_herd(self) -> None:
        run = self.ran("flooding")
        trace = json.loads(self.exported(run, "perfetto", "--herd", "flood", "--update", "3"))
        bars = self.bars(trace["traceEvents"], "message")
        self.assertEqual(len(bars), 6)
        self.assertEqual({bar["args"]["update"] for bar, _ in bars}, {3})

    def test_shiviz_clocks_follow_the_messages(self) -> None:
        run = self.ran("chaos", "--set", "messages=all")
        for herd, column, value in (("none", "kind", "lost"), ("sync", "kind", "lost"),
                                    ("sync", "repair", "1"), ("sync", "kind", "stale")):
            update = next(row["update"] for row in run.table("messages.csv", herd)
                          if row[column] == value)
            rows = [row for row in run.table("messages.csv", herd) if row["update"] == update]
            log = self.exported(run, "shiviz", "--herd", herd, "--update", update)
            self.check_clocks(log, rows)

    def check_clocks(self, log: str, rows: List[Row]) -> None:
        steps = [match.groupdict() for match in SHIVIZ.finditer(log)]
        self.assertEqual(len(steps) * 2, log.count("\n"), log)
        received = [row for row in rows if row["received_us"]]
        self.assertEqual(len(steps), 1 + len(rows) + len(received))
        at: Dict[str, Dict[str, int]] = {}
        sent: Dict[Tuple[str, str], List[Dict[str, int]]] = collections.defaultdict(list)
        for step in steps:
            host, clock = step["host"], json.loads(step["clock"])
            before = at.get(host, {})
            self.assertEqual(clock[host], before.get(host, 0) + 1, step)
            self.assertTrue(all(clock[name] >= count for name, count in before.items()), step)
            at[host] = clock
            send = re.search(r" send to (\S+?)(, which is lost)?$", step["event"])
            if send:
                sent[host, send[1]].append(clock)
            source = re.search(r" from (\S+)$", step["event"])
            if source:
                known = any(all(clock.get(name, 0) >= count for name, count in each.items())
                            for each in sent[source[1], host])
                self.assertTrue(known, step)

    def test_shiviz_has_at_most_32_hosts(self) -> None:
        run = self.ran("flooding", "--set", "herds.*.servers=40", "--set", 'herds.*.links="ring"',
                       "--set", "expect=[]", "--set", "messages=all")
        log = self.exported(run, "shiviz", "--update", "3", "--herd", "flood")
        steps = [match.groupdict() for match in SHIVIZ.finditer(log)]
        self.assertEqual(len({step["host"] for step in steps}), 32)
        self.assertIn("8 more servers of this flood are left out", self.notes)

    def test_mermaid_has_an_arrow_for_each_message(self) -> None:
        run = self.ran("chaos", "--set", "messages=all")
        for herd in dict.fromkeys(row["herd"] for row in run.table("messages.csv")):
            lost = next(row["update"] for row in run.table("messages.csv", herd)
                        if row["kind"] == "lost")
            rows = [row for row in run.table("messages.csv", herd) if row["update"] == lost]
            text = self.exported(run, "mermaid", "--herd", herd, "--update", lost)
            names, arrows = self.diagram(text)
            self.assertEqual(
                collections.Counter((names[a], arrow, names[b]) for a, arrow, b in arrows),
                collections.Counter((row["from"], ARROWS[row["kind"]], row["to"]) for row in rows))

    def diagram(self, text: str) -> Tuple[Dict[str, str], List[Tuple[str, str, str]]]:
        """Reads the subset of Mermaid's grammar that the program writes. No other line may be in it."""
        lines = text.splitlines()
        self.assertEqual(lines.pop(0), "sequenceDiagram")
        names: Dict[str, str] = {}
        arrows: List[Tuple[str, str, str]] = []
        for line in lines:
            # In a text, # only begins a code, and nothing else can end the text.
            said = re.fullmatch(r"    participant (s\d+) as ((?:[^#;:%{}<>]|#\d+;)+)", line)
            if said:
                names[said[1]] = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), said[2])
                continue
            said = re.fullmatch(r"    (s\d+)(->>|-->>|-x)(s\d+): (?:[^#;:%{}<>]|#\d+;)+", line)
            if said:
                self.assertTrue({said[1], said[3]} <= names.keys(), line)
                arrows.append((said[1], said[2], said[3]))
                continue
            self.assertRegex(line, r"^    Note over s\d+: (?:[^#;:%{}<>]|#\d+;)+$")
        return names, arrows

    def test_graphml_has_the_counts_of_servers_and_links(self) -> None:
        run = self.ran("churn")
        names = self.renamed(run)
        herd = run.table("summary.csv")[0]["herd"]
        root = ElementTree.fromstring(self.exported(run, "graphml", "--herd", herd))
        keys = {key.get("id"): key.get("attr.name") for key in root.iter(GRAPHML + "key")}

        def data_of(element: ElementTree.Element) -> Dict[str, str]:
            return {keys[data.get("key")] or "": data.text or ""
                    for data in element.findall(GRAPHML + "data")}

        nodes = {node.get("id"): data_of(node) for node in root.iter(GRAPHML + "node")}
        self.assertEqual({node["label"] for node in nodes.values()}, set(names.values()))
        servers = {row["server"]: row for row in run.table("servers.csv", herd)}
        for node in nodes.values():
            row = servers[node.pop("label")]
            self.assertEqual(node, {key: row[key] for key in node})
            self.assertIn("messages_in", node)
        old = {new: before for before, new in names.items()}
        self.assertEqual(len(old), 5)
        edges = []
        labels = {key: data_of(node)["label"] for key, node in
                  ((node.get("id"), node) for node in root.iter(GRAPHML + "node"))}
        for edge in root.iter(GRAPHML + "edge"):
            edges.append((labels[edge.get("source")], labels[edge.get("target")], data_of(edge)))
        wanted = [(row["from"], row["to"], row) for row in run.table("links.csv", herd)]
        self.assertEqual([each[:2] for each in edges], [each[:2] for each in wanted])
        for (_, _, data), (_, _, row) in zip(edges, wanted):
            self.assertEqual(data, {key: row[key] for key in data})
            self.assertIn("down_us", data)
        self.check_networkx(run, herd)

    def check_networkx(self, run: Run, herd: str) -> None:
        try:
            import networkx  # pylint: disable=import-outside-toplevel
        except ImportError:
            return
        graph = networkx.parse_graphml(self.exported(run, "graphml", "--herd", herd))
        self.assertEqual(sum(count for *_, count in graph.edges(data="messages")),
                         sum(int(row["messages"]) for row in run.table("links.csv", herd)))

    def test_dot_has_the_counts_of_servers_and_links(self) -> None:
        run = self.ran("churn")
        names = self.renamed(run)
        herd = run.table("summary.csv")[0]["herd"]
        text = self.exported(run, "dot", "--herd", herd)
        links = run.table("links.csv", herd)
        edges = re.findall(r"^  s(\d+) -> s(\d+) \[.*, messages=(\d+), ", text, re.M)
        self.assertEqual([count for *_, count in edges], [row["messages"] for row in links])
        if shutil.which("dot") is None:
            self.skipTest("Graphviz is not installed")
        drawn = json.loads(subprocess.run(["dot", "-Kneato", "-Tjson"], input=text,
                                          capture_output=True, text=True, check=True,
                                          timeout=DEADLINE_S).stdout)
        nodes = [node for node in drawn["objects"] if "messages_in" in node]
        self.assertEqual(len(nodes), 5)
        written = [node["label"].replace("\\\\", "\\").replace('\\"', '"').replace("&amp;", "&")
                   for node in nodes]
        self.assertEqual(set(written), set(names.values()))
        label = {node["_gvid"]: name for node, name in zip(nodes, written)}
        self.assertEqual(
            collections.Counter((label[edge["tail"]], label[edge["head"]], edge["messages"])
                                for edge in drawn["edges"]),
            collections.Counter((row["from"], row["to"], row["messages"]) for row in links))

    def test_hostile_names_stay_names(self) -> None:
        run = self.ran("flooding")
        names = self.renamed(run)
        update = run.table("messages.csv", "flood")[0]["update"]
        options = ("--herd", "flood", "--update", update)
        drawn, arrows = self.diagram(self.exported(run, "mermaid", *options))
        blanks = {name: re.sub("[\u2028\u00a0]", " ", name) for name in names.values()}
        self.assertEqual(set(drawn.values()), set(blanks.values()))
        self.assertEqual(len(arrows), 6)
        steps = [match.groupdict() for match in SHIVIZ.finditer(self.exported(run, "shiviz",
                                                                              *options))]
        self.assertEqual({step["host"] for step in steps},
                         {re.sub(r"[\s\u2028\u00a0]", "_", name) for name in names.values()})
        self.assertEqual(len(steps), 13)
        events = json.loads(self.exported(run, "perfetto", *options))["traceEvents"]
        self.assertEqual({each["args"]["name"] for each in events if each["name"] == "thread_name"},
                         set(names.values()))

    def test_without_a_number_the_slowest_update_is_taken(self) -> None:
        run = self.ran("flooding", "--set", "herds.*.link.latency=1ms", "--set",
                       "herds.*.link.jitter=1ms", "--set", "expect=[]")
        logged = {row["update"] for row in run.table("messages.csv", "flood-echo")}
        slowest = max((row for row in run.table("updates.csv", "flood-echo")
                       if row["update"] in logged), key=lambda row: Decimal(row["coverage_us"]))
        self.exported(run, "mermaid")
        self.assertIn(f"the update is {slowest['update']}, the slowest", self.notes)
        self.assertIn('the herd is "flood-echo", the first of 2', self.notes)

    def test_out_writes_a_file(self) -> None:
        run = self.ran("flooding")
        file = self.folder / "herd.graphml"
        self.assertEqual(self.exported(run, "graphml", "--herd", "flood", "--out", str(file)), "")
        self.assertEqual(len(list(ElementTree.parse(file).iter(GRAPHML + "edge"))), 10)

    def test_topologies_need_no_updates(self) -> None:
        run = self.ran("flooding", "--set", "record=summary")
        self.assertIn("digraph", self.exported(run, "dot"))
        ended = self.herdsim("export", str(run.folder), "--format", "mermaid")
        self.assertEqual(ended.status, 2)
        self.assertIn('"record": "summary"', ended.stderr)

    def test_errors_name_what_is_wrong(self) -> None:
        run = self.ran("flooding")
        for options, said in (
                (("--format", "dot", "--herd", "f"),
                 'the run has no herd "f" (it has "flood-echo", "flood")'),
                (("--format", "perfetto", "--herd", "f"), 'the run has no herd "f"'),
                (("--format", "shiviz", "--update", "999"), "herd flood-echo has no update 999"),
                (("--format", "perfetto", "--update", "999"), "has no update 999"),
                (("--format", "graphml", "--update", "1"), "counts of a whole run"),
                (("--format", "svg"), "svg"), ((), "--format")):
            ended = self.herdsim("export", str(run.folder), *options)
            self.assertEqual((ended.status, ended.stdout), (2, ""), options)
            self.assertIn(said, ended.stderr)
        ended = self.herdsim("export", str(self.folder), "--format", "dot")
        self.assertEqual(ended.status, 2)
        self.assertIn("is not the results folder of a run", ended.stderr)
        ended = self.herdsim("export", str(run.folder), "--format", "dot", "--out",
                             str(self.folder / "no" / "folder"))
        self.assertEqual(ended.status, 3)


if __name__ == "__main__":
    unittest.main()
