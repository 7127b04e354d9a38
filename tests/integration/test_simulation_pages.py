"""What the page and the terminal print, number by number, beside the tables that they are made from."""

import random
import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

from pipelines.rules import load as rulesets
from pipelines.simulate import bootstrap, each, layout, report
from pipelines.simulate.activity import opened
from pipelines.simulate.compare import Budget, compare
from pipelines.simulate.evaluate import Evaluations, settled_rules
from pipelines.simulate.text import text
from tests.integration.simulated import KINDS, settled_home, variant
from tests.unit.simulated_pair import scenario
from tests.unit.test_simulate_page import Tables

PARTS = ("vekter", "omgruppering", "tillegg_fradrag", "telleregel", "kalibrering")
TITLES = ["Vekter", "Omgruppering", "Tillegg og fradrag", "Telleregel", "Kalibrering"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two alternatives that change much, with intervals and a price; the comparisons, and the page of the first."""
    with opened(*settled_home(tmp_path_factory.mktemp("pages"), 3, ruleset="2025")) as activity:
        settled = settled_rules(activity)
        evaluations = Evaluations(activity, settled)
        found = []
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(bootstrap, "FEWEST_PATIENTS", 5)
            for name, kinds in (("much", ("base", "cost", "services", "pathways")), ("less", ("base",))):
                rules = variant(rulesets.read("2025"), name)
                for kind in kinds:
                    KINDS[kind](rules, random.Random(len(name) + 3))
                budget = Budget((("SOM", Decimal("56180.00")),), (("SOM", "*", Decimal("2.00")),))
                result = compare(activity, settled, settled, rules, budget=budget, evaluations=evaluations)
                bootstrap.add(activity, evaluations, result, 40, 1)
                found.append(result)
        yield found, Tables(report.build(scenario(found[0]))), layout.plain(report.build(scenario(found[0])))


def number(value, decimals: int = 0, sign: bool = False) -> str:
    """As a Norwegian page prints it: rounded once, half away from zero."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    shown = f"{abs(rounded):,.{decimals}f}".replace(",", " ").replace(".", ",")
    return ("-" if rounded < 0 else "+" if sign and rounded > 0 else "") + shown


def percent(change, before) -> str:
    return "–" if not before else number(100 * Decimal(change) / Decimal(before), 2, True) + " %"


def of(result, name: str, sector: str | None = None, measure: str = "full") -> list[dict]:
    return [
        row
        for row in result.tables[name].dicts()
        if row.get("maal", measure) == measure and (sector is None or row["sektor"] == sector)
    ]


def table(page: Tables, name: str) -> tuple[list[str], list[list[str]]]:
    head, *lines = page.tables[name]
    return head, lines


@pytest.mark.parametrize("name, unit, key", [("wr1-1", "bosted_rhf", "endring_rhf"), ("wh1-1", "hf", "endring_hf")])
def test_the_parts_stand_under_their_own_titles(made, name, unit, key):
    (result, _), page, _ = made
    head, (*lines, total) = table(page, name)
    assert head[1:] == ["Utgangspunkt", *TITLES, "Alternativ", "Endring"]
    rows = {row[unit]: row for row in of(result, key, "SOM")}
    assert {line[0] for line in lines} == rows.keys() and sum(bool(row["omgruppering"]) for row in rows.values()) > 0
    for line in lines:
        row = rows[line[0]]
        shown = [number(row["poeng_utgangspunkt"], 1), *(number(row[part], 1, True) for part in PARTS)]
        assert line[1:] == [*shown, number(row["poeng_alternativ"], 1), number(row["endring"], 1, True)]
    assert total[1] == number(sum(row["poeng_utgangspunkt"] for row in rows.values()), 1)
    assert total[2] == number(sum(row["vekter"] for row in rows.values()), 1, True)


def test_classes_regions_and_counties_print_their_rows(made):
    (result, _), page, _ = made
    for name, key, own in (("kl1-1", "endring_klasse", "klasse"), ("fy1-1", "endring_fylke", "fylke")):
        _, lines = table(page, name)
        rows = [row for row in of(result, key, "SOM") if row[own]]
        assert len(lines) == len(rows) > 0
        for line, row in zip(lines, rows, strict=True):
            assert line[0] == row[own]
            assert line[-3:] == [
                number(row["endring"], 1, True),
                percent(row["endring"], row["poeng_utgangspunkt"]),
                number(row["endring_kr"], 0, True),
            ]
    _, lines = table(page, "re1-1")
    for line, row in zip(lines, of(result, "endring_region", "SOM"), strict=True):
        assert line == [
            row["rhf"],
            *(
                cell
                for who in ("bosatte", "foretak")
                for cell in (
                    number(row[f"poeng_{who}"], 1),
                    number(row[f"endring_{who}"], 1, True),
                    percent(row[f"endring_{who}"], row[f"poeng_{who}"]),
                )
            ),
            number(row["forskjell"], 1, True),
        ]


def test_guest_flows_stand_in_the_column_of_the_patients_region(made):
    (result, _), page, _ = made
    head, lines = table(page, "gj1-1")
    rows = of(result, "endring_gjestestrom", "SOM")
    sums: dict[tuple, Decimal] = {}
    for row in rows:
        sums[row["hf"], row["bosted_rhf"]] = sums.get((row["hf"], row["bosted_rhf"]), Decimal(0)) + row["endring"]
    shown = {(line[0], region): cell for line in lines for region, cell in zip(head[1:], line[1:], strict=True)}
    assert {key for key, cell in shown.items() if cell not in ("", "–")} >= sums.keys()
    assert all(shown[key] == number(value, 1, True) for key, value in sums.items())
    assert len({region for _, region in sums}) > 1


def test_the_statement_leads_by_its_columns_from_start_to_end(made):
    (result, _), page, _ = made
    head, lines = table(page, "kr1")
    titles = dict(report.STATEMENT)
    names = {title: name for name, title in titles.items()}
    rows = result.tables["kroneroppstilling"].dicts()
    regions = {row["navn"] for row in rows if row["nivaa"] == "rhf"}
    for line in lines:
        if line[0] in regions or line[0] == "Landet":
            level = "land" if line[0] == "Landet" else "rhf"
            chosen = [r for r in rows if r["nivaa"] == level and (level == "land" or r["navn"] == line[0])]
            for title, cell in zip(head[1:], line[1:], strict=True):
                assert cell == number(sum(r[names[title]] for r in chosen), 0)
    assert {"Volum", "Pris"} <= set(head) and head[1] == "Utgangspunkt" and head[-2:] == ["Alternativ", "Endring"]
    assert head.index("Volum") < head.index("Vekter") < head.index("Pris")


def test_tiles_tell_the_headline(made):
    (result, _), _, html = made
    (row,) = of(result, "hovedtall", "SOM")
    places = layout.decimals(r["endring"] for r in of(result, "endring_hf", "SOM"))
    tiles = {
        label: (value, note)
        for label, value, note in reversed(re.findall(r"<dt>(.*?)</dt><dd>(.*?)<small>(.*?)</small></dd>", html))
    }  # the first of each: somatic care
    assert tiles["Størst vinner"][0] == f"{number(row['mest_opp'], places, True)} poeng"
    assert tiles["Størst taper"] == (
        f"{number(row['mest_ned'], places, True)} poeng",
        f"{row['mest_ned_hf']}: {number(row['mest_ned_kr'], 0, True)} kr",
    )
    assert tiles["Størst vekst"][0] == f"{number(row['storst_vekst_prosent'], 2, True)} %"
    assert tiles["Størst fall"] == (
        f"{number(row['storst_fall_prosent'], 2, True)} %",
        f"{row['storst_fall_hf']}: {number(row['storst_fall'], places, True)} poeng",
    )
    beyond = f"{row['antall_over_1_prosent']} opp, {row['antall_under_1_prosent']} ned"
    assert tiles["Foretak over ±1 %"][1] == beyond


def test_intervals_are_printed_low_to_high_beside_their_unit(made):
    (result, _), page, _ = made
    for measure, name in (("full", "intervaller_full"), ("base", "intervaller")):
        limits = {row["navn"]: row for row in result.tables[name].dicts() if row["sektor"] == "SOM"}
        for place in ("r", "h"):
            head, (*lines, _) = table(page, f"{place}-{measure}1-1")
            column = head.index("95 %-intervall")
            told = [line for line in lines if limits.get(line[0], {}).get("prosent_lav") is not None]
            assert told
            for line in told:
                row = limits[line[0]]
                assert (
                    line[column] == f"{number(row['prosent_lav'], 2, True)} til {number(row['prosent_hoy'], 2, True)} %"
                )


def test_side_by_side_has_each_alternative_in_its_own_columns(made):
    results, _, _ = made
    page = Tables(report.build(scenario(*results)))
    name = next(key for key, lines in page.tables.items() if key.startswith("side-") and lines[0][0] == "Foretak")
    head, (*lines, total) = table(page, name)
    assert head[2:] == ["much: endring", "%-endring", "kr", "less: endring", "%-endring", "kr"]
    columns = [{row["hf"]: row for row in of(result, "endring_hf", "SOM")} for result in results]
    places = layout.decimals(row["endring"] for column in columns for row in column.values())
    for line in lines:
        assert line[1] == number(columns[0][line[0]]["poeng_utgangspunkt"], places)
        for n, column in enumerate(columns):
            row = column[line[0]]
            shown = [number(row["endring"], places, True), percent(row["endring"], row["poeng_utgangspunkt"])]
            assert line[2 + 3 * n : 5 + 3 * n] == [*shown, number(row["endring_kr"], 0, True)]
    sums = [sum(row["endring_kr"] for row in column.values()) for column in columns]
    assert [total[4], total[7]] == [number(value, 0, True) for value in sums]


def test_the_terminal_prints_the_table_per_region(made):
    (result, _), _, _ = made
    shown = text(result)
    rows = of(result, "endring_rhf", "SOM")
    places = layout.decimals(row["endring"] for row in rows)
    for row in rows:
        cells = [
            number(row["poeng_utgangspunkt"], places),
            number(row["poeng_alternativ"], places),
            number(row["endring"], places, True),
            percent(row["endring"], row["poeng_utgangspunkt"]),
            number(row["endring_kr"], 0, True),
        ]
        assert re.search(rf"  {row['bosted_rhf']}\s+" + r"\s+".join(map(re.escape, cells)) + r"\n", shown)


def test_groups_and_rules_print_before_and_after_in_that_order(made):
    (result, _), page, _ = made
    _, lines = table(page, "g1-1")
    changed = [row for row in of(result, "endring_gruppe", "SOM") if row["endring"]]
    rows = sorted(changed, key=lambda row: (-abs(row["endring"]), row["gruppe"]))[: len(lines)]
    assert len(lines) == min(len(changed), report.TOP_GROUPS) > 3
    for line, row in zip(lines, rows, strict=True):
        weights = [
            "–" if row[f"vekt_{side}"] is None else number(row[f"vekt_{side}"], 3)
            for side in ("utgangspunkt", "alternativ")
        ]
        units = [number(row[f"antall_{side}"]) for side in ("utgangspunkt", "alternativ")]
        assert line[0] == row["gruppe"] and line[2:] == [*weights, *units, number(row["endring"], 1, True)]
    _, lines = table(page, "ru1")
    names = report.rule_names(result)
    for line, row in zip(lines, result.tables["endring_regel"].dicts(), strict=True):
        assert line[0] == names[row["regel"]] and line[2:] == [
            number(row["antall_utgangspunkt"]), number(row["antall_alternativ"]),
            number(row["poeng_utgangspunkt"], 3), number(row["poeng_alternativ"], 3), number(row["endring"], 3),
        ]  # fmt: skip


def test_each_change_stands_with_the_regions_beside_the_country(tmp_path_factory):
    """Of the draft's changes four: each is a rule set of its own, whose reading takes longer than all the rest."""
    four = {"day_surgery_families", "macula_pathway", "new_services", "drg_names"}
    others = {row["change"] for row in rulesets.read("2026-draft").tables["change"]} - four
    with opened(*settled_home(tmp_path_factory.mktemp("each"), 3, 8, ruleset="2025")) as activity:
        settled = settled_rules(activity)
        result = compare(activity, settled, settled, rulesets.read("2026-draft", others), only_weights=True)
        each.add(activity, Evaluations(activity, settled), result)
    page = Tables(report.build(scenario(result)))
    head, (*lines, total) = table(page, "e1-1")
    rows = [row for row in of(result, each.TABLE, "SOM", "base")]
    country = sorted((r for r in rows if r["nivaa"] == "land"), key=lambda r: r["tiltak_nr"])
    assert {row["tiltak"] for row in country} >= four
    assert [line[0] for line in lines] == [row["tittel"] for row in country] and total[0] == "Hele endringen"
    places = layout.decimals(
        [r["endring"] for r in country]
        + [sum(r["endring"] for r in rows if (r["nivaa"], r["navn"]) == ("rhf", name)) for name in head[3:]]
    )
    of_region = {(r["tiltak_nr"], r["navn"]): r["endring"] for r in rows if r["nivaa"] == "rhf"}
    for line, row in zip(lines, country, strict=True):
        assert line[1:3] == [number(row["endring"], places, True), number(row["endring_kr"], 0, True)]
        assert line[3:] == [number(of_region[row["tiltak_nr"], name], places, True) for name in head[3:]]
