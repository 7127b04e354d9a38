"""A grouping anew as people see it: how many stays move, why, between which groups, and the points that move."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipelines.grouper.sets import DefinitionSet
from pipelines.publication import norwegian
from pipelines.publication.page import above, environment
from pipelines.publication.result import AUDIENCE, ResultTable
from pipelines.publication.workbook import Sum

TEMPLATES = Path(__file__).resolve().parent / "templates"
PAGE = "omgruppering.html"
SHOWN_MOVES = 60
# The reasons in the order in which they are judged, with words.
CAUSE = {
    "outside_isf": "hovedtilstand utenfor ISF, gruppen beholdes (§7.20, §8.5)",
    "not_grouped": "ikke gruppert på nytt",
    "not_in_list": "gruppert til en DRG som ikke står i årets tabell, levert DRG beholdes",
    "same": "samme DRG",
    "return_code": "kan ikke grupperes, returkode fra tabellene",
    "birthday": "en annen fødselsdag i året ville gitt en annen DRG (alderDager mangler)",
    "merged": "sammenslått av flere episoder (§7.18)",
    "other_year": "tabeller for et annet år",
    "unknown": "ukjent årsak",
}
FINDING = {
    "sector_without_logic": "tabellene har ingen logikk for sektoren",
    "age_unknown": "verken alderDager eller fodselsar er kjent",
    "age_negative": "alderDager er negativ",
    "end_missing": "utDatoTid mangler",
    "sex_missing": "kjønn mangler",
    "age_from_birth_year": "en annen fødselsdag i året ville gitt en annen DRG",
    "second_code_alone": "kodeNr 2 uten kodeNr 1",
    "drg_not_in_list": "gruppert til en DRG som ikke står i årets tabell",
    "cannot_be_grouped": "kan ikke grupperes (returkode)",
    "no_rule": "ingen regel passer",
}
# What the codes of the tables' columns mean.
WORDS = {
    "arsak": lambda code: CAUSE.get(code, code),
    "detalj": lambda code: FINDING.get(code, code),
    "funn": lambda code: FINDING.get(code, code),
}
STAYED = ("outside_isf", "not_grouped", "not_in_list", "same")


@dataclass(frozen=True)
class Regrouped:
    """What is shown. `causes`: reason with stays, stays that agree with NPK and points; `moves`: DRG to DRG."""

    delivery: str
    definitions: DefinitionSet
    is_other_year: bool
    causes: list[dict]
    trusts: list[dict]
    moves: list[dict]
    findings: list[dict]

    @property
    def stays(self) -> int:
        return sum(row["antall_opphold"] for row in self.causes)

    @property
    def moved(self) -> int:
        return sum(row["antall_opphold"] for row in self.causes if row["arsak"] not in STAYED)

    @property
    def change(self) -> Decimal:
        return sum((row["poeng_endring"] for row in self.causes), Decimal(0))


def read(side: dict, definitions: DefinitionSet, tables: list[ResultTable]) -> Regrouped:
    """Everything that page, workbook and terminal show."""
    rows = {table.name: table.rows.dicts() for table in tables if table.rows is not None}
    counted = ("antall_opphold", "enig_med_npk", "levert_er_npk", "poeng_endring")
    causes: dict[str, dict] = defaultdict(lambda: dict.fromkeys(counted, 0) | {"poeng_endring": Decimal(0)})
    for row in rows["omgruppering_arsak"]:
        for column in counted:
            causes[row["arsak"]][column] += row[column]
    moves: dict[tuple, dict] = defaultdict(lambda: {"antall_opphold": 0, "poeng_endring": Decimal(0)})
    for row in rows["omgruppering"]:
        if row["brukt_drg"] != row["levert_drg"]:
            move = moves[row["sektor"], row["levert_drg"] or "–", row["brukt_drg"] or "–"]
            move["antall_opphold"] += row["antall_opphold"]
            move["poeng_endring"] += row["poeng_endring"]
    ranked = sorted(moves.items(), key=lambda item: (-abs(item[1]["poeng_endring"]), item[0]))
    return Regrouped(
        side["delivery"],
        definitions,
        definitions.year != side["year"],
        [{"arsak": code, **causes[code]} for code in CAUSE if code in causes],
        sorted(rows["omgruppering_hf"], key=lambda row: (-abs(row["poeng_endring"]), row["hf"], row["sektor"])),
        [{"sektor": key[0], "fra": key[1], "til": key[2], **move} for key, move in ranked[:SHOWN_MOVES]],
        sorted(rows["omgruppering_funn"], key=lambda row: (-row["antall_opphold"], row["funn"], row["sektor"])),
    )


def headline(shown: Regrouped) -> str:
    """The answer in one sentence."""
    points = norwegian.points(abs(shown.change))
    return (
        f"{norwegian.number(shown.moved)} av {norwegian.number(shown.stays)} opphold får en annen DRG med"
        f" definisjonstabellene {shown.definitions.id}; det gir {points} poeng"
        f" {'mer' if shown.change >= 0 else 'mindre'} i DRG-basispoeng."
    )


def caveat(shown: Regrouped) -> str:
    """What the comparison is worth where the tables are of another year."""
    if not shown.is_other_year:
        return ""
    return (
        f"Tabellene er for {shown.definitions.year}. Samme DRG-kode betyr ikke samme innhold fra år til år: tallene er"
        " for sammenligning, aldri for utbetaling."
    )


def summary(shown: Regrouped) -> list[tuple[str, object]]:
    """Label and value for the workbook's first sheet."""
    rows: list[tuple[str, object]] = [("Svaret", headline(shown))]
    if caveat(shown):
        rows.append(("Forbehold", caveat(shown)))
    rows += [
        (f"Opphold: {CAUSE[row['arsak']]}", _sum(row["antall_opphold"], arsak=CAUSE[row["arsak"]]))
        for row in shown.causes
    ]
    return [*rows, ("Opphold i alt", _sum(sum(row["antall_opphold"] for row in shown.causes)))]


def _sum(count: int, **where: str) -> Sum:
    """A number of stays, as a sum of the table."""
    return Sum(count, "omgruppering_arsak", "antall_opphold", where, places=0)


def text(shown: Regrouped) -> str:
    """What the terminal shows."""
    lines = [f"Omgruppering {shown.delivery} med definisjonstabeller {shown.definitions.id}", "", headline(shown)]
    if caveat(shown):
        lines.append(caveat(shown))
    lines += ["", f"{'årsak':<78}{'opphold':>12}{'enig med NPK':>14}{'endring i poeng':>17}"]
    for row in shown.causes:
        lines.append(
            f"{CAUSE[row['arsak']]:<78}{norwegian.number(row['antall_opphold']):>12}"
            f"{norwegian.number(row['enig_med_npk']):>14}{norwegian.points(row['poeng_endring']):>17}"
        )
    for row in shown.findings:
        lines.append(f"  funn: {FINDING[row['funn']]} ({row['sektor']}): {norwegian.number(row['antall_opphold'])}")
    return "\n".join(lines)


def page(shown: Regrouped, facts: dict) -> str:
    """`omgruppering.html`. The same grouping gives the same text."""
    return (
        environment(TEMPLATES)
        .get_template(f"{PAGE}.j2")
        .render(
            title=f"Omgruppering {shown.delivery} med definisjonstabeller {shown.definitions.id}",
            audience=AUDIENCE,
            above=above(entry["delivery"] for entry in facts["deliveries"]),
            program=facts["program"],
            shown=shown,
            headline=headline(shown),
            caveat=caveat(shown),
            cause=CAUSE,
            finding=FINDING,
        )
    )
