"""The page in HTML: its figures are those of the CSV file, it needs no other file, and it escapes text."""

import base64
import hashlib
import re
import unittest

from harness import ROOT, cell, figures_of
from html_support import Page, measured, rows_of_figures

import claims
import html_page
import html_text
import page
import sentences
import style
import table
from cell import Failure
from figures import Figures, Sample
from report import Report
from rules_test import EXPECTED

HOSTILE = "</script></style><img src=x onerror=alert(1)> *a* [b](#c) `d`"


def report(figures=None, failures=(), missing=None, quick=False, machine=(("cores", "2"),)):
    return Report(claims=claims.ALL, figures=figures or Figures(), failures=failures,
                  missing=missing or {}, machine=machine, quick=quick, rounds=5, planned_rounds=5,
                  planned_s=1400, took_s=1300, date="2026-11-25 10:00 UTC")


def claim_of(element):
    return element.inside("section").get("id")


class FiguresTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.figures = measured()
        cls.rows = rows_of_figures(cls.figures)
        cls.page = Page(html_page.text_of(report(cls.figures)))

    def test_every_figure_is_its_row_of_the_csv_file(self):
        found = self.page.with_attribute("data-engine")
        self.assertGreater(len([each for each in found if each.tag == "td"]), 300)
        self.assertGreater(len([each for each in found if each.tag == "g"]), 60)
        for each in found:
            row = self.rows[claim_of(each), each.get("data-engine"), each.get("data-metric")]
            self.assertEqual((each.get("data-value"), each.get("data-spread")),
                             (row["value"], row["spread"]), row)

    def test_the_number_that_is_read_is_the_figure(self):
        for each in self.page.with_attribute("data-engine"):
            if each.tag == "td":
                shown = float(re.match(r"[\d.,-]+", each.text).group().replace(",", ""))
                exact = float(each.get("data-value")) / float(each.get("data-unit"))
                # Three significant digits.
                self.assertLessEqual(abs(shown - exact), abs(exact) * 0.006, each.text)

    def test_the_tables_are_those_of_the_markdown_page(self):
        for claim in claims.ALL:
            made = claim.tables(self.figures.of(claim.ID))
            expected = [table.text_of(entry) for each in made for row in each.rows
                        for entry in row.entries]
            shown = [each.text.replace("–not measured", "–") for each in self.page.all("td")
                     if claim_of(each) == claim.ID]
            self.assertEqual(shown, expected, claim.ID)

    def test_every_bar_is_a_figure_of_a_table(self):
        for claim in claims.ALL:
            view = self.figures.of(claim.ID)
            made = claim.tables(view)
            known = {entry for each in made for row in each.rows for entry in row.entries}
            for panel in claim.panels(view, made):
                for bar in panel.bars:
                    self.assertIn(bar.figure, known, panel.title)

    def test_every_claim_has_a_chart_with_its_control_and_its_bound(self):
        for claim in claims.ALL:
            view = self.figures.of(claim.ID)
            panels = claim.panels(view, claim.tables(view))
            drawn = [bar for panel in panels for bar in panel.bars]
            self.assertTrue([bar for bar in drawn if bar.is_control], claim.ID)
            self.assertTrue([each for panel in panels for each in panel.bounds if each.is_of_rule]
                            + [bar for bar in drawn if bar.limit is not None], claim.ID)

    def test_every_figure_has_a_caption_with_the_finding(self):
        captions = self.page.all("figcaption")
        self.assertEqual([claim_of(each) for each in captions], [claim.ID for claim in claims.ALL])
        made = report(self.figures)
        for caption in captions:
            verdict, control = made.decided[claim_of(caption)]
            self.assertIn(verdict.word, caption.text)
            self.assertIn(verdict.because, caption.text)
            self.assertIn(control.figures, caption.text)


class FormTest(unittest.TestCase):
    def setUp(self):
        self.text = html_page.text_of(report(measured()))
        self.page = Page(self.text)

    def test_its_tags_match_and_its_ids_are_unique(self):
        self.assertEqual(self.page.mistakes, [])
        found = [each.get("id") for each in self.page.with_attribute("id")]
        self.assertEqual(len(found), len(set(found)))

    def test_every_link_and_every_name_leads_to_an_element(self):
        known = {each.get("id") for each in self.page.with_attribute("id")}
        for each in self.page.all("a"):
            self.assertTrue(each.get("href").startswith("#"), each.get("href"))
            self.assertIn(each.get("href")[1:], known)
        for each in self.page.with_attribute("aria-labelledby"):
            self.assertLessEqual(set(each.get("aria-labelledby").split()), known)

    def test_it_needs_no_other_file(self):
        for tag in ("script", "link", "img", "iframe", "object", "image", "use", "form", "base"):
            self.assertEqual(self.page.all(tag), [], tag)
        for name in ("src", "xlink:href", "style", "srcset", "onclick", "onload"):
            self.assertEqual(self.page.with_attribute(name), [], name)
        self.assertNotIn("://", self.text)
        self.assertNotIn("@import", self.text)
        for target in re.findall(r"url\((.*?)\)", self.text):
            self.assertRegex(target, "^#")

    def test_its_policy_allows_its_style_and_nothing_else(self):
        policy = next(each.get("content") for each in self.page.all("meta")
                      if each.get("http-equiv") == "Content-Security-Policy")
        sheet = re.search("<style>(.*?)</style>", self.text, re.S).group(1)
        digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
        self.assertEqual(policy, f"default-src 'none'; style-src 'sha256-{digest}'; "
                                 "base-uri 'none'; form-action 'none'")

    def test_every_picture_has_a_title_and_a_description(self):
        pictures = self.page.all("svg")
        self.assertGreater(len(pictures), 25)
        for each in pictures:
            own = [inner for inner in self.page.elements if inner.parent is each]
            self.assertEqual([inner.tag for inner in own[:2]], ["title", "desc"])
            self.assertEqual(each.get("aria-labelledby"), " ".join(inner.get("id") for inner in own[:2]))
            self.assertTrue(own[0].text.strip() and own[1].text.strip())

    def test_the_bottom_line_stands_on_top_in_the_words_of_the_markdown_page(self):
        made = report(measured())
        plain = " ".join(self.page.all("main")[0].text.split())
        self.assertTrue(plain.startswith(sentences.bottom_line(made)[0]), plain[:200])

    def test_it_uses_colours_that_the_page_of_a_run_sets(self):
        used = set(re.findall(r"var\((--[\w-]+)\)", style.text()))
        light, dark = style.colours().split("@media (prefers-color-scheme: dark)")
        self.assertGreater(len(used), 8)
        for name in used:
            self.assertIn(f"{name}: #", light, name)
            self.assertIn(f"{name}: #", dark, name)


class TextTest(unittest.TestCase):
    def test_a_quick_page_says_not_to_quote_it(self):
        self.assertIn("Do not quote", html_page.text_of(report(quick=True)))
        self.assertNotIn("Do not quote", html_page.text_of(report()))

    def test_a_quick_page_has_figures_and_the_published_ones_and_no_verdicts(self):
        made = report(measured(), quick=True)
        made.published = {key[:3]: 1234.5 for key in made.figures.rows()}
        for text in (html_page.text_of(made), page.text_of(made)):
            self.assertNotIn("The verdicts", text)
            self.assertNotIn("Of the paper's 12 claims", text)
            self.assertGreater(text.count("[published: "), 200)
        self.assertNotIn('class="verdict ', html_page.text_of(made))
        self.assertEqual(Page(html_page.text_of(made)).mistakes, [])
        self.assertNotIn("[published: ", html_page.text_of(report(measured())))

    def test_a_page_without_figures_is_whole(self):
        text = html_page.text_of(report())
        self.assertEqual(Page(text).mistakes, [])
        self.assertIn("Not measured.", text)

    def test_any_figures_that_decide_can_be_drawn(self):
        for claim, cases in EXPECTED.items():
            for values, word in cases:
                page = Page(html_page.text_of(report(figures_of(claim.ID, values))))
                self.assertEqual(page.mistakes, [], claim.ID)
                caption = next(each for each in page.all("figcaption") if claim_of(each) == claim.ID)
                self.assertIn(word, caption.text)

    def test_hostile_text_stays_text(self):
        figures = Figures()
        figures.add(Sample("skew", "native", "wrong_records", 0))
        made = report(figures, [Failure(cell("skew", HOSTILE), 1, HOSTILE)],
                      missing={"java": HOSTILE}, machine=(("cores", HOSTILE), (HOSTILE, "2")))
        text = html_page.text_of(made)
        page = Page(text)
        self.assertEqual(page.mistakes, [])
        self.assertEqual(page.all("img") + page.all("script"), [])
        self.assertEqual(len(re.findall("</style>", text)), 1)
        # What another program wrote has no marks: it is shown as it is.
        self.assertIn(HOSTILE, "".join(each.text for each in page.all("li")))
        self.assertIn(HOSTILE, [each.text for each in page.all("dd")])

    def test_a_hostile_name_of_an_engine_is_escaped_in_tables_and_pictures(self):
        figure = table.Figure(HOSTILE, '"m"', 1, 1, 2)
        made = table.Table(HOSTILE, [HOSTILE, HOSTILE], [table.Line(HOSTILE, [figure, HOSTILE])])
        page = Page(html_text.table(made))
        self.assertEqual(page.mistakes, [])
        self.assertEqual(page.all("img"), [])
        self.assertEqual(page.with_attribute("data-engine")[0].get("data-engine"), HOSTILE)
        self.assertEqual(page.with_attribute("data-metric")[0].get("data-metric"), '"m"')

    def test_marks_become_elements(self):
        for text, made in (
                ("a `b*c*` d", "a <code>b*c*</code> d"), ("*a b* c", "<em>a b</em> c"),
                ("**a**", "<strong>a</strong>"), ("[t](#id)", '<a href="#id">t</a>'),
                ("[t](a-b.md)", "t (<code>a-b.md</code>)"),
                ("2 * 3 * 4", "2 * 3 * 4"), ("marked *: x", "marked *: x"), ("an `open", "an `open"),
                ("`<b>` & <i>", "<code>&lt;b&gt;</code> &amp; &lt;i&gt;"),
                ("marked \\*.", "marked *."), ("[t](https://x)", "[t](https://x)")):
            self.assertEqual(html_text.inline(text), made, text)


class GitTest(unittest.TestCase):
    def test_the_page_of_a_full_run_is_kept(self):
        self.assertIn("!/results/paper-claims.html", (ROOT / ".gitignore").read_text().splitlines())


if __name__ == "__main__":
    unittest.main()
