"""A prognosis as people see it: the year in a sentence, regions against their budget, months, and what it rests on."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.engine import workspace
from pipelines.publication import chart, norwegian, words
from pipelines.publication.page import above, environment
from pipelines.publication.result import AUDIENCE, ResultTable
from pipelines.publication.workbook import Sum

if TYPE_CHECKING:
    from pipelines.prognosis.run import Basis

TEMPLATES = Path(__file__).resolve().parent / "templates"
MILLION = Decimal(1_000_000)
RHYTHM = {"lopende": "løpende", "arlig": "én gang i året, ved første kontakt"}


@dataclass(frozen=True)
class Prognosis:
    """What is shown. `country`: points and kroner of the year, delivered and to come, with their interval;
    `deduction`: points that have no month, the regional deduction, delivered (`levert`) and to come (`rest`);
    `prices`: per sector;
    `without_last_year`: sectors and rhythms of which last year's profile says nothing;
    `intervals`: the back-test's case per sector; `level`: the share of places that an interval is made to hold."""

    title: str
    delivery: str
    year: int
    basis: "Basis"
    country: dict[str, Decimal]
    regions: list[dict]
    trusts: list[dict]
    months: list[dict]
    deduction: dict[str, Decimal]
    prices: list[dict]
    profile: list[dict]
    without_last_year: list[dict]
    intervals: list[dict]
    level: Decimal


def read(
    con: duckdb.DuckDBPyConnection, basis: "Basis", tables: list[ResultTable], settings: dict[str, Any]
) -> Prognosis:
    """Everything that page, workbook and terminal show. The connection stands where sql/prognosis was run."""
    rows = {table.name: table.rows.dicts() for table in tables if table.rows is not None}
    (country,) = workspace.rows(
        con,
        """
        select
            cast(sum(place.points_delivered) as decimal(18, 3)) as poeng_levert,
            cast(sum(place.points_late) as decimal(18, 3)) as poeng_etterslep,
            cast(sum(place.points_to_come) as decimal(18, 3)) as poeng_rest,
            cast(sum(place.points_year) as decimal(18, 3)) as poeng_ar,
            cast(sum(place.points_year * price.nok_per_point) as decimal(28, 2)) as refusjon_ar,
            -- Both sectors' widths together, or none: at their ends at once.
            if(
                count(place.half_width) = count(*),
                cast(sum(place.half_width * price.nok_per_point) as decimal(28, 2)),
                null
            ) as refusjon_bredde
        from place_year as place
        inner join settled.point_price as price on price.sector = place.sector
        where place.level = 'land'""",
    )
    months = workspace.rows(
        con,
        """
        select maned, cast(sum(poeng_levert + poeng_etterslep) as decimal(18, 3)) as levert,
            cast(sum(poeng_rest) as decimal(18, 3)) as rest, cast(sum(poeng) as decimal(18, 3)) as poeng
        from prognose_maned where maned is not null group by maned order by maned""",
    )
    side = basis.side
    whole = [row for row in rows["prognose_maned"] if row["maned"] is None]
    deduction = {
        "levert": sum((row["poeng_levert"] + row["poeng_etterslep"] for row in whole), Decimal(0)),
        "rest": sum((row["poeng_rest"] for row in whole), Decimal(0)),
    }
    return Prognosis(
        f"Prognose for {side['year']} etter {side['delivery']}",
        side["delivery"],
        side["year"],
        basis,
        country,
        sorted(
            rows["prognose_rhf"],
            key=lambda row: (norwegian.alphabetical(row["rhf"]), words.SECTORS.index(row["sektor"])),
        ),
        sorted(
            rows["prognose_hf"], key=lambda row: (norwegian.alphabetical(row["hf"]), words.SECTORS.index(row["sektor"]))
        ),
        months,
        deduction,
        workspace.rows(con, "select sector, unit_price_nok, isf_share from settled.point_price order by sector desc"),
        sorted(
            rows["prognose_profil"], key=lambda row: (words.SECTORS.index(row["sektor"]), row["rytme"], row["maned"])
        ),
        workspace.rows(
            con,
            """
            select distinct weight.sector, weight.rhythm
            from month_weight as weight
            inner join prognosis_choice as choice on choice.profile <> weight.profile
            order by all""",
        ),
        workspace.rows(con, "select * from interval_setting order by sector"),
        Decimal(settings["interval"]["level"]),
    )


def millions(value: Decimal) -> str:
    """Kroner in millions, one decimal."""
    return f"{norwegian.number(norwegian.rounded(value / MILLION, 1), 1)} mill. kr"


def is_whole(shown: Prognosis) -> bool:
    """Whether nothing is expected beyond what is delivered: of a first delivery what is registered late always is."""
    return not (shown.country["poeng_etterslep"] or shown.country["poeng_rest"]) and shown.basis.revision == "endelig"


def headline(shown: Prognosis) -> str:
    """The answer in one sentence."""
    country = shown.country
    if is_whole(shown):
        return (
            f"{shown.year} er levert i sin helhet: {norwegian.points(country['poeng_ar'])} poeng,"
            f" {millions(country['refusjon_ar'])}."
        )
    width = country["refusjon_bredde"]
    between = (
        ""
        if width is None
        else f" (mellom {millions(country['refusjon_ar'] - width)} og {millions(country['refusjon_ar'] + width)})"
    )
    return (
        f"{shown.year} ventes å gi {millions(country['refusjon_ar'])}{between},"
        f" {norwegian.number(norwegian.rounded(country['poeng_ar'], 0))} poeng."
    )


def against_budget(shown: Prognosis) -> str:
    """The budget in one sentence; empty without one."""
    given = [row for row in shown.regions if row["budsjett_poeng"] is not None]
    if not given:
        return ""
    nok = sum((row["avvik_kr"] for row in given), Decimal(0))
    without = len(shown.regions) - len(given)
    rest = f" {without} av {len(shown.regions)} rader er uten budsjett." if without else ""
    if not without:
        which = "Prognosen er"
    elif len(given) == 1:
        which = "For den ene raden med budsjett er prognosen"
    else:
        which = f"For de {len(given)} radene med budsjett er prognosen"
    # Points of the two sectors have prices of their own, so they are told apart.
    points = {
        words.sector_short(sector): sum((row["avvik_poeng"] for row in given if row["sektor"] == sector), Decimal(0))
        for sector in words.SECTORS
        if any(row["sektor"] == sector for row in given)
    }
    told = "; ".join(f"{sector} {norwegian.points(value, sign=True)} poeng" for sector, value in points.items())
    return f"{which} {millions(abs(nok))} {'over' if nok >= 0 else 'under'} budsjettet ({told}).{rest}"


def prices(shown: Prognosis) -> str:
    """By which rule set and prices points become kroner."""
    side = shown.basis.side
    each = "; ".join(
        f"{words.sector_short(row['sector'])} {norwegian.money(row['unit_price_nok'])} kr ×"
        f" {norwegian.percent(row['isf_share'], 1, 0)}"
        for row in shown.prices
    )
    return f"Kroner er poeng × enhetspris × ISF-andel: {each} (regelsett {ruleset(side)})."


def ruleset(side: dict[str, Any]) -> str:
    """The rule set's name, and that it is a draft where it is."""
    return f"{side['ruleset']}{' (utkast)' if side['status'] == 'draft' else ''}"


def resting_on(shown: Prognosis) -> list[str]:
    """What the prognosis rests on, and how sure it is, a sentence each."""
    basis = shown.basis
    found = []
    if basis.last_year:
        found.append(
            f"Årets profil er fjorårets ({basis.last_year['delivery']}), måned for måned per virkedag i den norske"
            " kalenderen med helligdager."
        )
        if shown.without_last_year:
            cells = "; ".join(
                f"{words.sector_short(row['sector'])}, {RHYTHM[row['rhythm']]}" for row in shown.without_last_year
            )
            found.append(
                f"I fjor var det ingen poeng i de leverte månedene for {cells}: der er profilen uten fjoråret."
            )
    else:
        found.append(
            "Det er ingen oppgjort endelig leveranse av tredje tertial i fjor. Årets profil er virkedagene i den norske"
            " kalenderen med helligdager; sommer og jul er derfor ikke roligere enn virkedagene tilsier."
        )
    if basis.revision == "par" and basis.pair:
        names = " og ".join(side["delivery"] for side in basis.pair)
        found.append(f"Det som meldes sent, ventes som mellom {names}, per HF.")
    elif basis.revision == "uten":
        found.append(
            "Første leveranse uten et par av første og endelig leveranse å måle mot: det som meldes sent, er ikke"
            " regnet med."
        )
    found.append(
        "Særtjenester og forløp som teller én gang i året (som BT01), faller på pasientens første kontakt og ligger"
        " derfor tidlig i året; de har sin egen profil. Forløp som starter med et inngrep (som HT04), faller når"
        " inngrepet gjøres."
    )
    return [*found, prices(shown), *interval(shown)]


def interval(shown: Prognosis) -> list[str]:
    """How the intervals are made and how they have held, or that there are none; empty where nothing is expected."""
    if is_whole(shown):
        return []
    if not shown.intervals:
        return [
            "Det er ikke gitt noe intervall: for få genererte år er prøvd i dette tilfellet til å si hvor sikkert"
            " anslaget er."
        ]
    tried = "; ".join(
        f"{words.sector_short(row['sector'])} {row['rhf_within']} av {row['rhf_places']} RHF og {row['hf_within']} av"
        f" {row['hf_places']} HF i {row['years']} år"
        for row in shown.intervals
    )
    found = [
        f"Meningen med et intervall (lav–høy): i {norwegian.percent(shown.level, 1, 0)} av tilfellene skal årets poeng"
        " falle innenfor.",
        f"Intervallene er prøvd på genererte år, hvert år med intervaller laget av de andre årene: de rommet {tried}."
        " De er aldri smalere enn prøven tilsier, og bredere der stedets egne måneder varierer mer.",
        "Landets intervall er regnet for landet selv, sektor for sektor, og legges sammen ende mot ende; det er smalere"
        " enn summen av regionenes, for ikke alle regioner bommer samme vei.",
        "Et generert år vet ingenting om streik, epidemi, nye avtaler eller endret koding: det kommer i tillegg.",
    ]
    if shown.intervals[0]["revision"] != shown.basis.revision:
        found.append(
            "For få genererte år er prøvd med et par av første og endelig leveranse: breddene er prøvd uten et slikt"
            " par."
        )
    if any(row["poeng_lav"] is None for row in (*shown.regions, *shown.trusts)):
        smallest = norwegian.number(norwegian.rounded(shown.intervals[0]["smallest_points"], 0))
        found.append(
            f"Steder der færre enn {smallest} poeng ventes, har ikke noe intervall (–): så lite er ikke prøvd."
        )
    return found


def summary(shown: Prognosis) -> list[tuple[str, object]]:
    """Label and value for the workbook's first sheet."""
    rows: list[tuple[str, object]] = [("Svaret", headline(shown))]
    if told := against_budget(shown):
        rows.append(("Mot budsjettet", told))
    country = shown.country
    rows += [
        (title, Sum(country[column], "prognose_rhf", column, places=places))
        for title, column, places in (
            ("Poeng levert", "poeng_levert", 3),
            ("Ventet etterslep, poeng", "poeng_etterslep", 3),
            ("Poeng som gjenstår", "poeng_rest", 3),
            ("Poeng for året", "poeng_ar", 3),
            ("Refusjon for året, kr", "refusjon_ar", 2),
        )
    ]
    return rows + [("Bygger på", sentence) for sentence in resting_on(shown)]


def text(shown: Prognosis) -> str:
    """What `isf prognosis` prints."""
    lines = [shown.title, "", headline(shown)]
    if told := against_budget(shown):
        lines.append(told)
    lines += ["", f"{'RHF':<26}{'sektor':<10}{'levert':>14}{'året':>14}{'lav':>14}{'høy':>14}{'mot budsjett':>14}"]
    for row in shown.regions:
        values = [row[column] for column in ("poeng_levert", "poeng_ar", "poeng_lav", "poeng_hoy", "avvik_poeng")]
        told = "".join(f"{'–' if v is None else norwegian.points(v):>14}" for v in values)
        lines.append(f"{row['rhf']:<26}{words.sector_short(row['sektor']):<10}{told}")
    return "\n".join([*lines, "", *resting_on(shown)])


def page(shown: Prognosis, facts: dict) -> str:
    """`prognose.html`. The same prognosis gives the same text."""
    drawn = chart.stacked(
        [
            (
                f"{row['rhf']}, {words.sector_short(row['sektor'])}",
                [("level", row["poeng_levert"]), ("plus", row["poeng_etterslep"]), ("som", row["poeng_rest"])],
                norwegian.points(row["poeng_ar"]),
            )
            for row in shown.regions
        ]
    )
    by_month = chart.stacked(
        [
            (row["maned"], [("level", row["levert"]), ("som", row["rest"])], norwegian.points(row["poeng"]))
            for row in shown.months
        ]
    )
    return (
        environment(TEMPLATES)
        .get_template("prognose.html.j2")
        .render(
            title=shown.title,
            audience=AUDIENCE,
            above=above(entry["delivery"] for entry in facts["deliveries"]),
            program=facts["program"],
            shown=shown,
            headline=headline(shown),
            budget=against_budget(shown),
            resting=resting_on(shown),
            drawn=drawn,
            by_month=by_month,
            rhythm=RHYTHM,
            ruleset=ruleset(shown.basis.side),
            level=norwegian.percent(shown.level, 1, 0),
        )
    )
