"""Compares live floods on every topology with the closed forms of the protocol, update by update.

Every client sends one update, so no update can overtake another of its client: the counts are
exact on any machine at any speed.
"""

from __future__ import annotations

import math
import unittest
from typing import Any, Dict, FrozenSet, List, Optional, Set, Tuple

from herdsim_e2e import PAPER_SERVERS, Run, TestCase, allow_many_files, by

Graph = Set[FrozenSet[int]]  # links between servers, which are numbered from 0
SCHEMES = ("flood-echo", "flood")


def graph(pairs: List[Tuple[int, int]]) -> Graph:
    return {frozenset(pair) for pair in pairs}


def ring(n: int) -> Graph:
    return graph([(i, (i + 1) % n) for i in range(n)])


def line(n: int) -> Graph:
    return graph([(i, i + 1) for i in range(n - 1)])


def star(n: int) -> Graph:
    return graph([(0, i) for i in range(1, n)])


def complete(n: int) -> Graph:
    return graph([(i, j) for i in range(n) for j in range(i)])


def tree(n: int) -> Graph:
    return graph([((i - 1) // 2, i) for i in range(1, n)])


def grid(width: int, height: int) -> Graph:
    across = [(r * width + c, r * width + c + 1) for r in range(height) for c in range(width - 1)]
    down = [(r * width + c, r * width + c + width) for r in range(height - 1) for c in range(width)]
    return graph(across + down)


PAPER: Graph = graph([(0, 2), (0, 4), (1, 3), (1, 4), (2, 3)])


def component(links: Graph, start: int) -> Set[int]:
    reached, last = {start}, set()
    while reached != last:
        last = set(reached)
        reached |= {server for link in links if link & last for server in link}
    return reached


def closed_form(scheme: str, servers: int, links: int) -> Dict[str, int]:
    """Returns the cost of one update in a connected graph, from the protocol's table."""
    useful = servers - 1
    if scheme == "flood-echo":
        return {"messages": 2 * links, "duplicates": 2 * links - useful, "echoes": useful}
    return {"messages": 2 * links - useful, "duplicates": 2 * (links - useful), "echoes": 0}


class Herds:
    """Many herds for one scenario, each with the links that its topology should give."""

    def __init__(self) -> None:
        self.specs: List[Dict[str, Any]] = []
        self.links: Dict[str, Optional[Graph]] = {}

    def add(self, name: str, servers: Any, links: Any, expected: Optional[Graph],
            loops: int = 1) -> None:
        for scheme in SCHEMES:
            spec = {"name": f"{name}.{scheme}", "propagation": scheme, "loops": loops}
            if servers is not None:
                spec["servers"] = servers
            if links is not None:
                spec["links"] = links
            self.specs.append(spec)
            self.links[spec["name"]] = expected


def names(spec: Dict[str, Any]) -> List[str]:
    servers = spec.get("servers", PAPER_SERVERS)
    return [f"S{i + 1}" for i in range(servers)] if isinstance(servers, int) else servers


class ClosedForms(TestCase):
    def setUp(self) -> None:
        super().setUp()
        allow_many_files()

    def flood(self, specs: List[Dict[str, Any]], clients: int,
              events: Optional[List[Dict[str, Any]]] = None) -> Run:
        return self.run_scenario({
            "name": "closed", "duration": "200ms", "drain": "30s", "herds": specs,
            "clients": [{"id": "c-{n}", "count": clients, "server": "spread",
                         "updates": {"every": "200ms"}}], "events": events or []})

    def real_links(self, run: Run, spec: Dict[str, Any]) -> Graph:
        number = {name: i for i, name in enumerate(names(spec))}
        rows = [(number[row["from"]], number[row["to"]])
                for row in run.table("links.csv", spec["name"])]
        self.assertEqual(len(set(rows)), len(rows), "simple: no link twice")
        self.assertEqual({(b, a) for a, b in rows}, set(rows), "both directions")
        self.assertTrue(all(a != b for a, b in rows), "simple: no server to itself")
        return graph(rows)

    def check(self, run: Run, spec: Dict[str, Any], links: Graph, updates: int) -> None:
        """Checks each update, and their sum, against the closed forms of the origin's component."""
        herd, scheme, number = spec["name"], spec["propagation"], names(spec)
        totals = {"messages": 0, "duplicates": 0, "echoes": 0, "deliveries": 0, "undelivered": 0}
        rows = run.table("updates.csv", herd)
        self.assertEqual(len(rows), updates)
        for i, row in enumerate(rows):
            origin = i % len(number)
            reached = component(links, origin)
            inner = [link for link in links if link <= reached]
            wanted = closed_form(scheme, len(reached), len(inner))
            self.assert_counts(row, servers_reached=len(reached), **wanted)
            self.assertEqual((row["origin"], row["outcome"]), (number[origin], "accepted"))
            for key, value in wanted.items():
                totals[key] += value
            totals["deliveries"] += len(reached) - 1
            totals["undelivered"] += len(number) - len(reached)
        summary = run.summary(herd)
        whole = len(component(links, 0)) == len(number)
        self.assert_counts(summary, updates=updates, accepted=updates, stale=0, lost=0,
                           violations=0, converged=int(whole), **totals)
        deliveries = run.table("deliveries.csv", herd)
        self.assertEqual(len(deliveries), totals["deliveries"])
        if whole and len(number) > 1:
            per_update = closed_form(scheme, len(number), len(links))["messages"]
            redundancy = per_update / (len(number) - 1) - 1
            self.assertTrue(math.isclose(float(summary["redundancy"]), redundancy,
                                         rel_tol=1e-9, abs_tol=1e-12), summary["redundancy"])

    def check_all(self, herds: Herds, clients: int) -> None:
        run = self.flood(herds.specs, clients)
        for spec in herds.specs:
            with self.subTest(herd=spec["name"]):
                links = self.real_links(run, spec)
                expected = herds.links[spec["name"]]
                if expected is not None:
                    self.assertEqual(links, expected)
                self.assertEqual(run.summary(spec["name"])["links"], str(len(links)))
                self.check(run, spec, links, clients)

    def test_the_generators(self) -> None:
        herds = Herds()
        for n in (1, 2, 3, 5, 12, 30):
            if n >= 3:
                herds.add(f"ring-{n}", n, "ring", ring(n))
            for shape in (line, star, complete, tree):
                herds.add(f"{shape.__name__}-{n}", n, shape.__name__, shape(n))
        for n in (4, 7, 8, 31):
            herds.add(f"tree-{n}", n, "tree", tree(n))
        self.check_all(herds, 12)

    def test_grids(self) -> None:
        herds = Herds()
        for width, height in ((1, 1), (2, 1), (1, 5), (2, 2), (3, 2), (2, 3), (4, 3), (6, 5)):
            herds.add(f"grid-{width}x{height}", width * height, {"grid": [width, height]},
                      grid(width, height))
        self.check_all(herds, 12)

    def test_regular_graphs(self) -> None:
        herds = Herds()
        sizes = [(2, 1), (3, 2), (5, 2), (5, 4), (6, 3), (12, 2), (12, 5), (12, 11), (30, 3),
                 (30, 4)]
        for n, k in sizes:
            herds.add(f"regular-{n}-{k}", n, {"regular": k}, None)
        run = self.flood(herds.specs, 12)
        for spec in herds.specs:
            n, k = spec["servers"], spec["links"]["regular"]
            with self.subTest(herd=spec["name"]):
                links = self.real_links(run, spec)
                degrees = [sum(server in link for link in links) for server in range(n)]
                self.assertEqual(degrees, [k] * n)
                self.assertEqual(len(component(links, 0)), n, "in one piece")
                self.check(run, spec, links, 12)

    def test_a_regular_graph_comes_from_the_seed(self) -> None:
        def links_of(*options: str) -> Graph:
            spec = {"name": "h", "servers": 20, "links": {"regular": 3}}
            run = self.run_scenario({"name": "seeded", "duration": "1ms", "herds": [spec]},
                                    *options)
            return self.real_links(run, spec)

        self.assertEqual(links_of("--seed", "3"), links_of("--seed", "3"))
        self.assertNotEqual(links_of("--seed", "3"), links_of("--seed", "4"))

    def test_the_papers_herd_and_explicit_links(self) -> None:
        herds = Herds()
        herds.add("default", None, None, PAPER)
        herds.add("paper", PAPER_SERVERS, "paper", PAPER)
        letters = list("ABCDEFGH")
        for name, pairs in (
                ("triangle", ["AB", "BC", "CA"]), ("one-way-written", ["BA", "CB", "DC"]),
                ("lollipop", ["AB", "BC", "CA", "CD", "DE", "EF"]),
                ("two-rings", ["AB", "BC", "CA", "CD", "DE", "EF", "FD"]),
                ("cube", ["AB", "BC", "CD", "DA", "EF", "FG", "GH", "HE", "AE", "BF", "CG", "DH"])):
            used = [letter for letter in letters if any(letter in pair for pair in pairs)]
            links = graph([(used.index(a), used.index(b)) for a, b in pairs])
            herds.add(name, used, [list(pair) for pair in pairs], links)
        self.check_all(herds, 16)

    def test_herds_on_several_loops(self) -> None:
        herds = Herds()
        for loops in (2, 3):
            herds.add(f"paper-{loops}", None, None, PAPER, loops)
            herds.add(f"ring-{loops}", 12, "ring", ring(12), loops)
            herds.add(f"complete-{loops}", 9, "complete", complete(9), loops)
            herds.add(f"grid-{loops}", 12, {"grid": [4, 3]}, grid(4, 3), loops)
            herds.add(f"star-{loops}", loops, "star", star(loops), loops)
            herds.add(f"no-links-{loops}", loops, [], set(), loops)
        self.check_all(herds, 24)

    def test_a_herd_in_pieces(self) -> None:
        herds = Herds()
        pairs = ["AB", "BC", "CA", "DE"]
        links = graph([("ABCDEF".index(a), "ABCDEF".index(b)) for a, b in pairs])
        herds.add("pieces", list("ABCDEF"), [list(pair) for pair in pairs], links)
        herds.add("no-links", list("ABC"), [], set())
        self.check_all(herds, 12)

    def test_the_ring_of_five_in_figures(self) -> None:
        run = self.flood([{"name": "flood-echo", "propagation": "flood-echo"},
                          {"name": "flood", "propagation": "flood"}], 200)
        for herd, messages, duplicates, echoes, redundancy in (
                ("flood-echo", 10, 6, 4, "1.5"), ("flood", 6, 2, 0, "0.5")):
            summary = run.summary(herd)
            self.assert_counts(summary, accepted=200, covered=200, messages=200 * messages,
                               messages_per_update=messages, duplicates=200 * duplicates,
                               duplicates_per_update=duplicates, echoes=200 * echoes,
                               undelivered=0, violations=0)
            self.assertEqual(summary["redundancy"], redundancy)
            for row in run.table("links.csv", herd):
                if herd == "flood-echo":
                    self.assertEqual(row["messages"], "200", "once in each direction")
            hops = by(run.table("deliveries.csv", herd), "hops")
            self.assertLessEqual(set(hops), {"1", "2", "3", "4"})

    def test_200_servers(self) -> None:
        specs = [{"name": f"many.{scheme}", "propagation": scheme, "servers": 200,
                  "links": {"regular": 4}} for scheme in SCHEMES]
        run = self.flood(specs, 100)
        for spec in specs:
            links = self.real_links(run, spec)
            self.assertEqual(len(links), 400)
            self.check(run, spec, links, 100)

    def test_links_that_are_down_throughout(self) -> None:
        """A cut at 0s comes before any client, so the closed forms are those of the remaining
        graph."""
        cases: List[Tuple[str, Any, Any, Graph, List[Tuple[int, int]]]] = [
            ("ring", PAPER_SERVERS, "paper", PAPER, [(1, 3)]),
            ("other-link", PAPER_SERVERS, "paper", PAPER, [(0, 2)]),
            ("two-cut", PAPER_SERVERS, "paper", PAPER, [(1, 3), (1, 4)]),
            ("apart", PAPER_SERVERS, "paper", PAPER, [(1, 3), (0, 4)]),
            ("star", 5, "star", star(5), [(0, 3)]),
            ("mesh", 6, "complete", complete(6), [(0, 1), (2, 5), (3, 4)]),
            ("line", 4, "line", line(4), [(1, 2)]),
            ("grid", 12, {"grid": [4, 3]}, grid(4, 3), [(0, 1), (5, 6)])]
        specs: List[Dict[str, Any]] = []
        events: List[Dict[str, Any]] = []
        left: Dict[str, Graph] = {}
        for name, servers, links, whole, cut in cases:
            for scheme in SCHEMES:
                spec = {"name": f"{name}.{scheme}", "propagation": scheme, "servers": servers,
                        "links": links}
                specs.append(spec)
                left[spec["name"]] = whole - graph(cut)
                events += [{"at": "0s", "herd": spec["name"], "do": "link_down",
                            "link": [names(spec)[a], names(spec)[b]]} for a, b in cut]
        run = self.flood(specs, 20, events)
        for spec in specs:
            with self.subTest(herd=spec["name"]):
                self.check(run, spec, left[spec["name"]], 20)
        for scheme, messages, duplicates in (("flood-echo", "8", "4"), ("flood", "4", "0")):
            summary = run.summary(f"ring.{scheme}")
            self.assertEqual((summary["messages_per_update"], summary["duplicates_per_update"]),
                             (messages, duplicates))


if __name__ == "__main__":
    unittest.main()
