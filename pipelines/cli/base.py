"""What the commands share: the app itself, the options that several have, and what is said where."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.engine import screen

app = typer.Typer(
    name="isf",
    help="Settlement of activity-based hospital financing (ISF) in Norway: exact, explained, reproducible.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
NOT_PUBLISHED = 3
Home = Annotated[
    Path, typer.Option("--home", envvar="ISF_HOME", help="Folder with warehouse/ and published/.", show_default=True)
]
DeliveryFolder = Annotated[
    Path, typer.Argument(help="Folder of the delivery, named as it: 2025-T1-2; or its id in HOME/deliveries.")
]
RulesetName = Annotated[
    str | None, typer.Option("--ruleset", help="Another rule set than the year's own: an id or a folder.")
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without", metavar="CHANGE", help="Leave out a change of a draft rule set; may be given several times."
    ),
]
Threads = Annotated[int, typer.Option(envvar="ISF_THREADS", help="Threads of the computation.", min=1)]
MemoryLimit = Annotated[str, typer.Option(help="Memory limit of the computation.")]
DEFAULT_HOME = Path("isf-data")


def say(text: str = "") -> None:
    print(screen.plain(text))


def say_result(text: str, folder: Path, unchanged: bool, page: str) -> None:
    """The result of a command on settled deliveries, and where its folder and its page lie."""
    say(text)
    say(f"\n{'Uendret' if unchanged else 'Lagret'}: {folder}")
    say(f"Side: {folder / page}")


def tell(text: str) -> None:
    """A sentence on standard error."""
    print(screen.plain(text), file=sys.stderr)


def warn_of_readers(home: Path) -> None:
    """A warning where others can look into a home that was there before."""
    from pipelines.engine.home import readable_by_others

    if warning := readable_by_others(home):
        tell(warning)


def show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"isf-oppgjor {version('isf-oppgjor')}")
        raise typer.Exit()


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Settlement of activity-based hospital financing (ISF) in Norway: exact, explained, reproducible."""
