"""`kontroller.html` of the quality reports: the expectations on the check results, as the settlement's own page."""

from typing import Any

from pipelines.checks import page as expectations_page
from pipelines.checks import suites as expectations
from pipelines.publication.audience import DIRECTORATE
from pipelines.quality import catalogue


def build(results: list[expectations.Result], run: dict[str, Any]) -> str:
    """The page; the links to the settlement become links to the overview."""
    failed = [result for result in results if not result.success]
    suites = expectations.suites(catalogue.FOLDER / "suites")
    text = (
        expectations_page.environment(expectations_page.TEMPLATES)
        .get_template("kontroller.html.j2")
        .render(
            name=run["delivery"],
            audience=DIRECTORATE.line,
            ruleset=run["ruleset"]["id"],
            draft=run["ruleset"]["status"] != "final",
            version=run["program"]["version"],
            summary=f"{len(results)} kontroller er kjørt på resultatene; {len(results) - len(failed)} er oppfylt.",
            results=results,
            passed_count=len(results) - len(failed),
            broken=[result for result in failed if result.blocking],
            warnings=[result for result in failed if not result.blocking],
            groups=[_group(suite, results) for suite in suites],
        )
    )
    return (
        text.replace('href="oppgjor.html">← Oppgjøret', 'href="oversikt.html">← Oversikten')
        .replace("Kontroller av oppgjøret", "Kontroller av kvalitetsresultatene")
        .replace("Oppgjøret kan ikke publiseres.", "Resultatene er ikke i orden.")
        .replace("før publisering", "på resultatene")
    )


def _group(suite: expectations.Suite, results: list[expectations.Result]) -> dict[str, Any]:
    own = {result.expectation: result for result in results if result.suite == suite.name}
    return {
        "name": suite.name,
        "title": suite.title,
        "text": suite.text,
        "count": len(own),
        "passed": sum(result.success for result in own.values()),
        "frames": [
            {
                "name": frame.name,
                "title": frame.title,
                "results": [own[e.id] for e in frame.expectations if e.id in own],
            }
            for frame in suite.frames
        ],
    }
