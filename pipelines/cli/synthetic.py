"""Synthetic deliveries."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.base import RulesetName, app, say
from pipelines.engine.progress import progress_line


@app.command()
def generate(
    out: Annotated[Path, typer.Option(help="Folder in which the delivery's folder is made.")],
    year: Annotated[int, typer.Option(help="Activity year.")],
    tertial: Annotated[int, typer.Option(min=1, max=3)] = 3,
    delivery: Annotated[int, typer.Option(min=1, max=2, help="1 = first, 2 = final.")] = 2,
    scale: Annotated[float, typer.Option(help="1 = a national year.", min=0.0001)] = 0.01,
    seed: Annotated[int, typer.Option(help="Same seed, same delivery.")] = 1,
    file_format: Annotated[str, typer.Option("--format", help="parquet or csv.")] = "parquet",
    errors: Annotated[float | None, typer.Option(help="Rate of injected errors; writes an answer key beside.")] = None,
    ruleset: RulesetName = None,
    npk: Annotated[
        bool,
        typer.Option("--npk", help="Also NPK's own results, with known differences and a key beside; settles for it."),
    ] = False,
    costs: Annotated[bool, typer.Option("--costs", help="Also believable costs per episode, beside.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of a delivery that has the name already.")
    ] = False,
) -> None:
    """Make a synthetic delivery, by the contract, of a believable Norway."""
    from pipelines.generate import generate as make

    if file_format not in ("parquet", "csv"):
        raise typer.BadParameter("must be parquet or csv", param_hint="--format")
    with progress_line() as progress:
        folder = make(
            out,
            year=year,
            tertial=tertial,
            delivery=delivery,
            scale=scale,
            seed=seed,
            format=file_format,
            errors=errors,
            ruleset=ruleset,
            with_npk=npk,
            costs=costs,
            replace=replace,
            progress=progress,
        )
    say(f"Delivery: {folder}")
