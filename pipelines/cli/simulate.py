"""Other weights or rules on the same activity."""

import functools
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.base import DEFAULT_HOME, Home, MemoryLimit, Threads, Without, app, say, tell
from pipelines.cli.cluster import Engine, Exchange, ExchangeUrl, Master, on_engine
from pipelines.cli.front import write_front_pages
from pipelines.engine.progress import progress_line


@app.command()
def simulate(
    activity: Annotated[
        list[str] | None,
        typer.Option(help="Settled delivery in the home, e.g. 2025-T3-2; several with --engine spark."),
    ] = None,
    baseline: Annotated[str | None, typer.Option(help="Rule set to compare with; default the delivery's own.")] = None,
    alternative: Annotated[
        list[str] | None, typer.Option(help="Rule set, an id or a folder; may be given several times.")
    ] = None,
    without: Without = None,
    calibrate: Annotated[str, typer.Option(help="Keep the points of: total, sector or none.")] = "sector",
    only: Annotated[str | None, typer.Option(help="weights: change nothing but weights.")] = None,
    each_change: Annotated[
        bool, typer.Option("--each-change", help="Also what each change of the alternative does alone.")
    ] = False,
    price: Annotated[
        list[str] | None, typer.Option(help="SECTOR=KRONER: unit price of the alternative, for the kroner statement.")
    ] = None,
    growth: Annotated[
        list[str] | None,
        typer.Option(help="SECTOR:GROUP=PER CENT: growth of activity, the group a DRG, STG, TFG, 'HDG 5' or *."),
    ] = None,
    neutral: Annotated[
        list[str] | None,
        typer.Option(help="SECTOR:GROUP: the base points of the DRG, STG or TFG at which the change costs nothing."),
    ] = None,
    crosswalk: Annotated[
        Path | None, typer.Option(help="CSV with episodeID;drg: other DRGs of the episodes in the alternative.")
    ] = None,
    alternative_grouping: Annotated[
        str | None,
        typer.Option(help="Id of imported definition tables: the alternative's stays are grouped anew by them."),
    ] = None,
    bootstrap: Annotated[int, typer.Option(help="Resamples for intervals: 0 = none, else 40 or more.", min=0)] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the resampling.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder for the scenario; default HOME/simulations.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the saved scenarios.")] = False,
    home: Home = DEFAULT_HOME,
    engine: Engine = None,
    master: Master = None,
    exchange: Exchange = None,
    exchange_url: ExchangeUrl = None,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Show what other weights or rules would do to regions and trusts, on the same activity."""
    from pipelines.simulate import command

    if listing:
        say(command.listed(home))
        return
    several = len(activity or ()) > 1
    on_cluster = {"--master": master, "--exchange": exchange, "--exchange-url": exchange_url}
    if on_engine(engine, {**on_cluster, "several --activity": several}):
        from pipelines.cluster import scenarios
        from pipelines.cluster.settings import Cluster

        cluster = Cluster(master, exchange=exchange, exchange_url=exchange_url)
        run = functools.partial(
            scenarios.simulate, home, activity or (), baseline, alternative or (), cluster, tell=tell
        )
    else:
        run = functools.partial(command.simulate, home, activity[0] if activity else None, baseline, alternative or [])
    with progress_line() as progress:
        text = run(
            without=without or (),
            calibrate=calibrate,
            only=only,
            each_change=each_change,
            prices=price or (),
            growth=growth or (),
            neutral=neutral or (),
            crosswalk=crosswalk,
            alternative_grouping=alternative_grouping,
            bootstrap=bootstrap,
            seed=seed,
            out=out,
            threads=threads,
            memory_limit=memory_limit,
            progress=progress,
        )
    say(text)
    write_front_pages(home)
