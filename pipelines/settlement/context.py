"""What the page and the front sheet of the workbook show, read from the warehouse once."""

from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.publication.tables import Rows, read
from pipelines.publication.words import Word
from pipelines.settlement.previous import Previous


@dataclass(frozen=True)
class Context:
    """One settlement as data: no connection, no path, no clock.

    `delivery`: year, tertial, delivery_number, period_from, period_to, produced. `made_from`: see
    `manifest.facts`. `tables`: the published tables that are not personal (guest patients after
    suppression). `rows`: rows per table. `rules`: what each rule gives (model
    `poeng_per_regel`). `assumptions`: model `assumption`. `disclosure`: see
    manifest. `extra_files`: names of other pages in the folder. `pathway_names`: TFG → its name, for the
    count of pathways. `previous`: the change from the delivery before, where one is published.
    """

    delivery: dict
    made_from: dict
    tables: dict[str, Rows]
    rows: dict[str, int]
    rules: list[dict]
    assumptions: list[dict]
    disclosure: dict
    extra_files: list[str]
    pathway_names: dict[str, Word]
    previous: Previous | None = None

    @property
    def is_draft(self) -> bool:
        """Whether the rule set is a draft: everything made with it is marked."""
        return self.made_from["ruleset"].get("status") != "final"

    @property
    def accepted_quarantine(self) -> bool:
        """Whether the settlement was published although too many rows were quarantined."""
        return bool(self.made_from["options"].get("accept_quarantine"))

    @property
    def period(self) -> tuple[date, date]:
        """First and last day of the delivery's period."""
        return self.delivery["period_from"], self.delivery["period_to"]


def read_context(
    con: duckdb.DuckDBPyConnection,
    made_from: dict,
    small: dict[str, Rows],
    disclosure: dict,
    rows: dict[str, int],
    extra_files: list[str],
    previous: Previous | None = None,
) -> Context:
    """Reads the rest of the context: delivery, points by rule, assumptions."""
    delivery = read(
        con,
        "select delivery, year, tertial, delivery_number, period_from, period_to, produced from landing.delivery",
    ).dicts()[0]
    rules = _with_words(con, small["poeng_per_regel"])
    assumptions = read(con, "select * from assumption order by position, rule, parameter").dicts()
    names = con.execute("select tfg, any_value(name) from ref.tfg group by tfg order by tfg").fetchall()
    pathway_names = {code: Word("", f"{code} {name or ''}".strip()) for code, name in names}
    return Context(
        delivery, made_from, small, rows, rules, assumptions, disclosure, extra_files, pathway_names, previous
    )


def _with_words(con: duckdb.DuckDBPyConnection, published: Rows) -> list[dict]:
    """The published points by rule with the register's words, in its order."""
    register = read(con, "select rule, paragraph, title, position, draft from ref.rule").dicts()
    words = {row["rule"]: row for row in register}
    unknown = {"position": 0, "draft": False}
    rows = [
        {**row, **words.get(row["regel"], {**unknown, "paragraph": row["regel"], "title": row["regel"]})}
        for row in published.dicts()
    ]
    return sorted(rows, key=lambda row: (row["position"], row["regel"], row["sektor"], row["virkning"]))
