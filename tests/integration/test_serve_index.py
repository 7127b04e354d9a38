"""The index of `isf serve`: it shows what the whole warehouse says, and is made from the warehouse at hand."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from pathlib import Path

import duckdb
import pytest

from pipelines.engine import home as homes
from pipelines.engine.workspace import connect, literal
from pipelines.errors import IsfError
from pipelines.explain import patient
from pipelines.explain.find import find, find_near
from pipelines.serve import owned, prepare
from pipelines.serve.database import Indexes, NotReady, Warehouses
from tests.integration.runs import published_home


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    (warehouse,) = homes.settled(published_home(tmp_path_factory.mktemp("index")))
    return warehouse


@pytest.fixture(scope="module")
def index(warehouse, tmp_path_factory) -> Path:
    return prepare.build(warehouse, tmp_path_factory.mktemp("indexes"))


@pytest.fixture(scope="module")
def houses(warehouse, index):
    houses = Warehouses(indexes=Indexes(index.parent))
    yield houses
    houses.close()


@pytest.fixture(scope="module")
def ids(warehouse) -> list[str]:
    """Ids of every kind, some of each, in an order that is always the same."""
    kinds = (
        "select episode_id from episode where reason = 'included'",
        "select episode_id from episode where reason <> 'included'",
        "select service_id from service", "select pathway_id from pathway", "select patient_id from episode",
        "select dispensing_id from prescription", "select candidate_id from service_candidate",
        "select unnest([row_id, patient_id, file || ':' || line]) from landing.quarantine",
        "select residence_rhf_orgnr from regional_deduction",
    )  # fmt: skip
    with contextlib.closing(connect(warehouse, read_only=True)) as con:
        found = [con.execute(f"select distinct id from ({sql}) as t (id) order by hash(id) limit 6") for sql in kinds]
        return [id for rows in found for (id,) in rows.fetchall() if id is not None]


def test_what_is_shown_of_an_id_is_what_the_whole_warehouse_says(warehouse, houses, ids):
    with contextlib.closing(connect(warehouse, read_only=True)) as whole:
        for identifier in ids:
            told = find_near(whole, identifier)
            with houses.reading(warehouse, indexed=True) as con:
                assert owned.explained(con, identifier) == told, identifier
            # The command has no index; a second id on the connection finds the tables as they were.
            assert patient.explained(whole, identifier) == told, identifier


def test_an_id_is_found_in_any_case_and_one_letter_off(warehouse, houses, ids):
    with contextlib.closing(connect(warehouse, read_only=True)) as whole:
        known = {one for one in ids if find(whole, one)}
    for identifier in ids[:4]:
        middle = len(identifier) // 2
        wrong = [
            identifier + "x", identifier[1:], identifier[:middle] + "z" + identifier[middle + 1 :],
            identifier[: middle - 1] + identifier[middle] + identifier[middle - 1] + identifier[middle + 1 :],
        ]  # fmt: skip
        for spelled in (text for text in wrong if text.lower() not in {one.lower() for one in known}):
            with houses.reading(warehouse, indexed=True) as con:
                found, near = owned.explained(con, spelled)
            assert found == [] and identifier in near, spelled
        with houses.reading(warehouse, indexed=True) as con:
            swapped = identifier.swapcase()
            assert owned.explained(con, swapped)[0] == owned.explained(con, identifier)[0] != []


def test_the_index_adds_up_to_the_ledger(warehouse, index):
    with contextlib.closing(connect(warehouse, read_only=True)) as con:
        con.execute(f"attach {literal(index)} as made (read_only)")
        ledger = (
            "select count(*), sum(points), count(distinct (unit_type, unit_id)) from ledger where unit_type <> 'region'"
        )
        rows, points, units = con.execute(ledger).fetchone()
        of_units = "select count(*), sum(unit_points) from made.listed_row where is_first and unit_type <> 'region'"
        assert con.execute(of_units).fetchone() == (units, points)
        for cells in ("listed_cell", "listed_home_cell"):
            sums = f"select sum(ledger_rows), sum(units), sum(points) from made.{cells} where not is_regional"
            assert con.execute(sums).fetchone() == (rows, units, points)


def test_the_index_holds_its_tables_alone_and_only_its_owner_reads_it(index):
    with contextlib.closing(duckdb.connect(str(index), read_only=True)) as con:
        tables = {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}
        assert con.execute("select count(*) from duckdb_views() where not internal").fetchall() == [(0,)]
    assert tables == {"listed_row", "listed_cell", "listed_home_cell", "known_owner", "owned_row", "identity"}
    assert index.stat().st_mode & 0o077 == 0 and os.listdir(index.parent) == [index.name]


def test_an_index_of_another_warehouse_is_not_taken_and_is_made_anew(warehouse, index, tmp_path):
    other = tmp_path / warehouse.name
    with contextlib.closing(duckdb.connect(str(other))) as con:
        con.execute("create table one as select 1 as n")
    assert not prepare.is_of(index, prepare.identity(other))
    assert Indexes(index.parent).find(other) is None and Indexes(index.parent).find(warehouse) == index
    before = index.stat().st_ino
    assert prepare.build(warehouse, index.parent) == index and index.stat().st_ino == before


def test_a_warehouse_that_is_replaced_while_its_index_is_judged_is_not_read_with_it(warehouse, index, tmp_path):
    own, folder = tmp_path / warehouse.name, tmp_path / "indexes"
    shutil.copy(warehouse, own)
    target = prepare.build(own, folder)
    indexes = Indexes(folder)
    indexes._worker = threading.current_thread()  # nobody makes the new one
    judge = indexes.judge

    def replaced(path):
        found = judge(path)
        shutil.copy(warehouse, tmp_path / "next")
        os.replace(tmp_path / "next", own)
        return found

    indexes.judge = replaced
    houses = Warehouses(indexes=indexes)
    with pytest.raises(NotReady), houses.reading(own, indexed=True):
        pass
    indexes.judge = judge
    with pytest.raises(NotReady), houses.reading(own, indexed=True):
        pass
    assert target == prepare.path_of(folder, own) != prepare.path_of(folder, warehouse)
    houses.close()


def test_a_warehouse_of_another_version_is_told_and_leaves_no_index(tmp_path):
    other = tmp_path / "2025-T1-1.duckdb"
    with contextlib.closing(duckdb.connect(str(other))) as con:
        con.execute("create table one as select 1 as n")
    with pytest.raises((IsfError, duckdb.Error)):
        prepare.build(other, tmp_path / "indexes")
    assert os.listdir(tmp_path / "indexes") == []
