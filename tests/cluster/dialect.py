"""The models of the way as Spark SQL: a second engine's opinion of them, by transpilation. Not a way to settle.

The functions of `ref` are expanded to the queries they stand for, names with a schema become names of views, and
sqlglot writes the rest in Spark's dialect. One transform is needed: Spark has no whole numbers of 128 bits.
"""

import duckdb
import pyarrow as pa
import sqlglot
from pyspark.sql import SparkSession
from sqlglot import exp

from pipelines.engine.models import WAY, Model, models

# Not run: counts of people for the suppression of small numbers use an estimate of DuckDB's own.
LEFT_OUT = "80_patients"
SCHEMAS = ("landing", "ref", "regrouped")


def chosen() -> list[Model]:
    return [one for one in models(WAY) if one.stage != LEFT_OUT]


class Functions:
    """The functions of schema `ref` as a connection knows them: (name, number of arguments) → (names, query)."""

    def __init__(self, con: duckdb.DuckDBPyConnection):
        found = con.execute(
            "select function_name, parameters, macro_definition from duckdb_functions()"
            " where schema_name = 'ref' and function_type in ('macro', 'table_macro')"
        ).fetchall()
        self.known = {
            (name, len(names)): (names, sqlglot.parse_one(text, read="duckdb")) for name, names, text in found
        }

    def body(self, call: exp.Anonymous) -> exp.Expression:
        """The query of a call, with its arguments in place of the names."""
        names, query = self.known[call.name, len(call.expressions)]
        given = dict(zip(names, call.expressions, strict=True))

        def put_in(node: exp.Expression) -> exp.Expression:
            if isinstance(node, exp.Column) and not node.table and node.name in given:
                return given[node.name].copy()
            return node

        return query.copy().transform(put_in)

    def expand(self, node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Dot) and node.this.name == "ref" and isinstance(node.expression, exp.Anonymous):
            body = self.body(node.expression)
            return body if isinstance(body, exp.Subquery | exp.Paren) else exp.Subquery(this=body)
        if isinstance(node, exp.Table) and node.db == "ref" and isinstance(node.this, exp.Anonymous):
            return exp.Subquery(this=self.body(node.this), alias=node.args.get("alias"))
        return node


def spark_sql(model: Model, functions: Functions) -> str:
    """A model's select in Spark's dialect."""
    tree = sqlglot.parse_one(model.sql, read="duckdb").transform(functions.expand)
    for table in list(tree.find_all(exp.Table)):
        if table.db in SCHEMAS:
            name = f"{table.db}__{table.name}"
            alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name))
            table.replace(exp.Table(this=exp.to_identifier(name), alias=alias))
    for kind in list(tree.find_all(exp.DataType)):
        if kind.this == exp.DataType.Type.INT128:
            kind.replace(exp.DataType.build("decimal(38, 0)"))
    return tree.sql(dialect="spark")


def run(con: duckdb.DuckDBPyConnection, spark: SparkSession) -> dict[str, str]:
    """Every model on Spark, from the landing tables and the rule set of a built warehouse alone. Model → how its rows
    differ from the warehouse's; empty where all agree."""
    functions = Functions(con)
    for schema, table in con.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name in ('landing', 'ref', 'regrouped')"
    ).fetchall():
        rows = con.execute(f"select * from {schema}.{table}").to_arrow_table()
        spark.createDataFrame(_plain(rows)).createOrReplaceTempView(f"{schema}__{table}")
    found = {}
    for model in chosen():
        made = spark.sql(spark_sql(model, functions)).toArrow()
        spark.createDataFrame(_plain(made)).createOrReplaceTempView(model.name)
        if difference := compare(con, model.name, made):
            found[model.name] = difference
    return found


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
