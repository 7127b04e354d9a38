"""Every rule case through Spark SQL: each model, transpiled, gives the rows that DuckDB gives."""

import pytest
from pyspark.sql import SparkSession

from tests.cases.delivery import write_delivery
from tests.cases.test_cases import GROUPS, _regrouping
from tests.cluster import dialect


@pytest.fixture(scope="module")
def spark():
    settings = {
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",  # compiling a plan takes longer than a few hundred rows
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master("local[1]").appName("dialect")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: "-".join(map(str, group)))
def test_spark_agrees_on_every_table_of_the_cases(spark, group, tmp_path):
    from pipelines.settlement.run import build_warehouse

    cases = GROUPS[group]
    source = cases[0].drg_source
    with build_warehouse(
        write_delivery(cases, tmp_path), drg_source=source, regrouping=_regrouping(source, tmp_path),
        ruleset=cases[0].ruleset, threads=1,
    ) as con:  # fmt: skip
        assert dialect.run(con, spark) == {}


def test_a_difference_is_seen(spark, tmp_path):
    """A table that lacks a row, has another number or another order of columns does not agree."""
    import duckdb
    import pyarrow as pa

    with duckdb.connect() as con:
        con.execute("create table t as select * from (values (1, 'a', 0.5), (2, 'b', null)) as t(n, x, y)")
        same = con.execute("from t").to_arrow_table()
        assert dialect.compare(con, "t", same) == ""
        assert dialect.compare(con, "t", same.slice(1)) == "1 rows of DuckDB, 0 of Spark"
        other = same.set_column(0, "n", pa.array([1, 3]))
        assert dialect.compare(con, "t", other) == "1 rows of DuckDB, 1 of Spark"
        assert dialect.compare(con, "t", same.select(["x", "n", "y"])).startswith("columns")
