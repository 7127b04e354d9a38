"""A reconciliation as people see it: how many agree, why the others do not, where, and which reading fits."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.engine import workspace
from pipelines.publication import chart, norwegian
from pipelines.publication.page import above, environment
from pipelines.publication.result import AUDIENCE, ResultTable
from pipelines.publication.words import REASON
from pipelines.publication.workbook import Sum

TEMPLATES = Path(__file__).resolve().parent / "templates"
SHOWN_GROUPS = 60
SHOWN_STAYS = 100
AGREED = "enig"
# The reasons in the order in which they are judged, with words.
CAUSE = {
    "enig": "enige om episoder, DRG og poeng",
    "bare_her": "bare her",
    "npk_deler": "NPK deler oppholdet",
    "npk_slar_sammen": "NPK slår sammen flere av oppholdene",
    "annet_omfang": "samme opphold, men andre episoder er med",
    "annen_drg": "annen DRG (hovedepisodens mot grupperingen av hele oppholdet, §7.18)",
    "andre_poeng": "samme DRG, andre poeng",
    "bare_npk": "bare hos NPK",
}
DETAIL = {
    "uten_npk": "en episode uten NPK-opphold",
    "uten_drg": "NPK har ikke levert DRG for oppholdet",
    "uten_poeng": "NPK har ikke levert poeng for oppholdet",
    "gruppert_pa_nytt": "oppholdet gruppert på nytt gir NPKs DRG",
    "ukjent": "ingen enkelt regel eller gruppering gir forskjellen",
}
READING = {"with_supplements": "med tillegg og fradrag", "base_only": "bare DRG-basispoeng"}


@dataclass(frozen=True)
class Reconciliation:
    """What is shown. `causes`: reason, number, points here and at NPK; `groups`: trust, DRG, reason and detail."""

    delivery: str
    causes: list[dict]
    trusts: list[dict]
    groups: list[dict]
    readings: list[dict]
    stays: list[dict]


def read(con: duckdb.DuckDBPyConnection, side: dict, tables: list[ResultTable]) -> Reconciliation:
    """Everything that page, workbook and terminal show. The connection stands where sql/reconcile was run."""
    rows = {table.name: table.rows.dicts() for table in tables if table.rows is not None}
    names = {(row["hf_orgnr"], row["sektor"]): row["hf"] for row in rows["avstemming_hf"]}
    sums: dict[str, dict] = defaultdict(lambda: {"antall": 0, "poeng_her": Decimal(0), "poeng_npk": Decimal(0)})
    for row in rows["avstemming"]:
        for column in ("antall", "poeng_her", "poeng_npk"):
            sums[row["arsak"]][column] += row[column]
    groups = sorted(
        (row for row in rows["avstemming"] if row["arsak"] != AGREED),
        key=lambda row: (
            -abs(row["poeng_npk"] - row["poeng_her"]),
            -row["antall"],
            *(row[column] or "" for column in ("hf_orgnr", "sektor", "drg", "arsak", "detalj")),
        ),
    )
    stays = workspace.rows(
        con,
        f"""select * from avstemming_opphold where arsak <> '{AGREED}'
        order by abs(coalesce(poeng_her, 0) - coalesce(poeng_npk, 0)) desc, side, enhet_id, pasient_id
        limit {SHOWN_STAYS}""",
    )
    return Reconciliation(
        side["delivery"],
        [{"arsak": code, **sums[code]} for code in CAUSE if code in sums],
        sorted(rows["avstemming_hf"], key=lambda row: (row["andel_enige"], row["hf"], row["sektor"])),
        [{**row, "hf": names[row["hf_orgnr"], row["sektor"]]} for row in groups[:SHOWN_GROUPS]],
        rows["avstemming_lesning"],
        stays,
    )


def detail(code: str | None) -> str:
    """The rule or the eligibility reason in words."""
    if code is None:
        return ""
    if code in REASON:
        return REASON[code].text
    return DETAIL.get(code, f"regel {code}")


# What the codes of the tables' columns mean.
WORDS = {"arsak": lambda code: CAUSE.get(code, code), "detalj": detail, "lesning": lambda code: READING.get(code, code)}


def headline(shown: Reconciliation) -> str:
    """The answer in one sentence."""
    stays = sum(row["antall"] for row in shown.causes)
    agreed = sum(row["antall"] for row in shown.causes if row["arsak"] == AGREED)
    difference = sum((row["poeng_npk"] - row["poeng_her"] for row in shown.causes), Decimal(0))
    return (
        f"{norwegian.percent(agreed, stays, 2)} av {norwegian.number(stays)} opphold er like hos NPK;"
        f" NPK gir {norwegian.points(abs(difference))} poeng {'mer' if difference >= 0 else 'mindre'}."
    )


def fitting(shown: Reconciliation) -> str:
    """Which reading of NPK's points fits, and whether the rule set assumes it."""
    best = max(shown.readings, key=lambda row: (row["enige"], row["er_valgt"]))
    agreed = {
        row["lesning"]: f"{norwegian.number(row['enige'])} av {norwegian.number(row['opphold'])}"
        for row in shown.readings
    }
    told = "; ".join(f"{READING[code]}: {text}" for code, text in agreed.items())
    advice = (
        ""
        if best["er_valgt"]
        else f" Lesningen {READING[best['lesning']]} passer bedre: endre npk_points i regelsettet."
    )
    return f"Like poeng når NPKs poeng leses {told}.{advice}"


def summary(shown: Reconciliation) -> list[tuple[str, object]]:
    """Label and value for the workbook's first sheet."""
    rows: list[tuple[str, object]] = [("Svaret", headline(shown)), ("Lesning av NPKs poeng", fitting(shown))]
    rows += [
        (f"Opphold: {CAUSE[row['arsak']]}", _sum(row["antall"], arsak=CAUSE[row["arsak"]])) for row in shown.causes
    ]
    return [*rows, ("Opphold i alt", _sum(sum(row["antall"] for row in shown.causes)))]


def _sum(count: int, **where: str) -> Sum:
    """A number of stays, as a sum of the table."""
    return Sum(count, "avstemming", "antall", where, places=0)


def text(shown: Reconciliation) -> str:
    """What `isf reconcile` prints."""
    lines = [f"Avstemming mot NPK {shown.delivery}", "", headline(shown), fitting(shown), ""]
    lines.append(f"{'årsak':<72}{'opphold':>12}{'poeng her':>16}{'poeng NPK':>16}")
    for row in shown.causes:
        lines.append(
            f"{CAUSE[row['arsak']]:<72}{norwegian.number(row['antall']):>12}{norwegian.points(row['poeng_her']):>16}"
            f"{norwegian.points(row['poeng_npk']):>16}"
        )
    return "\n".join(lines)


def page(shown: Reconciliation, facts: dict) -> str:
    """`avstemming.html`. The same reconciliation gives the same text."""
    differing = [row for row in shown.causes if row["arsak"] != AGREED]
    drawn = chart.stacked(
        [(CAUSE[row["arsak"]], [("som", Decimal(row["antall"]))], norwegian.number(row["antall"])) for row in differing]
    )
    return (
        environment(TEMPLATES)
        .get_template("avstemming.html.j2")
        .render(
            title=f"Avstemming mot NPK {shown.delivery}",
            audience=AUDIENCE,
            above=above(entry["delivery"] for entry in facts["deliveries"]),
            program=facts["program"],
            shown=shown,
            headline=headline(shown),
            fitting=fitting(shown),
            drawn=drawn,
            cause=CAUSE,
            detail=detail,
        )
    )
