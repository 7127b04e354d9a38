"""`rbf.html`: who gets what, why, and what one percentage point more would be worth. Pure: rows in, text out."""

from decimal import Decimal
from pathlib import Path

from pipelines.publication import chart, norwegian
from pipelines.publication.page import above, environment
from pipelines.publication.result import AUDIENCE, ResultTable
from pipelines.rbf import text
from pipelines.rbf.scheme import Scheme

TEMPLATES = Path(__file__).resolve().parent / "templates"


def build(tables: list[ResultTable], scheme: Scheme, deliveries: list[str], facts: dict, title: str) -> str:
    """The page. The same tables give the same text."""
    regions = text.table(tables, "rbf_rhf")
    shares = text.table(tables, "rbf_fordeling")
    return (
        environment(TEMPLATES)
        .get_template("rbf.html.j2")
        .render(
            title=title,
            audience=AUDIENCE,
            above=above(deliveries),
            program=facts["program"],
            scheme=scheme,
            basis_of=text.basis_of(deliveries),
            headline=text.headline(tables, scheme),
            regions=regions,
            total=_total(regions),
            drawn=chart.diverging(
                [
                    (row["rhf"], row["differanse_kr"], f"{text.signed_million(row['differanse_kr'])} mill. kr", "")
                    for row in regions
                ]
            ),
            indicators=text.by_indicator(shares, scheme),
            changes=text.by_indicator(text.table(tables, "rbf_endring"), scheme),
            trusts=text.by_indicator(text.table(tables, "rbf_hf"), scheme),
            definitions={row["indicator"]: row["definition_no"] for row in scheme.tables["indicator"]},
            percent=norwegian.percent,
            million=text.million,
            signed=text.signed_million,
        )
    )


def _total(regions: list[dict]) -> dict[str, Decimal]:
    return {name: sum((row[name] for row in regions), Decimal(0)) for name in ("belop_kr", "basis_kr", "differanse_kr")}
