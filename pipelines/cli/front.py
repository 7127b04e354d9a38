"""Commands that put something in place write the front pages of their home anew."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer


def write_front_pages(home: Path) -> None:
    """The front pages of a home as it is now, after a command that has put something in place there."""
    from pipelines.serve.index import refresh

    refresh(home)


def leaves_front_pages(command: Callable[..., None]) -> Callable[..., None]:
    """A command after which the front pages of its home are written anew; also where a settlement was computed and not
    published, or it failed when a result was in place or gone, but not where it was refused."""

    @functools.wraps(command)
    def done(*args: Any, home: Path, **options: Any) -> None:
        before = results_in(home)
        try:
            command(*args, home=home, **options)
        except typer.Exit:
            write_front_pages(home)
            raise
        except BaseException:
            # Also where it was told to stop just after a result was in place.
            if results_in(home) != before:
                write_front_pages(home)
            raise
        write_front_pages(home)

    return done


def results_in(home: Path) -> set[Path]:
    """The folders of results that a home has."""
    return set(home.glob("*/[!.]*/"))
