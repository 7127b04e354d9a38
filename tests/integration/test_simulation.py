"""Simulation on settled random deliveries: quick equals full, the laws of a comparison, and the saved
scenario."""

import itertools
import shutil
from decimal import Decimal

import pytest

from pipelines.engine.workspace import connect
from pipelines.errors import InputRefused, IsfError, RulesetInvalid
from pipelines.publication import manifest
from pipelines.rules import load as rulesets
from pipelines.simulate import command, scenario
from pipelines.simulate.activity import opened
from pipelines.simulate.compare import CALIBRATIONS, compare
from pipelines.simulate.evaluate import (
    Evaluations,
    evaluate_full,
    evaluate_quick,
    evaluate_settled,
    find_touched,
    settled_rules,
    take_out,
)
from pipelines.simulate.text import text
from tests.integration.simulated import (
    EXACT,
    KINDS,
    cells,
    ledger,
    of_kind,
    perturbed,
    settled_home,
    tidied,
    variant,
)
from tests.size import few, size

KINDS_OF_PART = ["base", "cost", "services", "pathways", "component", "remove_rule", "gap"]
PARTS = ("vekter", "omgruppering", "tillegg_fradrag", "telleregel", "kalibrering")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A settled delivery: its home and name."""
    return settled_home(tmp_path_factory.mktemp("simulation"), 3, ruleset="2025")


@pytest.fixture(scope="module")
def activity(home):
    with opened(*home) as found:
        yield found


@pytest.fixture(scope="module")
def settled(activity):
    return settled_rules(activity)


@pytest.fixture(autouse=True)
def _tidied(activity, evaluations):
    with tidied(activity):
        yield


@pytest.fixture(scope="module")
def evaluations(activity, settled):
    """The sets of one kind of difference that several tests compare, each evaluated once."""
    known = Evaluations(activity, settled)
    sets = [of_kind(kind, 3) for kind in KINDS_OF_PART]
    known.expect([settled, *sets])
    for rules in sets:
        known.of(rules)
    for everybody in (False, True):
        known.of(settled, everybody=everybody)
    return known


def key_of(name: str, row: dict) -> tuple:
    keys = {"endring_rhf": ["bosted_rhf_orgnr"], "endring_hf": ["hf_orgnr"], "endring_hdg": ["hdg"]}
    keys["endring_gjestestrom"] = ["hf_orgnr", "bosted_rhf_orgnr"]
    keys["endring_gruppe"] = ["enhet_type", "gruppe"]
    return (row["maal"], row["sektor"], *(row[k] for k in keys[name]))


def changes(comparison, name: str, measure: str = "full") -> dict:
    rows = comparison.tables[name].dicts()
    return {key_of(name, r): r["endring"] for r in rows if r["maal"] == measure and r["endring"]}


def test_settled_cells_are_the_ledger(activity, settled):
    assert cells(activity.con, evaluate_settled(activity, settled).database) == ledger(activity.con)


@pytest.mark.parametrize("kind", KINDS)
def test_quick_gives_what_settling_anew_gives(activity, settled, kind):
    rules = of_kind(kind, 3)
    touched, _, reasons = find_touched(activity, settled, rules)
    if reasons:
        assert kind in ("gap", "eligible", "remove_rule", "points")
        return
    quick = evaluate_quick(activity, rules, take_out(activity, touched))
    full = evaluate_full(activity, settled, rules)
    assert cells(activity.con, quick.database) == cells(activity.con, full.database)


@pytest.mark.parametrize("seed", range(size(2, 20)))
def test_several_differences_at_once(tmp_path, seed):
    source = ["main_episode", "npk"][seed % 2]
    with opened(*settled_home(tmp_path, 100 + seed, ruleset="2025", drg_source=source)) as activity:
        settled = settled_rules(activity)
        for number in range(2):
            rules = perturbed(10 * seed + number)
            touched, _, reasons = find_touched(activity, settled, rules)
            if not reasons:
                quick = cells(activity.con, evaluate_quick(activity, rules, take_out(activity, touched)).database)
                full = cells(activity.con, evaluate_full(activity, settled, rules).database)
                assert quick == full


@pytest.mark.parametrize("calibrate", CALIBRATIONS)
def test_a_set_against_itself_is_zero_everywhere(activity, settled, evaluations, calibrate):
    result = compare(activity, settled, settled, settled, calibrate=calibrate, evaluations=evaluations)
    assert result.touches_nothing
    assert all(not changes(result, name, measure) for name in EXACT for measure in ("base", "full"))
    assert {f["factor"] for f in result.factors} == {Decimal(1)}
    assert not any(row["flytter"] for row in result.tables["migrering"].dicts())


@pytest.mark.parametrize("kind", few(["base", "pathways", "gap"], ["cost", "points"]))
def test_there_and_back_is_the_opposite(activity, settled, evaluations, kind):
    rules, asked = of_kind(kind, 3), {"calibrate": "none", "evaluations": evaluations, "tables": EXACT}
    there = compare(activity, settled, settled, rules, **asked)
    back = compare(activity, settled, rules, settled, **asked)
    for name in EXACT:
        assert changes(there, name) == {key: -value for key, value in changes(back, name).items()}
    assert any(changes(there, "endring_hf").values()) and not there.touches_nothing


@pytest.mark.parametrize(
    ("kind", "calibrate"),
    few(
        [(kind, CALIBRATIONS[number % len(CALIBRATIONS)]) for number, kind in enumerate(KINDS_OF_PART)],
        list(itertools.product(KINDS_OF_PART, CALIBRATIONS)),
    ),
)
def test_the_parts_are_the_whole(activity, settled, evaluations, kind, calibrate):
    asked = {"calibrate": calibrate, "evaluations": evaluations, "tables": EXACT}
    result = compare(activity, settled, settled, of_kind(kind, 3), **asked)
    for name in EXACT:
        for row in result.tables[name].dicts():
            assert sum(row[part] for part in PARTS) == row["endring"]
            assert row["poeng_alternativ"] - row["poeng_utgangspunkt"] == row["endring"]
    for measure in ("base", "full"):
        national = {
            (name, sector): sum(r["endring"] for r in result.tables[name].dicts()
                                if (r["maal"], r["sektor"]) == (measure, sector))
            for name in EXACT for sector in ("SOM", "PHVTSB")
        }  # fmt: skip
        for sector in ("SOM", "PHVTSB"):
            assert len({national[name, sector] for name in EXACT}) == 1


def test_calibration_is_neutral_up_to_its_six_decimals(activity, settled, evaluations):
    asked = {"evaluations": evaluations, "tables": EXACT}
    result = compare(activity, settled, settled, of_kind("base", 3), **asked)
    for factor in result.factors:
        rest = factor["points_after"] * factor["factor"] - factor["points_before"]
        assert abs(rest) <= factor["points_after"] * Decimal("0.0000005")
        assert factor["factor"].as_tuple().exponent == -6
    total = compare(activity, settled, settled, of_kind("base", 3), calibrate="total", **asked)
    for measure in ("base", "full"):
        assert len({f["factor"] for f in total.factors if f["measure"] == measure}) == 1


def test_a_weight_change_alone_is_in_weights_alone(activity, settled):
    """Members of pathways and zeroed stays are paid 0 under any weight, so new weights change nothing for
    them."""
    rules = variant(rulesets.read("2025"), "lighter")
    drg = activity.con.execute(
        "select drg from wh.stay where sector = 'SOM' and base_points > 0 and not outside_isf"
        " and stay_nr not in (select stay_nr from wh.pathway_member where stay_nr is not null)"
        " and stay_nr in (select stay_nr from wh.stay_rule group by stay_nr having count(*) = 1)"
        " order by 1 limit 1"
    ).fetchone()[0]
    for row in rules.tables["drg"]:
        if (row["sector"], row["drg"]) == ("SOM", drg):
            row["base_points"] += Decimal("0.100")
    (stays,) = activity.con.execute(
        "select count(*) from wh.stay where sector = 'SOM' and drg = ? and stay_nr not in"
        " (select stay_nr from wh.pathway_member where stay_nr is not null)"
        " and stay_nr not in (select stay_nr from wh.zeroing_rule)", [drg]
    ).fetchone()  # fmt: skip
    result = compare(activity, settled, settled, rules, calibrate="none", tables=EXACT)
    rows = [r for r in result.tables["endring_gruppe"].dicts() if r["maal"] == "full" and r["endring"]]
    assert [(r["gruppe"], r["vekter"]) for r in rows] == [(drg, stays * Decimal("0.100"))]


def test_only_weights_is_the_directorates_calculation(activity, settled):
    rules = variant(of_kind("cost", 3), "doubled")
    for row in rules.tables["drg"]:
        row["base_points"] = row["base_points"] * 2
    asked = {"calibrate": "none", "tables": EXACT}
    quick = compare(activity, settled, settled, rules, only_weights=True, **asked)
    full = compare(activity, settled, settled, rules, **asked)
    assert changes(quick, "endring_hf", "base") == changes(full, "endring_hf", "base") != {}
    assert {row["maal"] for row in quick.tables["endring_hf"].dicts()} == {"base"}
    assert quick.patients_anew == 0


def test_base_is_one_table_whatever_is_asked(activity, settled):
    """On the settled grouping always: the same with and without `--only weights`, and turned round the opposite,
    also where neither set is the one of the settlement and cost weights and groups differ."""
    one, other = of_kind("cost", 3), variant(of_kind("drop_groups", 5), "heavier")
    for row in other.tables["drg"]:
        row["base_points"] = row["base_points"] * 3
    asked = {"calibrate": "none", "tables": EXACT, "evaluations": Evaluations(activity, settled)}
    there = compare(activity, settled, one, other, **asked)
    back = compare(activity, settled, other, one, **asked)
    only = compare(activity, settled, one, other, only_weights=True, **asked)
    for name in EXACT:
        found = changes(there, name, "base")
        assert found == changes(only, name, "base") != {}
        assert found == {key: -value for key, value in changes(back, name, "base").items()}
    (units,) = activity.con.execute("select count(*) from wh.stay where not is_phv_inpatient").fetchone()
    counted = [
        r for r in there.tables["endring_gruppe"].dicts() if r["maal"] == "base" and r["enhet_type"] == "opphold"
    ]
    assert sum(r["antall_utgangspunkt"] for r in counted) == units


def test_a_change_that_touches_nothing_says_so(activity, settled):
    rules = variant(settled, "new-name")
    for row in rules.tables["drg"]:
        row["name"] = row["name"] + " (ny)"
    rules.tables["drg"].append(rules.tables["drg"][0] | {"drg": "999X", "base_points": Decimal("1.000")})
    result = compare(activity, settled, settled, rules)
    assert result.touches_nothing
    assert "Ingen virkning" in text(result)


def test_moved_stays_are_counted(activity, settled, evaluations):
    result = compare(activity, settled, settled, of_kind("cost", 3), evaluations=evaluations)
    rows = [r for r in result.tables["migrering_land"].dicts() if r["enhet_type"] == "opphold"]
    moved = [r for r in rows if r["gruppe_for"] != r["gruppe_etter"]]
    assert moved and result.causes["main_episode"] > 0
    assert [r for r in rows if r["flytter"]] == moved
    # Those who stay and those who move are together the group, before and after, with its points.
    for side, measure in (("for", "utgangspunkt"), ("etter", "alternativ")):
        groups = {(r["sektor"], r[f"gruppe_{side}"]) for r in rows} - {("SOM", None), ("PHVTSB", None)}
        counted = {
            (r["sektor"], r["gruppe"]): r[f"antall_{measure}"]
            for r in result.tables["endring_gruppe"].dicts()
            if r["maal"] == "full" and r["enhet_type"] == "opphold" and r[f"antall_{measure}"]
        }
        for key in groups:
            of_group = [r for r in rows if (r["sektor"], r[f"gruppe_{side}"]) == key]
            assert sum(r["antall"] for r in of_group) == counted[key]
            assert abs(sum(r[f"andel_av_{side}"] for r in of_group) - 100) < Decimal("0.001")
        assert len(groups) == len(counted)
    assert sum(r["antall"] for r in result.tables["migrering"].dicts()) == sum(
        r["antall"] for r in result.tables["migrering_land"].dicts()
    )


SAVED = {"calibrate": "total", "bootstrap": 40, "seed": 7}


@pytest.fixture(scope="module")
def saved(home, tmp_path_factory):
    """Where a scenario is saved, what was said, and the warehouse before and after, by their sha256."""
    path, name = home
    warehouse, parent = path / "warehouse" / f"{name}.duckdb", tmp_path_factory.mktemp("saved")
    before = manifest.sha256_of(warehouse)
    said = command.simulate(path, name, "2025", ["2026-draft"], out=parent / "a", threads=2, **SAVED)
    return parent, said, before, manifest.sha256_of(warehouse)


def test_the_warehouse_is_never_written(saved):
    _, said, before, after = saved
    assert "Lagret:" in said and before == after


def test_a_saved_scenario_is_repeatable_listed_and_intact(home, saved):
    path, name = home
    parent, first, _, _ = saved
    again = command.simulate(path, name, "2025", ["2026-draft"], out=parent / "a", **SAVED)
    other = command.simulate(path, name, "2025", ["2026-draft"], out=parent / "b", threads=1, **SAVED)
    assert "Lagret:" in first and "Uendret, lagret fra før:" in again
    one, two = (next((parent / letter).glob("[!.]*")) for letter in "ab")
    assert (one / manifest.NAME).read_bytes() == (two / manifest.NAME).read_bytes()
    assert manifest.compare(one)[0] == [] and "Lagret:" in other
    names = {p.name for p in one.iterdir()}
    assert {"simulering.html", "simulering.xlsx", "endring_hf.parquet", "virkning.parquet"} <= names
    assert "intervaller.csv" in names
    with connect() as con:
        parts = " + ".join(["weights", "regrouping", "supplements", "counting", "calibration"])
        query = f"select count(*) from '{one}/virkning.parquet' where {parts} <> change"
        wrong = con.execute(query).fetchone()[0]
    assert wrong == 0
    page = (one / "simulering.html").read_text(encoding="utf-8")
    for shown in ("Sørge for", "%-endring", "TOTALT", "Forutsetninger", "isf simulate", "Kalibreringsfaktor"):
        assert shown in page
    assert page.count("<script") == 1 and "http://" not in page and "https://" not in page
    shutil.copytree(one, path / "simulations" / one.name, dirs_exist_ok=True)
    assert f"{one.name}  [intact]" in command.listed(path)


def test_several_alternatives_stand_side_by_side(home):
    path, name = home
    mine = path / "mine"
    mine.mkdir(exist_ok=True)
    (mine / "rules.toml").write_text(
        '[ruleset]\nid = "mine"\nactivity_year = 2025\nstatus = "draft"\nbase = "2025"\nsource = "test"\n'
    )
    (mine / "stg.csv").write_text("sector,stg,base_points\nSOM,XS07,0.500\n")
    told = command.simulate(path, name, "2025", ["2026-draft", str(mine)], only="weights")
    assert "2025 -> 2026-draft" in told and "2025 -> mine" in told
    page = next((path / "simulations").glob("*mine*vekter*")) / "simulering.html"
    assert "Alternativene side om side" in page.read_text(encoding="utf-8")


def test_faults_are_told(home, tmp_path):
    path, name = home
    with pytest.raises(IsfError, match=f"There are: {name}"):
        command.simulate(path, "2019-T1-1", "2025", ["2026-draft"])
    with pytest.raises(RulesetInvalid, match="no rule set 'nope'"):
        command.simulate(path, name, "2025", ["nope"])
    with pytest.raises(IsfError, match="one of sector, total, none"):
        command.simulate(path, name, "2025", ["2026-draft"], calibrate="x")
    with pytest.raises(IsfError, match="at least 40"):
        command.simulate(path, name, "2025", ["2026-draft"], bootstrap=3)
    assert command.listed(tmp_path) == f"No scenarios under {tmp_path / 'simulations'}."
    assert list((path / "simulations").glob(".*")) == []


def test_a_warehouse_of_another_version_is_told(tmp_path):
    path, name = settled_home(tmp_path, 5, patients=3, ruleset="2025")
    with connect(path / "warehouse" / f"{name}.duckdb") as con:
        con.execute("alter table stay drop column effective_length")
    with pytest.raises(IsfError, match="another version of this program"):
        command.simulate(path, name, "2025", ["2026-draft"])


def test_weights_are_built_from_the_activity(home, tmp_path):
    path, name = home
    out = tmp_path / "built"
    told = command.build_weights(path, "2025", out, activity=name, totals={"SOM": "100"})
    assert "SOM:" in told and f"Rule set: {out}" in told and "100.000 points on the activity" in told
    assert rulesets.read(out).base == "2025"
    assert scenario.saved(tmp_path) == []
    with opened(path, name) as own:
        settled = settled_rules(own)
        result = compare(own, settled, settled, rulesets.read(out), calibrate="none", only_weights=True)
    printed = [r for r in result.tables["endring_rhf"].dicts() if r["sektor"] == "SOM"]
    assert sum(r["poeng_alternativ"] for r in printed) == Decimal(100)
    assert any(r["over_halvparten"] for r in result.tables["vektendringer"].dicts())
    assert "Basispoeng som endres med mer enn halvparten" in text(result)


def test_a_change_of_the_draft_is_left_out_on_request(home, tmp_path):
    path, name = home
    told = command.simulate(
        path, name, "2025", ["2026-draft"], without=["internet_programme", "day_births"], out=tmp_path
    )
    assert "2025 -> 2026-draft uten day_births, internet_programme" in told
    (folder,) = tmp_path.glob("[!.]*")
    assert "--alternative '2026-draft uten day_births, internet_programme'" in (folder / manifest.NAME).read_text()
    with pytest.raises(InputRefused, match=r"--without day_birth: no alternative has .* there are .*day_births"):
        command.simulate(path, name, "2025", ["2026-draft"], without=["day_birth"])


def test_a_delivery_is_settled_without_a_change_and_simulated_from_there(tmp_path):
    path, name = settled_home(tmp_path, 3, patients=3, ruleset="2026-draft uten no_980_deduction", year=2026)
    with opened(path, name) as own:
        assert settled_rules(own).id == "2026-draft uten no_980_deduction"
        assert own.con.execute("select count(*) from wh.ref.rule where rule = '7.19'").fetchone() == (1,)
    assert "2026-draft uten no_980_deduction -> 2026-draft" in command.simulate(path, name, None, ["2026-draft"])
