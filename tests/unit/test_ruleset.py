"""The delivered 2025 rule set, its names and years, and that numbers stay exact from file to database."""

import shutil
from collections import Counter
from decimal import Decimal

import duckdb
import pytest

from pipelines.errors import RulesetInvalid
from pipelines.rules import load as ruleset

SETS = ("2025", "2026-draft")


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        yield connection


def rows(name: str, table: str, **where) -> list[dict]:
    return [r for r in ruleset.read(name).tables[table] if all(r[k] == v for k, v in where.items())]


def one(name: str, table: str, **where) -> dict:
    (row,) = rows(name, table, **where)
    return row


def test_the_delivered_sets():
    assert [name for name in ruleset.available() if name in SETS] == list(SETS)
    assert ruleset.for_year(2025) == "2025"
    assert ruleset.newest_final() == "2025"


@pytest.mark.parametrize(
    ("table", "counts"),
    [
        ("drg", {"SOM": 887, "PHVTSB": 92}),
        ("stg", {"SOM": 55, "PHVTSB": 8}),
        ("tfg", {"SOM": 50, "PHVTSB": 31}),
    ],
)
def test_2025_has_the_groups_of_the_annexes(table, counts):
    assert Counter(r["sector"] for r in ruleset.read("2025").tables[table]) == counts


@pytest.mark.parametrize(
    ("table", "count"),
    [
        ("municipality", 357),
        ("trust", 33),
        ("debitor", 21),
        ("personnel", 43),
        ("drg_exception", 33),
        ("stg_procedure", 62),
        ("stg_medicine", 96),
        ("stg_period", 16),
        ("tfg_component", 39),
        ("rehab_day", 8),
        ("burn_weight", 8),
        ("non_isf_main_condition", 10),
        ("organ_donation_code", 13),
        ("unit_price", 2),
        ("delivery_period", 3),
        ("day_surgery_family", 79),
    ],
)
def test_2025_has_its_tables(table, count):
    assert len(ruleset.read("2025").tables[table]) == count


def test_2025_has_37_day_surgery_families_that_explain_their_base_points():
    """§7.16: within a family the DRGs of a role are shifted alike, so that the anchors get equal points."""
    weights = {r["drg"]: r for r in rows("2025", "drg", sector="SOM")}
    families = {r["family"] for r in ruleset.read("2025").tables["day_surgery_family"]}
    assert len(families) == 37
    for family in families:
        members = rows("2025", "day_surgery_family", family=family)
        assert len({weights[m["drg"]]["base_points"] for m in members if m["anchor"]}) == 1
        for role in ("inpatient", "day"):
            drgs = [weights[m["drg"]] for m in members if m["role"] == role]
            assert len({d["base_points"] - d["cost_weight"] for d in drgs}) == 1


def test_every_paragraph_of_chapters_3_7_and_8_is_in_the_register():
    paragraphs = {r["paragraph"] for r in ruleset.read("2025").tables["rule"]}
    expected = {f"3.{n}" for n in range(1, 15)} | {f"7.{n}" for n in range(1, 21)} | {f"8.{n}" for n in range(1, 7)}
    expected |= {f"3.2.1 {letter}" for letter in "abcdefghijklm"} | {
        "3.2.2 a",
        "3.2.3 a",
        "3.2.3 b",
        "3.2.3 c",
    }
    expected |= {f"3.3.{n}" for n in range(1, 7)} | {
        "3.10.1",
        "3.10.2",
        "3.10.3",
        "3.11.1",
        "3.11.2",
        "3.11 f",
    }
    expected |= {"7.2.1", "7.2.2"}
    assert expected <= paragraphs


def test_every_ledger_rule_is_in_the_register():
    ids = {r["rule"] for r in ruleset.read("2025").tables["rule"]}
    assert {
        "drg_base",
        "stg_base",
        "tfg_base",
        "tfg_member",
        "phv_inpatient",
        "7.11",
        "7.2.1",
        "7.1",
        "7.2.2",
        "7.3",
        "7.4",
        "7.6",
        "7.9",
        "7.12",
        "8.3",
        "7.14",
        "7.15",
        "7.17",
        "8.1",
        "7.19",
        "7.20",
        "8.4",
        "8.6",
    } <= ids


def test_deductions_are_stored_with_their_sign():
    assert one("2025", "parameter", rule="7.15", parameter="points")["points"] == Decimal("-0.245")
    assert one("2025", "parameter", rule="7.19", parameter="points")["points"] == Decimal("-0.100")


def test_a_year_with_only_a_draft_is_refused_with_the_remedy():
    for ask in (lambda: ruleset.for_year(2026), lambda: ruleset.read("2026")):
        with pytest.raises(RulesetInvalid, match=r"only the draft 2026-draft.*--ruleset 2026-draft") as refused:
            ask()
    assert refused.value.exit_code == 2


def test_a_year_without_a_set_and_an_unknown_name_are_refused():
    with pytest.raises(RulesetInvalid, match="Year 2031 has no rule set; there are 2025"):
        ruleset.for_year(2031)
    with pytest.raises(RulesetInvalid, match=r"no rule set 'no-such'\. Use one of 2025, 2026-draft"):
        ruleset.read("no-such")


@pytest.mark.parametrize("name", SETS)
def test_no_float_anywhere(name, con):
    loaded = ruleset.load(name, con)
    for table_rows in loaded.tables.values():
        assert not [v for row in table_rows for v in row.values() if isinstance(v, float)]
    types = con.execute("select distinct data_type from information_schema.columns where table_schema = 'ref'")
    assert {t for (t,) in types.fetchall()} == {
        "VARCHAR",
        "INTEGER",
        "BIGINT",
        "BOOLEAN",
        "DATE",
        "DECIMAL(18,3)",
        "DECIMAL(18,2)",
        "DECIMAL(9,4)",
    }


def test_weights_arrive_to_the_last_digit(con):
    ruleset.load("2025", con)
    for table, key in (("drg", "drg"), ("stg", "stg"), ("tfg", "tfg")):
        lines = (ruleset.ROOT / "2025" / f"{table}.csv").read_text(encoding="utf-8").splitlines()[1:]
        texts = con.execute(f"select sector, {key}, base_points::varchar from ref.{table}").fetchall()
        assert len(texts) == len(lines)
        for (sector, code, points), line in zip(texts, lines, strict=True):
            assert line.startswith(f"{sector},{code},") and f",{points}" in line


def test_the_hash_depends_on_every_byte_and_on_the_base(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(ruleset.ROOT / "2025", copy)
    assert ruleset.sha256(copy) == ruleset.sha256("2025") == ruleset.read("2025").sha256
    own = (copy / "rules.toml").read_text(encoding="utf-8").replace('id = "2025"', 'id = "mine"', 1)
    (copy / "rules.toml").write_text(own, encoding="utf-8")
    assert ruleset.sha256("2026-draft", ["drg_names"]) not in (
        ruleset.sha256("2026-draft"),
        ruleset.sha256("2025"),
    )
    before = ruleset.sha256(copy)
    with (copy / "code.csv").open("a", encoding="utf-8") as file:
        file.write("kjonn,8,Annet\n")
    assert ruleset.sha256(copy) != before and ruleset.read(copy).sha256 == ruleset.sha256(copy)


def test_loading_again_replaces_the_set(con):
    ruleset.load("2025", con)
    ruleset.load("2026-draft", con)
    assert con.execute("select ruleset, activity_year from ref.ruleset").fetchall() == [("2026-draft", 2026)]
