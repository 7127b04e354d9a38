"""`kontroller.html`: the results of the expectations for people, beside the settlement page and in its style.

Pure: results in, text out. The same results give the same bytes; everything from data is escaped.
"""

from pathlib import Path
from typing import Any

from pipelines.checks.suites import Frame, Result, Suite, suites
from pipelines.publication.audience import PUBLIC
from pipelines.publication.page import environment

TEMPLATES = Path(__file__).resolve().parent / "templates"


def build(results: list[Result], run: dict[str, Any]) -> str:
    """The page. `run`: `delivery`, `ruleset` {id, status} and `program` {version}."""
    failed = [result for result in results if not result.success]
    return (
        environment(TEMPLATES)
        .get_template("kontroller.html.j2")
        .render(
            name=run["delivery"],
            audience=PUBLIC.line,
            ruleset=run["ruleset"]["id"],
            draft=run["ruleset"].get("status") != "final",
            version=run["program"]["version"],
            summary=_summary(results),
            results=results,
            passed_count=len(results) - len(failed),
            broken=[result for result in failed if result.blocking],
            warnings=[result for result in failed if not result.blocking],
            groups=[_group(suite, results) for suite in suites() if any(r.suite == suite.name for r in results)],
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
    return {"name": frame.name, "title": frame.title, "results": found}
