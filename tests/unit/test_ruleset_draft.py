"""Derived rule sets: the draft of 2026, its switchable changes, and a user's own set laid over another."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import RulesetInvalid
from pipelines.rules import load as ruleset
from pipelines.rules.reads import required, required_rules
from pipelines.rules.shape import TABLES
from pipelines.simulate import weights

COMPENSATED = ("980A", "980C", "980D", "980E", "980F", "980H", "980U", "980X")


def rows(name: str, table: str, **where) -> list[dict]:
    return [r for r in ruleset.read(name).tables[table] if all(r[k] == v for k, v in where.items())]


def one(name: str, table: str, **where) -> dict:
    (row,) = rows(name, table, **where)
    return row


def derived(folder: Path, settings: str = "", toml: str = "", **tables: str) -> Path:
    """A set of the user's own on 2025, with the given rules.toml and CSV tables."""
    folder.mkdir()
    head = settings or '[ruleset]\nid = "mine"\nactivity_year = 2025\nstatus = "draft"\nbase = "2025"\nsource = "me"\n'
    (folder / "rules.toml").write_text(head + toml, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_the_draft_differs_from_2025_in_exactly_the_known_changes():
    new, old = ruleset.read("2026-draft"), ruleset.read("2025")
    changed = {}
    for name, table in TABLES.items():

        def keyed(tables, name=name, table=table):
            return {tuple(r[k] for k in table.key): {c: r[c] for c in table.columns} for r in tables[name]}

        before, after = keyed(old.tables), keyed(new.tables)
        changed[name] = {
            k[-1] if name != "stg_medicine" else k[0]
            for k in before.keys() | after.keys()
            if before.get(k) != after.get(k)
        }
    assert {name: keys for name, keys in changed.items() if keys} == {
        "drg": {
            *("412A", "853X", "361", "361O", "362", "362O", "389A", "801H", "806H", "808H", "809H"),
            *(*COMPENSATED, "373", "373O"),
        },
        "stg": {"XS07", "AS04", "DS04"},
        "tfg": {"BT01"},
        "tfg_component": {None},
        "drg_exception": {"853X"},
        "stg_medicine": {951, 952, 953, 954, 955, 956},
        "unit_price": {"SOM", "PHVTSB"},
        "delivery_period": {1, 2, 3},
        "day_surgery_family": {"60N", "112B", "112P", "530", "531", "530O", "361", "361O", "373", "373O"},
    }
    assert one("2026-draft", "stg", stg="XS07")["base_points"] == Decimal("0.178")
    assert one("2026-draft", "tfg", tfg="BT01")["base_points"] == 0
    assert {r["rule"] for r in old.tables["rule"]} - {r["rule"] for r in new.tables["rule"]} == {"7.19"}
    assert new.activity_year == 2026 and new.base == "2025" and new.status == "draft"


def test_a_new_drg_inherits_nothing_and_a_renamed_one_all_else():
    assert one("2026-draft", "drg", drg="412A")["trim_point"] is None
    assert one("2026-draft", "drg", drg="361")["name"] == "Gynekologisk laparoskopi"
    assert one("2026-draft", "drg", drg="362")["base_points"] == one("2025", "drg", drg="362")["base_points"]


def test_without_the_deduction_the_980_series_has_no_compensation_for_it():
    for drg in COMPENSATED:
        row = one("2026-draft", "drg", drg=drg)
        assert row["base_points"] == row["cost_weight"] == one("2025", "drg", drg=drg)["cost_weight"]
    assert one("2026-draft", "drg", drg="980T")["base_points"] == Decimal("0.320")
    kept = ruleset.read("2026-draft uten no_980_deduction")
    of_2025 = {r["drg"]: r["base_points"] for r in rows("2025", "drg", sector="SOM")}
    assert all(r["base_points"] == of_2025[r["drg"]] for r in kept.tables["drg"] if r["drg"] in COMPENSATED)
    assert "7.19" in {r["rule"] for r in kept.tables["rule"]}


def test_the_builder_gives_the_points_of_the_draft_from_the_volumes_that_are_known():
    """1.3 % day births; two thirds day surgery; any share of short stays, since nothing is deducted for them."""
    stays = [("SOM", drg, 100, 77) for drg in COMPENSATED]
    stays += [("SOM", "373", 987, 0), ("SOM", "373O", 13, 0), ("SOM", "361", 1, 0), ("SOM", "361O", 2, 0)]
    built = {r["drg"]: r for r in weights.build("2026-draft", weights.Volumes(stays)) if r["sector"] == "SOM"}
    for drg in (*COMPENSATED, "980T", "373", "373O", "361", "361O"):
        assert built[drg]["base_points"] == one("2026-draft", "drg", drg=drg)["base_points"]
    assert built["373"]["base_points"] == built["373O"]["base_points"] == Decimal("0.646")
    assert built["361"]["base_points"] == built["361O"]["base_points"] == Decimal("0.880")


def test_what_cannot_be_computed_is_a_line_of_the_register():
    for rule in ("grouper_logic", "copayment_exceptions", "cleft_orthodontics"):
        assert one("2026-draft", "rule", rule=rule)["status"] == "not_computable"
    assert "WBGM10" in one("2026-draft", "rule", rule="grouper_logic")["reason"]
    assert one("2026-draft", "parameter", rule="8.6", parameter="to_age")["number"] == 26


def test_a_set_without_a_change_has_a_name_of_its_own_that_leads_back_to_it():
    lacking = ruleset.read("2026-draft", ["macula_pathway", "day_births"])
    assert lacking.id == "2026-draft uten day_births, macula_pathway"
    assert ruleset.read(lacking.id).sha256 == lacking.sha256 != ruleset.read("2026-draft").sha256
    assert ruleset.without(lacking.id, ["no_980_deduction"]).endswith("day_births, macula_pathway, no_980_deduction")
    assert ruleset.without("2026-draft", []) == "2026-draft"


def test_each_change_of_the_draft_can_be_switched_off():
    changes = [r["change"] for r in ruleset.read("2026-draft").tables["change"]]
    for change in changes:
        assert not next(r for r in ruleset.read("2026-draft", [change]).tables["change"] if r["change"] == change)[
            "enabled"
        ]
    off = ruleset.read("2026-draft", changes)
    for name in ("drg", "stg", "stg_medicine", "tfg", "tfg_component", "drg_exception", "day_surgery_family"):
        strip = [{c: r[c] for c in TABLES[name].columns} for r in off.tables[name]]
        assert strip == [{c: r[c] for c in TABLES[name].columns} for r in ruleset.read("2025").tables[name]]
    assert "7.19" in {r["rule"] for r in off.tables["rule"]}


def test_the_deduction_of_980_returns_when_its_removal_is_switched_off():
    assert not rows("2026-draft", "parameter", rule="7.19")
    kept = ruleset.read("2026-draft", ["no_980_deduction"]).tables["parameter"]
    assert [p["points"] for p in kept if p["rule"] == "7.19" and p["parameter"] == "points"] == [Decimal("-0.100")]


def test_an_unknown_change_is_refused_with_the_known_ones():
    with pytest.raises(RulesetInvalid, match=r"no change 'no_such'.*macula_pathway"):
        ruleset.read("2026-draft", ["no_such"])


def test_a_folder_of_ones_own_supplies_the_weight_of_bt01(tmp_path):
    settings = (
        '[ruleset]\nid = "mine"\nactivity_year = 2026\nstatus = "draft"\nbase = "2026-draft"\nsource = "own estimate"\n'
    )
    folder = derived(tmp_path / "mine", settings, tfg="sector,tfg,base_points\nSOM,BT01,0.512\n")
    con = duckdb.connect()
    ruleset.load(folder, con)
    assert con.execute("select base_points, hdg from ref.tfg where tfg = 'BT01'").fetchone() == (
        Decimal("0.512"),
        2,
    )
    assert con.execute("select ruleset, base, status from ref.ruleset").fetchone() == (
        "mine",
        "2026-draft",
        "draft",
    )
    assert ruleset.read(str(folder)).id == "mine"


def test_a_parameter_is_changed_alone_and_a_rule_is_removed(tmp_path):
    toml = (
        '[[rule]]\nid = "7.15"\n[[rule.parameter]]\nname = "points"\nvalue = "-0.300"\n'
        '[[remove]]\nrule = "7.4"\n[[remove]]\ntable = "burn_weight"\nkey = { drg = "457" }\n'
    )
    tables = ruleset.read(derived(tmp_path / "mine", toml=toml)).tables
    changed = {p["parameter"]: p for p in tables["parameter"] if p["rule"] == "7.15"}
    assert changed["points"]["points"] == Decimal("-0.300") and changed["procedure"]["value"] == "KGV20"
    assert changed["points"]["source"] == "me, § 7.15" and changed["procedure"]["source"].startswith("ISF-regelverket")
    assert not [p for p in tables["parameter"] if p["rule"] == "7.4"]
    assert "457" not in {r["drg"] for r in tables["burn_weight"]}


def test_a_whole_rule_may_be_absent(tmp_path):
    there = {row["rule"] for row in ruleset.read("2025").tables["rule"]}
    removed = (set(required()) - set(required_rules())) & there
    toml = "".join(f'[[remove]]\nrule = "{rule}"\n' for rule in sorted(removed))
    left = ruleset.read(derived(tmp_path / "m", toml=toml)).tables
    assert not {r["rule"] for r in left["rule"] + left["parameter"]} & removed


def test_a_base_that_leads_back_is_refused(tmp_path):
    settings = '[ruleset]\nid = "m"\nactivity_year = 2025\nstatus = "draft"\nbase = "m"\nsource = "s"\n'
    with pytest.raises(RulesetInvalid, match="leads back"):
        ruleset.read(derived(tmp_path / "m", settings))
