"""The page in HTML as a real browser shows it: no request, no message, nothing that overlaps."""

import pathlib
import sys
import tempfile
import unittest

from harness import ROOT
from html_support import measured
from html_test import report

import html_page

sys.path.insert(0, str(ROOT / "tests" / "e2e"))
import page_browser  # noqa: E402, found by the path above

# Texts that leave their picture.
OUTSIDE = """
return [...document.querySelectorAll("svg")].flatMap(svg => {
  const all = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter(text => {
    const own = text.getBoundingClientRect();
    return own.left < all.left - 1 || own.right > all.right + 1 || own.top < all.top - 1 || own.bottom > all.bottom + 1;
  }).map(text => text.textContent);
});
"""
# What of a closed <details> can be seen.
HIDDEN = """
return [...document.querySelectorAll("details td")].filter(each => !each.checkVisibility()).length;
"""


class BrowserTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if page_browser.MISSING:
            raise unittest.SkipTest(page_browser.MISSING)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        file = pathlib.Path(folder.name) / "page.html"
        file.write_text(html_page.text_of(report(measured())), encoding="utf-8")
        cls.address = file.as_uri()
        cls.browser = page_browser.Browser()
        cls.addClassCleanup(cls.browser.close)

    def open(self, **look):
        self.browser.look(**look)
        self.browser.driver.get("about:blank")
        self.browser.messages()
        self.browser.requests()
        self.browser.driver.get(self.address)

    def test_it_asks_for_nothing_and_the_console_stays_empty(self):
        self.open()
        self.assertEqual(self.browser.requests(), [self.address])
        self.assertEqual(self.browser.messages(), [])

    def test_its_style_is_allowed_by_its_policy(self):
        back = {}
        for dark in (False, True):
            self.open(dark=dark)
            back[dark] = self.browser.run("return getComputedStyle(document.body).backgroundColor")
        self.assertEqual(back, {False: "rgb(255, 255, 255)", True: "rgb(18, 22, 27)"})

    def test_nothing_overlaps_and_nothing_is_cut_off(self):
        for look in ({"width": 320}, {"width": 768}, {"width": 1280, "dark": True}, {"width": 3840},
                     {"width": 760, "media": "print"}):
            with self.subTest(**look):
                self.open(**look)
                self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"),
                                     look["width"])
                self.assertEqual(self.browser.run(page_browser.OVERLAPS.replace("svg.main", "svg")), [])
                self.assertEqual(self.browser.run(OUTSIDE), [])

    def test_paper_is_white_and_has_the_tables(self):
        self.open(media="print", dark=True)
        self.assertEqual(self.browser.run("return getComputedStyle(document.body).backgroundColor"),
                         "rgb(255, 255, 255)")
        self.assertEqual(self.browser.run(HIDDEN), 0)
        self.open()
        self.assertGreater(self.browser.run(HIDDEN), 100)


if __name__ == "__main__":
    unittest.main()
