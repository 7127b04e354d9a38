"""Definition tables of the DRG grouper, and cases grouped by them."""

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.base import DEFAULT_HOME, Home, MemoryLimit, Threads, app, say
from pipelines.cli.front import write_front_pages
from pipelines.engine.progress import progress_line

if TYPE_CHECKING:
    import duckdb

grouper = typer.Typer(help="Definition tables of the DRG grouper.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(grouper, name="grouper")


@grouper.command("import")
def grouper_import(
    source: Annotated[
        Path, typer.Argument(metavar="FILE", help="The published ZIP or JSON, or a folder with a CSV per table.")
    ],
    year: Annotated[int, typer.Option(help="The activity year that the tables are for.")],
    set_id: Annotated[str | None, typer.Option("--id", help="Id of the set; default the year.")] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Read, check and store a set of definition tables."""
    from pipelines.grouper import sets
    from pipelines.grouper.text import set_text

    found, was_there = sets.import_set(source, home, year=year, id=set_id)
    say(set_text(found))
    say(f"{'Uendret, importert fra før' if was_there else 'Importert'}: {found.path}")


@grouper.command("list")
def grouper_list(home: Home = DEFAULT_HOME) -> None:
    """List the sets of definition tables of a home."""
    from pipelines.grouper import sets
    from pipelines.grouper.text import sets_text

    say(sets_text(sets.imported(home)))


@app.command()
def group(
    tables: Annotated[str, typer.Option(help="Id of the definition tables, see `isf grouper list`.")],
    cases: Annotated[
        Path | None,
        typer.Argument(
            metavar="[CASES]",
            help="CSV: id;string, or id;sex;age_days;discharge;duration;diagnoses;procedures.",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="CSV to write: id;drg;ord;rtc;mdc;hdg.")] = None,
    string: Annotated[str | None, typer.Option(help="One case as a DRG string of 165 fields.")] = None,
    main: Annotated[str | None, typer.Option(help="One case: main diagnosis, a pair as E103+H360.")] = None,
    secondary: Annotated[list[str] | None, typer.Option(help="Secondary diagnosis; may be repeated.")] = None,
    procedure: Annotated[list[str] | None, typer.Option(help="Procedure code; may be repeated.")] = None,
    sex: Annotated[str, typer.Option(help="1 man, 2 woman; empty = not known.")] = "",
    age_days: Annotated[str, typer.Option(help="Age in whole days at the start.")] = "",
    discharge: Annotated[str, typer.Option(help="E dead, R to another hospital, H otherwise.")] = "H",
    duration: Annotated[str, typer.Option(help="0 = outpatient contact, otherwise nights + 1.")] = "0",
    delivery: Annotated[
        str | None, typer.Option(help="Id of a settled delivery: group its stays and report what moves.")
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Also why: features, criteria, nearest earlier rules.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Group cases by a set of definition tables: a file, or one case with its reasons."""
    from pipelines.grouper import cases as given
    from pipelines.grouper import run as grouping
    from pipelines.grouper import text

    of_words = main is not None or bool(secondary or procedure)
    if (cases is not None) + (string is not None) + (delivery is not None) + of_words != 1:
        raise typer.BadParameter(
            "give a file of cases, or one case with --string, or with --main and its like, or a --delivery"
        )
    if delivery is not None:
        from pipelines.regroup.run import regroup

        with progress_line() as progress:
            made = regroup(home, delivery, tables, threads=threads, memory_limit=memory_limit, progress=progress)
        say(made.text)
        say(f"{'Uendret, skrevet fra før' if made.unchanged else 'Skrevet'}: {made.path}")
        write_front_pages(home)
        return
    if cases is not None:
        fill: Callable[[duckdb.DuckDBPyConnection], object] = functools.partial(given.fill_file, cases)
    elif string is not None:
        fill = functools.partial(given.fill_string, string)
    else:
        one = grouping.single(
            sex=sex,
            age_days=age_days,
            discharge=discharge,
            duration=duration,
            main=main or "",
            secondary=secondary or [],
            procedures=procedure or [],
        )
        fill = functools.partial(given.fill_one, one)
    with (
        progress_line(quiet=cases is None) as progress,
        grouping.grouped(home, tables, fill, threads=threads, memory_limit=memory_limit, progress=progress) as found,
    ):
        if out:
            found.write_csv(out)
            say(text.summary_text(found.cases, found.findings))
            say(f"Skrevet: {out}")
            return
        explain_it = why or cases is None
        results = found.explained() if explain_it else found.results()
        if as_json:
            about = {"id": found.definitions.id, "year": found.definitions.year, "sha256": found.definitions.sha256}
            say(json.dumps({"tables": about, "cases": results}, ensure_ascii=False, indent=2))
        elif explain_it:
            say("\n\n".join(text.explanation(one, found.definitions) for one in results))
        else:
            say(text.results_text(results))
            say(text.summary_text(found.cases, found.findings))
