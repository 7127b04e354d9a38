"""Dagster: the quality reports of a delivery as an asset, each check as an asset check with its figures.

The code location takes `quality_reports` into its assets; checks warn and never block: a finding is the hospital's.
"""

import dagster as dg
import duckdb

from pipelines.engine import workspace
from pipelines.orchestration.deliveries import DELIVERIES, home
from pipelines.orchestration.publication import SETTLEMENT
from pipelines.quality import catalogue, judge, words
from pipelines.quality.command import run_quality
from pipelines.serve.index import refresh

QUALITY = dg.AssetKey("quality_reports")
GROUP = "quality"


def specs() -> list[dg.AssetCheckSpec]:
    """A spec per check of the catalogue."""
    return [
        dg.AssetCheckSpec(
            check.id,
            asset=QUALITY,
            partitions_def=DELIVERIES,
            description=f"{check.title} (§{check.paragraph}, {words.TIER[check.tier]}). {check.definition}",
        )
        for check in catalogue.checks()
    ]


def result(check: catalogue.Check, found: dict) -> dg.AssetCheckResult:
    """The country's outcome of a check: passed when no trust is over the threshold and it could be run."""
    return dg.AssetCheckResult(
        asset_key=QUALITY,
        check_name=check.id,
        passed=not (found["fail"] or found["error"]),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "rows": int(found["numerator"]),
            "of": int(found["denominator"]),
            "trusts_over_threshold": int(found["fail"]),
            "points_lost": str(found["points_lost"]),
            "points_over": str(found["points_over"]),
            "on_trial": check.trial,
        },
    )


def national(con: duckdb.DuckDBPyConnection) -> dict[str, dict]:
    """Sums over the trusts per check."""
    found = workspace.rows(
        con,
        """select check_id, sum(numerator) as numerator, sum(denominator) as denominator,
            sum(points_lost) as points_lost, sum(points_over) as points_over,
            count(*) filter (where status = 'fail') as fail, count(*) filter (where status = 'error') as error
        from unit_result where level = 'hf' group by check_id""",
    )
    return {row["check_id"]: row for row in found}


@dg.asset(
    key=QUALITY,
    deps=[SETTLEMENT],
    group_name=GROUP,
    partitions_def=DELIVERIES,
    check_specs=specs(),
    kinds={"duckdb"},
)
def quality_reports(context: dg.AssetExecutionContext):
    """Measure, judge and publish the quality reports of a settled delivery; the settlement is only read."""
    delivery = context.partition_key
    run_quality(delivery, home())
    refresh(home())
    with judge.judged(home(), delivery) as con:
        found = national(con)
    yield dg.MaterializeResult(
        metadata={"checks": len(found), "rows": int(sum(row["numerator"] for row in found.values()))},
        check_results=[result(check, found[check.id]) for check in catalogue.checks()],
    )
