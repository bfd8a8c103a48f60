"""The style of the HTML page: page.css, with the colours of report.html."""

from __future__ import annotations

import base64
import hashlib
import re

from project import HARNESS, ROOT

REPORT_STYLE = ROOT / "sim" / "measure" / "report" / "page" / "style.css"
_LIGHT = re.compile(r"^:root \{(.*?)\}", re.M | re.S)
_DARK = re.compile(r'^  :root:not\(\[data-theme="light"\]\) \{(.*?)\}', re.M | re.S)


def colours() -> str:
    """Returns rules that set the variables of report.html; raises ValueError if it has none."""
    text = REPORT_STYLE.read_text(encoding="utf-8")
    light, dark = _LIGHT.search(text), _DARK.search(text)
    if light is None or dark is None:
        raise ValueError(f"{REPORT_STYLE} sets no colours in :root")
    return (f":root {{{light.group(1)}}}\n"
            f"@media (prefers-color-scheme: dark) {{\n:root {{{dark.group(1)}}}\n}}\n"
            # Paper is white, whatever the screen is.
            f"@media print {{\n:root {{{light.group(1)}}}\n}}\n")


def text() -> str:
    return colours() + (HARNESS / "page.css").read_text(encoding="utf-8")


def policy(style: str) -> str:
    """Returns a policy that allows this style and nothing else: no script, no request."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
