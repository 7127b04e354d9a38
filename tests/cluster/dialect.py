"""The models of the way as Spark SQL: a second engine's opinion of them, by transpilation. Not a way to settle.

The functions of `ref` are expanded to the queries they stand for, names with a schema become names of views, and
sqlglot writes the rest in Spark's dialect.
"""

from collections.abc import Iterable
from functools import cache

import duckdb
import pyarrow as pa
import sqlglot
from pyspark.sql import SparkSession
from sqlglot import exp

from pipelines.engine.models import WAY, Model, models
from pipelines.engine.workspace import connect
from pipelines.rules.reads import FUNCTIONS

# What has no form that both engines run, and why; Spark takes DuckDB's tables of the models that use it.
NOT_PORTABLE = {"approx_count_distinct": "each engine has an estimate of its own"}


def left_out() -> dict[str, str]:
    """Model → the construct of `NOT_PORTABLE` that it uses."""
    return {one.name: word for one in models(WAY) for word in NOT_PORTABLE if word in one.sql}


def chosen() -> list[Model]:
    return [one for one in models(WAY) if one.name not in left_out()]


@cache
def functions() -> dict[tuple[str, int], tuple[tuple[str, ...], exp.Expression]]:
    """The functions of schema `ref`: (name, number of arguments) → (names, query)."""
    with connect() as con:
        con.execute("create schema ref")
        con.execute("create table ref.rule (rule varchar)")
        con.execute("create table ref.parameter (rule varchar, parameter varchar, value varchar, number integer)")
        con.execute("alter table ref.parameter add column points decimal(18, 3)")
        con.execute(FUNCTIONS.read_text(encoding="utf-8"))
        found = con.execute(
            "select function_name, parameters, macro_definition from duckdb_functions()"
            " where schema_name = 'ref' and function_type in ('macro', 'table_macro')"
        ).fetchall()
    return {(name, len(names)): (tuple(names), _read(text)) for name, names, text in found}


def _read(text: str) -> exp.Expression:
    """A query as sqlglot reads it; DuckDB writes `count(*)` down as `count_star()`."""

    def plain(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Anonymous) and node.name.lower() == "count_star":
            return exp.Count(this=exp.Star())
        return node

    return sqlglot.parse_one(text, read="duckdb").transform(plain)


def _body(call: exp.Anonymous) -> exp.Expression:
    """The query of a call, with its arguments in place of the names."""
    names, query = functions()[call.name, len(call.expressions)]
    given = dict(zip(names, call.expressions, strict=True))

    def put_in(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Column) and not node.table and node.name in given:
            return given[node.name].copy()
        return node

    return query.copy().transform(put_in)


def _expand(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Dot) and node.this.name == "ref" and isinstance(node.expression, exp.Anonymous):
        body = _body(node.expression)
        return body if isinstance(body, exp.Subquery | exp.Paren) else exp.Subquery(this=body)
    if isinstance(node, exp.Table) and node.db == "ref" and isinstance(node.this, exp.Anonymous):
        return exp.Subquery(this=_body(node.this), alias=node.args.get("alias"))
    return node


@cache
def _expanded(model: Model) -> exp.Expression:
    return sqlglot.parse_one(model.sql, read="duckdb").transform(_expand)


def read_by(model: Model) -> set[str]:
    """The tables that a model reads, those of its functions too."""
    with_schema = {f"{table.db}.{table.name}" for table in _expanded(model).find_all(exp.Table) if table.db}
    return with_schema | {name for name in model.reads if "." not in name}


def view_of(table: str) -> str:
    """What a table is called on Spark, where a view has no schema."""
    return table.replace(".", "__")


@cache
def spark_sql(model: Model) -> str:
    """A model's select in Spark's dialect."""
    tree = _expanded(model).copy()
    for table in list(tree.find_all(exp.Table)):
        if table.db:
            name = exp.to_identifier(view_of(f"{table.db}.{table.name}"))
            alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name))
            table.replace(exp.Table(this=name, alias=alias))
    return tree.sql(dialect="spark")


def run(con: duckdb.DuckDBPyConnection, spark: SparkSession, chosen: Iterable[Model]) -> dict[str, str]:
    """Some models on Spark, from the tables of a built warehouse that they read and do not make themselves. Model → how
    its rows differ from the warehouse's; empty where all agree."""
    chosen = list(chosen)
    made_here = {one.name for one in chosen}
    for table in set().union(*(read_by(one) for one in chosen)) - made_here:
        show(spark, view_of(table), con.execute(f"select * from {table}").to_arrow_table())
    found = {}
    for model in chosen:
        try:
            made = spark.sql(spark_sql(model)).toArrow()
        except Exception as error:
            error.add_note(f"in model {model.name}: {spark_sql(model)}")
            raise
        show(spark, model.name, made)
        if difference := compare(con, model.name, made):
            found[model.name] = difference
    return found


def show(spark: SparkSession, name: str, rows: pa.Table) -> None:
    spark.createDataFrame(_plain(rows)).createOrReplaceTempView(name)


def compare(con: duckdb.DuckDBPyConnection, name: str, made: pa.Table) -> str:
    """How a table of Spark differs from the warehouse's: rows on one side only, numbers compared as decimals."""
    columns = con.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = 'main' and table_name = ?"
        " order by column_index",
        [name],
    ).fetchall()
    if [column for column, _ in columns] != made.column_names:
        return f"columns {made.column_names}"
    con.register("made", made)
    numbers = ("BIGINT", "INTEGER", "HUGEINT", "DECIMAL")
    listed = ", ".join(
        f'cast("{column}" as decimal(38, 9)) as "{column}"' if kind.startswith(numbers) else f'"{column}"'
        for column, kind in columns
    )
    try:
        one, other = f"select {listed} from main.{name}", f"select {listed} from made"
        only = "select count(*) from ({} except all {})"
        ours, theirs = con.execute(f"select ({only.format(one, other)}), ({only.format(other, one)})").fetchone()
    finally:
        con.unregister("made")
    return f"{ours} rows of DuckDB, {theirs} of Spark" if ours or theirs else ""


def _plain(table: pa.Table) -> pa.Table:
    """Without what Spark cannot take: extension types (JSON) and columns of nothing but nulls without a type."""
    fields = []
    for field in table.schema:
        kind = field.type.storage_type if isinstance(field.type, pa.BaseExtensionType) else field.type
        fields.append(pa.field(field.name, pa.string() if pa.types.is_null(kind) else kind))
    return table.cast(pa.schema(fields))
