"""The content and form of the CSV file and the page."""

import csv
import io
import re
import unittest

from harness import ROOT, cell, figures_of

import claims
import code_lines
import csv_file
import page
import run
import table
import throughput
import trust
from cell import Failure
from figures import Figures, Sample
from report import Report
from rules_test import CONTROL_HOLDS, EXPECTED
from verdict import DOES_NOT_HOLD, HOLDS, HOLDS_ONLY_WHEN

IDS = ["typing", "brevity", "memory", "threads", "events", "deferred", "skew", "echo", "small", "node",
       "scale", "herd"]


def report(figures=None, failures=(), missing=None, quick=False, rounds=5):
    return Report(
        claims=claims.ALL, figures=figures or Figures(), failures=failures, missing=missing or {},
        machine=[("cores", "2"), ("kernel", "6.1")], quick=quick, rounds=rounds, planned_rounds=5,
        planned_s=1400, took_s=1300, date="2026-11-25 10:00 UTC")


class CsvTest(unittest.TestCase):
    def test_header_is_exact_even_with_nothing_to_tell(self):
        self.assertEqual(csv_file.text_of(Figures()), "claim,engine,metric,value,spread,runs\n")

    def test_a_row_has_the_median_the_range_and_the_runs(self):
        figures = figures_of("node", {("twisted", "updates_per_s"): [30.5, 10, 20]})
        self.assertEqual(csv_file.text_of(figures).splitlines()[1],
                         "node,twisted,updates_per_s,20,20.5,3")

    def test_what_needs_quotes_is_quoted(self):
        figures = figures_of("node", {('a,"b"', "m"): 1})
        rows = list(csv.reader(io.StringIO(csv_file.text_of(figures))))
        self.assertEqual(rows[1], ["node", 'a,"b"', "m", "1", "0", "1"])

    def test_numbers_have_no_exponent(self):
        for value, text in ((0, "0"), (1234567, "1234567"), (1.5, "1.5"), (0.0000012345678, "0.00000123457"),
                            (123456789.5, "123457000"), (-2.25, "-2.25")):
            self.assertEqual(csv_file.number(value), text)

    def test_metrics_are_kept_apart(self):
        figures = Figures()
        figures.add(Sample("echo", "native", "messages", 10))
        figures.add(Sample("small", "native", "messages", 20))
        self.assertEqual(len(list(figures.rows())), 2)


def figures_for(word):
    """Figures with which every claim that can have this verdict has it, and the others hold."""
    found, ids = Figures(), []
    for claim, cases in EXPECTED.items():
        values = next((values for values, given in cases if given == word), None)
        ids += [claim.ID] if values else []
        for row in samples_of(claim.ID, values or cases[0][0]):
            found.add(row)
    return found, ids


def samples_of(claim, values):
    for (engine, metric), value in values.items():
        for each in value if isinstance(value, list) else [value]:
            yield Sample(claim, engine, metric, each)


def bottom_line(made):
    """The sentences between the title and the first heading."""
    return page.text_of(made).split("\n## ")[0].splitlines()[2:]


class BottomLineTest(unittest.TestCase):
    def test_three_sentences_stand_before_the_verdicts(self):
        text = page.text_of(report())
        self.assertEqual(len([line for line in bottom_line(report()) if line]), 3)
        order = [text.index(part) for part in ("Of the paper's 12 claims", "## The verdicts",
                                               "## The engines", "## typing:")]
        self.assertEqual(order, sorted(order))

    def test_it_counts_the_verdicts(self):
        for word in (HOLDS, HOLDS_ONLY_WHEN, DOES_NOT_HOLD):
            figures, ids = figures_for(word)
            sentence = bottom_line(report(figures))[0]
            expected = dict.fromkeys((HOLDS, HOLDS_ONLY_WHEN, DOES_NOT_HOLD), 0)
            expected[HOLDS] = 12 - len(ids)
            expected[word] += len(ids)
            self.assertEqual([int(each) for each in re.findall(r"\d+", sentence)],
                             [12, *expected.values()], sentence)

    def test_it_names_the_claims_that_are_not_simply_right(self):
        figures, ids = figures_for(DOES_NOT_HOLD)
        topics = bottom_line(report(figures))[1]
        self.assertTrue(topics.startswith("It is wrong about "), topics)
        self.assertEqual(re.findall(r"\(#(\w+)\)", topics), [each for each in IDS if each in ids])
        topics = bottom_line(report(figures_for(HOLDS)[0]))[1]
        self.assertEqual(topics, "No decided claim is wrong or needs a condition.")

    def test_undecided_claims_count_apart(self):
        self.assertIn("0 do not hold and 12 are undecided", bottom_line(report())[0])

    def test_it_trusts_the_figures_only_if_every_control_failed(self):
        figures, _ = figures_for(HOLDS)
        self.assertTrue(bottom_line(report(figures))[2].startswith("All 12 controls failed"))
        failure = Failure(cell("echo", "node"), 2, "why")
        self.assertIn("1 run gave no figures", bottom_line(report(figures, [failure]))[2])
        skewed = Figures()
        for claim, cases in EXPECTED.items():
            values = CONTROL_HOLDS[claim] if claim.ID == "skew" else cases[0][0]
            for row in samples_of(claim.ID, values):
                skewed.add(row)
        self.assertTrue(bottom_line(report(skewed))[2].startswith("11 of 12 controls failed"))


class CountedFilesTest(unittest.TestCase):
    def test_every_pattern_matches_a_file(self):
        for engine, (wanted, extra) in code_lines.SETS.items():
            for pattern in (*wanted, *extra):
                self.assertTrue(list(ROOT.glob(pattern)), f"{engine}: {pattern}")

    def test_no_file_is_counted_for_two_engines(self):
        found = [path for engine in code_lines.SETS for path in code_lines.files_of(engine)]
        self.assertEqual(len(found), len(set(found)))


class PageTest(unittest.TestCase):
    def test_every_claim_of_the_paper_has_its_section(self):
        self.assertEqual([claim.ID for claim in claims.ALL], IDS)
        text = page.text_of(report())
        for name in IDS:
            self.assertEqual(len(re.findall(rf"^## {name}: ", text, re.M)), 1, name)
            self.assertIn(f'<a id="{name}"></a>', text)

    def test_rule_and_control_stand_before_the_figures(self):
        figures = figures_of("skew", {("native", "wrong_records"): 0,
                                      ("native-server-time", "wrong_records"): 7})
        text = page.text_of(report(figures))
        section = text[text.index("## skew:"):text.index("## echo:")]
        order = [section.index(part) for part in
                 ("*Measured*", "*Rule*", "*Control (the answer must be no)*", "| native-server-time |",
                  "*Verdict*: **holds**", "*What this does not show*")]
        self.assertEqual(order, sorted(order))

    def test_a_failed_run_is_told(self):
        failure = Failure(cell("echo", "node"), 2, "herdsim ended with 3:\nport | taken")
        text = page.text_of(report(failures=[failure]))
        self.assertIn("- echo: node, round 2: herdsim ended with 3: port / taken", text)

    def test_what_is_missing_is_told(self):
        text = page.text_of(report(missing={"java": "Java is not installed"}))
        self.assertIn("**java did not run: Java is not installed.**", text)

    def test_a_control_that_holds_is_told(self):
        figures = figures_of("skew", {("native", "wrong_records"): 0,
                                      ("native-server-time", "wrong_records"): 0})
        made = report(figures)
        self.assertEqual(made.controls_that_held(), ["skew"])
        self.assertIn("the measurement proves nothing", page.text_of(made))
        self.assertEqual(run.status_of(made), 1)

    def test_a_quick_run_fails_only_if_a_run_fails(self):
        figures = figures_of("skew", {("native", "wrong_records"): 0,
                                      ("native-server-time", "wrong_records"): 0})
        self.assertEqual(run.status_of(report(figures, quick=True)), 0)
        failure = Failure(cell("echo", "node"), 1, "herdsim ended with 3")
        self.assertEqual(run.status_of(report(failures=[failure], quick=True)), 1)

    def test_a_quick_page_says_not_to_quote_it(self):
        self.assertIn("Do not quote", page.text_of(report(quick=True)))
        self.assertNotIn("Do not quote", page.text_of(report()))

    def test_rounds_that_were_cut_are_told(self):
        self.assertIn("The time was over", page.text_of(report(rounds=3)))
        self.assertIn("| rounds | 3 of 5 |", page.text_of(report(rounds=3)))

    def test_figures_that_no_verdict_rests_on_are_marked(self):
        figures = figures_of("threads", {
            (trust.CEILING, "updates_per_s_all_cores"): 100_000,
            ("node", "updates_per_s_all_cores"): 80_000,
            ("java-pool", "updates_per_s_all_cores"): 50_000, ("java-pool", "is_steady_all_cores"): 0,
            ("twisted", "updates_per_s_all_cores"): 79_000})
        text = page.text_of(report(figures))
        self.assertIn("| node | – | 80,000\\* | – |", text)
        self.assertIn("| twisted | – | 79,000 | – |", text)
        self.assertIn("| java-pool | – | 50,000† | – |", text)
        self.assertIn("| load-ceiling | – | 100,000 | – |", text)

    def test_the_limit_of_herdsims_own_clients_is_told(self):
        figures = figures_of("threads", {
            (throughput.INSIDE_ENGINE, throughput.INSIDE_METRIC): 1_000_000})
        self.assertIn("at most about 1,000,000 updates per second answered",
                      page.text_of(report(figures)))

    def test_the_flags_of_each_runtime_are_told(self):
        text = page.text_of(report())
        for part in ("UseSerialGC", "NODE_OPTIONS", "epoll", "uvloop"):
            self.assertIn(part, text)

    def test_an_engines_share_of_its_floor_is_told(self):
        figures = figures_of("node", {("node", "updates_per_s"): 60, ("node-bare", "updates_per_s"): 240,
                                      ("node", "updates_per_cpu_s"): 30,
                                      ("node-bare", "updates_per_cpu_s"): 100})
        self.assertIn("| node | 0.25 | 0.30 |", page.text_of(report(figures)))

    def test_the_seconds_of_each_claim_are_told(self):
        made = report()
        made.spent_s = {"typing": 17.6, "node": 200}
        self.assertIn("| seconds by claim | typing 18, node 200 |", page.text_of(made))

    def test_every_table_row_has_as_many_cells_as_its_header(self):
        text = page.text_of(report(figures_of("node", {("node", "updates_per_s"): [1, 2]})))
        width = None
        for line in text.splitlines():
            if line.startswith("|"):
                cells = len(re.sub(r"\\\|", "", line).split("|"))
                self.assertEqual(cells, width or cells, line)
                width = cells
            else:
                width = None

    def test_the_papers_sentences_are_not_repeated(self):
        for claim in claims.ALL:
            for text in (claim.CLAIM, claim.MEASURED, claim.RULE, claim.CONTROL, claim.NOT_SHOWN):
                self.assertTrue(text.strip(), claim.ID)
                self.assertNotIn("  ", text, claim.ID)


class TableTest(unittest.TestCase):
    def test_numbers_are_short(self):
        for value, text in ((1234, "1,234"), (123456, "123,000"), (0.12345, "0.123"), (12.345, "12.3"),
                            (0, "0"), (0.0001234, "0.000123"), (987654.3, "988,000")):
            self.assertEqual(table.short(value), text)

    def test_a_spread_stands_beside_its_median(self):
        view = figures_of("node", {("node", "m"): [1000, 3000, 2000], ("twisted", "m"): 5}).of("node")
        made = table.by_engine(view, "T", ["node", "twisted", "java-pool"], [table.Column("h", "m")])
        self.assertEqual([[row.name, *map(table.text_of, row.entries)] for row in made.rows],
                         [["node", "2,000 (2,000)"], ["twisted", "5"]])


class GitTest(unittest.TestCase):
    def test_the_quick_results_are_not_kept(self):
        rules = (ROOT / ".gitignore").read_text().splitlines()
        self.assertIn("!/results/paper-claims.csv", rules)
        self.assertFalse(any("quick" in rule and rule.startswith("!") for rule in rules))


if __name__ == "__main__":
    unittest.main()
