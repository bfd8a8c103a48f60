"""report.html: the page of a run, from its folder alone, as text and in a real browser."""

from __future__ import annotations

import base64
import hashlib
import json
import pathlib
import re
import unittest
from typing import Any, Dict

from herdsim_e2e import SOURCE, Run, RunOnce, TestCase, wait_until
from page_case import HAS_PAGE, HOSTILE, PAGE, WITHOUT, InBrowser, rewrite, small

# The lines that a replay draws, one for each message on its way or new to its receiver.
TRAILS = """return [...document.querySelectorAll(".replay .trail")].map(line => ["class", "x1", "y1", "x2", "y2"].map(name => line.getAttribute(name)).join(" "))"""


@unittest.skipUnless(HAS_PAGE, WITHOUT)
class Command(TestCase):
    def test_the_page_is_one_of_the_runs_files(self) -> None:
        run = self.run_scenario(small())
        self.assertTrue((run.folder / PAGE).is_file())
        self.assertEqual(run.json()["files"].count(PAGE), 1)

    def test_a_rerun_removes_it(self) -> None:
        run = self.run_scenario(small())
        again = self.herdsim("run", "--quiet", "--report", "none", "--out", str(run.folder), str(self.folder / "small.json"))
        self.assertEqual(again.status, 0, again.stderr)
        self.assertFalse((run.folder / PAGE).exists())
        self.assertNotIn(PAGE, run.json()["files"])

    def test_the_command_writes_the_same_page_again(self) -> None:
        run = self.run_scenario(small())
        page, listed = (run.folder / PAGE).read_bytes(), run.json()
        (run.folder / PAGE).unlink()
        ended = self.herdsim("report", str(run.folder))
        self.assertEqual(ended.status, 0, ended.stderr)
        self.assertEqual((run.folder / PAGE).read_bytes(), page)
        self.assertEqual(run.json(), listed)

    def test_it_joins_a_folder_that_has_none(self) -> None:
        run = self.run_scenario(small(), "--report", "none")
        before = {path.name for path in run.folder.iterdir()}
        self.assertEqual(self.herdsim("report", str(run.folder)).status, 0)
        self.assertEqual({path.name for path in run.folder.iterdir()}, before | {PAGE})
        self.assertIn(PAGE, run.json()["files"])

    def test_folders_without_a_run_are_errors(self) -> None:
        ended = self.herdsim("report", str(self.folder))
        self.assertEqual(ended.status, 3)
        self.assertIn("has no run.json of a run", ended.stderr)
        self.run_scenario(small())
        planned = self.folder / "planned"
        self.herdsim("run", "--dry-run", "--out", str(planned), str(self.folder / "small.json"))
        ended = self.herdsim("report", str(planned))
        self.assertEqual(ended.status, 3)
        self.assertIn("dry run", ended.stderr)

    def test_a_sweep_has_one_page_and_its_points_have_none(self) -> None:
        run = self.run_scenario(small(sweep={"seed": {"count": 2}}))
        self.assertIn(PAGE, run.json()["files"])
        self.assertEqual([str(path.relative_to(run.folder)) for path in run.folder.rglob(PAGE)], [PAGE])
        text = (run.folder / PAGE).read_text()
        self.assertIn("2 of 2 points hold what they expect.</p>", text)
        self.assertIn('href="./points/0001/summary.csv"', text)

    def test_a_sweep_says_what_did_not_hold_and_what_was_wanted(self) -> None:
        run = self.run_scenario(small(sweep={"clients.0.count": [4, 2]}, expect=[{"herd": "echo", "metric": "accepted", "equals": 40}]), status=1)
        text = (run.folder / PAGE).read_text()
        self.assertIn("1 of 2 points hold what they expect. 1 do not.</p>", text)
        self.assertIn("echo: accepted is 20, should be exactly 40", text)


@unittest.skipUnless(HAS_PAGE, WITHOUT)
class Text(RunOnce):
    """The page as text, which is all that a reader without JavaScript has."""

    @classmethod
    def scenario(cls) -> Dict[str, Any]:
        return small(clients=[{"id": HOSTILE, "server": "Alford", "updates": "5/s"}],
                     events=[{"at": "500ms", "do": "set_link", "link": ["Alford", "Welsh"], "latency": "20ms"}],
                     expect=[{"herd": "*", "metric": "accepted", "min": 1},
                             {"herd": "flood", "metric": "echoes", "equals": 0}])

    def setUp(self) -> None:
        self.text = (self.run_.folder / PAGE).read_text()

    def test_names_are_text(self) -> None:
        self.assertNotIn(HOSTILE, self.text)
        self.assertIn("&lt;/script&gt;&lt;img/src=x/onerror=alert(1)&gt;", self.text)

    def test_the_policy_allows_just_the_inline_program_and_style(self) -> None:
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', self.text)
        assert policy
        self.assertTrue(policy[1].startswith("default-src 'none'; "), policy[1])
        for tag, source in (("script", "script-src"), ("style", "style-src")):
            inner = re.findall(rf"<{tag}>(.*?)</{tag}>", self.text, re.S)
            self.assertEqual(len(inner), 1)
            digest = base64.b64encode(hashlib.sha256(inner[0].encode()).digest()).decode()
            self.assertIn(f"{source} 'sha256-{digest}'", policy[1])

    def test_it_names_no_other_place(self) -> None:
        addresses = re.findall(r'(?:src|href)="([^"]*)"', re.sub(r"<script.*?</script>", "", self.text, flags=re.S))
        self.assertEqual([each for each in addresses if not re.match(r"#|\./|run\.json$", each)], [])

    def test_the_table_of_herds_is_the_summary(self) -> None:
        rows = re.findall(r'<tr data-metric="([^"]+)".*?</tr>', self.text, re.S)
        self.assertGreater(len(rows), 15)
        for metric in rows:
            row = re.search(rf'<tr data-metric="{metric}".*?</tr>', self.text, re.S)
            assert row
            values = re.findall(r'<td [^>]*data-value="([^"]*)"', row[0])
            self.assertEqual(values, [each[metric] for each in self.run_.table("summary.csv")], metric)

    def test_the_verdict_is_that_of_the_run(self) -> None:
        self.assertIn("All 3 expectations hold. The checker found no broken promise.", self.text)
        self.assertIn("The clients kept to the script exactly: no action came late.", self.text)

    def test_empty_files_say_what_that_means(self) -> None:
        self.assertIn("handovers.csv has no rows: no client changed its server.", self.text)
        self.assertIn("What happened, in order: 1 event<", self.text)

    def test_it_is_small(self) -> None:
        self.assertLessEqual(len(self.text.encode()), 500_000)
        program = re.search(r"<script>(.*?)</script>", self.text, re.S)
        assert program
        self.assertLessEqual(len(program[1].encode()), 180_000)


@unittest.skipUnless(HAS_PAGE, WITHOUT)
class Failures(TestCase):
    def test_what_failed_comes_first_and_is_on_the_first_screen(self) -> None:
        run = self.run_scenario(small(expect=[{"herd": "echo", "metric": "accepted", "min": 1},
                                              {"herd": "flood", "metric": "echoes", "min": 5}]), status=1)
        text = (run.folder / PAGE).read_text()
        self.assertIn('class="headline bad"', text)
        self.assertIn("1 of 2 expectations failed.", text)
        self.assertLess(text.index("✗ failed"), text.index("✓ held"))
        self.assertIn('<a href="#topology">echoes</a>', text)


class Figures(InBrowser):
    @classmethod
    def subject(cls) -> Dict[str, Any]:
        return small()

    def test_nothing_is_asked_for_and_nothing_is_said(self) -> None:
        self.assertEqual(self.browser.run("return document.documentElement.dataset.ready"), "yes")
        self.assertEqual(self.browser.messages(), [])
        self.assertEqual([each for each in self.browser.requests() if each != self.page.resolve().as_uri()], [])

    def test_timeline_as_a_table_is_the_file(self) -> None:
        shown = self.browser.table("timeline")
        columns = ["accepted", "covered", "messages", "duplicates", "echoes", "stale", "lost", "repairs", "links_down",
                   "servers_down", "open_updates", "propagation_p50_us", "propagation_p99_us", "propagation_max_us", "reply_p99_us"]
        wanted = [[row["herd"]] + [row[column] and f"{float(row[column]):g}" for column in columns] for row in self.csv("timeline.csv")]
        self.assertEqual([[row[0]] + [cell and f"{float(cell):g}" for cell in row[3:]] for row in shown], wanted)

    def test_the_heat_map_has_the_deliveries_of_the_file(self) -> None:
        """In the file 8, 40 and 48 deliveries are in a class of latency; shades go from 1 to the most by equal ratios."""
        shades = """return [...arguments[0].querySelectorAll("path.heat")].map(path => [path.getAttribute("class"), path.getAttribute("d").split("M").length - 1])"""
        self.assertEqual(self.browser.run(shades, self.browser.figure("timeline")),
                         [["heat heat-2", 1], ["heat heat-4", 1], ["heat heat-4", 1]])
        legend = self.browser.text("timeline", ".legend")
        self.assertIn("Deliveries in a cell of the heat map: 1 to 23 to 56 to 1011 to 2223 to 48", legend)

    def test_links_as_a_table_are_the_file(self) -> None:
        shown = sorted(row[:5] for row in self.browser.table("topology"))
        wanted = sorted([row["from"], row["to"], row["messages"], row["duplicates"], row["echoes"]] for row in self.csv("links.csv", "echo"))
        self.assertEqual(shown, wanted)

    def test_outcomes_as_a_table_are_the_summary(self) -> None:
        wanted = [[row["herd"]] + [row[column] for column in ("replies", "refusals", "closings", "silences")] for row in self.csv("summary.csv")]
        self.assertEqual(self.browser.table("outcomes"), wanted)

    def test_percentiles_are_those_of_the_histogram(self) -> None:
        self.assertEqual(self.browser.table("distributions"), [
            ["echo", "100", "10.0 ms", "20.0 ms", "20.0 ms", "41.0 ms", "41.0 ms"],
            ["flood", "100"] + ["10.0 ms"] * 5])

    def test_faults_of_a_moment(self) -> None:
        self.browser.open(self.page, "#t=600000")
        self.assertEqual(self.browser.text("topology", ".readout"), "At 0.600 s: 1 cut link: Alford - Welsh.")
        self.assertEqual(self.browser.run("return arguments[0].querySelectorAll('.cut').length", self.browser.figure("topology")), 1)

    def test_the_address_keeps_the_view(self) -> None:
        self.browser.run("const s = document.querySelector('#settings select'); s.value = 'flood'; s.dispatchEvent(new Event('change'))")
        self.browser.choose("distributions", "Axis", "yes")
        self.assertEqual(self.browser.run("return location.hash"), "#herd=flood&tail=yes")
        self.browser.open(self.page, "#herd=flood&tail=yes")
        self.assertTrue(self.browser.text("topology").startswith("flood:"))
        self.browser.run("document.querySelector('nav a[href=\"#clients\"]').click()")
        self.assertEqual(self.browser.run("return [location.hash, document.activeElement.id]"), ["#herd=flood&tail=yes", "clients"])

    def test_the_keyboard_reaches_and_works_every_control(self) -> None:
        every = """return [...document.querySelectorAll("a[href], button, select, input, summary")].filter(e => e.offsetParent && !e.closest("details:not([open]) > :not(summary)")).length"""
        wanted: int = self.browser.run(every)
        self.browser.run("window.seen = new Set(); document.activeElement.blur()")
        for _ in range(wanted + 40):
            self.browser.press("Tab")
            self.browser.run("""const e = document.activeElement; if (e.matches("a[href], button, select, input, summary")) seen.add(e)""")
        self.assertEqual(self.browser.run("return [...document.querySelectorAll('a[href], button, select, input, summary')].filter(e => e.offsetParent"
                                          " && !e.closest('details:not([open]) > :not(summary)') && !seen.has(e)).map(e => e.outerHTML.slice(0, 80))"), [])
        self.browser.run("arguments[0].querySelector('input[type=range]').focus()", self.browser.figure("timeline"))
        self.browser.press("ArrowRight")
        self.assertEqual(self.browser.run("return location.hash"), "#t=2000")
        self.browser.run("[...document.querySelectorAll('button')].find(b => b.textContent === 'As table').focus()")
        self.browser.press("Enter")
        self.assertEqual(self.browser.run("return document.activeElement.getAttribute('aria-expanded')"), "true")

    def test_nothing_moves_before_a_click(self) -> None:
        self.browser.choose("update", "Updates", "all")
        self.browser.click("update", "#0")
        position = "return arguments[0].querySelector('.replay input').value"
        self.assertEqual(self.browser.run("return document.getAnimations().length"), 0)
        self.assertEqual(self.browser.run(position, self.browser.figure("update")), "48")
        self.browser.click("update", "Play")
        wait_until(lambda: 0 < int(self.browser.run(position, self.browser.figure("update"))) < 48, "the replay goes on")
        self.browser.click("update", "Stop")

    def test_the_address_keeps_the_moment_of_a_replay(self) -> None:
        """Half of update 0 is over after 10 ms: Hamilton has it, and answers."""
        half = "At +10.0 ms: 2 servers of 5 have it, 3 messages sent."
        self.browser.choose("update", "Updates", "all")
        self.browser.click("update", "#0")
        self.move_replay(24)
        self.assertEqual(self.browser.text("update", ".replay .readout"), half)
        link = self.browser.run("return location.hash")
        self.assertEqual(link, "#order=all&update=0&replay=24")
        drawn = self.browser.run(TRAILS)
        self.browser.open(self.page, link)
        self.assertEqual(self.browser.text("update", ".replay .readout"), half)
        self.assertEqual(self.browser.run(TRAILS), drawn)
        self.assertTrue(self.browser.is_on_screen(self.browser.run("return document.querySelector('.replay .readout')")))
        self.browser.run("location.hash = arguments[0]", link.replace("24", "1"))
        wait_until(lambda: "2 messages sent" in self.browser.text("update", ".replay .readout"), "the page follows its address")

    def test_a_replay_keeps_its_position_when_it_stops_and_another_update_forgets_it(self) -> None:
        self.browser.open(self.page, "#update=0&replay=47")
        self.browser.click("update", "Play")
        wait_until(lambda: self.browser.run("return location.hash") == "#update=0", "the replay ends")
        self.browser.click("update", "Play")
        self.browser.click("update", "Stop")
        at = self.browser.run("return document.querySelector('.replay input').value")
        self.assertEqual(self.browser.run("return location.hash"), f"#update=0&replay={at}")
        self.browser.choose("update", "Axis", "step")
        self.assertEqual(self.browser.run("return location.hash"), "#update=0&axis=step")
        self.move_replay(30)
        self.browser.choose("update", "Updates", "all")
        self.assertEqual(self.browser.run("return [location.hash, document.querySelector('.replay input').value]"), ["#axis=step&order=all", "48"])

    def move_replay(self, position: int) -> None:
        self.browser.run("const s = document.querySelector('.replay input'); s.value = arguments[0]; s.dispatchEvent(new Event('input'))", position)

    def test_a_picture_can_be_saved(self) -> None:
        self.browser.run("""window.saved = []; URL.createObjectURL = blob => { blob.text().then(t => saved.push(t)); return "blob:none" };
            HTMLAnchorElement.prototype.click = function () { window.fileName = this.download }""")
        for name in ("timeline", "distributions", "topology", "outcomes"):
            self.browser.run("saved.length = 0")
            self.browser.click(name, "Save SVG")
            text = wait_until(lambda: self.browser.run("return saved[0]"), "the text of the picture")
            self.assertTrue(text.startswith("<svg") and text.endswith("</svg>"), text[:80])
            self.assertNotIn("var(", text)
            self.assertTrue(self.browser.run("return fileName").endswith(".svg"))


class Looks(InBrowser):
    """The page of a run in which much happens, as wide and narrow windows and printers show it."""

    @classmethod
    def subject(cls) -> Dict[str, Any]:
        return {**json.loads((SOURCE / "scenarios" / "chaos.json").read_text()), "clock": "virtual"}

    @classmethod
    def page_of(cls, run: Run) -> pathlib.Path:
        return run.folder / PAGE

    def test_nothing_overlaps(self) -> None:
        for width in (320, 768, 1280, 3840):
            for dark in (False, True):
                with self.subTest(width=width, dark=dark):
                    self.browser.look(width, dark)
                    self.browser.open(self.page)
                    self.assertEqual(self.browser.problems(), {})
                    self.assertEqual(self.browser.messages(), [])

    def test_nothing_overlaps_in_print(self) -> None:
        self.browser.look(794, media="print")
        self.browser.open(self.page)
        self.assertEqual(self.browser.problems(), {})

    def test_the_switch_turns_the_colours_over(self) -> None:
        back = "return getComputedStyle(document.body).backgroundColor"
        light = self.browser.run(back)
        self.browser.run("document.querySelector('#theme').click()")
        self.assertNotEqual(self.browser.run(back), light)
        self.browser.look(dark=True)
        self.browser.run("document.querySelector('#theme').click()")
        self.assertEqual(self.browser.run(back), light)


class EmptyCharts(InBrowser):
    """A herd of which some figures cannot be known, beside one of which they are."""

    @classmethod
    def subject(cls) -> Dict[str, Any]:
        return small()

    @classmethod
    def page_of(cls, run: Run) -> pathlib.Path:
        return rewrite(super().page_of(run), "timeline.csv", """
herd from_us to_us accepted covered deliveries messages duplicates echoes stale lost repairs links_down servers_down open_updates propagation_p50_us propagation_p99_us propagation_max_us reply_p50_us reply_p99_us reply_max_us
echo 0.000 2000000.000 7 6 28 70 42 28 0 0 0 1 0 3 20000.000 31000.000 37000.000 1.000 2.000 3.000
flood 0.000 2000000.000 7 - - - - - - - - 1 0 - - - - 1.000 2.000 3.000
""")

    def test_they_say_why(self) -> None:
        notes = self.browser.run("return [...arguments[0].querySelectorAll('text.note')].map(note => note.textContent)", self.browser.figure("timeline"))
        self.assertEqual(notes, ["no figure is known in this time"] * 3)  # propagation, open updates, messages

    def test_what_is_not_known_is_not_0(self) -> None:
        self.browser.open(self.page, "#t=100")
        said = self.browser.text("timeline", ".readout")
        self.assertIn("flood, 0.000 s to 2.000 s: accepted 3.5/s, everywhere unknown; propagation p50 unknown", said)
        self.assertIn("not everywhere yet unknown; messages/s unknown; links down 1", said)


class LongNames(InBrowser):
    @classmethod
    def subject(cls) -> Dict[str, Any]:
        names = ("flood-echo-on-narrow-links-with-a-queue", "WWWWWWWWWWWWWWWWWWWWWWWW")
        return small(herds=[{"name": name, "propagation": "flood-echo", "link": {"latency": "10ms"}} for name in names])

    @classmethod
    def page_of(cls, run: Run) -> pathlib.Path:
        return run.folder / PAGE

    def test_nothing_is_cut_off_or_overlaps(self) -> None:
        for width in (320, 768, 1280):
            with self.subTest(width=width):
                self.browser.look(width)
                self.browser.settle()
                self.assertEqual(self.browser.problems(), {})


class Hostile(InBrowser):
    @classmethod
    def subject(cls) -> Dict[str, Any]:
        return small(clients=[{"id": HOSTILE, "server": "Alford", "updates": "5/s"}])

    def test_a_hostile_name_does_nothing(self) -> None:
        self.assertEqual(self.browser.run("return document.documentElement.dataset.ready"), "yes")
        self.assertEqual(self.browser.run("return document.images.length"), 0)
        self.assertEqual(self.browser.messages(), [])
        self.assertIn(HOSTILE, self.browser.run("return document.querySelector('[data-figure=update]').textContent"))
        self.assertIn(HOSTILE, self.browser.run("return document.querySelector('#clients').textContent"))


if __name__ == "__main__":
    unittest.main()
