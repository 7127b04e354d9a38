"""The computed warehouse and the published settlement as assets."""

from pathlib import Path

import dagster as dg
import duckdb

from pipelines.checks import suites as expectations
from pipelines.engine.models import models
from pipelines.engine.workspace import literal
from pipelines.orchestration.deliveries import DELIVERIES, home, link
from pipelines.orchestration.models import REF, key_of, landing_specs, sums
from pipelines.orchestration.run import SettlementRun, told_without_content
from pipelines.publication import norwegian, words
from pipelines.publication.tables import TABLES, Table
from pipelines.serve.index import refresh
from pipelines.settlement import run as settle
from pipelines.settlement.verify import ledger_of

WAREHOUSE = dg.AssetKey("warehouse")
SETTLEMENT = dg.AssetKey("published_settlement")
THRESHOLD = "quarantine_threshold"


def last_keys() -> list[dg.AssetKey]:
    """What no model reads: the end of the computation."""
    made = {key_of(model.name) for model in models()} | {spec.key for spec in landing_specs()}
    return sorted(made - {key_of(table) for model in models() for table in model.reads})


@dg.asset(
    key=WAREHOUSE,
    deps=last_keys(),
    group_name="published",
    partitions_def=DELIVERIES,
    kinds={"duckdb"},
    check_specs=[
        dg.AssetCheckSpec(
            THRESHOLD,
            asset=WAREHOUSE,
            blocking=True,
            partitions_def=DELIVERIES,
            description="No file has more quarantined rows, and no column more values that cannot be read, than the"
            " rule set allows. Does not block with the option accept_quarantine.",
        )
    ],
)
def warehouse(context: dg.AssetExecutionContext, run: SettlementRun):
    """The computed warehouse, set aside until it is published; made only if every invariant holds."""
    delivery = context.partition_key
    with told_without_content("warehouse"):
        over = settle.over_threshold(run.connection(delivery))
        path = run.set_aside(delivery)
    return dg.MaterializeResult(
        metadata={"file": dg.MetadataValue.path(str(path)), "bytes": path.stat().st_size},
        check_results=[
            dg.AssetCheckResult(
                check_name=THRESHOLD,
                passed=not over,
                severity=dg.AssetCheckSeverity.WARN if run.accept_quarantine else dg.AssetCheckSeverity.ERROR,
                description="; ".join(over) or "all files and columns are within the threshold",
                metadata={"over": len(over)},
            )
        ],
    )


def published_key(table: Table) -> dg.AssetKey:
    return dg.AssetKey(["published", table.name])


def source_of(table: Table) -> dg.AssetKey:
    """The model that a published table is read from; one is made from its unsuppressed model."""
    names = {model.name for model in models()}
    return key_of(table.name if table.name in names else f"{table.name}_usladdet")


def published_specs() -> list[dg.AssetSpec]:
    tables = [
        dg.AssetSpec(
            published_key(table),
            deps=[WAREHOUSE, source_of(table)],
            description=f"{table.title}.",
            kinds={"parquet"} if table.personal else {"parquet", "csv"},
            group_name="published",
            partitions_def=DELIVERIES,
        )
        for table in TABLES
    ]
    settlement = dg.AssetSpec(
        SETTLEMENT,
        deps=[WAREHOUSE, REF, *(published_key(table) for table in TABLES)],
        description="The settlement's folder: tables, workbook, page and manifest. It is never changed; a"
        " settlement that differs becomes a new revision beside it.",
        group_name="published",
        partitions_def=DELIVERIES,
    )
    return [*tables, settlement]


def expectation_specs() -> list[dg.AssetCheckSpec]:
    """A check per suite of expectations; it blocks where the suite has expectations that stop publication."""
    return [
        dg.AssetCheckSpec(
            suite.name,
            asset=SETTLEMENT,
            blocking=any(e.blocking for frame in suite.frames for e in frame.expectations),
            partitions_def=DELIVERIES,
            description=f"{suite.title}. {suite.text}",
        )
        for suite in expectations.suites()
    ]


def expectation_result(suite: expectations.Suite, results: list[expectations.Result]) -> dg.AssetCheckResult:
    """The outcome of a suite: an error if something in it stops publication, else at most a warning."""
    failed = [result for result in results if not result.success]
    stops = any(result.blocking for result in failed)
    rows = [
        dg.TableRecord(
            {
                "expectation": result.expectation,
                "holds": result.success,
                "blocking": result.blocking,
                "table": result.table,
                "observed": result.observed,
            }
        )
        for result in sorted(results, key=lambda result: result.success)
    ]
    return dg.AssetCheckResult(
        asset_key=SETTLEMENT,
        check_name=suite.name,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if stops else dg.AssetCheckSeverity.WARN,
        description=f"{len(results) - len(failed)} of {len(results)} hold",
        metadata={"failed": len(failed), "expectations": dg.MetadataValue.table(rows)},
    )


@dg.multi_asset(name="publication", specs=published_specs(), check_specs=expectation_specs())
def publication(context: dg.AssetExecutionContext, run: SettlementRun):
    """Judge the computed warehouse and publish it, or say why it may not be published. With the publication it becomes
    what `isf explain` reads."""
    delivery = context.partition_key
    with told_without_content("publication"), run.computed(delivery) as (con, put):
        result = settle.publish_built(
            con, home(), accept_quarantine=run.accept_quarantine, accept_empty=run.accept_empty, finished=put
        )
    refresh(home())
    for suite in expectations.suites():
        yield expectation_result(suite, [check for check in result.checks if check.suite == suite.name])
    if result.published is None:
        options = ", ".join(option.removeprefix("--").replace("-", "_") for option in result.can_accept)
        remedy = f" To publish all the same, set {options}." if options else ""
        reasons = "; ".join(result.blocked)
        raise dg.Failure(description=f"Not published: {reasons}.{remedy}", allow_retries=False)
    ledger = ledger_of(result.published) or result.published
    for table in TABLES:
        facts = table_facts(ledger if table.personal else result.published, table)
        yield dg.MaterializeResult(asset_key=published_key(table), metadata=facts)
    facts = folder_facts(result.published) | {"unchanged": result.unchanged}
    yield dg.MaterializeResult(asset_key=SETTLEMENT, metadata=facts)


def table_facts(folder: Path, table: Table) -> dict:
    """Rows, points, kroner and the files of a published table."""
    files = {
        suffix: link(path) for suffix in ("parquet", "csv") if (path := folder / f"{table.name}.{suffix}").exists()
    }
    parquet = str(folder / f"{table.name}.parquet").replace("'", "''")
    # Where rows are suppressed, the sum of the others says nothing.
    summed = [] if table.hides else list(table.columns)
    with duckdb.connect() as con:
        return sums(con, f"'{parquet}'", summed) | files


def summary(folder: Path) -> str:
    """What is paid, per region and sector, as a Markdown table in Norwegian."""
    parquet = literal(folder / "oppgjor_rhf.parquet")
    with duckdb.connect() as con:
        rows = con.execute(
            f"select rhf, sektor, isf_poeng, refusjon_kr, saldo_kr from read_parquet({parquet})"
            " where antall_opphold > 0 or isf_poeng <> 0 order by sektor desc, rhf"
        ).fetchall()
    lines = ["| RHF | Sektor | ISF-poeng | Refusjon, kr | Saldo, kr |", "|---|---|---:|---:|---:|"]
    for rhf, sector, points, refund, balance in rows:
        # A bar in a name would end the cell.
        name = str(rhf).replace("|", "\\|")
        figures = f"{norwegian.points(points)} | {norwegian.money(refund)} | {norwegian.money(balance)}"
        lines.append(f"| {name} | {words.sector_short(sector)} | {figures} |")
    return "\n".join(lines)


def folder_facts(folder: Path) -> dict:
    """Where the settlement lies, and the sums of what is paid."""
    paid = next(table for table in TABLES if table.name == "oppgjor_rhf")
    facts = table_facts(folder, paid)
    return {
        "folder": dg.MetadataValue.path(str(folder)),
        "summary": dg.MetadataValue.md(summary(folder)),
        "page": link(folder / "oppgjor.html"),
        "checks": link(folder / "kontroller.html"),
        "workbook": link(folder / "oppgjor.xlsx"),
        "manifest": link(folder / "manifest.json"),
        "points": facts["points"],
        "kroner": facts["kroner"],
    }
