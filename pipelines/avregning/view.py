"""A final settlement as people see it: the balance per RHF, a letter to each, what supports the decision."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.avregning.decisions import Decisions
from pipelines.publication import norwegian, words
from pipelines.publication.audience import REGION
from pipelines.publication.page import above, environment
from pipelines.publication.result import AUDIENCE, ResultTable
from pipelines.publication.workbook import Sum

TEMPLATES = Path(__file__).resolve().parent / "templates"
ZERO = Decimal(0)
COUNTRY = "Landet"
SUMMED = ("refusjon_budsjett_kr", "virkning_pris_kr", "refusjon_kr", "korreksjon_kr", "akonto_kr", "saldo_kr")
# The parts of the change from last year, in the order in which they are computed, with what they mean.
PARTS = {
    "regler_og_vekter": ("Regler og vekter", "fjorårets aktivitet under årets regler, mot slik den var"),
    "volum": ("Volum", "flere eller færre enheter, til fjorårets gjennomsnitt"),
    "gruppemiks": ("Gruppemiks", "andre grupper, en DRG uten delingen etter bidiagnoser (m/bk, u/bk) regnet som én"),
    "koding": ("Koding", "andre poeng innen gruppen: komplikasjoner, bidiagnoser, tillegg og fradrag"),
}
# What the codes of the tables' columns mean.
WORDS = {"del": lambda code: PARTS[code][0] if code in PARTS else code}


@dataclass(frozen=True)
class FinalSettlement:
    """What is shown. `regions`: name, number, rows per sector, corrections, advances and sums of each RHF."""

    year: int
    delivery: str
    ruleset: str
    earlier: str | None
    regions: list[dict]
    total: dict[str, Decimal]
    decisions: Decisions
    parts: list[dict]
    coding: list[dict]
    priced_otherwise: list[str]


def read(
    con: duckdb.DuckDBPyConnection,
    year: int,
    sides: list[dict],
    tables: list[ResultTable],
    decisions: Decisions,
    closed: dict[tuple[int, str], Decimal],
) -> FinalSettlement:
    """Everything that page, letters, workbook and terminal show.

    `closed`: year and sector → unit price by which an earlier year was closed in this home.
    """
    rows = {table.name: table.rows.dicts() for table in tables if table.rows is not None}
    regions = []
    for number in {row["rhf_orgnr"] for row in rows["oppgjor_ar"]}:
        own = sorted(
            (r for r in rows["oppgjor_ar"] if r["rhf_orgnr"] == number), key=lambda r: r["sektor"], reverse=True
        )
        corrections = [row for row in rows["korreksjon"] if row["rhf_orgnr"] == number]
        months: dict[str, dict[str, Decimal]] = {}
        for row in rows["akonto_maned"]:
            if row["rhf_orgnr"] == number:
                months.setdefault(row["maned"], {})[row["sektor"]] = row["akonto_kr"]
        regions.append(
            {
                "rhf": own[0]["rhf"],
                "rhf_orgnr": number,
                "rows": own,
                "corrections": sorted(corrections, key=lambda row: row["nr"]),
                "months": sorted(months.items()),
                **{name: sum((row[name] for row in own), ZERO) for name in SUMMED},
            }
        )
    regions.sort(key=lambda region: (norwegian.alphabetical(region["rhf"]), region["rhf_orgnr"] or ""))
    found: dict[tuple[str, str], dict[str, Decimal]] = {}
    for row in rows.get("endring_fra_ifjor", []):
        for name in (row["rhf"], COUNTRY):
            cell = found.setdefault((name, row["sektor"]), dict.fromkeys(PARTS, ZERO))
            cell[row["del"]] += row["poeng"]
    parts = [
        {"rhf": name, "sektor": sector, "parts": list(cell.values())}
        for (name, sector), cell in sorted(
            found.items(),
            key=lambda one: (one[0][0] == COUNTRY, norwegian.alphabetical(one[0][0]), words.SECTORS.index(one[0][1])),
        )
    ]
    return FinalSettlement(
        year,
        sides[0]["delivery"],
        f"{sides[0]['ruleset']}{' (utkast)' if sides[0]['status'] == 'draft' else ''}",
        sides[1]["delivery"] if len(sides) > 1 else None,
        regions,
        {name: sum((region[name] for region in regions), ZERO) for name in SUMMED},
        decisions,
        parts,
        _coding(rows.get("kodingsandeler", []), year),
        [
            _priced_otherwise(row, closed[row["aktivitetsar"], row["sektor"]])
            for row in rows["korreksjon"]
            if row["poeng"] is not None
            and closed.get((row["aktivitetsar"], row["sektor"]), row["enhetspris"]) != row["enhetspris"]
        ],
    )


def _priced_otherwise(row: dict, closed: Decimal) -> str:
    """That a correction in points is paid at another price than its year was closed with here."""
    year = row["aktivitetsar"]
    return (
        f"Korreksjon {row['nr']} er regnet med {norwegian.money(row['enhetspris'])} kr for {year}, prisen i"
        f" regelsettenes historikk; {year} ble her avregnet med {norwegian.money(closed)} kr. Gi korreksjonen i"
        " kroner om den skal følge avregningen."
    )


def _coding(rows: list[dict], year: int) -> list[dict]:
    """Region, sector, and the shares of both years (`then`, `now`; None where a year has no such row)."""
    years = {
        (row["rhf"], row["sektor"], row["aktivitetsar"]): row
        for row in rows
        if row["dognopphold"] or row["delte_opphold"]
    }
    return [
        {
            "rhf": rhf,
            "sektor": sector,
            "then": years.get((rhf, sector, year - 1)),
            "now": years.get((rhf, sector, year)),
        }
        for rhf, sector in sorted(
            {(rhf, sector) for rhf, sector, _ in years},
            key=lambda one: (norwegian.alphabetical(one[0]), words.SECTORS.index(one[1])),
        )
    ]


def headline(shown: FinalSettlement) -> str:
    """The answer in one sentence."""
    balance = shown.total["saldo_kr"]
    to = "skal utbetales til" if balance >= 0 else "skal tilbakebetales av"
    return (
        f"Netto {norwegian.money(abs(balance))} kr {to} regionene i avregningen for {shown.year}: refusjon"
        f" {norwegian.money(shown.total['refusjon_kr'])} kr, korreksjoner"
        f" {norwegian.money(shown.total['korreksjon_kr'])} kr,"
        f" à konto {norwegian.money(shown.total['akonto_kr'])} kr."
    )


def prices(shown: FinalSettlement) -> list[str]:
    """The unit price of each sector, a sentence each: decided and why, or the budget's."""
    decided = {sector: (price, reason) for sector, price, reason in shown.decisions.prices}
    budget = {row["sektor"]: row["budsjettpris"] for region in shown.regions for row in region["rows"]}
    found = []
    for sector in (sector for sector in words.SECTORS if sector in budget):
        price, reason = decided.get(sector, (budget[sector], None))
        told = f"Enhetspris {words.SECTOR[sector]}: {norwegian.money(price)} kr"
        if price != budget[sector]:
            share = norwegian.percent(price - budget[sector], budget[sector], 2)
            told += f", {share} mot budsjettets {norwegian.money(budget[sector])} kr"
        found.append(f"{told} (§3.10.1). {reason}" if reason else f"{told}, som i budsjettet.")
    return found


def text(shown: FinalSettlement) -> str:
    """What `isf avregning` prints."""
    heads = ("refusjon, kr", "korreksjon, kr", "à konto, kr", "saldo, kr")
    lines = [f"Avregning {shown.year} (leveranse {shown.delivery})", "", headline(shown), ""]
    lines.append(f"{'RHF':<26}" + "".join(f"{head:>22}" for head in heads))
    for region in shown.regions:
        amounts = [region[name] for name in ("refusjon_kr", "korreksjon_kr", "akonto_kr", "saldo_kr")]
        lines.append(f"{region['rhf']:<26}" + "".join(f"{norwegian.money(value):>22}" for value in amounts))
    lines += ["", *prices(shown), *shown.priced_otherwise]
    if shown.earlier is None:
        lines += ["", f"Endringen fra året før er ikke delt opp: {shown.year - 1}-T3-2 er ikke gjort opp her."]
    return "\n".join(lines)


def summary(shown: FinalSettlement) -> list[tuple[str, object]]:
    """Label and value for the workbook's first sheet."""
    rows: list[tuple[str, object]] = [("Svaret", headline(shown)), ("Leveranse", shown.delivery)]
    rows += [("Enhetspris", told) for told in prices(shown)]
    rows += [(f"Saldo {region['rhf']}, kr", _sum(region["saldo_kr"], rhf=region["rhf"])) for region in shown.regions]
    return [*rows, ("Saldo i alt, kr", _sum(shown.total["saldo_kr"]))]


def _sum(value: Decimal, **where: str) -> Sum:
    """A balance, as a sum of the table."""
    return Sum(value, "oppgjor_ar", "saldo_kr", where)


def pages(shown: FinalSettlement, facts: dict) -> dict[str, str]:
    """`avregning.html`, and a letter per RHF as `brev_<number>.html`. The same settlement gives the same text."""
    env = environment(TEMPLATES)
    common = {"shown": shown, "program": facts["program"], "parts": PARTS, "prices": prices(shown)}
    found = {
        "avregning.html": env.get_template("avregning.html.j2").render(
            title=f"Avregning {shown.year}",
            audience=AUDIENCE,
            above=above(entry["delivery"] for entry in facts["deliveries"]),
            headline=headline(shown),
            **common,
        )
    }
    for region in shown.regions:
        if region["rhf_orgnr"]:
            found[f"brev_{region['rhf_orgnr']}.html"] = env.get_template("brev.html.j2").render(
                title=f"Avregning {shown.year}: {region['rhf']}",
                audience=f"Til {region['rhf']}. {REGION.line}",
                region=region,
                **common,
            )
    return found
