"""A delivery settled in buckets of patients is the delivery settled whole: without Spark, one after the other."""

from pathlib import Path

import pytest

from pipelines.cluster import patients, spark
from pipelines.engine import bucket
from pipelines.engine.models import Model
from pipelines.engine.workspace import attach, connect
from pipelines.errors import InputRefused, IsfError
from pipelines.settlement.run import build_warehouse, settle
from tests import deliveries
from tests.integration.runs import SECRET, deliver, hashes, leftovers, published

BUCKETS = 4


def here(work: bucket.Work, landing: Path, number: int):
    """What a cluster does, on this machine."""
    for one, files in patients.received(landing):
        yield from bucket.run(work, one, files)


def way_in(folder: Path, spread=here):
    def way(con, regrouping, progress):
        patients.way(con, folder, spread, buckets=BUCKETS)

    return way


@pytest.fixture(scope="module")
def delivery(tmp_path_factory) -> Path:
    return deliver(tmp_path_factory.mktemp("delivery"))


def test_every_table_has_the_same_rows_and_the_same_types(delivery, tmp_path):
    with connect() as con:
        for name, way in (("whole", {}), ("split", {"way": way_in(tmp_path / "exchange")})):
            build_warehouse(delivery, tmp_path / f"{name}.duckdb", threads=1, **way).close()
            attach(con, tmp_path / f"{name}.duckdb", name)
        columns = {
            name: con.execute(
                "select table_name, column_name, data_type from duckdb_columns()"
                f" where database_name = '{name}' and schema_name = 'main' order by table_name, column_index"
            ).fetchall()
            for name in ("whole", "split")
        }
        assert columns["whole"] == columns["split"]
        tables = sorted({table for table, *_ in columns["whole"]})
        for table in tables:
            for one, other in (("whole", "split"), ("split", "whole")):
                query = f"select count(*) from (from {one}.{table} except all from {other}.{table})"
                assert con.execute(query).fetchone() == (0,), table
        parts = con.execute("select count(distinct hash(pasientID) % 4) from split.landing.episode").fetchone()
        assert parts > (1,)


def test_the_published_folder_is_the_same(delivery, tmp_path):
    one = settle(delivery, tmp_path / "one", threads=1)
    other = settle(delivery, tmp_path / "other", threads=1, way=way_in(tmp_path / "exchange"))
    assert hashes(one.published) == hashes(other.published)


def test_a_delivery_without_patients_is_settled(tmp_path):
    empty = {name: deliveries.csv_text(rows).splitlines()[0] for name, rows in deliveries.REQUIRED.items()}
    folder = deliveries.write(tmp_path, {**empty, "enhet": deliveries.REQUIRED["enhet"]})
    with build_warehouse(folder, threads=1, way=way_in(tmp_path / "exchange")) as con:
        assert con.execute("select count(*) from ledger").fetchone() == (0,)


def test_a_bucket_that_fails_is_named_without_content_and_nothing_is_published(delivery, tmp_path, monkeypatch):
    known = patients.in_buckets

    def with_a_fault(con):
        chosen, *rest = known(con)
        fault = "select error(pasientID) as told from landing.episode where episode_nr = 1"
        return [*chosen, Model("rule_x", "50_points", None, fault, False)], *rest

    monkeypatch.setattr(patients, "in_buckets", with_a_fault)
    with pytest.raises(IsfError) as told:
        settle(delivery, tmp_path / "home", threads=1, way=way_in(tmp_path / "exchange"))
    assert "1 of 4 buckets" in str(told.value) and "model rule_x: InvalidInputException" in str(told.value)
    assert SECRET not in str(told.value)
    assert published(tmp_path / "home") == [] and leftovers(tmp_path / "home") == []


def test_a_bucket_that_does_not_come_back_is_missed(delivery, tmp_path):
    def loses_one(*arguments):
        return (made for made in here(*arguments) if made.bucket != 2)

    with pytest.raises(IsfError, match=r"Buckets \[2\] were sent out and did not come back"):
        build_warehouse(delivery, threads=1, way=way_in(tmp_path / "exchange", loses_one))


def test_another_version_of_duckdb_settles_nothing():
    work = bucket.Work((), (), b"", "0.1")
    (made,) = bucket.run(work, 7, [])
    assert made.failure.startswith("bucket 7, the version of DuckDB") and "0.1 is needed" in made.failure


def test_a_number_too_large_for_parquet_is_refused_instead_of_rounded(delivery, tmp_path, monkeypatch):
    known = patients.in_buckets

    def with_a_hugeint(con):
        chosen, back, landing = known(con)
        return [*chosen, Model("large", "50_points", None, "select 1::hugeint as x", False)], [*back, "large"], landing

    monkeypatch.setattr(patients, "in_buckets", with_a_hugeint)
    with pytest.raises(IsfError, match="table large: TypeError"):
        build_warehouse(delivery, threads=1, way=way_in(tmp_path / "exchange"))


class Session:
    """What the adapter asks a session before it is used."""

    def __init__(self, version: str, ansi: str):
        self.version = version
        self.conf = {"spark.sql.ansi.enabled": ansi}


def test_spark_must_be_new_and_raise_on_overflow():
    spark.check(Session("4.3.0", "true"))
    with pytest.raises(IsfError, match=r"needs 4\.0"):
        spark.check(Session("3.5.1", "true"))
    with pytest.raises(IsfError, match="ANSI mode off"):
        spark.check(Session("4.0.0", "false"))


def test_grouping_anew_is_refused_on_a_cluster():
    with pytest.raises(InputRefused, match="on one machine only"):
        patients.refuse_regrouping(object())
