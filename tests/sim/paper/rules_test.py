"""Each claim's verdict follows from its figures: other made-up figures give another verdict."""

import json
import unittest

from harness import ROOT, figures_of

import claims
import scenario
import trust
from claims import (brevity, deferred, echo, events, herd_or_central, memory, node, scale, skew, small,
                    threads, type_checks)
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN, UNDECIDED, decide


def of_typing(bare_twisted=100, bare_java=329, node_right=329, parrot=300):
    lines, right, serves = "lines", "right", "serves_afterwards"
    found = {(name, lines): 329 for name in (*type_checks.GUARDED, *type_checks.BARE, "native-parrot")}
    found |= {(name, right): 329 for name in type_checks.GUARDED}
    found |= {(name, serves): 1 for name in (*type_checks.GUARDED, *type_checks.BARE)}
    return found | {("twisted-unguarded", right): bare_twisted, ("java-unguarded", right): bare_java,
                    ("node", right): node_right, ("native-parrot", right): parrot}


def of_brevity(twisted=600, node_lines=1000, native=5000):
    return {("twisted", "code_lines"): twisted, ("node", "code_lines"): node_lines,
            ("java-selector", "code_lines"): 1600, ("native", "code_lines"): native}


def of_memory(node_size=40, node_pause=1000, paused=50_000):
    found = {(name, "rss_mib_10000_collected"): 40 for name in memory.NAMES}
    found |= {(name, "reply_p999_us"): 500 for name in memory.NAMES}
    return found | {("node", "rss_mib_10000_collected"): node_size, ("node", "reply_p999_us"): node_pause,
                    ("native-paused", "reply_p999_us"): paused}


def of_threads(twisted_all=100, twisted_cores=1.0, java_all=180, java_cores=1.8, pinned_cores=1.0,
               twisted_full=1.0):
    rate, cores = "updates_per_s", "cores_used"
    found = {}
    for name in threads.NAMES:
        found |= {(name, rate + "_one_core"): 100, (name, rate + "_all_cores"): 100,
                  (name, cores + "_one_core"): 1.0, (name, cores + "_all_cores"): 1.0}
    return found | {
        ("twisted", rate + "_all_cores"): twisted_all, ("twisted", cores + "_all_cores"): twisted_cores,
        ("java-threads", rate + "_all_cores"): java_all,
        ("twisted", cores + "_one_core"): twisted_full,
        ("java-threads", cores + "_all_cores"): java_cores,
        ("java-threads", cores + "_one_core"): pinned_cores}


def of_events(work=3.0, size=200, selector_threads=20):
    many = events.MANY
    return {("java-selector", f"cpu_s_per_100000_{many}_connections"): 1.0,
            ("java-threads", f"cpu_s_per_100000_{many}_connections"): work,
            ("java-selector", f"rss_mib_{many}_open"): 50, ("java-threads", f"rss_mib_{many}_open"): size,
            ("java-selector", f"threads_{many}_open"): selector_threads}


def of_deferred(slow=None, blocking=700_000):
    found = {}
    for name in (*deferred.ASYNCHRONOUS, deferred.BLOCKING):
        found |= {(name, "reply_p99_us_no_query"): 500,
                  (name, "reply_p99_us_slow_places"): 600}
    found[(deferred.BLOCKING, "reply_p99_us_slow_places")] = blocking
    if slow:
        found[(slow, "reply_p99_us_slow_places")] = 400_000
    return found


def of_skew(wrong=0, server_time=150):
    return {("native", "wrong_records"): wrong, ("native-server-time", "wrong_records"): server_time}


def of_echo(messages=10, echoes_without=0):
    found = {}
    for name in echo.NAMES:
        for scheme, counts in echo.EXACT.items():
            end = scheme.replace("-", "_")
            found |= {(name, f"{what}_per_update_{end}"): count for what, count in counts.items()}
    found[("node", "messages_per_update_flood_echo")] = messages
    found[("node", "echoes_per_update_flood")] = echoes_without
    return found


def of_small(ring=10, complete=20, large=9900):
    found = {}
    for links in small.LINKS:
        for size in small.SIZES:
            for scheme in ("flood_echo", "flood"):
                found[("native", f"messages_per_update_{links}_{size}_{scheme}")] = 2 * (size - 1)
                found[("native", f"coverage_p50_us_{links}_{size}_{scheme}")] = 10_000
    found[("native", "messages_per_update_ring_5_flood_echo")] = ring
    found[("native", "messages_per_update_complete_5_flood_echo")] = complete
    found[("native", "messages_per_update_complete_100_flood_echo")] = large
    return found


def of_node(rate=200, cpu=0.5, reply=100, spread=100, native=1000):
    found = {}
    for name, values in {"twisted": (100, 1, 200, 200), "node": (rate, cpu, reply, spread),
                         "native": (native, 0.1, 50, 50)}.items():
        found |= {(name, metric): value for metric, value in zip(node.COMPARED, values)}
    return found


def of_scale(rate=200, spread=50, size=50, java_rate=90, native_rate=1000):
    found = {}
    for name, values in {"native": (native_rate, 1, 100), "twisted": (100, 100, 100), "node": (rate, spread, size),
                         "java-selector": (java_rate, 200, 300)}.items():
        found |= {(name, f"{metric}_{scale.MANY}_servers"): value
                  for metric, value in zip(scale.COMPARED, values)}
    return found


def of_herd(central=15_000, at_first=None, rate=100_000, again=60):
    found = {}
    for point in herd_or_central.POINTS:
        found[("native", "reply_p50_us" + point.suffix)] = 50
        found[("native-central", "reply_p50_us" + point.suffix)] = central
    if at_first is not None:
        found[("native-central", "reply_p50_us" + herd_or_central.POINTS[0].suffix)] = at_first
    found |= {(name, "updates_per_s"): 10_000 for name in ("native-central", "native-central-volatile")}
    return found | {("native", "updates_per_s"): rate,
                    ("native-again", "reply_p50_us" + herd_or_central.MIDDLE.suffix): again}


# For each claim: figures, and the verdict that its rule must give.
EXPECTED = {
    type_checks: [(of_typing(), HOLDS), (of_typing(bare_java=100), HOLDS_ONLY_WHEN),
                  (of_typing(bare_twisted=329), DOES_NOT_HOLD),
                  (of_typing(node_right=328), DOES_NOT_HOLD)],
    brevity: [(of_brevity(), HOLDS), (of_brevity(node_lines=500), DOES_NOT_HOLD),
              (of_brevity(node_lines=620), HOLDS_ONLY_WHEN)],
    memory: [(of_memory(), HOLDS), (of_memory(node_size=100), HOLDS_ONLY_WHEN),
             (of_memory(node_pause=30_000), HOLDS_ONLY_WHEN),
             (of_memory(node_size=100, node_pause=30_000), DOES_NOT_HOLD)],
    threads: [(of_threads(), HOLDS), (of_threads(twisted_cores=1.9), DOES_NOT_HOLD),
              (of_threads(twisted_all=180), DOES_NOT_HOLD),
              (of_threads(java_all=105), HOLDS_ONLY_WHEN),
              (of_threads(java_all=105, java_cores=1.0), DOES_NOT_HOLD),
              (of_threads(twisted_full=0.4), UNDECIDED)],
    events: [(of_events(), HOLDS), (of_events(work=1.0), HOLDS_ONLY_WHEN),
             (of_events(size=50), HOLDS_ONLY_WHEN), (of_events(work=1.0, size=50), DOES_NOT_HOLD)],
    deferred: [(of_deferred(), HOLDS), (of_deferred("twisted"), DOES_NOT_HOLD),
               (of_deferred("java-threads"), HOLDS_ONLY_WHEN)],
    skew: [(of_skew(), HOLDS), (of_skew([0, 0, 1, 0, 0]), DOES_NOT_HOLD)],
    echo: [(of_echo(), HOLDS), (of_echo(messages=6), DOES_NOT_HOLD),
           (of_echo(messages=[10, 10, 9.9]), DOES_NOT_HOLD)],
    small: [(of_small(complete=12), HOLDS), (of_small(), HOLDS_ONLY_WHEN),
            (of_small(ring=13), DOES_NOT_HOLD)],
    node: [(of_node(), HOLDS), (of_node(rate=50), HOLDS_ONLY_WHEN),
           (of_node(rate=100, cpu=1, reply=200, spread=200), DOES_NOT_HOLD)],
    scale: [(of_scale(), HOLDS), (of_scale(rate=100, spread=100), HOLDS_ONLY_WHEN),
            (of_scale(rate=100, spread=100, size=100), DOES_NOT_HOLD)],
    herd_or_central: [(of_herd(), HOLDS), (of_herd(at_first=60), HOLDS_ONLY_WHEN),
                      (of_herd(central=60, rate=10_000), DOES_NOT_HOLD)],
}

# For each claim: figures whose control does not fail, although it must.
CONTROL_HOLDS = {
    type_checks: of_typing(parrot=329), brevity: of_brevity(native=100),
    memory: of_memory(paused=600), threads: of_threads(pinned_cores=1.9),
    events: of_events(selector_threads=1020), deferred: of_deferred(blocking=700),
    skew: of_skew(server_time=[10, 0, 10]), echo: of_echo(echoes_without=4),
    small: of_small(large=198), node: of_node(native=10, rate=200) | {
        ("native", "cpu_s_per_100000"): 5, ("native", "reply_p99_us"): 500,
        ("native", "propagation_p99_us"): 500},
    scale: of_scale(native_rate=10), herd_or_central: of_herd(again=500),
}


class RulesTest(unittest.TestCase):
    def test_every_claim_has_figures_for_each_of_its_words(self):
        self.assertEqual(set(claims.ALL), set(EXPECTED))
        self.assertEqual(set(claims.ALL), set(CONTROL_HOLDS))
        for claim, cases in EXPECTED.items():
            self.assertGreater(len({word for _, word in cases}), 1, claim.ID)

    def test_figures_decide(self):
        for claim, cases in EXPECTED.items():
            for number, (values, word) in enumerate(cases):
                with self.subTest(claim=claim.ID, case=number):
                    verdict, control = decide(claim, figures_of(claim.ID, values).of(claim.ID))
                    self.assertIs(control.failed, True, control)
                    self.assertEqual(verdict.word, word, verdict)
                    self.assertTrue(verdict.because.endswith("."), verdict)

    def test_nothing_is_decided_where_the_control_does_not_fail(self):
        for claim, values in CONTROL_HOLDS.items():
            with self.subTest(claim=claim.ID):
                verdict, control = decide(claim, figures_of(claim.ID, values).of(claim.ID))
                self.assertIs(control.failed, False)
                self.assertEqual(verdict.word, UNDECIDED)

    def test_nothing_is_decided_without_figures(self):
        for claim in claims.ALL:
            with self.subTest(claim=claim.ID):
                verdict, control = decide(claim, figures_of(claim.ID, {}).of(claim.ID))
                self.assertEqual(verdict.word, UNDECIDED)
                self.assertIsNone(control.failed)

    def test_one_missing_figure_is_named(self):
        values = of_node()
        del values[("twisted", "updates_per_s")]
        verdict, _ = decide(node, figures_of("node", values).of("node"))
        self.assertEqual(verdict.word, UNDECIDED)
        self.assertIn("updates_per_s of twisted", verdict.because)

    def test_rules_say_the_numbers_that_they_use(self):
        self.assertIn(f"{node.CLEARLY:g}", node.RULE)
        self.assertIn(f"{memory.MOST_TIMES:g} times", memory.RULE)
        self.assertIn(f"{small.MOST_TIMES_LEAST:g} times", small.RULE)
        self.assertIn(f"{herd_or_central.CLEARLY:g} times", herd_or_central.RULE)

    def test_the_largest_size_is_the_largest_one_measured(self):
        values = {(engine, metric.replace("_25_", "_5_")): value
                  for (engine, metric), value in of_scale().items()}
        self.assertEqual(scale.largest(figures_of("scale", values).of("scale")), 5)
        verdict, _ = decide(scale, figures_of("scale", values).of("scale"))
        self.assertEqual(verdict.word, HOLDS)
        self.assertIn("with 5 servers", verdict.because)


# For each claim whose rule has intervals: figures whose rounds disagree about the verdict.
CROSSING = {
    memory: of_memory(node_pause=[1_000, 30_000, 1_000, 30_000, 1_000]),
    threads: of_threads(java_all=[180, 105, 180, 105, 180]),
    events: of_events(work=[3.0, 1.0, 3.0, 1.0, 3.0]),
    deferred: of_deferred("twisted") | {
        ("twisted", "reply_p99_us_slow_places"): [600, 400_000, 600, 600, 600]},
    node: of_node(rate=[200, 50, 200, 200, 200]),
    scale: of_scale(rate=[200, 100, 200, 100, 200], size=100),
    herd_or_central: of_herd(central=[15_000, 60, 15_000, 60, 15_000]),
}


def five(values):
    """Gives every figure five rounds, because only rounds that both figures have count."""
    return {key: value if isinstance(value, list) else [value] * 5 for key, value in values.items()}


def verdict_of(claim, values):
    return decide(claim, figures_of(claim.ID, values).of(claim.ID))[0]


class IntervalsTest(unittest.TestCase):
    def test_a_verdict_on_which_the_rounds_disagree_is_undecided(self):
        for claim, values in CROSSING.items():
            with self.subTest(claim=claim.ID):
                verdict = verdict_of(claim, five(values))
                self.assertEqual(verdict.word, UNDECIDED, verdict)
                self.assertIn("crosses the rule's bound", verdict.because)

    def test_an_interval_that_changes_nothing_does_not_stop_the_verdict(self):
        # Node.js is better in three other figures; whether it is in the rate as well does not matter.
        verdict = verdict_of(node, five(of_node(rate=[115, 105, 115, 105, 115])))
        self.assertEqual(verdict.word, HOLDS, verdict)
        self.assertIn("updates per second better or a draw", verdict.because)

    def test_the_interval_stands_beside_the_effect(self):
        verdict = verdict_of(node, five(of_node(rate=[190, 195, 200, 205, 210])))
        self.assertIn("(2.00 [1.90 to 2.10] times Twisted's)", verdict.because)

    def test_rounds_are_compared_with_the_same_round(self):
        # Both engines are twice as slow in some rounds: the machine was, and the ratio is the same.
        rate = [200, 100, 200, 100, 200]
        values = five(of_node(rate=rate)) | {("twisted", "updates_per_s"): [each / 2 for each in rate]}
        self.assertIn("2.00 [2.00 to 2.00] times", verdict_of(node, values).because)


class TrustTest(unittest.TestCase):
    """No verdict rests on a figure that is not steady or that the load may have limited."""

    def why(self, more):
        verdict = verdict_of(node, of_node() | more)
        self.assertEqual(verdict.word, UNDECIDED)
        return verdict.because

    def test_a_rate_that_never_became_steady(self):
        self.assertIn("never became steady", self.why({("node", "is_steady"): 0}))
        self.assertIn("never became steady", self.why({("twisted", "is_steady_at_ease"): 0}))

    def test_one_round_that_is_not_steady_is_allowed(self):
        steady = {("node", "is_steady"): [1, 1, 1, 1, 0]}
        self.assertEqual(verdict_of(node, of_node() | steady).word, HOLDS)

    def test_an_uneven_wait_counts_with_both_halves_of_its_run(self):
        def uneven(early, late):
            wait, word = "reply_p99_us_slow_places", "is_steady_at_ease_slow_places"
            halves = {("node", trust.EARLY + wait): early, ("node", trust.LATE + wait): late}
            for half in trust.EARLY, trust.LATE:
                halves |= {(name, f"{half}reply_p99_us_no_query"): 500 for name in deferred.ASYNCHRONOUS}
            return five(of_deferred() | halves | {("node", word): 0})

        self.assertEqual(verdict_of(deferred, uneven(900, 550)).word, HOLDS)
        found = verdict_of(deferred, uneven(300, 20_500))
        self.assertEqual(found.word, HOLDS)
        self.assertIn("0.1 [-0.2 to 20] ms longer at the most delayed of these engines (node)", found.because)
        for early, late in ((900, 400_000), (400_000, 900)):
            self.assertEqual(verdict_of(deferred, uneven(early, late)).word, UNDECIDED)
        of_one_half = {key: value for key, value in uneven(900, 550).items() if not key[1].startswith(trust.LATE)}
        self.assertIn("never became steady", verdict_of(deferred, of_one_half).because)

    def test_a_rate_near_the_ceiling(self):
        self.assertIn("limited by the load", self.why({(trust.CEILING, "updates_per_s"): 240}))
        ceiling = {(trust.CEILING, "updates_per_s"): 10_000}
        self.assertEqual(verdict_of(node, of_node() | ceiling).word, HOLDS)

    def test_a_generator_that_is_busy_all_the_time(self):
        self.assertIn("limited by the load", self.why({("node", "load_cores"): 0.95}))

    def test_steadiness_belongs_to_a_point(self):
        values = of_scale() | {("node", "is_steady_5_servers"): 0}
        self.assertEqual(verdict_of(scale, values).word, HOLDS)
        values = of_scale(size=100) | {("node", f"is_steady_{scale.MANY}_servers"): 0}
        self.assertEqual(verdict_of(scale, values).word, UNDECIDED)

    def test_an_unsteady_figure_that_changes_no_verdict(self):
        unsteady = {("java-selector", f"is_steady_{scale.MANY}_servers"): 0}
        # Node.js wins in the other two figures.
        self.assertEqual(verdict_of(scale, of_scale() | unsteady).word, HOLDS)
        self.assertEqual(verdict_of(scale, of_scale(size=100) | unsteady).word, UNDECIDED)

    def test_a_rate_that_still_rose_is_a_lower_bound(self):
        def rising(name):
            return {(name, f"is_steady_{scale.MANY}_servers"): 0, (name, f"is_rising_{scale.MANY}_servers"): 1}

        java = rising("java-selector")
        # Java may still become faster than Node.js, or is faster already.
        self.assertEqual(verdict_of(scale, of_scale(size=100, spread=100) | java).word, UNDECIDED)
        self.assertEqual(verdict_of(scale, of_scale(size=100, spread=100, java_rate=300) | java).word,
                         DOES_NOT_HOLD)
        # A rate of Node.js that rises wins all the more.
        self.assertEqual(verdict_of(scale, of_scale(size=100) | rising("node")).word, HOLDS)

    def test_processor_time_has_no_ceiling(self):
        values = of_events() | {("java-threads", f"load_cores_{events.MANY}_connections"): 0.99}
        self.assertEqual(verdict_of(events, values).word, HOLDS)


class BetterSchemesTest(unittest.TestCase):
    def test_what_they_need_is_told_and_decides_nothing(self):
        better = {(echo.BETTER_ENGINE, "messages_per_update_source_tree"): 4,
                  (echo.BETTER_ENGINE, "messages_per_update_plumtree"): 4.07}
        for values, word in EXPECTED[echo]:
            verdict, _ = decide(echo, figures_of("echo", values | better).of("echo"))
            self.assertEqual(verdict.word, word)
        verdict, _ = decide(echo, figures_of("echo", of_echo() | better).of("echo"))
        self.assertIn("native needs 4.00 with source-tree and 4.07 with plumtree", verdict.because)

    def test_a_scheme_that_leaves_servers_out_is_not_the_best(self):
        end = "_complete_100_"
        better = {("native", f"{what}{end}{scheme}"): value for scheme, messages, left_out in
                  (("source_tree", 99, [0, 0]), ("gossip", 80, [0, 7]))
                  for what, value in (("messages_per_update", messages), ("undelivered", left_out))}
        verdict, _ = decide(small, figures_of("small", of_small() | better).of("small"))
        self.assertEqual(verdict.word, HOLDS_ONLY_WHEN)
        self.assertIn("source-tree sends 99 and reaches every server", verdict.because)

    def test_their_figures_have_a_row_of_their_own(self):
        values = of_echo() | {(echo.BETTER_ENGINE, "messages_per_update_gossipsub"): 6}
        made = echo.tables(figures_of("echo", values).of("echo"))[-1]
        self.assertEqual([row.name for row in made.rows], ["gossipsub"])
        self.assertEqual(made.rows[0].entries[0].value, 6)

    def test_every_scheme_of_the_program_is_measured(self):
        schema = json.loads((ROOT / "scenarios" / "scenario.schema.json").read_text())
        known = set(_schemes_in(schema))
        self.assertIn("source-tree", known)
        for claim, name in ((echo, "echo"), (small, "small")):
            self.assertEqual({*claim.SCHEMES, *claim.BETTER}, known, claim.ID)
            herds = set(scenario.herds(scenario.load(name)))
            for each in known:
                self.assertTrue([herd for herd in herds if herd.endswith("-" + each)], each)


def _schemes_in(schema):
    """Yields the names in every list of names that has the paper's scheme."""
    if isinstance(schema, dict):
        if "flood-echo" in schema.get("enum", []):
            yield from schema["enum"]
        for each in schema.values():
            yield from _schemes_in(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _schemes_in(each)


if __name__ == "__main__":
    unittest.main()
