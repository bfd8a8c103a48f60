"""Every command that the project's pages show does what the page says.

TREATMENTS says how the test runs each kind of command. A command that no treatment knows fails.
"""

import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import unittest

import shown_commands
from herdsim_e2e import (BINARY, DEADLINE_S, SOURCE, TestCase, addresses_in, free_ports,
                         wait_for_record, wait_linked, wait_until, write_scenario)

PAGES = sorted(str(path.relative_to(SOURCE)) for pattern in (
    "README.md", "scenarios/**/*.md", "results/README.md", "core/*.md", "sim/**/*.md",
    "tests/**/*.md") for path in SOURCE.glob(pattern))

# How the test shortens a command that takes long.
SHORTER = (
    # A live run takes the time of its script.
    (r"herdsim run (?!.*--(clock|dry-run)|my-herd)", "herdsim run --clock virtual "),
    (r"scenarios/large\.json", r"\g<0> --set 'herds.*.servers=100' --set 'expect=[]'"),
    (r"scenarios/sweep-size\.json(?!.*sweep=null)(?!.*sweep\.herds)",
     r"\g<0> --set 'sweep.herds.*.servers=[5,10]'"),
    (r"scenarios/sweep-size\.json(?!.*sweep=null)(?!.*sweep\.seed)",
     r"\g<0> --set sweep.seed.count=1"),
    (r"swarm --runs \d+", "swarm --runs 20"),
)


class ShownCommands(TestCase):
    def setUp(self):
        super().setUp()
        # The tree as a user has it after a build; results go to the test's own folder.
        for entry in SOURCE.iterdir():
            if not entry.name.startswith(("build", "results", ".git")):
                (self.folder / entry.name).symlink_to(entry)
        (self.folder / "build").mkdir()
        (self.folder / "build" / "herdsim").symlink_to(pathlib.Path(BINARY).resolve())
        (self.folder / "results").mkdir()
        self.environment = {**os.environ, "PATH": f"{self.folder / 'build'}:{os.environ['PATH']}"}
        self.ports = {}
        self.span = {}
        self.span_ports = ""

    def test_every_command_of_every_page(self):
        found = [each for page in PAGES for each in shown_commands.commands_of(SOURCE, page)]
        self.assertGreater(len(found), 50, "the pages show more commands")
        for command in found:
            with self.subTest(f"{command.page}:{command.line}", command=command.text):
                self.treat(command)

    def test_every_whole_scenario_of_the_main_page_runs(self):
        found = list(shown_commands.whole_scenarios(SOURCE, "README.md"))
        self.assertTrue(found)
        for scenario in found:
            path = write_scenario(scenario, self.folder)
            self.shell(f"build/herdsim run {path} --clock virtual")

    def treat(self, command):
        for pattern, treatment in TREATMENTS:
            if re.fullmatch(pattern, command.text):
                return treatment(self, command)
        return self.fail("the test does not know this command: add it to TREATMENTS")

    def shell(self, text, status=0):
        done = subprocess.run(["bash", "-c", text], cwd=self.folder, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, status, f"{text}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    # The treatments.

    def make(self, command):
        """CI runs the targets for real. Here each only has to exist."""
        self.shell(command.text.replace("sudo ", "").replace("make ", "make -n ", 1))

    def package(self, command):
        """install_test makes the package and unpacks it. Here its name has to be right."""
        text = (SOURCE / ".ci" / "package" / "debian.cmake").read_text()
        self.assertIn("set(CPACK_PACKAGE_NAME herdsim)", text)
        self.assertIn("CPACK_DEBIAN_FILE_NAME DEB-DEFAULT", text)

    def source(self, command):
        self.assertIn("_herdsim", self.shell(command.text + "; complete -p herdsim"))

    def preset(self, command):
        name = command.text.split()[-1]
        self.assertIn(f'"name": "{name}"', (SOURCE / "CMakePresets.json").read_text())

    def synopsis(self, command):
        """A line of the overview: the command exists."""
        self.shell(" ".join(command.text.split()[:2]) + " --help")

    def herdsim(self, command):
        text = command.text
        for pattern, shorter in SHORTER:
            text = re.sub(pattern, shorter, text)
        if "--resume" in text:
            self.shell(text.replace(" --resume", ""))
        self.shell(text, command.status)

    def run_of(self, folder):
        """Plays the scenario that a results folder is named after into the folder."""
        name = pathlib.PurePath(folder).name
        self.shell(f"build/herdsim run scenarios/{name}.json --clock virtual --quiet --report none --out {folder}")

    def of_a_run(self, command):
        """A command that reads the folder of a run."""
        self.run_of(re.search(r"(?:show|export) (\S+)", command.text)[1])
        self.shell(command.text, command.status)

    def compare(self, command):
        """Compares what earlier commands of the page have written. Their output is shown whole."""
        output = self.shell(command.text, command.status)
        if command.output:
            self.assertEqual(output.splitlines(), list(command.output))

    def new(self, command):
        self.shell(command.text)

    def try_herd(self, command):
        """Plays one part of the attempt: the tests of `try` play them all."""
        self.shell(command.text.replace(" try ", " try --only flood ", 1), command.status)

    def report(self, command):
        self.run_of(command.text.split()[-1])
        self.shell(command.text, command.status)

    def serve(self, command):
        """Starts the servers. Later commands get their ports in place of those on the page."""
        words = shlex.split(command.text)[1:-1]
        serving = self.start(*words)
        wait_until(lambda: serving.ended() or serving.stdout().count("\n") >= len(command.output),
                   "the servers listen")
        shown = [line.rsplit(":", 1) for line in command.output]
        real = [line.rsplit(":", 1) for line in serving.stdout().splitlines()]
        self.assertEqual([name for name, _ in real], [name for name, _ in shown])
        self.ports = {old: new for (_, old), (_, new) in zip(shown, real)}
        # A reader who types the next command is slower than the links; this test is not.
        wait_linked(addresses_in(serving.stdout().splitlines()))

    def as_shown(self, command):
        self.shell(command.text)

    def serve_part(self, command):
        """Starts some servers of the herd that spans processes, on free ports."""
        if not self.span_ports:
            self.span_ports = " ".join(f"--set herds.0.servers.{server}.port={port}"
                                       for server, port in enumerate(free_ports(5)))
        serving = self.start(*shlex.split(command.text)[1:-1], *shlex.split(self.span_ports))
        wait_until(lambda: serving.ended() or serving.stdout().count("\n") >= len(command.output),
                   "the servers listen")
        real = serving.stdout().splitlines()
        self.assertEqual([line.rsplit(":", 1)[0] for line in real],
                         [line.rsplit(":", 1)[0] for line in command.output], serving.stderr())
        self.span.update(addresses_in(real))

    def run_span(self, command):
        """Drives these servers, once they are linked."""
        wait_linked(self.span)
        self.shell(f"{command.text} {self.span_ports}")

    def client(self, command):
        shown_port = re.search(r"127\.0\.0\.1:(\d+)", command.text)[1]
        port = self.ports[shown_port]
        query = re.search(r"'WHATSAT (\S+)", command.text)
        if query:
            wait_for_record(("127.0.0.1", int(port)), query[1])
        answer = self.shell(command.text.replace(shown_port, port))
        if query:
            self.assertRegex(answer, rf"\AAT Alford \S+ {re.escape(query[1])} [^\n]+\n\{{")
            self.assertEqual(answer.count('"place_id"'), 5, answer)
        for shown, line in zip(command.output, answer.splitlines()):
            self.assertEqual(self.without_times(line), self.without_times(shown))

    @staticmethod
    def without_times(line):
        """The difference between the clocks changes from run to run, and so does the time if it is
        that of now."""
        return re.sub(r" \d{10}\.\d{9}$", " NOW", re.sub(r"\+\d+\.\d{9} ", "+ ", line, count=1))

    def paper(self, command):
        """The measurements take long: the test only lets the program print its plan."""
        self.shell(f"{command.text} --herdsim build/herdsim --plan")

    def folder_exists(self, command):
        self.assertTrue((SOURCE / command.text.split()[1]).is_dir())

    def engine_suite(self, command):
        """CI runs the suite for real. Here its variants, files and tests only have to exist."""
        folder = SOURCE / "tests" / "engines"
        variants = re.search(r"HERD_ENGINES=(\S+)", command.text)[1].split(",")
        known = (folder / "CMakeLists.txt").read_text()
        for variant in variants:
            self.assertIn(f"  {variant}:", known)
        for module in re.findall(r"\w+_test\b", command.text):
            text = (folder / f"{module}.py").read_text()
            for name in re.findall(r"-k (\S+)", command.text):
                self.assertRegex(text, rf"def test_\w*{name}")

    def ctest(self, command):
        label = re.search(r"-L (\S+)", command.text)[1]
        files = SOURCE.glob("tests/**/CMakeLists.txt")
        self.assertTrue(any(f"LABELS {label}" in path.read_text() for path in files))

    def javac(self, command):
        self.need("javac")
        self.shell(command.text)

    def engine(self, command):
        """Starts a server of an engine, on any free port, and stops it."""
        self.need("java" if " java " in command.text else "python3")
        is_twisted = "herd.py" in command.text
        if is_twisted and subprocess.run(["/usr/bin/python3", "-c", "import twisted"],
                                         capture_output=True, check=False).returncode:
            self.skipTest("Twisted is not installed")
        cwd = self.folder / pathlib.Path(command.page).parent if is_twisted else self.folder
        text = re.sub(r"--port \d+", "--port 0", command.text)
        text = re.sub(r"^(\w+=\S+) ", r"\1 exec ", text)  # so that the signal reaches the engine
        with open(self.folder / "engine", "w+b") as output:
            process = subprocess.Popen(["bash", "-c", text], cwd=cwd, env=self.environment,
                                       stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=subprocess.STDOUT)
            try:
                said = pathlib.Path(output.name)
                wait_until(lambda: process.poll() is not None or b"listening" in said.read_bytes(),
                           "the engine listens")
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(DEADLINE_S), 0, said.read_text(errors="replace"))
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()

    def recipe(self, command):
        """cluster_recipes_test and `make test-slurm` run the recipes. Here they have to exist."""
        script = re.search(r"scenarios/cluster/\w+\.sh", command.text)[0]
        self.assertTrue(os.access(SOURCE / script, os.X_OK))

    def needs_sumo(self, command):
        """Not run: the command made a data file, with a program that the tests do not need."""

    def need(self, program):
        if shutil.which(program) is None:
            self.skipTest(f"{program} is not installed")


TREATMENTS = (
    (r"(sudo )?make .+", ShownCommands.make),
    (r"sudo apt install \./build/herdsim_\S+", ShownCommands.package),
    (r"source <\(.+\)", ShownCommands.source),
    (r"cmake --preset \w+", ShownCommands.preset),
    (r"(build/)?herdsim [a-z]+( [A-Z][A-Z:.]*)*  +\S.*", ShownCommands.synopsis),
    (r"(build/)?herdsim report \S+", ShownCommands.report),
    (r"herdsim serve \S+ .*--secret-file .+ &", ShownCommands.serve_part),
    (r"herdsim run scenarios/cluster/hosts\.json", ShownCommands.run_span),
    (r"(printf|chmod) .+", ShownCommands.as_shown),
    (r"(build/)?herdsim serve .+ &", ShownCommands.serve),
    (r"(build/)?herdsim client .+", ShownCommands.client),
    (r"(build/)?herdsim (run|check|trace|swarm|gather) .+", ShownCommands.herdsim),
    (r"(HOSTS=\S+ )?scenarios/cluster/\w+\.sh .+", ShownCommands.recipe),
    (r"(build/)?herdsim (show|export) .+", ShownCommands.of_a_run),
    (r"(build/)?herdsim new .+", ShownCommands.new),
    (r"(build/)?herdsim try .+", ShownCommands.try_herd),
    (r"(build/)?herdsim compare .+", ShownCommands.compare),
    (r"sim/paper/run\.py .+", ShownCommands.paper),
    (r"cd \S+", ShownCommands.folder_exists),
    (r"HERD_ENGINES=\S+ python3 -m unittest .+", ShownCommands.engine_suite),
    (r"ctest --test-dir build -L \w+", ShownCommands.ctest),
    (r"javac .+", ShownCommands.javac),
    (r"HERD_SECRET=\S+ (java|/usr/bin/python3) .+", ShownCommands.engine),
    (r"export SUMO_HOME=.+|netgenerate .+|sed -i .+|python3 \$SUMO_HOME/.+|sumo .+",
     ShownCommands.needs_sumo),
)


if __name__ == "__main__":
    unittest.main()
