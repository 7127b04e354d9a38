"""`isf` through spark-submit, and results as tables on the cluster."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pyspark
import pytest

from pipelines.cluster import spark
from pipelines.errors import InputRefused
from tests.cluster.test_settle import ROOT, same

SUBMIT = Path(pyspark.__file__).parent / "bin" / "spark-submit"
SUMS = "count(*) as n, sum(poeng) as points"


def submit(master: str, *words: object, cwd: Path, conf: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    settings = [word for one in conf for word in ("--conf", one)]
    program = ROOT / "pipelines" / "cluster" / "submit.py"
    return subprocess.run(
        [SUBMIT, "--master", master, *settings, program, *map(str, words)],
        cwd=cwd, capture_output=True, text=True,
        env=os.environ | {"SPARK_HOME": str(SUBMIT.parents[1]), "PYSPARK_DRIVER_PYTHON": sys.executable},
    )  # fmt: skip


def test_spark_submit_settles_and_writes_the_tables_as_parquet(cluster, delivery, whole, tmp_path):
    home, tables = tmp_path / "home", tmp_path / "tables"
    words = ["settle", delivery, "--home", home, "--engine", "spark", "--buckets", "2"]
    run = submit(cluster.url, *words, "--tables", f"parquet:file:{tables}", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "2 buckets on " in run.stdout, run.stderr  # spark-submit puts both streams of the program there
    assert same(home, whole, delivery)
    written = {path.name for path in tables.iterdir()}
    assert {"poengposter", "oppgjor_rhf", "oppgjor_hf"} <= written
    with spark.session(cluster.url) as session:
        expected = duckdb.sql(f"select {SUMS} from '{whole}/ledger/{delivery.name}/poengposter.parquet'").fetchone()
        read = session.read.parquet(f"file:{tables}/poengposter").selectExpr("count(*)", "sum(poeng)")
        assert tuple(read.first()) == expected


def test_the_tables_go_into_a_schema_of_the_catalog(cluster, delivery, whole, tmp_path):
    """The catalog of a session of Spark without Hive lies in memory, so only the files of its tables outlive it."""
    home, place = tmp_path / "home", tmp_path / "catalog"
    words = ["settle", delivery, "--home", home, "--engine", "spark", "--buckets", "2", "--tables", "default"]
    run = submit(cluster.url, *words, cwd=tmp_path, conf=(f"spark.sql.warehouse.dir=file:{place}",))
    assert run.returncode == 0, run.stderr
    for name in ("oppgjor_rhf", "oppgjor_hf"):
        one, other = f"from '{whole}/published/{delivery.name}/{name}.parquet'", f"from '{place}/{name}/*.parquet'"
        assert duckdb.sql(f"{other} limit 1").fetchone()
        assert duckdb.sql(f"({one} except all {other}) union all ({other} except all {one})").fetchall() == []


def test_a_schema_that_is_not_there_is_refused(cluster):
    with spark.session(cluster.url) as session, pytest.raises(InputRefused, match="has no schema nowhere"):
        spark.check_target(session, "nowhere")
