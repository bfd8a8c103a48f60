"""A real browser for the tests of report.html: Debian's chromium, chromium-driver, python3-selenium."""

from __future__ import annotations

import json
import pathlib
import shutil
from typing import Any, Dict, List, Optional, Tuple

from herdsim_e2e import wait_until

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.support.ui import Select
except ImportError:
    webdriver = None  # type: ignore[assignment]

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
MISSING = ("" if webdriver and CHROMIUM and DRIVER else
           "no browser: the Debian packages chromium, chromium-driver and python3-selenium are missing")

# Pairs of texts in one picture that cover each other, as the browser drew them, and texts that the edge
# of the picture cuts off. Turned texts have boxes larger than themselves: they cover nothing.
OVERLAPS = """
const found = [];
for (const svg of document.querySelectorAll("svg.main")) {
  const texts = [...svg.querySelectorAll("text")].filter(t => t.textContent && !(t.getAttribute("transform") || "").includes("rotate"))
    .map(t => [t.textContent, t.getBoundingClientRect()]);
  for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
    const [a, b] = [texts[i][1], texts[j][1]];
    const x = Math.min(a.right, b.right) - Math.max(a.left, b.left), y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (x > 2 && y > 4) found.push(texts[i][0] + " / " + texts[j][0]);
  }
}
for (const svg of document.querySelectorAll("svg.main")) {
  const frame = svg.getBoundingClientRect();
  for (const text of svg.querySelectorAll("text")) {
    const box = text.getBoundingClientRect();
    const out = Math.max(frame.left - box.left, box.right - frame.right, frame.top - box.top, box.bottom - frame.bottom);
    if (out > 2) found.push(text.textContent + " is cut off at the edge of its picture");
  }
}
const controls = [...document.querySelectorAll("button, select, input, summary, h1, h2, h3, figcaption")].filter(e => e.offsetParent)
  .map(e => [e.id || e.textContent.slice(0, 30), e.getBoundingClientRect(), e]);
for (let i = 0; i < controls.length; i++) for (let j = i + 1; j < controls.length; j++) {
  const [a, b] = [controls[i][1], controls[j][1]];
  if (controls[i][2].closest(".updates, header") || controls[j][2].closest(".updates, header")) continue;
  const x = Math.min(a.right, b.right) - Math.max(a.left, b.left), y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (x > 2 && y > 2) found.push(controls[i][0] + " / " + controls[j][0]);
}
return found;
"""


class Browser:
    def __init__(self) -> None:
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                         "--hide-scrollbars", "--window-size=1280,1000"):
            options.add_argument(argument)
        options.binary_location = CHROMIUM
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        self.driver.set_script_timeout(180)  # axe-core takes long on a large page and a busy machine

    def close(self) -> None:
        self.driver.quit()

    def look(self, width: int = 1280, dark: bool = False, media: str = "") -> None:
        """Sets the width of the window, the colours that the user prefers, and the medium."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": media, "features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def open(self, page: pathlib.Path, state: str = "") -> None:
        self.driver.get("about:blank")
        self.messages()
        self.requests()
        self.driver.get(page.resolve().as_uri() + state)
        wait_until(lambda: self.run("return document.documentElement.dataset.ready"), "the page is drawn")

    def settle(self) -> None:
        """Waits until the browser has drawn twice: then the page has followed a change of its window."""
        self.driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))")

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def messages(self) -> List[str]:
        """Returns what the console said since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> List[str]:
        """Returns the addresses that were asked for since the last call."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [event["params"]["request"]["url"] for event in events
                if event["method"] == "Network.requestWillBeSent"]

    def press(self, *keys: str) -> None:
        for key in keys:
            code: Dict[str, Tuple[str, int]] = {"Tab": ("Tab", 9), "ArrowRight": ("ArrowRight", 39), "Enter": ("Enter", 13)}
            name, number = code[key]
            event = {"key": name, "code": name, "windowsVirtualKeyCode": number}
            if key == "Enter":
                event["text"] = "\r"
            self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyDown", **event})
            self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", **event})

    def figure(self, name: str) -> Any:
        return self.run("return document.querySelector(`[data-figure=${arguments[0]}]`)", name)

    def point(self, element: Any) -> None:
        """Clicks an element with the mouse, which fails if something else covers it."""
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def click(self, figure: str, label: str) -> None:
        """Clicks the first button with this label in a figure."""
        self.point(self.run("""return [...arguments[0].querySelectorAll("button")].find(b => b.textContent.includes(arguments[1]))""",
                            self.figure(figure), label))

    def tick(self, figure: str, label: str) -> None:
        """Clicks the box with this label in a figure."""
        self.point(self.run("""return [...arguments[0].querySelectorAll("label")].find(l => l.textContent === arguments[1]).querySelector("input")""",
                            self.figure(figure), label))

    def choose(self, figure: str, label: str, value: str) -> None:
        """Chooses a value in the <select> whose label begins so."""
        found = self.run("""return [...arguments[0].querySelectorAll("label")].find(l => l.textContent.startsWith(arguments[1])).querySelector("select")""",
                         self.figure(figure), label)
        self.run("arguments[0].scrollIntoView({block: 'center'})", found)
        Select(found).select_by_value(value)

    def go_to(self, part: str) -> None:
        """Clicks the link to a part of the page, in its head."""
        self.point(self.run("return document.querySelector(`nav a[href='#${arguments[0]}']`)", part))

    def is_on_screen(self, element: Any) -> bool:
        """Tells whether the whole element is within the window."""
        return bool(self.run("""const box = arguments[0].getBoundingClientRect();
            return box.height > 0 && box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth""", element))

    def text(self, figure: str, selector: str = "figcaption") -> str:
        return self.run("return arguments[0].querySelector(arguments[1]).textContent", self.figure(figure), selector)

    def table(self, figure: str) -> List[List[str]]:
        """Returns the rows of a figure as a table, without the head."""
        self.click(figure, "As table")
        rows = self.run("""return [...arguments[0].querySelectorAll("figure tbody tr")].map(r => [...r.cells].map(c => c.textContent))""",
                        self.figure(figure))
        self.click(figure, "As table")
        return rows

    def problems(self) -> Dict[str, Any]:
        """Returns what is wrong with the page as it is drawn now: nothing, if all is well."""
        found: Dict[str, Any] = {}
        wide: int = self.run("return document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            found["wider than the window"] = wide
        overlaps: List[str] = self.run(OVERLAPS)
        if overlaps:
            found["overlaps"] = overlaps[:10]
        most: Optional[int] = self.run("return Math.max(0, ...[...document.querySelectorAll('svg.main')].map(s => s.querySelectorAll('*').length))")
        if most and most > 5000:
            found["elements of a picture"] = most
        return found
