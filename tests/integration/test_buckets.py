"""A delivery settled in buckets of patients is the delivery settled whole: without Spark, one after the other."""

import contextlib
import dataclasses
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.cluster import patients, run, spark
from pipelines.cluster.settings import Cluster
from pipelines.engine import bucket, stop
from pipelines.engine import home as homes
from pipelines.engine.models import Model
from pipelines.engine.workspace import attach, connect
from pipelines.errors import InputRefused, IsfError
from pipelines.settlement.run import build_warehouse, settle
from tests import deliveries
from tests.integration.runs import CORRECTED, SECRET, delivered, hashes, leftovers, published, published_home

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
    return delivered(CORRECTED)


def test_every_table_has_the_same_rows_and_the_same_types(delivery, tmp_path):
    split = tmp_path / "split.duckdb"
    build_warehouse(delivery, split, threads=1, way=way_in(tmp_path / "exchange")).close()
    with connect() as con:
        for name, path in (
            ("whole", homes.warehouse(published_home(tmp_path, CORRECTED), delivery.name)),
            ("split", split),
        ):
            attach(con, path, name)
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
    one = published_home(tmp_path, CORRECTED) / "published" / delivery.name
    other = settle(delivery, tmp_path / "other", threads=1, way=way_in(tmp_path / "exchange"))
    assert hashes(one) == hashes(other.published)


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


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        (
            lambda made: [one for one in made if one.bucket != 2],
            r"Buckets \[2\] were sent out and did not come back whole",
        ),
        (lambda made: [one for one in made if (one.bucket, one.table) != (1, "service")], "`service` of bucket 1"),
        (lambda made: [*made, made[0]], "came back twice"),
        (lambda made: [*made, dataclasses.replace(made[0], bucket=BUCKETS)], "not asked for"),
    ],
    ids=["a bucket lost", "a table lost", "a table twice", "a bucket too many"],
)
def test_what_does_not_come_back_whole_and_once_is_missed(delivery, tmp_path, came_back, damaged, said):
    def spread(*arguments):
        return iter(damaged(came_back))

    with pytest.raises(IsfError, match=said):
        build_warehouse(delivery, threads=1, way=way_in(tmp_path / "exchange", spread))


@pytest.fixture(scope="module")
def came_back(delivery, tmp_path_factory) -> list[bucket.Made]:
    """What the buckets of the delivery give, without a fault."""
    kept: list[bucket.Made] = []

    def spread(*arguments):
        for made in here(*arguments):
            kept.append(made)
            yield made

    build_warehouse(delivery, threads=1, way=way_in(tmp_path_factory.mktemp("kept"), spread)).close()
    return kept


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
    """What the adapter asks a session before it is used, and does to it in the end."""

    def __init__(self, version: str, ansi: str = "true"):
        self.version, self.stopped = version, threading.Event()
        values = {"spark.sql.ansi.enabled": ansi, spark.PARTITIONS: "17"}
        self.conf = SimpleNamespace(get=values.get, set=values.__setitem__)

    def stop(self) -> None:
        self.stopped.set()


@pytest.fixture
def platform(monkeypatch):
    """`pyspark`, whose builder gives `made`, and where `given` is active already."""
    found = SimpleNamespace(given=None, made=Session("4.1.0"))
    builder = SimpleNamespace(appName=lambda name: builder, getOrCreate=lambda: found.made)
    sessions = SimpleNamespace(builder=builder, getActiveSession=lambda: found.given)
    monkeypatch.setitem(sys.modules, "pyspark", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "pyspark.sql", SimpleNamespace(SparkSession=sessions))
    return found


ENDS = (None, ValueError, KeyboardInterrupt, stop.Stopped)


def used_until(ends: type[BaseException] | None) -> None:
    with spark.session(None) as opened:
        opened.conf.set(spark.PARTITIONS, "4")
        if ends:
            raise ends


@pytest.mark.parametrize("ends", ENDS)
def test_a_session_that_was_given_is_left_as_it_was(platform, ends):
    platform.given = Session("4.1.0")
    with pytest.raises(ends) if ends else contextlib.nullcontext():
        used_until(ends)
    for thread in threading.enumerate():
        if thread.name == "end Spark":
            thread.join()
    assert platform.given.conf.get(spark.PARTITIONS) == "17" and not platform.given.stopped.is_set()


@pytest.mark.parametrize("ends", ENDS)
def test_a_session_that_was_made_is_stopped(platform, ends):
    with pytest.raises(ends) if ends else contextlib.nullcontext():
        used_until(ends)
    assert platform.made.stopped.wait(10)


def test_a_master_is_refused_where_a_session_is_there(platform):
    platform.given = Session("4.1.0")
    with pytest.raises(InputRefused, match="Leave --master out"), spark.session("local[2]"):
        pass


def test_the_cluster_is_asked_before_anything_is_loaded(platform, tmp_path):
    platform.given = Session("4.0.0")
    with pytest.raises(IsfError, match=r"needs 4\.1"):
        run.settle(tmp_path / "no such delivery", tmp_path / "home", Cluster())
    assert not (tmp_path / "home").exists()


def test_without_pyspark_nothing_is_loaded(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(IsfError, match="needs pyspark, which is not installed"):
        run.settle(tmp_path / "no such delivery", tmp_path / "home", Cluster())


def test_what_spark_cannot_see_is_told_with_the_exchange_and_what_a_bucket_says_with_its_words():
    unseen = spark.in_words(
        Exception("[PATH_NOT_FOUND] Path does not exist: file:/x/landing.\n at java"), "file:/x", spark.BUCKETS_FAILED
    )
    assert "Path does not exist" in str(unseen) and "here file:/x: name such a folder with --exchange" in str(unseen)
    short = spark.in_words(
        Exception("Job aborted\nRuntimeError: bucket 3, model stay: MemoryError\n"), "file:/x", spark.BUCKETS_FAILED
    )
    assert "could not do it: bucket 3, model stay: MemoryError." in str(short) and "--buckets" in str(short)
    lost = spark.in_words(
        Exception("An error occurred while calling o5.parquet.\n: SparkException: lost\n at"),
        "file:/x",
        spark.BUCKETS_FAILED,
    )
    assert "could not do it: SparkException: lost. Nothing was published" in str(lost)


def test_spark_must_be_new_and_raise_on_overflow():
    spark.check(Session("4.1.0"))
    with pytest.raises(IsfError, match=r"needs 4\.1"):
        spark.check(Session("4.0.1"))
    with pytest.raises(IsfError, match="ANSI mode off"):
        spark.check(Session("4.1.0", "false"))


def test_grouping_anew_is_refused_on_a_cluster_before_it_is_asked(tmp_path):
    with pytest.raises(InputRefused, match="on one machine only"):
        run.settle(tmp_path / "no such delivery", tmp_path / "home", Cluster(), drg_source="grouped:2025")
