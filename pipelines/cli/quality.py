"""The quality of the data, and the registers that its checks ask."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.base import DEFAULT_HOME, Home, MemoryLimit, Threads, app, say, warn_of_readers
from pipelines.cli.front import leaves_front_pages
from pipelines.engine.progress import progress_line


@app.command()
@leaves_front_pages
def quality(
    delivery: Annotated[str, typer.Argument(help="Id of a settled delivery, or a delivery's folder.")],
    answers: Annotated[
        Path | None,
        typer.Option(help="A hospital's CSV or workbook with its answers, taken before the reports are made."),
    ] = None,
    not_published: Annotated[
        bool, typer.Option("--unpublished", help="Of what was computed last and not published.")
    ] = False,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Check the data of a delivery and make the report of each hospital and of the country."""
    from pipelines.quality import command

    warn_of_readers(home)
    with progress_line() as progress:
        text = command.run_quality(
            delivery,
            home,
            answers,
            progress,
            unpublished=not_published,
            threads=threads,
            memory_limit=memory_limit,
        )
    say(text)


@app.command("register")
def take_register(
    kind: Annotated[str, typer.Argument(help="icd10, procedure (NCMP, NCSP and NCRP) or atc.")],
    file: Annotated[Path, typer.Argument(help="CSV with a column `code`, or one code per line.")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Take a code register, for the quality checks that ask whether a code exists."""
    from pipelines.quality import registers

    count = registers.take(file, home, kind)
    say(f"Taken: {count} codes of {registers.REGISTERS[kind]}. The next `isf quality` uses them.")
