"""The pages and files around the program agree with each other and with the build."""

from __future__ import annotations

import re
import subprocess
import unittest
from typing import List

from cpp_source import SOURCE


def text_of(name: str) -> str:
    return (SOURCE / name).read_text(encoding="utf-8")


def version() -> str:
    found = re.search(r"project\(herdsim VERSION (\S+)", text_of("CMakeLists.txt"))
    assert found
    return found[1]


def make_targets() -> List[str]:
    return re.findall(r"(?m)^([a-z-]+):(?!=)", text_of("Makefile"))


class Pages(unittest.TestCase):
    def test_the_version_is_the_same_everywhere(self) -> None:
        self.assertIn(f"\nversion: {version()}\n", text_of("CITATION.cff"))
        newest = re.search(r"(?m)^## (\S+)", text_of("CHANGELOG.md"))
        assert newest
        self.assertEqual(newest[1], version())

    def test_their_links_lead_to_files(self) -> None:
        for page in ("CHANGELOG.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md"):
            for target in re.findall(r"\]\(([^)#:]+)\)", text_of(page)):
                with self.subTest(page, target=target):
                    self.assertTrue(((SOURCE / page).parent / target).exists())

    def test_the_licence_is_the_same_everywhere(self) -> None:
        lines = [line.strip() for line in text_of("LICENSE").splitlines() if line.strip()]
        copyright_page = [line.strip() for line in text_of(".ci/package/copyright").splitlines()]
        self.assertEqual([line for line in lines[2:] if line not in copyright_page], [])
        self.assertIn(lines[1].replace("Copyright (c)", "Copyright:"), copyright_page)
        page = text_of("sim/measure/report/page/licences.txt").splitlines()
        self.assertEqual([line for line in page if line.strip() and line.strip()
                          not in copyright_page], [], "of what a page has inside")


class Image(unittest.TestCase):
    def test_installs_what_the_makefile_lists(self) -> None:
        """Only git and make, with which everything begins, are named."""
        text = text_of(".ci/Dockerfile").replace("\\\n", " ")
        named = [word for words in re.findall(r"apt-get install ([^&\n]*)", text)
                 for word in words.split() if not word.startswith("-")]
        self.assertEqual(named, ["git", "make", "/packages/herdsim_*.deb"])
        for words in re.findall(r"RUN make ([^\n]+)", text):
            self.assertLessEqual(set(words.split()), set(make_targets()))

    def test_copies_files_that_there_are(self) -> None:
        for names in re.findall(r"(?m)^COPY (.+) \S+$", text_of(".ci/Dockerfile")):
            for name in names.split():
                self.assertTrue((SOURCE / name).exists(), name)

    def test_what_is_left_out_of_it_is_what_git_ignores(self) -> None:
        def lines_of(name: str) -> List[str]:
            return [line.replace("/results", "results", 1).replace("/build", "build", 1)
                    for line in text_of(name).splitlines() if "results" in line or "build" in line]

        self.assertEqual(lines_of(".dockerignore"), lines_of(".gitignore"))


class Gate(unittest.TestCase):
    def test_the_workflow_uses_what_there_is(self) -> None:
        text = text_of(".github/workflows/gate.yml")
        self.assertIn("new/.github/gate base/build/herdsim new/build/herdsim comment.md", text)
        for target in re.findall(r"make -C \w+ (\w+)", text):
            self.assertIn(target, make_targets())

    def test_the_scripts_are_right_for_the_shell(self) -> None:
        for script in (".github/gate", ".ci/package/try"):
            subprocess.run(["bash", "-n", str(SOURCE / script)], check=True)


if __name__ == "__main__":
    unittest.main()
