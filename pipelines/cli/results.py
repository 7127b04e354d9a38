"""What is made from settled deliveries: comparisons, forecasts, exports, the closing of the year."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.base import DEFAULT_HOME, Home, MemoryLimit, Threads, app, say, say_result, tell
from pipelines.cli.front import leaves_front_pages
from pipelines.engine.progress import progress_line


@app.command()
@leaves_front_pages
def compare(
    earlier: Annotated[str, typer.Argument(metavar="A", help="A settled delivery, e.g. 2025-T1-1.")],
    later: Annotated[str, typer.Argument(metavar="B", help="A later one of the same year, e.g. 2025-T1-2.")],
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Say what changed between two settled deliveries, and why: every change of points under one cause."""
    from pipelines.compare.run import compare as run

    with progress_line() as progress:
        outcome = run(home, earlier, later, threads=threads, memory_limit=memory_limit, progress=progress, tell=tell)
    say_result(outcome.text, outcome.path, outcome.unchanged, "sammenligning.html")


@app.command()
@leaves_front_pages
def reconcile(
    delivery: Annotated[str, typer.Argument(help="A settled delivery that carries NPK's own results.")],
    tables: Annotated[
        str | None,
        typer.Option(help="Id of definition tables by which `isf group --delivery` grouped its stays: explains DRGs."),
    ] = None,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Set our stays and points beside NPK's, every difference with one reason."""
    from pipelines.reconcile.run import reconcile as run

    with progress_line() as progress:
        outcome = run(home, delivery, definitions=tables, threads=threads, memory_limit=memory_limit, progress=progress)
    say_result(outcome.text, outcome.path, outcome.unchanged, "avstemming.html")


@app.command()
@leaves_front_pages
def prognosis(
    delivery: Annotated[str, typer.Argument(help="A settled delivery, e.g. 2025-T1-2.")],
    budget: Annotated[Path | None, typer.Option(help="CSV rhf_orgnr;sektor;poeng: the points of the budget.")] = None,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Say what the year will be from the months delivered, with an interval, and against the budget."""
    from pipelines.prognosis.run import prognosis as run

    with progress_line() as progress:
        outcome = run(home, delivery, budget=budget, threads=threads, memory_limit=memory_limit, progress=progress)
    say_result(outcome.text, outcome.path, outcome.unchanged, "prognose.html")


@app.command()
@leaves_front_pages
def export(
    delivery: Annotated[str, typer.Argument(help="A settled delivery, e.g. 2025-T1-2.")],
    to: Annotated[str, typer.Option(help="parquet (Power BI, Qlik, R, SAS) or stata.")] = "parquet",
    home: Home = DEFAULT_HOME,
) -> None:
    """Write the published tables as a star with names, for other tools; small numbers stay hidden."""
    from pipelines.export.run import export as run

    outcome = run(home, delivery, to)
    for name, rows in outcome.rows.items():
        say(f"{name:<24}{rows:>10}")
    say(f"\n{'Uendret' if outcome.unchanged else 'Lagret'}: {outcome.path}")


@app.command()
@leaves_front_pages
def avregning(
    year: Annotated[int, typer.Argument(help="Activity year; its T3 final delivery must be settled.")],
    decisions: Annotated[Path, typer.Option(help="avregning.toml: unit prices and corrections that are decided.")],
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Close the year: decided prices, corrections, advances and balance per RHF, with a letter to each."""
    from pipelines.avregning.run import avregning as run

    with progress_line() as progress:
        outcome = run(home, year, decisions, threads=threads, memory_limit=memory_limit, progress=progress, tell=tell)
    say_result(outcome.text, outcome.path, outcome.unchanged, "avregning.html")


@app.command()
@leaves_front_pages
def rbf(
    deliveries: Annotated[
        list[str], typer.Argument(metavar="ID...", help="A settled delivery; or two, the preliminary and the final.")
    ],
    nki: Annotated[Path, typer.Option(help="CSV rhf_orgnr;teller;nevner: discharge summaries sent within a day.")],
    year: Annotated[int | None, typer.Option(help="Year of the scheme; default the year after the activity.")] = None,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Allocate result-based financing (RBF) to the regions by the indicators of a settled delivery."""
    from pipelines.rbf.run import allocate

    with progress_line() as progress:
        outcome = allocate(
            home, deliveries, nki, year=year, threads=threads, memory_limit=memory_limit, progress=progress
        )
    say_result(outcome.text, outcome.path, outcome.unchanged, "rbf.html")
