"""Writes the list in docs/expectations.md from the suites: `python tests/unit/expectations_document.py`."""

from __future__ import annotations

from pathlib import Path

from pipelines.checks.suites import Suite, suites
from pipelines.quality.previous import SUITES as PREVIOUS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "expectations.md"
MARK = "<!-- the list below is written from expectations/settlement/ and expectations/previous/ -->"


def section(suite: Suite) -> str:
    rows = [
        f"| `{e.id}` | {frame.title} | §{e.paragraph} | {'stops' if e.blocking else 'warns'} | {e.text} |"
        for frame in suite.frames
        for e in frame.expectations
    ]
    head = ["| id | table or frame | § | broken | what is expected, and why |", "|---|---|---|---|---|"]
    return "\n".join([f"### {suite.title} (`{suite.name}`)", "", suite.text, "", *head, *rows])


def document() -> str:
    """The whole page: what is written by hand as it stands, then the list."""
    written = PAGE.read_text(encoding="utf-8").split(MARK)[0]
    return written + "\n\n".join([MARK, *map(section, (*suites(), *suites(PREVIOUS)))]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(document(), encoding="utf-8")
