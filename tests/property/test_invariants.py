"""What must hold for every delivery, whatever its rows."""

from __future__ import annotations

import pytest

from tests.size import size

from .calculator import calculate
from .compare import engine_tables, fetch, run_engine
from .random_deliveries import random_delivery

SEEDS = range(100, 100 + size(2, 40))
LINES = ("quarantine", "unparsed")


@pytest.fixture(scope="module", params=SEEDS)
def settled(request):
    """A random delivery and its warehouse; every other is dirty."""
    delivery = random_delivery(request.param, patients=5, density=5, dirty=request.param % 2 == 1)
    con = run_engine(delivery, request.param)
    yield delivery, con
    con.close()


def value(con, sql: str):
    return con.execute(sql).fetchone()[0]


def test_every_sum_is_the_sum_of_the_ledger(settled):
    _, con = settled
    for sektor in ("SOM", "PHVTSB"):
        where = f"where sektor = '{sektor}'"
        ledger = value(con, f"select coalesce(sum(poeng), 0) from poengposter {where}")
        region = value(con, f"select coalesce(sum(poeng), 0) from poengposter {where} and enhet_type = 'region'")
        parts = "poeng_opphold + poeng_sertjenester + poeng_forlop"
        rhf = f"select coalesce(sum(isf_poeng), 0) from oppgjor_rhf {where}"
        assert value(con, rhf) == ledger
        assert value(con, rhf.replace("isf_poeng", f"{parts} + trekk_kompleks_rehab")) == ledger
        assert value(con, rhf.replace("isf_poeng", "trekk_kompleks_rehab")) == region
        for table in ("oppgjor_hf", "gjestepasienter_usladdet"):
            assert value(con, rhf.replace("oppgjor_rhf", table)) + region == ledger


def test_the_regional_deduction_is_never_a_supplement(settled):
    _, con = settled
    assert value(con, "select count(*) from poengposter where enhet_type = 'region' and poeng >= 0") == 0


def test_members_sterilisations_and_phv_inpatients_end_at_zero(settled):
    delivery, con = settled
    plain = calculate(delivery)
    zero = {unit for p in plain.pathways for unit in p.members}
    zero |= {(kind, unit) for kind, unit, rule in plain.ledger if rule in ("7.6", "7.9", "phv_inpatient")}
    sums = fetch(con, "select enhet_type, enhet_id, sum(poeng) as poeng from poengposter group by all")
    found = {(r["enhet_type"], r["enhet_id"]): r["poeng"] for r in sums}
    assert {unit: found[unit] for unit in zero} == {unit: 0 for unit in zero}


def test_only_base_rows_may_be_zero(settled):
    _, con = settled
    rules = con.execute("select distinct regel from poengposter where poeng = 0").fetchall()
    assert {rule for (rule,) in rules} <= {"drg_base", "stg_base", "tfg_base", "phv_inpatient", "7.20"}


def test_one_reason_for_every_episode_and_one_stay_for_every_included(settled):
    _, con = settled
    assert value(con, "select count(*) from main.episode") == value(con, "select count(*) from landing.episode")
    assert value(con, "select count(distinct episode_nr) from main.episode where reason is not null") == value(
        con, "select count(*) from landing.episode"
    )
    included = con.execute("select episode_nr from main.episode where reason = 'included' order by 1").fetchall()
    assert con.execute("select episode_nr from stay_episode order by 1").fetchall() == included


def test_rows_in_are_rows_used_and_rows_set_aside(settled):
    delivery, con = settled
    account = {r["file"]: r for r in fetch(con, "from landing.row_account")}
    aside = dict(con.execute("select file, count(*) from landing.quarantine group by 1").fetchall())
    for table, rows in delivery.tables.items():
        loaded = value(con, f"select count(*) from landing.{table}")
        assert loaded + aside.get(table, 0) == len(rows), table
        if rows:
            row = account[table]
            assert (row["rows_in"], row["rows_loaded"]) == (len(rows), loaded)
            assert row["rows_quarantined"] == aside.get(table, 0)


@pytest.mark.parametrize("seed", range(200, 200 + size(1, 20)))
def test_order_of_rows_and_number_of_threads_change_nothing(seed):
    delivery = random_delivery(seed, patients=5, density=5)
    tables = []
    for options in ({"threads": 2}, {"threads": 1}, {"shuffle": True, "threads": 1}, {"shuffle": True, "threads": 2}):
        con = run_engine(delivery, seed, **options)
        tables.append({name: rows for name, rows in engine_tables(con).items() if name not in LINES})
        con.close()
    for other in tables[1:]:
        assert other == tables[0]
