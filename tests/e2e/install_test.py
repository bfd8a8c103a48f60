"""Tests what is installed, and the Debian package. Both come from the build folder of the program."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest
from typing import List

from herdsim_e2e import BINARY, DEADLINE_S, SOURCE, TestCase

BUILD = pathlib.Path(BINARY).resolve().parent
MANUAL = BUILD / "manual"
FILES = """
    bin/herdsim
    share/bash-completion/completions/herdsim
    share/doc/herdsim/CITATION.cff
    share/doc/herdsim/README.md
    share/doc/herdsim/changelog.gz
    share/doc/herdsim/copyright
    share/doc/herdsim/core/PROTOCOL.md
    share/doc/herdsim/results/README.md
    share/doc/herdsim/scenarios/README.md
    share/fish/vendor_completions.d/herdsim.fish
    share/herdsim/scenarios/paper.json
    share/herdsim/scenarios/places/README.md
    share/herdsim/scenarios/places/cities.csv
    share/herdsim/scenarios/scenario.schema.json
    share/herdsim/scenarios/traces/streets.fcd.xml
    share/man/man1/herdsim.1.gz
""".split()


@unittest.skipUnless((MANUAL / "bash").exists() and shutil.which("cmake"),
                     "the build folder has no manual: build the target herdsim_manual")
class Installed(TestCase):
    def call(self, *words: str, **options: object) -> str:
        done = subprocess.run([*map(str, words)], cwd=self.folder, capture_output=True, text=True,
                              timeout=4 * DEADLINE_S, check=False, **options)  # type: ignore
        self.assertEqual(done.returncode, 0, f"{words}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def install(self, prefix: str) -> pathlib.Path:
        """Installs into the test's folder, as a packager does; returns the prefix there."""
        root = self.folder / "root"
        self.call("cmake", "--install", BUILD, "--prefix", prefix,  # type: ignore[arg-type]
                  env={**os.environ, "DESTDIR": str(root)})
        return root / prefix.lstrip("/")

    def found_in(self, prefix: pathlib.Path) -> List[str]:
        return sorted(str(path.relative_to(prefix)) for path in prefix.rglob("*")
                      if path.is_file())

    def check_use(self, prefix: pathlib.Path) -> None:
        """Uses what is installed: the program finds its own scenarios, which find their files."""
        herdsim = str(prefix / "bin" / "herdsim")
        listed = self.call(herdsim, "scenarios")
        self.assertEqual(listed.partition(":\n")[0], str(prefix / "share/herdsim/scenarios"))
        names = re.findall(r"(?m)^  ([a-z0-9-]+)  ", listed)
        self.assertIn("paper", names)
        checked = json.loads(self.call(herdsim, "check", "--format", "json", *names))
        self.assertEqual([each["valid"] for each in checked["files"]], [True] * len(names))
        self.call(herdsim, "run", "flooding", "--clock", "virtual", "--quiet")
        self.assertTrue((self.folder / "results" / "flooding" / "summary.csv").exists())

    def test_has_every_file_in_its_place(self) -> None:
        local = self.install("/usr/local")
        self.assertLessEqual({*FILES, "share/zsh/site-functions/_herdsim"},
                             set(self.found_in(local)))
        self.assertIn("share/zsh/vendor-completions/_herdsim", self.found_in(self.install("/usr")))

    def test_works_from_any_place(self) -> None:
        self.check_use(self.install("/opt/some where/herdsim"))

    def test_the_completions_and_the_page_are_what_the_program_prints(self) -> None:
        prefix = self.install("/usr")
        for shell, name in (("bash", "bash-completion/completions/herdsim"),
                            ("zsh", "zsh/vendor-completions/_herdsim"),
                            ("fish", "fish/vendor_completions.d/herdsim.fish")):
            self.assertEqual((prefix / "share" / name).read_text(),
                             self.call(BINARY, "completion", shell))
        page = self.call("gzip", "-dc", str(prefix / "share/man/man1/herdsim.1.gz"))
        self.assertEqual(page, self.call(BINARY, "man"))

    def test_the_debian_package(self) -> None:
        for program in ("cpack", "dpkg-shlibdeps", "dpkg-deb"):
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")
        self.call("cpack", "-G", "DEB", "--config", str(BUILD / "CPackConfig.cmake"), "-B",
                  str(self.folder / "packed"))
        package, = (self.folder / "packed").glob("herdsim_*.deb")
        self.assertRegex(package.name, r"\Aherdsim_\d+\.\d+\.\d+-1_\w+\.deb\Z")
        depends = self.call("dpkg-deb", "-f", str(package), "Depends")
        for library in ("libc6", "libuv1", "libjansson4", "libcurl4", "libsodium23"):
            self.assertRegex(depends, rf"\b{library}(t64)? ?[(,]", depends)
        self.assertNotIn("-dev", depends)
        root = self.folder / "unpacked"
        self.call("dpkg-deb", "-x", str(package), str(root))
        found = self.found_in(root / "usr")
        self.assertLessEqual({*FILES, "share/doc/herdsim/changelog.Debian.gz",
                              "share/zsh/vendor-completions/_herdsim"}, set(found))
        for path in (root / "usr").rglob("*"):
            wanted = 0o755 if path.is_dir() or path.parent.name == "bin" else 0o644
            self.assertEqual(path.stat().st_mode & 0o7777, wanted, path)
        self.check_use(root / "usr")


class Gate(TestCase):
    def test_of_a_program_against_itself_is_passed(self) -> None:
        done = subprocess.run([str(SOURCE / ".github" / "gate"), BINARY, BINARY, "comment.md"],
                              cwd=self.folder, capture_output=True, text=True,
                              timeout=4 * DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        comment = (self.folder / "comment.md").read_text()
        self.assertIn("base", comment)
        self.assertIn("the same", comment)


if __name__ == "__main__":
    unittest.main()
