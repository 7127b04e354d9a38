"""A comparison as people see it: the answer in a sentence, the bridge per RHF, trusts by cause, the largest units."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.compare import words
from pipelines.engine import workspace
from pipelines.publication import chart, norwegian
from pipelines.publication.page import above, environment
from pipelines.publication.result import AUDIENCE, ResultTable
from pipelines.publication.workbook import Sum
from pipelines.settlement import settled

TEMPLATES = Path(__file__).resolve().parent / "templates"
MILLION = Decimal(1_000_000)
LARGEST = 100
SHOWN_CAUSES = 8


@dataclass(frozen=True)
class Comparison:
    """What is shown. `sides`: facts of the two deliveries; `total`: refund of both and the change, in kroner;
    `regions`: name, refund before and after, and the causes with their kroner; `causes`: the country's."""

    sides: list[dict]
    title: str
    total: dict[str, Decimal]
    regions: list[dict]
    causes: list[tuple[str, Decimal]]
    trusts: list[dict]
    months: list[dict]
    units: list[dict]
    shared_until: object
    limit: Decimal | None


def read(con: duckdb.DuckDBPyConnection, sides: list[dict], tables: list[ResultTable]) -> Comparison:
    """Everything that page, workbook and terminal show. The connection stands where sql/compare was run."""
    rows = {table.name: table.rows.dicts() for table in tables if table.rows is not None}
    totals = workspace.rows(
        con,
        """
        -- Refund of the shared months, in the prices of each delivery.
        select place.residence_rhf_orgnr as rhf_orgnr,
            cast(sum(place.points * before.nok_per_point) filter (where place.state = 'earlier') as decimal(28, 6))
                as earlier,
            cast(sum(place.points * after.nok_per_point) filter (where place.state = 'later') as decimal(28, 6))
                as later
        from place_state as place
        inner join earlier.point_price as before on before.sector = place.sector
        inner join later.point_price as after on after.sector = place.sector
        group by place.residence_rhf_orgnr order by rhf_orgnr""",
    )
    zero = Decimal(0)
    regions = []
    for found in totals:
        own = [row for row in rows["sammenligning_rhf"] if row["bosted_rhf_orgnr"] == found["rhf_orgnr"]]
        if own:
            regions.append(
                {
                    "rhf": own[0]["rhf"],
                    "earlier": found["earlier"] or zero,
                    "later": found["later"] or zero,
                    "causes": _largest([(row["arsak"], row["endring_kr"]) for row in own]),
                }
            )
    regions.sort(key=lambda region: norwegian.alphabetical(region["rhf"]))
    country: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows["sammenligning_rhf"]:
        country[row["arsak"]] += row["endring_kr"]
    total = {
        "earlier": sum((found["earlier"] or zero for found in totals), zero),
        "later": sum((found["later"] or zero for found in totals), zero),
    }
    units = workspace.rows(
        con,
        f"""select * from sammenligning_enhet
        order by abs(endring_poeng) desc, enhet_type, enhet_id limit {LARGEST}""",
    )
    limits = workspace.rows(
        con, "select points from later_ref.parameter where rule = '3.5' and parameter = 'essential_change'"
    )
    return Comparison(
        sides,
        f"{sides[0]['delivery']} mot {sides[1]['delivery']}",
        {**total, "change": total["later"] - total["earlier"]},
        regions,
        _largest(list(country.items()), len(country)),
        _trusts(rows["sammenligning_hf"]),
        sorted(
            (row for row in rows["sammenligning_maned"] if row["endring_poeng"]),
            key=lambda row: (not row["vesentlig"], -abs(row["endring_poeng"]), row["hf_orgnr"] or "", row["maned"]),
        ),
        units,
        min(side["period_to"] for side in sides),
        next((row["points"] for row in limits), None),
    )


def _largest(causes: list[tuple[str, Decimal]], shown: int = SHOWN_CAUSES) -> list[tuple[str, Decimal]]:
    """The causes by size; those beyond the shown ones in one sum, so that nothing is lost."""
    ordered = sorted((entry for entry in causes if entry[1]), key=lambda entry: (-abs(entry[1]), entry[0]))
    rest = sum((value for _, value in ordered[shown:]), Decimal(0))
    return [(words.cause(code), value) for code, value in ordered[:shown]] + (
        [("andre årsaker", rest)] if len(ordered) > shown else []
    )


def _trusts(rows: list[dict]) -> list[dict]:
    """Per trust and sector: the change, and the causes in words, the largest first."""
    found: dict[tuple, list[dict]] = defaultdict(list)
    for row in rows:
        found[row["hf"], row["hf_orgnr"], row["sektor"]].append(row)
    trusts = [
        {
            "hf": name,
            "sektor": sector,
            "points": sum((row["endring_poeng"] for row in own), Decimal(0)),
            "nok": sum((row["endring_kr"] for row in own), Decimal(0)),
            "causes": _largest([(row["arsak"], row["endring_kr"]) for row in own], 4),
        }
        for (name, _, sector), own in found.items()
    ]
    return sorted(trusts, key=lambda trust: (-abs(trust["nok"]), norwegian.alphabetical(trust["hf"]), trust["sektor"]))


def kroner(value: Decimal) -> str:
    """A change in kroner as people say it: millions with one decimal, below that whole kroner; with its sign."""
    if abs(value) >= MILLION:
        text = f"{norwegian.number(norwegian.rounded(value / MILLION, 1), 1)} mill. kr"
    else:
        text = f"{norwegian.number(norwegian.rounded(value, 0), 0)} kr"
    return text if value < 0 else f"+{text}"


def headline(shown: Comparison) -> str:
    """The answer in one sentence."""
    earlier, later = (side["delivery"] for side in shown.sides)
    change = shown.total["change"]
    if not change and not shown.causes:
        return f"{later} gir det samme som {earlier}, enhet for enhet."
    direction = "mer" if change >= 0 else "mindre"
    parts = [f"{text} {kroner(value)}" for text, value in shown.causes[:3]]
    if rest := sum((value for _, value in shown.causes[3:]), Decimal(0)):
        parts.append(f"andre årsaker {kroner(rest)}")
    return f"{later} gir {kroner(abs(change)).lstrip('+')} {direction} enn {earlier}: {', '.join(parts)}."


def period(shown: Comparison) -> str:
    """Which months are compared."""
    if shown.sides[0]["period_to"] == shown.sides[1]["period_to"]:
        return norwegian.period(shown.sides[1]["period_from"], shown.shared_until)
    months = norwegian.period(shown.sides[1]["period_from"], shown.shared_until)
    return f"månedene begge har: {months}, uten det regionale trekket, som regnes av en hel periode"


def notes(shown: Comparison) -> str:
    """What one must know before reading: that the order is the other way round, and that the rules differ."""
    earlier, later = shown.sides
    order = [(side["tertial"], side["delivery_number"]) for side in shown.sides]
    backwards = (
        f"{earlier['delivery']} er nyere enn {later['delivery']}: endringen er vist bakover i tid."
        if order[0] > order[1]
        else ""
    )
    return " ".join(told for told in (backwards, program_note(shown)) if told)


def program_note(shown: Comparison) -> str:
    """Whether the two were made by different rule sets or programs."""
    earlier, later = shown.sides
    why = {
        "rules": f"regelsett {earlier['ruleset']} og {later['ruleset']} er ikke de samme",
        "drg_source": "oppholdets DRG er hentet fra ulike kilder",
        "program": "leveransene er ikke gjort opp med én og samme versjon av programmet",
    }
    found = [why[name] for name in settled.differing(earlier, later)]
    if not found:
        return ""
    return (
        f"{shown.sides[0]['delivery']} er regnet på nytt under reglene til {shown.sides[1]['delivery']}:"
        f" {'; '.join(found)}. Virkningen er en egen årsak."
    )


def text(shown: Comparison) -> str:
    """What `isf compare` prints."""
    lines = [f"Sammenligning {shown.title}", f"  {period(shown)}", "", headline(shown)]
    if note := notes(shown):
        lines.append(note)
    lines += ["", f"{'RHF':<26}{'før, kr':>22}{'etter, kr':>22}{'endring, kr':>20}"]
    for region in shown.regions:
        change = region["later"] - region["earlier"]
        amounts = [norwegian.money(norwegian.rounded(v, 2)) for v in (region["earlier"], region["later"], change)]
        lines.append(f"{region['rhf']:<26}{amounts[0]:>22}{amounts[1]:>22}{amounts[2]:>20}")
    lines += ["", f"{'årsak':<60}{'endring, kr':>20}"]
    lines += [f"{name[:58]:<60}{norwegian.money(norwegian.rounded(value, 2)):>20}" for name, value in shown.causes]
    return "\n".join(lines)


def summary(shown: Comparison) -> list[tuple[str, object]]:
    """Label and value for the workbook's first sheet."""
    rows: list[tuple[str, object]] = [("Svaret", headline(shown)), ("Periode", period(shown))]
    if note := notes(shown):
        rows.append(("Merk", note))
    rows += [
        (f"Refusjon {shown.sides[0]['delivery']}, kr", norwegian.rounded(shown.total["earlier"], 2)),
        (f"Refusjon {shown.sides[1]['delivery']}, kr", norwegian.rounded(shown.total["later"], 2)),
        ("Endring, kr", _sum(shown.total["change"])),
    ]
    return rows + [(f"Årsak: {name}, kr", _sum(value, arsak=name)) for name, value in shown.causes]


def _sum(value: Decimal, **where: str) -> Sum:
    """Kroner of the change, as a sum of the table per region."""
    return Sum(norwegian.rounded(value, 2), "sammenligning_rhf", "endring_kr", where)


def page(shown: Comparison, facts: dict) -> str:
    """`sammenligning.html`. The same comparison gives the same text."""
    return (
        environment(TEMPLATES)
        .get_template("sammenligning.html.j2")
        .render(
            title=f"Sammenligning {shown.title}",
            audience=AUDIENCE,
            above=above(entry["delivery"] for entry in facts["deliveries"]),
            program=facts["program"],
            shown=shown,
            headline=headline(shown),
            period=period(shown),
            note=notes(shown),
            limit=None
            if shown.limit is None
            else norwegian.exact((100 * shown.limit).normalize().quantize(Decimal("0.1"))) + " %",
            bridges=[(region, _bridge(region)) for region in shown.regions],
            cause=words.cause,
            unit=words.UNIT,
            kroner=kroner,
            rounded=norwegian.rounded,
        )
    )


def _bridge(region: dict) -> list[chart.Bar]:
    """From the earlier refund over the causes to the later. The levels start at 0, so the steps are drawn on a scale of
    their own: the change."""
    level, steps = Decimal(0), []
    for name, value in region["causes"]:
        level += value
        steps.append((name, value, level, kroner(value), ""))
    steps.append(("Endring i alt", None, level, kroner(level), ""))
    return chart.waterfall(steps)
