"""Reads pages for the tests: elements with their attributes, their parents and their text."""

import csv
import html.parser
import io

import csv_file
from figures import Figures, Sample
from harness import ROOT
from rules_test import EXPECTED

# Elements that have no end tag in HTML.
VOID = {"meta", "br", "hr", "img", "link", "input"}


class Element:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.text = tag, attributes, parent, ""

    def get(self, name):
        return self.attributes.get(name)

    def inside(self, tag):
        """Returns the nearest element of that tag that contains this one; None if there is none."""
        found = self.parent
        while found is not None and found.tag != tag:
            found = found.parent
        return found


class Page(html.parser.HTMLParser):
    """All elements of a page in their order; `mistakes` has the tags that do not match."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.mistakes = [], [], []
        self.feed(text)
        self.close()
        self.mistakes += [each.tag for each in self.open]

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_startendtag(self, tag, attrs):
        self.elements.append(Element(tag, dict(attrs), self.open[-1] if self.open else None))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop().tag != tag:
            self.mistakes.append(tag)

    def handle_data(self, data):
        for each in self.open:
            each.text += data

    def all(self, tag):
        return [each for each in self.elements if each.tag == tag]

    def with_attribute(self, name):
        return [each for each in self.elements if name in each.attributes]


def rows_of(text):
    """Returns the rows of a CSV file by claim, engine and metric."""
    return {(row["claim"], row["engine"], row["metric"]): row
            for row in csv.DictReader(io.StringIO(text))}


def measured():
    """Figures of all claims: those of results/paper-claims.csv, with made-up places of the extremes.

    A figure that a rule needs and that file does not have is made up.
    """
    found = Figures()
    for key, row in rows_of((ROOT / "results" / "paper-claims.csv").read_text()).items():
        value, spread, runs = float(row["value"]), float(row["spread"]), int(row["runs"])
        for each in ([value] * (runs - 2) + [value - spread / 4, value + spread * 3 / 4]
                     if runs > 2 else [value] * runs):
            found.add(Sample(*key, each))
    for claim, cases in EXPECTED.items():
        for (engine, metric), value in cases[0][0].items():
            if not found.values(claim.ID, engine, metric):
                for each in value if isinstance(value, list) else [value] * 5:
                    found.add(Sample(claim.ID, engine, metric, each))
    return found


def rows_of_figures(figures):
    return rows_of(csv_file.text_of(figures))
