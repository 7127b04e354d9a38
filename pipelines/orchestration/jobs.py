"""What Dagster shows: every SQL model as an asset, the deliveries as partitions, and the jobs."""

import warnings

import dagster as dg
from dagster_shared.utils.warnings import PreviewWarning

# A check per partition is marked as a preview in this release; without the filter every check would warn.
warnings.filterwarnings("ignore", category=PreviewWarning)

from pipelines.orchestration import arrival  # noqa: E402
from pipelines.orchestration.deliveries import marked  # noqa: E402
from pipelines.orchestration.models import MODEL_ASSETS, load  # noqa: E402
from pipelines.orchestration.publication import publication, warehouse  # noqa: E402
from pipelines.orchestration.quality import quality_reports  # noqa: E402
from pipelines.orchestration.results import RESULT_JOBS  # noqa: E402
from pipelines.orchestration.run import SettlementRun  # noqa: E402
from pipelines.orchestration.simulation import GROUP, SCENARIO_ASSETS  # noqa: E402

settle = dg.define_asset_job(
    "settle",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups(GROUP, "quality"),
    description="Settle a delivery: load, compute, check, put the warehouse in place and publish. As these definitions"
    f" were loaded: {marked()}",
)
publish = dg.define_asset_job(
    "publish",
    selection=dg.AssetSelection.assets(publication),
    description="Publish a delivery's warehouse as it is, e.g. after accepting its quarantined rows.",
)
simulate = dg.define_asset_job(
    "simulate",
    selection=dg.AssetSelection.groups(GROUP),
    description="What each draft rule set would mean for a settled delivery; the warehouse is only read.",
)

quality = dg.define_asset_job(
    "quality",
    selection=dg.AssetSelection.groups("quality"),
    description="Check the data of a settled delivery and make the hospitals' reports, a check in Dagster for each.",
)

checked_delivery_settles = dg.run_status_sensor(
    name="checked_delivery_settles",
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[arrival.check],
    request_job=settle,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Asks for a settlement of each delivery whose check has succeeded.",
)(arrival.ask_to_settle)

definitions = dg.Definitions(
    assets=[load, *MODEL_ASSETS, warehouse, publication, *SCENARIO_ASSETS, quality_reports],
    jobs=[arrival.check, settle, publish, simulate, quality, *RESULT_JOBS],
    sensors=[arrival.delivery_arrives, checked_delivery_settles],
    resources={"run": SettlementRun.configure_at_launch()},
    executor=dg.in_process_executor,
)
