"""The options of a cluster (docs/cluster.md)."""

from pathlib import Path
from typing import Annotated

import typer

Engine = Annotated[
    str | None, typer.Option(help="spark: on a cluster (docs/cluster.md); by default on this machine.", metavar="spark")
]
Master = Annotated[
    str | None,
    typer.Option(
        help="Address of the cluster, e.g. spark://host:7077; by default what spark-submit or the platform says."
    ),
]
Exchange = Annotated[
    Path | None, typer.Option(help="Folder that the cluster's machines see too; by default in the home.")
]
ExchangeUrl = Annotated[
    str | None, typer.Option(help="The same folder as Spark names it, where that is not file:FOLDER.")
]


def on_engine(engine: str | None, needing: dict[str, object]) -> bool:
    """Whether a cluster is asked for. Raises InputRefused for an unknown engine, and options that need one."""
    from pipelines.errors import InputRefused

    problems = [] if engine in (None, "spark") else [f"'{engine}' is not known. Use spark, or leave it out."]
    if engine is None:
        problems += [f"{name} is about a cluster. Add --engine spark." for name, value in needing.items() if value]
    if problems:
        raise InputRefused("--engine", problems)
    return engine is not None
