"""Every rule case through Spark SQL: each model, transpiled, gives the rows that DuckDB gives.

Here DuckDB is what is right, not what a case expects: so the cases that must be alone in a settlement can stand
together with the others, and only what looks at the whole nation runs on each of them by itself too.
"""

import contextlib
from collections import defaultdict
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from pipelines.settlement.run import build_warehouse
from tests.cases.casebook import write_delivery
from tests.cases.test_cases import CASES, _regrouping
from tests.cluster import dialect

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cluster.md"
TOGETHER = defaultdict(list)
for _case in CASES:
    TOGETHER[_case.delivery, _case.drg_source, _case.ruleset].append(_case)
ALONE = [case for case in CASES if case.alone]
# The only rule that compares regions with the nation, and the accounts of rows.
OF_THE_NATION = ("regional_deduction", "grunnlag")


@pytest.fixture(scope="module")
def spark():
    settings = {
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        # Compiling a plan takes longer than a few hundred rows.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master("local[1]").appName("dialect")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@contextlib.contextmanager
def warehouse(cases, folder):
    first = cases[0]
    regrouping = _regrouping(first.drg_source, folder)
    delivery = write_delivery(cases, folder)
    options = {"drg_source": first.drg_source, "ruleset": first.ruleset, "regrouping": regrouping, "threads": 1}
    with contextlib.closing(build_warehouse(delivery, **options)) as con:
        yield con


@pytest.mark.parametrize("group", TOGETHER, ids=lambda group: "-".join(map(str, group)))
def test_spark_agrees_on_every_table_of_the_cases(spark, group, tmp_path):
    with warehouse(TOGETHER[group], tmp_path) as con:
        assert dialect.run(con, spark, dialect.chosen()) == {}


@pytest.mark.parametrize("case", ALONE, ids=lambda case: case.id)
def test_spark_agrees_on_what_looks_at_the_whole_nation(spark, case, tmp_path):
    chosen = [one for one in dialect.chosen() if one.name in OF_THE_NATION]
    with warehouse([case], tmp_path) as con:
        assert dialect.run(con, spark, chosen) == {}


def test_what_has_no_portable_form_is_named_with_its_reason():
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    for model, word in dialect.left_out().items():
        assert f"`{model}`" in text and f"`{word}`" in text and dialect.NOT_PORTABLE[word] in text
    assert set(dialect.left_out().values()) == dialect.NOT_PORTABLE.keys()


def test_a_difference_is_seen(spark, tmp_path):
    """A table that lacks a row, has another number or another order of columns does not agree."""
    with duckdb.connect() as con:
        con.execute("create table t as select * from (values (1, 'a', 0.5), (2, 'b', null)) as t(n, x, y)")
        same = con.execute("from t").to_arrow_table()
        assert dialect.compare(con, "t", same) == ""
        assert dialect.compare(con, "t", same.slice(1)) == "1 rows of DuckDB, 0 of Spark"
        other = same.set_column(0, "n", pa.array([1, 3]))
        assert dialect.compare(con, "t", other) == "1 rows of DuckDB, 1 of Spark"
        assert dialect.compare(con, "t", same.select(["x", "n", "y"])).startswith("columns")
