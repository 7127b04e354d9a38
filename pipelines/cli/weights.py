"""Weight sets."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.base import DEFAULT_HOME, Home, MemoryLimit, Threads, app, say
from pipelines.engine.progress import progress_line

weights = typer.Typer(help="Weight sets.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(weights, name="weights")


@weights.callback()
def _weights() -> None:
    """Weight sets: base points computed from cost weights and an activity's volumes."""


@weights.command("build")
def weights_build(
    activity: Annotated[str, typer.Option(help="Settled delivery in the home that gives the volumes.")],
    out: Annotated[Path, typer.Option(help="Folder for the new rule set.")],
    ruleset_name: Annotated[str, typer.Option("--ruleset", help="Rule set to start from.")],
    cost_weights: Annotated[
        Path | None, typer.Option(help="CSV with sector, drg, cost_weight; default those of the rule set.")
    ] = None,
    total: Annotated[
        list[str] | None, typer.Option(help="SECTOR=POINTS to calibrate to; may be given per sector.")
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(help="Build only DRGs of these methods or classes, e.g. short_stay,family:F41; keep the others."),
    ] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Compute base points from cost weights: day-surgery families, the 980 series, the PHV/TSB classes."""
    from pipelines.simulate import command

    unequal = [entry for entry in total or [] if "=" not in entry]
    if unequal:
        raise typer.BadParameter(f"{unequal[0]} is not SECTOR=POINTS", param_hint="--total")
    say(
        command.build_weights(
            home,
            ruleset_name,
            out,
            activity=activity,
            cost_weights=cost_weights,
            totals=dict(entry.split("=", 1) for entry in total or []) or None,
            only=only.split(",") if only else None,
        )
    )


@weights.command("from-costs")
def weights_from_costs(
    activity: Annotated[str, typer.Option(help="Settled delivery in the home whose episodes the costs are of.")],
    costs: Annotated[Path, typer.Option(help="CSV or Parquet with costs per episode (docs/costs.md).")],
    out: Annotated[Path, typer.Option(help="Folder for the new rule set.")],
    ruleset_name: Annotated[
        str | None, typer.Option("--ruleset", help="Rule set to start from; default the delivery's own.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Folder for the report; default OUT-rapport.")] = None,
    bootstrap: Annotated[
        int, typer.Option(help="Resamples for intervals of the weights: 0 = none, else 40 or more.", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the resampling.")] = 1,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Make weights of all groups from what patients cost: trim points, means, small groups, calibration, report."""
    from pipelines.simulate import command

    with progress_line() as progress:
        text = command.weights_from_costs(
            home,
            out,
            activity=activity,
            costs=costs,
            ruleset=ruleset_name,
            report=report,
            bootstrap=bootstrap,
            seed=seed,
            threads=threads,
            memory_limit=memory_limit,
            progress=progress,
        )
    say(text)
