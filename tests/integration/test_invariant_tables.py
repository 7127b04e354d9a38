"""Every invariant finds the fault it is there for, and a settled delivery has none."""

import duckdb
import pytest

from pipelines.checks.invariants import invariants, sentence, violated
from pipelines.engine.models import run_model
from pipelines.settlement.run import build_warehouse
from tests.integration.runs import deliver

# A fault put into a settled warehouse, and the invariants that must find it.
FAULTS = {
    "a file row is lost": (
        "delete from landing.tilstand where rowid = 0",
        {"invariant_file_account"},
    ),
    "a quarantined row is lost": (
        "delete from landing.quarantine where rowid = 0",
        {"invariant_file_account"},
    ),
    "the account of a file is wrong": (
        "update landing.row_account set rows_in = rows_in + 1 where file = 'episode'",
        {"invariant_file_account"},
    ),
    "a balance is not 0": (
        "update grunnlag set antall = 1 where steg = 'balanse' and arsak like 'episoder: lastet%'",
        {"invariant_balance"},
    ),
    "an episode has two reasons": (
        "insert into episode select * from episode where reason <> 'included' limit 1",
        {"invariant_episode_reason"},
    ),
    "an episode has no reason": (
        "update episode set reason = null where reason <> 'included'",
        {"invariant_episode_reason"},
    ),
    "an episode is not judged": (
        "delete from episode where reason <> 'included'",
        {"invariant_episode_reason"},
    ),
    "an included episode is in no stay": (
        "delete from stay_episode where rowid = 0",
        {"invariant_episode_stay"},
    ),
    "an included episode is in two stays": (
        "insert into stay_episode select * replace (-1 as stay_nr) from stay_episode limit 1",
        {"invariant_episode_stay"},
    ),
    "an episode in a stay is not included": (
        "update episode set reason = 'not_resident'"
        " where episode_nr = (select min(episode_nr) from stay_episode)",
        {"invariant_episode_stay"},
    ),
    "a stay has no episodes": (
        "update stay_episode set stay_nr = -1 where rowid = 0",
        {"invariant_episode_stay"},
    ),
    "a ledger row is lost": (
        "delete from ledger where unit_type = 'service' and points > 0",
        {"invariant_ledger_unit", "invariant_ledger_hf", "invariant_ledger_rhf", "invariant_national",
         "invariant_pathway_member"},
    ),
    "a ledger row of 0 points is doubled": (
        "insert into ledger select * replace (0 as points) from ledger limit 1",
        {"invariant_ledger_unit"},
    ),
    "a trust has other points than the ledger": (
        "update oppgjor_hf set isf_poeng = isf_poeng + 0.001 where rowid = 0",
        {"invariant_ledger_hf", "invariant_national", "invariant_months"},
    ),
    "a trust has other counts than its units": (
        "update oppgjor_hf set antall_opphold = antall_opphold + 1 where rowid = 0",
        {"invariant_ledger_hf"},
    ),
    "a trust with points is not listed": (
        "delete from oppgjor_hf where isf_poeng > 0",
        {"invariant_ledger_hf", "invariant_national", "invariant_months"},
    ),
    "a region has other points than the ledger": (
        "update oppgjor_rhf set poeng_opphold = poeng_opphold - 1, isf_poeng = isf_poeng - 1 where rowid = 0",
        {"invariant_ledger_rhf", "invariant_national", "invariant_months"},
    ),
    "a month of a trust has other points": (
        "update oppgjor_hf_maned set isf_poeng = isf_poeng + 0.001 where rowid = 0",
        {"invariant_months"},
    ),
    "an advance is in no month": (
        "update oppgjor_rhf_maned set akonto_kr = akonto_kr + 0.01 where rowid = 0",
        {"invariant_months"},
    ),
    "the guest patients have other points": (
        "delete from gjestepasienter_usladdet where isf_poeng > 0",
        {"invariant_national"},
    ),
    "a member of a pathway keeps its points": (
        "update ledger set points = 0 where rule = 'tfg_member'",
        {"invariant_ledger_unit", "invariant_ledger_hf", "invariant_ledger_rhf", "invariant_national",
         "invariant_pathway_member"},
    ),
    "a sterilisation keeps its points": (
        "insert into ledger values ('stay', 'a', 'drg_base', 'base', 'SOM', 'h', 'r', 'd', 1, 0.5),"
        " ('stay', 'a', '7.6', 'zeroing', 'SOM', 'h', 'r', 'd', 1, -0.4)",
        {"invariant_ledger_unit", "invariant_ledger_hf", "invariant_ledger_rhf", "invariant_national",
         "invariant_no_refund"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """A settled warehouse with quarantined rows, services and pathways; its views are tables, to put faults into."""
    con = build_warehouse(deliver(tmp_path_factory.mktemp("delivery"), 3, quarantined=2, patients=15))
    for (view,) in con.execute("select view_name from duckdb_views where not internal").fetchall():
        con.execute(f"create table as_table as from {view}; drop view {view}")
        con.execute(f"alter table as_table rename to {view}")
    yield con
    con.close()


def test_a_settled_delivery_violates_nothing(settled):
    assert len(invariants()) == 11
    assert violated(settled) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(settled: duckdb.DuckDBPyConnection, fault: str):
    statement, found = FAULTS[fault]
    settled.execute("begin")
    try:
        changed = settled.execute(statement).fetchone()[0]
        assert changed, "the fault changes nothing, so it proves nothing"
        for invariant in invariants():
            run_model(settled, invariant)
        counted = {
            invariant.name
            for invariant in invariants()
            if settled.execute(f"select count(*) from {invariant.name}").fetchone()[0]
        }
        assert counted == found
        assert len(violated(settled)) == len(found)
    finally:
        settled.execute("rollback")


def test_every_fault_an_invariant_is_there_for_is_tried():
    assert {name for _, found in FAULTS.values() for name in found} == {model.name for model in invariants()}


def test_a_violation_says_what_and_where_but_not_who():
    (invariant,) = (model for model in invariants() if model.name == "invariant_no_refund")
    assert sentence(invariant, 2) == (
        "Opphold som ikke skal gi refusjon, ender på 0 poeng: 2 avvik, se tabellen invariant_no_refund i varehuset"
    )
