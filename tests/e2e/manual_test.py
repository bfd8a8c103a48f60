"""Tests what the program says of its own command line: help, manual page, completions of shells."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import unittest
from typing import Dict, List, Set

from herdsim_e2e import BINARY, DEADLINE_S, TestCase

OPTION = re.compile(r"(?m)^  ((?:-\w,)?--[a-z-]+)(?: (\S+))?")


class ManualCase(TestCase):
    def said(self, *call: str) -> str:
        ended = self.herdsim(*call)
        self.assertEqual((ended.status, ended.stderr), (0, ""), call)
        return ended.stdout

    def commands(self) -> List[str]:
        _, _, listed = self.said("--help").partition("\nCommands:\n")
        return re.findall(r"(?m)^  ([a-z]+)  ", listed.partition("\n\n")[0])

    def options_of(self, command: str) -> Set[str]:
        """Returns the long and short names that the command's help lists."""
        found = OPTION.findall(self.said(*command.split(), "--help"))
        self.assertTrue(found, command)
        return {name for names, _ in found for name in names.split(",")}


class Help(ManualCase):
    def test_of_a_command_is_what_its_option_prints(self) -> None:
        for command in self.commands():
            with self.subTest(command):
                self.assertEqual(self.said("help", command), self.said(command, "--help"))

    def test_of_no_command_is_that_of_the_program(self) -> None:
        self.assertEqual(self.said("help"), self.said("--help"))

    def test_of_an_unknown_command_is_an_error_with_a_suggestion(self) -> None:
        ended = self.herdsim("help", "rnu")
        self.assertEqual((ended.status, ended.stdout), (2, ""))
        self.assertIn("'rnu' is not one of ", ended.stderr)
        self.assertIn("(did you mean 'run'?)", ended.stderr)

    def test_the_version_has_a_short_option(self) -> None:
        self.assertRegex(self.said("-V"), r"\Aherdsim \d+\.\d+\.\d+\n")
        self.assertEqual(self.said("-V"), self.said("--version"))


class ManPage(ManualCase):
    def test_has_every_command_with_every_option_of_its_help(self) -> None:
        page = self.said("man")
        sections: Dict[str, str] = {}
        for part in page.partition(".SH COMMANDS\n")[2].partition("\n.SH ")[0].split(".SS ")[1:]:
            name, _, text = part.partition("\n")
            sections[name] = text
        self.assertEqual(list(sections), self.commands())
        for command, text in sections.items():
            for option in self.options_of(command):
                with self.subTest(command, option=option):
                    self.assertIn("\\fB" + option.replace("-", "\\-") + "\\fR", text)

    def test_has_the_sections_that_people_look_for(self) -> None:
        page = self.said("man")
        self.assertRegex(page, r'\n\.TH HERDSIM 1 "" "herdsim \d+\.\d+\.\d+" "User Commands"\n')
        for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS",
                        "EXAMPLES", "ENVIRONMENT", "FILES"):
            self.assertIn(f"\n.SH {section}\n", page)
        for status in (0, 1, 2, 3, 130):
            self.assertIn(f"\n.B {status}\n", page)

    def test_formats_without_a_warning(self) -> None:
        if shutil.which("groff") is None:
            self.skipTest("groff is not installed")
        (self.folder / "herdsim.1").write_text(self.said("man"))
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-rLL=78n", "herdsim.1"],
                              cwd=self.folder, capture_output=True, text=True, timeout=DEADLINE_S,
                              check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("--out", re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout))


class Completion(ManualCase):
    def bash(self, line: str) -> List[str]:
        """Returns what bash offers at the end of a command line. bash takes "=" for a word."""
        words = [word for word in re.split(r" |(=)", line) if word is not None]
        if line.endswith("="):
            words.pop()
        script = ('source completion; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _herdsim; '
                  r'printf "%s\n" "${COMPREPLY[@]}"')
        (self.folder / "completion").write_text(self.said("completion", "bash"))
        done = subprocess.run(["bash", "-euc", script, "bash", *words], cwd=self.folder,
                              capture_output=True, text=True, timeout=DEADLINE_S, check=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash_offers_commands_options_and_values(self) -> None:
        self.assertLessEqual({*self.commands(), "--help", "-V", "--version"},
                             set(self.bash("herdsim ")))
        self.assertEqual(self.bash("herdsim sw"), ["swarm"])
        for command in self.commands():
            with self.subTest(command):
                self.assertEqual(set(self.bash(f"herdsim {command} -")), self.options_of(command))
        self.assertEqual(self.bash("herdsim run x.json --clock "), ["live", "virtual"])
        self.assertEqual(self.bash("herdsim run --clock=v"), ["virtual"])
        self.assertEqual(self.bash("herdsim run --clock="), ["live", "virtual"])
        self.assertEqual(self.bash("herdsim completion "), ["bash", "zsh", "fish"])
        self.assertEqual(self.bash("herdsim help comp"), ["compare", "completion"])

    def test_bash_offers_files_folders_or_nothing(self) -> None:
        (self.folder / "mine.json").write_text("{}")
        (self.folder / "mine").mkdir()
        self.assertEqual(sorted(self.bash("herdsim run mi")), ["mine", "mine.json"])
        self.assertEqual(self.bash("herdsim run x.json --out mi"), ["mine"])
        self.assertEqual(self.bash("herdsim show mi"), ["mine"])
        self.assertEqual(self.bash("herdsim run x.json --seed "), [])

    def test_fish_offers_the_same(self) -> None:
        if shutil.which("fish") is None:
            self.skipTest("fish is not installed")
        (self.folder / "completion.fish").write_text(self.said("completion", "fish"))

        def offered(line: str) -> List[str]:
            done = subprocess.run(
                ["fish", "--no-config", "-c", f"source completion.fish; complete -C {line!r}"],
                cwd=self.folder, capture_output=True, text=True, timeout=DEADLINE_S, check=True,
                env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin"})
            self.assertEqual(done.stderr, "")
            return [each.split("\t")[0] for each in done.stdout.splitlines()]

        self.assertLessEqual(set(self.commands()), set(offered("herdsim ")))
        self.assertEqual(offered("herdsim run x.json --clock "), ["live", "virtual"])
        for command in self.commands():
            with self.subTest(command):
                long_names = {each for each in self.options_of(command) if each.startswith("--")}
                self.assertLessEqual(long_names, {each.rstrip("=")
                                                  for each in offered(f"herdsim {command} --")})

    def test_zsh_reads_its_script(self) -> None:
        if shutil.which("zsh") is None:
            self.skipTest("zsh is not installed")
        (self.folder / "_herdsim").write_text(self.said("completion", "zsh"))
        script = ("fpath=($PWD $fpath); autoload -Uz compinit && compinit -u -d $PWD/dump && "
                  "autoload -Uz +X _herdsim && print -- $_comps[herdsim]")
        done = subprocess.run(["zsh", "-fc", script], cwd=self.folder, capture_output=True,
                              text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "_herdsim\n", ""))

    def test_zsh_has_every_option(self) -> None:
        script = self.said("completion", "zsh")
        for command in self.commands():
            part = script.partition(f"\n      {command})\n")[2].partition(" ;;\n")[0]
            for option in self.options_of(command):
                with self.subTest(command, option=option):
                    self.assertRegex(part, rf"[)*]{re.escape(option)}=?\[")

    def test_an_unknown_shell_is_an_error(self) -> None:
        ended = self.herdsim("completion", "csh")
        self.assertEqual((ended.status, ended.stdout), (2, ""))
        self.assertIn("'csh' is not one of bash, zsh, fish", ended.stderr)


class Scenarios(ManualCase):
    def test_lists_those_that_come_with_it_and_runs_them_by_name(self) -> None:
        listed = self.said("scenarios")
        folder = pathlib.Path(listed.partition(":\n")[0])
        names = sorted(path.stem for path in folder.glob("*.json")
                       if not path.name.endswith(".schema.json"))
        self.assertEqual(re.findall(r"(?m)^  ([a-z0-9-]+)  ", listed), names)
        ended = self.herdsim("check", "flooding", "paper.json")
        self.assertEqual((ended.status, ended.stderr), (0, ""))
        ended = self.herdsim("check", "floodin")
        self.assertEqual(ended.status, 2)
        self.assertIn("floodin: scenario: cannot be read", ended.stderr)

    def test_a_file_comes_before_one_of_that_name(self) -> None:
        (self.folder / "flooding").write_text("[]")
        ended = self.herdsim("check", "flooding")
        self.assertEqual(ended.status, 2)
        self.assertTrue(ended.stderr.startswith("flooding:1: "), ended.stderr)

    def test_a_copy_of_the_program_alone_has_none(self) -> None:
        copy = self.folder / "alone" / "bin"
        copy.mkdir(parents=True)
        shutil.copy2(BINARY, copy / "herdsim")
        done = subprocess.run([str(copy / "herdsim"), "scenarios"], cwd=self.folder,
                              capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("no scenarios beside this program", done.stderr)


if __name__ == "__main__":
    unittest.main()
