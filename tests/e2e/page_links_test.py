"""Every link within the project's pages leads to a file, and to a heading of it if it names one."""

import collections
import re
import unittest

from herdsim_e2e import SOURCE

PAGES = sorted(path for path in SOURCE.rglob("*.md")
               if not path.relative_to(SOURCE).parts[0].startswith("build"))


def prose(page):
    """The page without code."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*\]\([^`\n]*`", "", text)


def anchors(page):
    """The anchors that GitHub makes for headings, and those that the page sets itself."""
    seen = collections.Counter()
    found = set(re.findall(r'<a id="([^"]+)">', prose(page)))
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


class Links(unittest.TestCase):
    def test_every_link_leads_somewhere(self):
        count = 0
        for page in PAGES:
            for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
                if re.match(r"[a-z]+:", link):
                    continue
                count += 1
                path, _, anchor = link.partition("#")
                target = (page.parent / path).resolve() if path else page
                with self.subTest(f"{page.relative_to(SOURCE)}: {link}"):
                    self.assertTrue(target.exists(), "there is no such file")
                    if anchor:
                        self.assertIn(anchor, anchors(target))
        self.assertGreater(count, 100, "the pages have more links")


if __name__ == "__main__":
    unittest.main()
