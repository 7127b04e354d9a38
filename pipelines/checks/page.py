"""`kontroller.html`: the results of the expectations for people, in the style of the other pages.

Pure: results in, text out. The same results give the same bytes; everything from data is escaped.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.checks.suites import Frame, Result, Suite, suites
from pipelines.publication.audience import PUBLIC, Audience
from pipelines.publication.page import environment

TEMPLATES = Path(__file__).resolve().parent / "templates"


@dataclass(frozen=True)
class About:
    """What the page says of what was checked: its heading, the page it belongs to, when, what a breach means, and for
    whom the page is."""

    heading: str
    back: str
    back_text: str
    when: str
    broken: str
    audience: Audience = PUBLIC


SETTLEMENT = About(
    "Kontroller av oppgjøret", "oppgjor.html", "Oppgjøret", "før publisering", "Oppgjøret kan ikke publiseres."
)


def build(
    results: list[Result],
    run: dict[str, Any],
    of: Iterable[Suite] | None = None,
    about: About = SETTLEMENT,
    summary: str | None = None,
) -> str:
    """The page. `run`: `delivery`, `ruleset` {id, status} and `program` {version}; `of`: the suites judged."""
    failed = [result for result in results if not result.success]
    return (
        environment(TEMPLATES)
        .get_template("kontroller.html.j2")
        .render(
            name=run["delivery"],
            audience=about.audience.line,
            ruleset=run["ruleset"]["id"],
            draft=run["ruleset"].get("status") != "final",
            version=run["program"]["version"],
            about=about,
            summary=summary or _summary(results),
            results=results,
            passed_count=len(results) - len(failed),
            broken=[result for result in failed if result.blocking],
            warnings=[result for result in failed if not result.blocking],
            groups=[
                _group(suite, results)
                for suite in (suites() if of is None else of)
                if any(result.suite == suite.name for result in results)
            ],
        )
    )


def _summary(results: list[Result]) -> str:
    """The outcome in a sentence or three."""
    warnings = sum(not result.success and not result.blocking for result in results)
    guards = [result.success for result in results if result.blocking]
    parts = [f"{len(results)} kontroller er kjørt på regelsettet, grunnlaget og de publiserte tabellene."]
    if all(guards):
        parts.append(f"Alle {len(guards)} som vokter beløpene, er oppfylt.")
    if warnings:
        parts.append(f"{warnings} {'varsel' if warnings == 1 else 'varsler'} bør ses på før tallene brukes.")
    else:
        parts.append("Det er ingen varsler.")
    return " ".join(parts)


def _group(suite: Suite, results: list[Result]) -> dict[str, Any]:
    """A suite with its results under the frames they come from."""
    own = {result.expectation: result for result in results if result.suite == suite.name}
    return {
        "name": suite.name,
        "title": suite.title,
        "text": suite.text,
        "count": len(own),
        "passed": sum(result.success for result in own.values()),
        "frames": [_part(frame, own) for frame in suite.frames],
    }


def _part(frame: Frame, results: dict[str, Result]) -> dict[str, Any]:
    found = [results[e.id] for e in frame.expectations if e.id in results]
    return {"title": frame.title, "results": found}
