"""`oppgjor.html`: one self-contained page in Norwegian, for a finance officer. Pure: a context in, text out."""

from pathlib import Path

from pipelines.publication import norwegian
from pipelines.publication import words as labels
from pipelines.publication.page import environment
from pipelines.settlement import view_basis, view_settlement
from pipelines.settlement.context import Context

TEMPLATES = Path(__file__).resolve().parent / "templates"
CHECKS_PAGE = "kontroller.html"


def build(context: Context) -> str:
    """The page. The same context gives the same text."""
    delivery = context.delivery
    return (
        environment(TEMPLATES)
        .get_template("oppgjor.html.j2")
        .render(
            context=context,
            delivery=delivery,
            name=context.made_from["delivery"],
            title=f"ISF-oppgjør {delivery['year']}, {labels.tertial(delivery['tertial'])}",
            delivery_label=labels.delivery(delivery["delivery_number"]),
            period=norwegian.period(*context.period),
            produced=norwegian.date(delivery["produced"]),
            drg_source=labels.drg_source(context.made_from["options"]),
            parameter_unit=labels.PARAMETER_UNIT,
            headline=view_settlement.headline(context),
            regions=view_settlement.regions(context),
            trusts=view_settlement.trusts(context),
            months=view_settlement.months(context),
            previous=view_settlement.previous(context),
            guests=view_settlement.guests(context),
            rules=view_basis.rules(context),
            basis=view_basis.basis(context),
            reproduction=view_basis.reproduction(context),
            has_checks=CHECKS_PAGE in context.extra_files,
            checks_page=CHECKS_PAGE,
            other_pages=[n for n in context.extra_files if n.endswith(".html") and n != CHECKS_PAGE],
        )
    )
