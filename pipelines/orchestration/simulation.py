"""What each draft rule set would mean for a settled delivery: an asset per draft, compared with its base."""

import dagster as dg

from pipelines.orchestration.deliveries import DELIVERIES, home
from pipelines.orchestration.publication import SETTLEMENT
from pipelines.orchestration.run import told_without_content
from pipelines.rules import load as rulesets
from pipelines.serve.index import refresh
from pipelines.simulate import command, scenario
from pipelines.simulate.activity import opened

GROUP = "simulation"


def drafts() -> list[tuple[str, str]]:
    """(draft, the set it is laid over), for every draft that comes with the project."""
    settings = {name: rulesets.read_settings(rulesets.ROOT / name) for name in rulesets.available()}
    return [(name, s["base"]) for name, s in settings.items() if s.get("status") == "draft" and s.get("base")]


def scenario_asset(draft: str, base: str) -> dg.AssetsDefinition:
    """The scenario of one draft: its folder under `<home>/simulations/`."""

    @dg.asset(
        key=dg.AssetKey([GROUP, draft.replace("-", "_")]),
        deps=[SETTLEMENT],
        group_name=GROUP,
        partitions_def=DELIVERIES,
        kinds={"duckdb", "parquet"},
        description=f"The delivery under {draft} against {base}: the change per region, trust and group.",
    )
    def simulate(context: dg.AssetExecutionContext):
        with told_without_content(draft), opened(home(), context.partition_key) as activity:
            made = scenario.run(activity, base, [draft])
            path, unchanged = scenario.save(made, home() / command.FOLDER)
            refresh(home())
            comparison = made.comparisons[0]
            return dg.MaterializeResult(
                metadata={
                    "page": dg.MetadataValue.path(str(path / scenario.PAGE)),
                    "unchanged": unchanged,
                    "patients_settled_anew": comparison.patients_anew or "all",
                    "no_effect": comparison.touches_nothing,
                }
            )

    return simulate


SCENARIO_ASSETS = [scenario_asset(draft, base) for draft, base in drafts()]
