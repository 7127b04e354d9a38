"""The load and the SQL models as assets: one factory, dependencies from the SQL."""

import time

import dagster as dg
import duckdb

from pipelines.checks import invariants
from pipelines.checks import suites as expectations
from pipelines.delivery.contract import TABLES
from pipelines.engine.models import SQL_FOLDER, Model, models, run_model
from pipelines.grouper import units
from pipelines.orchestration import deliveries
from pipelines.orchestration.deliveries import DELIVERIES
from pipelines.orchestration.run import SettlementRun, told_without_content
from pipelines.settlement import run as settle

# What the load makes besides the tables of the contract: the delivery itself and the account of its rows.
ACCOUNTS = {
    "delivery": "the delivery: year, tertial, number and period",
    "row_account": "rows in, loaded and quarantined, per file",
    "quarantine": "rows that were set aside, with line and reason",
    "unparsed": "optional values that could not be read and count as missing",
    "value_account": "values given and values that could not be read, per optional column",
    "unknown_column": "columns that the contract does not have and that were kept out",
    "unknown_file": "files that the contract does not have and that were kept out",
}
REF = dg.AssetKey("ref")


def key_of(table: str) -> dg.AssetKey:
    """The asset that makes a table: the rule set is one asset, a landing table and a model are one each."""
    schema, _, name = table.rpartition(".")
    if schema == "ref":
        return REF
    return dg.AssetKey([schema, name] if schema else [name])


def landing_specs() -> list[dg.AssetSpec]:
    """The tables that the load makes, and the rule set."""
    described = {table.name: f"accepted rows of the file `{table.name}`" for table in TABLES} | ACCOUNTS
    texts = {dg.AssetKey(["landing", name]): f"{what.capitalize()}." for name, what in described.items()}
    texts[REF] = "The rule set of the delivery's year: `reference_data/`."
    return [
        dg.AssetSpec(key, description=text, group_name="landing", partitions_def=DELIVERIES, kinds={"duckdb"})
        for key, text in texts.items()
    ]


@dg.multi_asset(name="load", specs=landing_specs())
def load(context: dg.AssetExecutionContext, run: SettlementRun):
    """Read the delivery and its year's rule set into an empty working database, or refuse it."""
    delivery = context.partition_key
    with told_without_content("load"):
        folder = deliveries.folder(delivery)
        expectations.start_import()
        con = run.fresh(delivery)
        con.execute("set preserve_insertion_order = true")
        settle.load(folder, con, drg_source=run.drg_source, regrouping=run.regrouping(), ruleset=run.ruleset or None)
        for spec in landing_specs():
            if spec.key == REF:
                (row,) = con.execute("select ruleset, status, sha256 from ref.ruleset").fetchall()
                facts = dict(zip(("ruleset", "status", "sha256"), row, strict=True))
            else:
                facts = measured(con, ".".join(spec.key.path))
            yield dg.MaterializeResult(asset_key=spec.key, metadata=facts)


def model_asset(model: Model) -> dg.AssetsDefinition:
    """The asset of one SQL model. An invariant carries the blocking check that its table is empty."""
    is_invariant = model in invariants.invariants()
    key = key_of(model.name)
    check = dg.AssetCheckSpec(
        "holds", asset=key, blocking=True, partitions_def=DELIVERIES, description="The table has no rows."
    )

    @dg.asset(
        key=key,
        deps=[key_of(table) for table in sorted(model.reads) if not table.startswith(f"{units.SCHEMA}.")],
        group_name=group_of(model),
        description=description_of(model),
        partitions_def=DELIVERIES,
        kinds={"duckdb", "sql"},
        metadata={"file": file_of(model), "sql": dg.MetadataValue.md(f"```sql\n{model.sql.strip()}\n```")},
        check_specs=[check] if is_invariant else None,
    )
    def compute(context: dg.AssetExecutionContext, run: SettlementRun):
        with told_without_content(f"model {model.name}"):
            con = run.connection(context.partition_key)
            started = time.monotonic()
            settle.regroup_before(model.name, con, run.regrouping())
            run_model(con, model)
            seconds = round(time.monotonic() - started, 3)
            facts = {"seconds": seconds, **measured(con, model.name, model.header)}
            results = [judged(con, model)] if is_invariant else []
        return dg.MaterializeResult(metadata=facts, check_results=results)

    return compute


def judged(con: duckdb.DuckDBPyConnection, invariant: Model) -> dg.AssetCheckResult:
    """Whether an invariant holds; of the violations only the number."""
    count = invariants.violations(con, invariant)
    return dg.AssetCheckResult(
        check_name="holds",
        passed=count == 0,
        description=f"{invariant.header['what']}: {count} found" if count else "holds",
        metadata={"violations": count},
    )


def measured(con: duckdb.DuckDBPyConnection, table: str, header: dict[str, str] | None = None) -> dict:
    """Columns, and of a table rows, points and kroner. A view is not counted: that would compute it again."""
    columns = con.execute(f"describe {table}").fetchall()
    names = [name for name, *_ in columns]
    header = header or {}
    facts: dict = {
        "dagster/column_schema": dg.TableSchema(
            columns=[dg.TableColumn(name, kind, header.get(f"column {name}")) for name, kind, *_ in columns]
        )
    }
    if header.get("as") == "view":
        return facts
    return facts | sums(con, table, names)


def sums(con: duckdb.DuckDBPyConnection, source: str, columns: list[str]) -> dict:
    """Rows of a table (or of a Parquet file), and the sums of its points and kroner if it has them."""
    summed = {
        label: next((name for name in names if name in columns), None)
        for label, names in {"points": ("points", "poeng", "isf_poeng"), "kroner": ("refusjon_kr",)}.items()
    }
    found = {label: column for label, column in summed.items() if column}
    expressions = ["count(*)", *(f"coalesce(sum({column}), 0)" for column in found.values())]
    ((rows, *values),) = con.execute(f"select {', '.join(expressions)} from {source}").fetchall()
    totals = {label: float(value) for label, value in zip(found, values, strict=True)}
    return {"dagster/row_count": rows, **totals}


def group_of(model: Model) -> str:
    """The layer without its number: `20_episodes` is `episodes`."""
    return model.stage.lstrip("0123456789_")


def file_of(model: Model) -> str:
    if model.path is None:
        return f"sql/{model.stage}/{model.name}/"
    return f"sql/{model.path.relative_to(SQL_FOLDER).as_posix()}"


def description_of(model: Model) -> str:
    """What, grain, key and source of the SQL header."""
    what = model.header.get("what", model.name)
    lines = [f"- {key}: {model.header[key]}" for key in ("grain", "key", "source") if key in model.header]
    return "\n".join([f"{what[:1].upper()}{what[1:]}.", "", *lines])


MODEL_ASSETS = [model_asset(model) for model in models()]
