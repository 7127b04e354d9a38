"""A home as a whole: its deliveries, removing one, its pages, and the demo."""

import functools
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.base import DEFAULT_HOME, Home, RulesetName, app, say, warn_of_readers
from pipelines.cli.front import leaves_front_pages
from pipelines.engine.progress import progress_line


@app.command("list")
def list_deliveries(home: Home = DEFAULT_HOME) -> None:
    """List the deliveries of a home: state, dates of the data, revisions, size."""
    from pipelines.settlement.inventory import listed

    say(listed(home))


@app.command()
@leaves_front_pages
def remove(
    delivery: Annotated[str, typer.Argument(metavar="ID", help="Delivery, e.g. 2025-T1-2.")],
    home: Home = DEFAULT_HOME,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete all that a home holds of a delivery: databases, publications, and results made from it."""
    from pipelines.settlement import inventory

    found = inventory.require(home, delivery)
    for path in found:
        say(f"  {path}")
    if not yes:
        typer.confirm(f"Delete these {len(found)} for good?", abort=True)
    removed = inventory.remove(home, delivery)
    say(f"Deleted {len(removed)} of {delivery}. Answers of hospitals in quality/answers.duckdb are kept.")


@app.command()
def serve(
    home: Home = DEFAULT_HOME,
    port: Annotated[int, typer.Option(help="Port on this machine; 0 is a free one.", min=0, max=65535)] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    indexes: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the indexes of the lists lie; default HOME/serve.")
    ] = None,
) -> None:
    """Show a home in the browser: deliveries, the rows behind every sum, explanations. On this machine only."""
    from pipelines.serve.run import serve as serve_home

    warn_of_readers(home)
    serve_home(home, port=port, browser=not no_browser, indexes=indexes, say=functools.partial(print, flush=True))


@app.command()
def index(home: Home = DEFAULT_HOME) -> None:
    """Write index.html and leveranse/ID/index.html: the front pages of a home as it is now."""
    from pipelines.serve.index import write

    warn_of_readers(home)
    say(f"Page: {write(home)}")


@app.command()
@leaves_front_pages
def demo(
    home: Home = DEFAULT_HOME,
    scale: Annotated[float, typer.Option(help="1 = a national year.", min=0.0001)] = 0.01,
    ruleset: RulesetName = None,
) -> None:
    """Generate a small national delivery, settle it, explain one stay and show where the report is."""
    from pipelines.demo import demonstrate

    warn_of_readers(home)
    with progress_line() as progress:
        text = demonstrate(home, scale=scale, ruleset=ruleset, progress=progress)
    say(text)
