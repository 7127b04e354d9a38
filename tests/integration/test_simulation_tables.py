"""Every table of a comparison recomputed from its cells, by another program than the one that made it."""

import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from pipelines.engine.models import run
from pipelines.publication.tables import read
from pipelines.rules import load as rulesets
from pipelines.simulate import bootstrap, each
from pipelines.simulate.activity import opened
from pipelines.simulate.compare import Budget, compare
from pipelines.simulate.evaluate import Evaluations, settled_rules
from tests.integration.simulated import KINDS, settled_home, tidied, variant
from tests.size import few

PARTS = {
    "vekter": "weights", "omgruppering": "regrouping", "tillegg_fradrag": "supplements",
    "telleregel": "counting", "kalibrering": "calibration",
}  # fmt: skip
NAMES = {"stay": "opphold", "service": "sertjeneste", "pathway": "forlop", "region": "region"}
PRICE = {"SOM": Decimal("54412") * Decimal("0.30"), "PHVTSB": Decimal("3820")}
ASKED = Decimal("56180.50")
GROWTH = (("SOM", "HDG 5", Decimal("2.50")), ("SOM", "*", Decimal("-1.25")), ("PHVTSB", "TD32A", Decimal("10.00")))
ZERO = Decimal(0)


@pytest.fixture(scope="module")
def activity(tmp_path_factory):
    with opened(*settled_home(tmp_path_factory.mktemp("tables"), 3, ruleset="2025")) as found:
        yield found


@pytest.fixture(autouse=True)
def _tidied(activity):
    with tidied(activity):
        yield


@pytest.fixture(scope="module")
def result(activity):
    """Weights, trim points, services, pathways and a rule differ; prices and activity too."""
    rules = variant(rulesets.read("2025"), "much")
    for kind in ("base", "cost", "trim", "services", "pathways"):
        KINDS[kind](rules, random.Random(5))
    budget = Budget((("SOM", ASKED),), GROWTH)
    return compare(activity, settled_rules(activity), settled_rules(activity), rules, budget=budget)


@pytest.fixture(scope="module")
def cells(activity, result):
    return read(activity.con, f"select * from {result.database}.effect").dicts()


def summed(cells, *keys, where=lambda cell: True) -> dict[tuple, dict[str, Decimal]]:
    found: dict[tuple, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for cell in filter(where, cells):
        to = found[tuple(cell[key] for key in ("measure", "sector", *keys))]
        for column in ("baseline", "alternative", "change", *PARTS.values()):
            to[column] += cell[column]
        to["units_before"] += cell["units_before"]
        to["units_after"] += cell["units_after"]
    return found


def six(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


def near(value, expected) -> bool:
    """Per cents are divisions, so the last of their six decimals may differ."""
    return (value is None and expected is None) or abs(value - expected) <= Decimal("0.000002")


@pytest.mark.parametrize(
    "table, keys, columns",
    [
        ("endring_rhf", ["residence_rhf_orgnr"], ["bosted_rhf_orgnr"]),
        ("endring_hf", ["hf_orgnr"], ["hf_orgnr"]),
        ("endring_gjestestrom", ["hf_orgnr", "residence_rhf_orgnr"], ["hf_orgnr", "bosted_rhf_orgnr"]),
        ("endring_fylke", ["residence_rhf_orgnr", "residence_county"], ["bosted_rhf_orgnr", "fylke"]),
        ("endring_hdg", ["hdg"], ["hdg"]),
        ("endring_gruppe", ["unit_type", "group_code", "hdg"], ["enhet_type", "gruppe", "hdg"]),
    ],
)
def test_a_table_of_changes_is_the_sum_of_its_cells(result, cells, table, keys, columns):
    expected = summed(cells, *keys)
    rows = result.tables[table].dicts()
    assert len(rows) == len(expected) > 1
    for row in rows:
        key = [row["maal"], row["sektor"], *(row[column] for column in columns)]
        if table == "endring_gruppe":
            key[2] = next(name for name, norwegian in NAMES.items() if norwegian == key[2])
        sums = expected[tuple(key)]
        assert row["poeng_utgangspunkt"] == sums["baseline"] and row["poeng_alternativ"] == sums["alternative"]
        assert row["endring"] == sums["change"] == sums["alternative"] - sums["baseline"]
        assert {part: row[part] for part in PARTS} == {part: sums[column] for part, column in PARTS.items()}
        assert row["endring_kr"] == sums["change"] * PRICE[row["sektor"]]
        share = 100 * sums["change"] / sums["baseline"] if sums["baseline"] else None
        assert near(row["endring_prosent"], share)


def test_the_factor_is_the_baselines_sum_over_the_alternatives_with_six_decimals(result, cells):
    for row in result.tables["kalibrering"].dicts():
        chosen = [c for c in cells if (c["measure"], c["sector"]) == (row["maal"], row["sektor"])]
        before = sum(c["baseline"] for c in chosen)
        after = sum(c["baseline"] + c["weights"] + c["regrouping"] + c["supplements"] + c["counting"] for c in chosen)
        assert row["faktor"] == six(before / after) and row["metode"] == "sector"
        assert all(c["alternative"] == (c["alternative"] - c["calibration"]) * row["faktor"] for c in chosen)
        assert row["rest"] == after * row["faktor"] - before


def test_a_region_is_shown_as_its_residents_and_as_its_trusts(activity, result, cells):
    owner = dict(
        activity.con.execute("select hf_orgnr, rhf_orgnr from wh.provider where hf_orgnr is not null").fetchall()
    )
    trusts = summed(cells, "hf_orgnr")
    residents = summed(cells, "residence_rhf_orgnr")
    for row in result.tables["endring_region"].dicts():
        of_owner = [
            sums
            for (measure, sector, hf), sums in trusts.items()
            if (measure, sector, owner.get(hf)) == (row["maal"], row["sektor"], row["rhf_orgnr"])
        ]
        of_residents = residents.get((row["maal"], row["sektor"], row["rhf_orgnr"]), defaultdict(Decimal))
        assert row["endring_foretak"] == sum((s["change"] for s in of_owner), ZERO)
        assert row["poeng_foretak"] == sum((s["baseline"] for s in of_owner), ZERO)
        assert row["endring_bosatte"] == of_residents["change"] and row["poeng_bosatte"] == of_residents["baseline"]
        assert row["forskjell"] == row["endring_foretak"] - row["endring_bosatte"]
        assert row["endring_foretak_kr"] == row["endring_foretak"] * PRICE[row["sektor"]]


def test_classes_of_hospitals_hold_every_trust_once(activity, result, cells):
    named = {r["hf_orgnr"]: (r["hf_class"], r["hf_type"]) for r in rulesets.read("2025").tables["trust"]}
    types = {"HF": "andre helseforetak", "private_contract": "private sykehus med avtale"}
    owners = {r["rhf_orgnr"] for r in rulesets.read("2025").tables["trust"]}

    def class_of(hf) -> str:
        own_class, kind = named.get(hf, (None, None))
        if hf is None:
            return "uten HF"
        return own_class or types.get(kind) or ("private under RHF-avtaler" if hf in owners else "ikke i registeret")

    expected: dict[tuple, Decimal] = defaultdict(Decimal)
    trusts: dict[tuple, set] = defaultdict(set)
    for (measure, sector, hf), sums in summed(cells, "hf_orgnr").items():
        expected[measure, sector, class_of(hf)] += sums["change"]
        trusts[measure, sector, class_of(hf)] |= {hf} - {None}
    rows = result.tables["endring_klasse"].dicts()
    assert {(r["maal"], r["sektor"], r["klasse"]): r["endring"] for r in rows} == expected
    assert {(r["maal"], r["sektor"], r["klasse"]): r["antall_hf"] for r in rows} == {
        k: len(v) for k, v in trusts.items()
    }
    assert len({r["klasse"] for r in rows}) > 1 and len(rows) == len(expected)


def test_drivers_are_the_largest_changes_of_the_trust_whatever_their_sign(result, cells):
    """Before calibration: a group whose weight and rules are the same drives nothing."""
    groups = summed(cells, "hf_orgnr", "unit_type", "group_code")
    own = {key: sums["change"] - sums["calibration"] for key, sums in groups.items()}
    rows = result.tables["drivere"].dicts()
    signs = set()
    for key in {(r["maal"], r["sektor"], r["hf_orgnr"]) for r in rows}:
        of_trust = sorted((k for k in groups if k[:3] == key and own[k]), key=lambda k: (-abs(own[k]), k[3], k[4]))
        listed = sorted((r for r in rows if (r["maal"], r["sektor"], r["hf_orgnr"]) == key), key=lambda r: r["plass"])
        assert [(r["enhet_type"], r["gruppe"]) for r in listed] == [(NAMES[k[3]], k[4]) for k in of_trust[:10]]
        gross = sum(abs(own[k]) for k in of_trust)
        for row, k in zip(listed, of_trust, strict=False):
            assert row["endring"] == own[k] and row["antall"] == groups[k]["units_before"]
            assert row["endring_hf"] == sum(groups[g]["change"] for g in groups if g[:3] == key)
            assert near(row["andel_prosent"], 100 * row["endring"] / gross)
            signs.add(row["endring"] > 0)
    assert signs == {True, False}


BANDS = [
    (1, None, -2), (2, -2, -1), (3, -1, Decimal("-0.5")), (4, Decimal("-0.5"), 0), (5, 0, 0),
    (6, 0, Decimal("0.5")), (7, Decimal("0.5"), 1), (8, 1, 2), (9, 2, None),
]  # fmt: skip


def band(before: Decimal, change: Decimal) -> int:
    """A loss of exactly 1 % is in 'taper 0,5–1 %', a gain of exactly 1 % in 'vinner 0,5–1 %'."""
    percent = 100 * change / before
    if change == 0:
        return 5
    if change < 0:
        return next(n for n, low, high in BANDS[:4] if (low is None or percent >= low) and percent < high)
    return next(n for n, low, high in BANDS[5:] if percent > low and (high is None or percent <= high))


@pytest.mark.parametrize(
    "change, number",
    [
        *[("-2.001", 1), ("-2", 2), ("-1", 3), ("-0.5", 4), ("-0.001", 4), ("0", 5)],
        *[("0.001", 6), ("0.5", 6), ("1", 7), ("2", 8), ("2.001", 9)],
    ],
)
def test_a_limit_of_a_band_belongs_to_the_side_of_zero(activity, change, number):
    """On a hundred points: a per cent is a point."""
    con, database = activity.con, activity.database("bands")
    con.execute(
        f"create table {database}.endring_hf as select 'base' as maal, 'SOM' as sektor, '1' as hf_orgnr, 'A' as hf,"
        f" cast(100 as decimal(20, 9)) as poeng_utgangspunkt, cast('{change}' as decimal(20, 9)) as endring"
    )
    run("simulation_effect", con, into=database, only=["vinnere_tapere"])
    assert con.execute(f"select baand_nr from {database}.vinnere_tapere").fetchall() == [(number,)]
    assert band(Decimal(100), Decimal(change)) == number


def test_bands_hold_every_trust_once(result):
    expected: dict[tuple, list] = defaultdict(list)
    for row in result.tables["endring_hf"].dicts():
        if row["hf_orgnr"] and row["poeng_utgangspunkt"] > 0:
            number = band(row["poeng_utgangspunkt"], row["endring"])
            expected[row["maal"], row["sektor"], number].append(row)
    rows = result.tables["vinnere_tapere"].dicts()
    assert {(r["maal"], r["sektor"], r["baand_nr"]) for r in rows} == set(expected)
    for row in rows:
        trusts = expected[row["maal"], row["sektor"], row["baand_nr"]]
        assert row["antall_hf"] == len(trusts) and row["endring"] == sum(t["endring"] for t in trusts)
        assert row["hf"] == ", ".join(t["hf"] for t in sorted(trusts, key=lambda t: (t["endring"], t["hf"])))


def test_the_headline_is_that_of_the_trusts(result):
    for row in result.tables["hovedtall"].dicts():
        trusts = [
            r for r in result.tables["endring_hf"].dicts()
            if (r["maal"], r["sektor"]) == (row["maal"], row["sektor"]) and r["hf_orgnr"]
        ]  # fmt: skip
        up, down = ([t for t in trusts if t["endring"] * sign > 0] for sign in (1, -1))
        best, worst = max(up, key=lambda t: t["endring"]), min(down, key=lambda t: t["endring"])
        assert (row["mest_opp_hf"], row["mest_opp"], row["mest_opp_kr"]) == (
            best["hf"], best["endring"], best["endring_kr"],
        )  # fmt: skip
        assert (row["mest_ned_hf"], row["mest_ned_prosent"]) == (worst["hf"], worst["endring_prosent"])
        assert row["storst_fall_prosent"] == min(t["endring_prosent"] for t in down if t["endring_prosent"] is not None)
        assert row["storst_vekst_prosent"] == max(t["endring_prosent"] for t in up if t["endring_prosent"] is not None)
        assert row["antall_over_1_prosent"] == sum(100 * t["endring"] > t["poeng_utgangspunkt"] for t in trusts)
        assert row["antall_under_1_prosent"] == sum(-100 * t["endring"] > t["poeng_utgangspunkt"] for t in trusts)
        gains, losses = sum(t["endring"] for t in up), -sum(t["endring"] for t in down)
        assert row["flyttet"] == min(gains, losses) and (row["opp"], row["ned"]) == (gains, -losses)
        assert row["brutto_vekter"] == sum(abs(t["vekter"]) for t in trusts)


def growth(sector: str, group: str, hdg) -> Decimal:
    given = {(s, g): percent for s, g, percent in GROWTH}
    for name in (group, f"HDG {hdg}", "*"):
        if (sector, name) in given:
            return given[sector, name] / 100
    return ZERO


def test_the_statement_in_kroner_leads_from_the_baseline_to_the_alternative(result, cells):
    new = {"SOM": ASKED * Decimal("0.30"), "PHVTSB": PRICE["PHVTSB"]}
    expected: dict[tuple, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for cell in cells:
        if cell["measure"] != "full":
            continue
        sector, price = cell["sector"], PRICE[cell["sector"]]
        volume = 1 + growth(sector, cell["group_code"], cell["hdg"])
        for level, unit in (("land", None), ("rhf", cell["residence_rhf_orgnr"]), ("hf", cell["hf_orgnr"])):
            to = expected[level, unit, sector]
            to["kr_utgangspunkt"] += cell["baseline"] * price
            to["volum_kr"] += cell["baseline"] * (volume - 1) * price
            for part, column in PARTS.items():
                to[f"{part}_kr"] += cell[column] * volume * price
            to["pris_kr"] += cell["alternative"] * volume * (new[sector] - price)
            to["kr_alternativ"] += cell["alternative"] * volume * new[sector]
    rows = result.tables["kroneroppstilling"].dicts()
    assert len(rows) == len(expected) and {r["nivaa"] for r in rows} == {"land", "rhf", "hf"}
    for row in rows:
        sums = expected[row["nivaa"], row["orgnr"], row["sektor"]]
        assert {name: row[name] for name in sums} == dict(sums)
        parts = [row[f"{name}_kr"] for name in ("volum", *PARTS, "pris")]
        assert row["endring_kr"] == sum(parts) == row["kr_alternativ"] - row["kr_utgangspunkt"]
    country = {r["sektor"]: r for r in rows if r["nivaa"] == "land"}
    assert all(country["SOM"][f"{name}_kr"] for name in ("volum", "vekter", "omgruppering", "telleregel", "pris"))
    assert country["PHVTSB"]["pris_kr"] == 0


@pytest.mark.parametrize(
    ("calibrate", "only_weights"), few([("sector", False), ("none", True)], [("none", False), ("sector", True)])
)
def test_each_change_and_their_interplay_are_the_whole_change(activity, calibrate, only_weights):
    """The draft with a weight for its new pathway, so that two of its changes meet in one patient."""
    settled = settled_rules(activity)
    evaluations = Evaluations(activity, settled)
    draft = rulesets.read("2026-draft")
    result = compare(
        activity, settled, settled, draft, calibrate=calibrate, only_weights=only_weights, evaluations=evaluations
    )
    each.add(activity, evaluations, result)
    rows = result.tables[each.TABLE].dicts()
    changes = [row["change"] for row in draft.tables["change"]]
    assert sorted({(r["tiltak_nr"], r["tiltak"]) for r in rows}) == [
        (n, name) for n, name in enumerate(["ellers", *changes, "samspill", "kalibrering"])
    ]
    assert {r["maal"] for r in rows} == ({"base"} if only_weights else {"base", "full"})
    sums: dict[tuple, Decimal] = defaultdict(Decimal)
    kroner: dict[tuple, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["maal"], row["sektor"], row["nivaa"], row["orgnr"]] += row["endring"]
        kroner[row["maal"], row["sektor"], row["nivaa"], row["orgnr"]] += row["endring_kr"]
    for name, level, unit in (("endring_hf", "hf", "hf_orgnr"), ("endring_rhf", "rhf", "bosted_rhf_orgnr")):
        for row in result.tables[name].dicts():
            key = (row["maal"], row["sektor"], level, row[unit])
            assert (sums.pop(key), kroner[key]) == (row["endring"], row["endring_kr"])
    assert {key[2] for key in sums} == {"land"}
    country = {(r["maal"], r["tiltak"]): r["endring"] for r in rows if (r["nivaa"], r["sektor"]) == ("land", "SOM")}
    without = draft.without(changes), draft.without(set(changes) - {"no_980_deduction"})
    asked = {"calibrate": "none", "tables": ("endring_rhf",), "evaluations": evaluations}
    alone = compare(activity, settled, *without, **asked)
    for measure in {r["maal"] for r in rows}:
        changed = [r for r in alone.tables["endring_rhf"].dicts() if (r["maal"], r["sektor"]) == (measure, "SOM")]
        assert country[measure, "no_980_deduction"] == sum(r["endring"] for r in changed)
        assert country[measure, "drg_names"] == country[measure, "grouper_logic"] == 0


def test_interplay_is_what_two_changes_do_beyond_their_sum(activity, tmp_path):
    """A higher weight and a higher number of the same thing: one change gives the STG points, the other makes the
    H-resept lines give it. Alone neither does anything; together they do."""
    folder = tmp_path / "both"
    folder.mkdir()
    (line,) = activity.con.execute(
        "select atc from wh.prescription where reason = 'included' and stg is not null"
        " and atc is not null group by atc order by count(*) desc, atc limit 1"
    ).fetchall()
    (folder / "rules.toml").write_text(
        '[ruleset]\nid = "both"\nactivity_year = 2025\nstatus = "draft"\nbase = "2025"\nsource = "test"\n'
        '[[change]]\nid = "group"\ntitle = "Linjene gir en ny gruppe"\nsource = "t"\ntouches = "t"\n'
        '[[change]]\nid = "points"\ntitle = "Gruppen får poeng"\nsource = "t"\ntouches = "t"\n'
    )
    (folder / "stg.csv").write_text(
        "change,sector,stg,hdg,name,base_points\n,SOM,AS99,1,Ny,0.000\npoints,SOM,AS99,,,2.000\n"
    )
    (folder / "stg_medicine.csv").write_text(
        f"change,priority,stg,atc_prefix,icd10_prefix,note\ngroup,1,AS99,{line[0]},*,\n"
    )
    settled = settled_rules(activity)
    evaluations = Evaluations(activity, settled)
    result = compare(activity, settled, settled, rulesets.read(folder), calibrate="none", evaluations=evaluations)
    each.add(activity, evaluations, result)
    country = {
        r["tiltak"]: r["endring"]
        for r in result.tables[each.TABLE].dicts()
        if (r["nivaa"], r["maal"], r["sektor"]) == ("land", "full", "SOM")
    }
    made = evaluations.of(rulesets.read(folder)).run
    counted = f"select count(*) from {made}.service where stg = 'AS99' and status = 'counted'"
    (services,) = activity.con.execute(counted).fetchone()
    assert services > 0 and country["points"] == 0 and country["ellers"] == 0
    assert country["samspill"] == 2 * services and country["kalibrering"] == 0


@pytest.mark.parametrize("calibrate", few(["sector"], ["none"]))
def test_intervals_are_those_of_the_patients_drawn_anew(activity, monkeypatch, calibrate):
    """Patients drawn and calibrated one by one, in Python; the second and the last but one of 80 are the limits."""
    resamples, seed, place, few = 80, 5, 2, 4
    monkeypatch.setattr(bootstrap, "FEWEST_PATIENTS", few)
    settled = settled_rules(activity)
    rules = variant(rulesets.read("2025"), f"drawn-{calibrate}")
    for kind in ("base", "pathways", "services"):
        KINDS[kind](rules, random.Random(6))
    evaluations = Evaluations(activity, settled)
    result = compare(activity, settled, settled, rules, calibrate=calibrate, evaluations=evaluations)
    bootstrap.add(activity, evaluations, result, resamples, seed)
    points = read(
        activity.con, f"select * from {bootstrap.patients(activity, evaluations, result)}.patient_points"
    ).dicts()
    numbers = np.array([row["draw_number"] for row in points], dtype=np.uint64)
    drawn = bootstrap.times(numbers, resamples, seed)
    fixed = [
        (row["residence_rhf_orgnr"], row["baseline"], row["alternative"] - row["calibration"])
        for row in read(activity.con, f"select * from {result.database}.effect where unit_type = 'region'").dicts()
        if row["measure"] == "full"
    ]
    for name, measure in (("intervaller", "base"), ("intervaller_full", "full")):
        sums: dict[tuple, list] = defaultdict(lambda: [[ZERO, ZERO] for _ in range(resamples)])
        people: dict[tuple, set] = defaultdict(set)
        for row, counts in zip(points, drawn.tolist(), strict=True):
            before, after = (Decimal(int(row[f"{measure}_{side}"])) / 1000 for side in ("before", "after"))
            for unit in (("land", None), ("rhf", row["residence_rhf_orgnr"]), ("hf", row["hf_orgnr"])):
                people[*unit, row["sector"]].add(row["patient_id"])
                for draw, count in enumerate(counts):
                    sums[*unit, row["sector"]][draw][0] += count * before
                    sums[*unit, row["sector"]][draw][1] += count * after
        for region, before, after in fixed if measure == "full" else ():
            for unit in (("land", None), ("rhf", region)):
                for draw in range(resamples):
                    sums[*unit, "SOM"][draw][0] += before
                    sums[*unit, "SOM"][draw][1] += after
        rows = result.tables[name].dicts()
        assert {(r["nivaa"], r["orgnr"], r["sektor"]) for r in rows} == {
            key for key in people if key[:2] != ("hf", None)
        }
        for row in rows:
            key = (row["nivaa"], row["orgnr"], row["sektor"])
            assert row["antall_pasienter"] == len(people[key])
            if row["merknad"]:
                assert len(people[key]) < few or (key[0], calibrate) == ("land", "sector")
                assert row["endring_lav"] is None and row["prosent_hoy"] is None
                continue
            changes, percents = [], []
            for draw, (before, after) in enumerate(sums[key]):
                whole = sums["land", None, row["sektor"]][draw]
                factor = six(whole[0] / whole[1]) if calibrate == "sector" and min(whole) > 0 else 1
                changes.append(after * factor - before)
                percents += [100 * changes[-1] / before] if before > 0 else []
            changes.sort()
            percents.sort()
            assert (row["endring_lav"], row["endring_hoy"]) == (changes[place - 1], changes[-place])
            assert near(row["prosent_lav"], percents[place - 1]) and near(row["prosent_hoy"], percents[-place])
        assert any(row["endring_lav"] != row["endring_hoy"] for row in rows)


@pytest.mark.parametrize("change, over, under", [("1", 0, 0), ("1.001", 1, 0), ("-1", 0, 0), ("-1.001", 0, 1)])
def test_more_than_one_per_cent_is_more(activity, change, over, under):
    """On a hundred points: a trust at exactly 1 % is not among those that change by more."""
    con, database = activity.con, activity.database("headline")
    parts = ", ".join(f"cast(0 as decimal(20, 9)) as {name}" for name in PARTS)
    con.execute(
        f"create table {database}.endring_hf as select 'base' as maal, 'SOM' as sektor, '1' as hf_orgnr, 'A' as hf,"
        f" cast(100 as decimal(20, 9)) as poeng_utgangspunkt, cast('{change}' as decimal(20, 9)) as endring,"
        f" cast('{change}' as decimal(18, 6)) as endring_prosent, cast(0 as decimal(32, 15)) as endring_kr, {parts}"
    )
    run("simulation_effect", con, into=database, only=["hovedtall"])
    (row,) = read(con, f"select * from {database}.hovedtall").dicts()
    assert (row["antall_over_1_prosent"], row["antall_under_1_prosent"]) == (over, under)


@pytest.mark.parametrize("after, marked", [("1.500", False), ("1.501", True), ("0.500", False), ("0.499", True)])
def test_a_weight_is_marked_where_it_changes_by_more_than_half(activity, after, marked):
    con, database = activity.con, activity.database("weights")
    columns = "'SOM' as sector, 'stay' as unit_type, '1A' as group_code, 1 as hdg, 'A' as name"
    for side, points in (("baseline", "1.000"), ("alternative", after)):
        con.execute(
            f"create table {database}.{side}_group as select {columns},"
            f" cast('{points}' as decimal(18, 3)) as base_points"
        )
    con.execute(f"create view {database}.settled_unit_cell as select * from cube.main.unit_cell")
    run("simulation_effect", con, into=database, only=["vektendringer"])
    (row,) = read(con, f"select * from {database}.vektendringer").dicts()
    assert row["over_halvparten"] is marked
