"""The front pages as files, for who opens the folder of a home without the server: `index.html`, and
`leveranse/<id>/index.html` of each published delivery. Written by `isf index`, and by every command that puts a
result in place or removes one.

They are the directorate's, beside the published folders and never inside: those are handed on and say nothing of what
else a home holds.
"""

import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from pipelines.engine import home as homes
from pipelines.engine.faults import sentence
from pipelines.errors import IsfError
from pipelines.publication.audience import DIRECTORATE
from pipelines.serve import front, overview

NAME = "index.html"
FOLDER = "leveranse"


def write(home: Path) -> Path:
    """Write the pages as the home is now, for its owner alone, each in one step; those of deliveries that have gone are
    removed. Where the page of the home is.

    Raises IsfError where there is no home.
    """
    if not home.is_dir():
        raise IsfError(f"There is no home {home}. Run `isf settle DELIVERY --home {home}` first.")
    with _turn(homes.make(home / FOLDER)):
        deliveries = overview.deliveries(home)
        for one in deliveries:
            _put(homes.make(home / FOLDER / one.id), front.delivery(one))
        there = {one.id for one in deliveries}
        for path in (home / FOLDER).iterdir():
            if path.name not in there:
                homes.remove(path)
        return _put(home, front.home(deliveries, overview.results(home, deliveries), live=False))


def refresh(home: Path) -> None:
    """`write`, after a command whose own work is done: a home that cannot be written to is told on standard error and
    stops nothing."""
    if not home.is_dir():
        return
    try:
        write(home)
    except (OSError, IsfError) as error:
        print(f"{home / NAME} is not written anew: {sentence(error) or error}", file=sys.stderr)


def _put(folder: Path, text: str) -> Path:
    path = homes.building(folder, NAME)
    try:
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8", newline="\n")
        path.chmod(DIRECTORATE.file_mode)
        homes.flush(path)
        os.replace(path, folder / NAME)
    finally:
        homes.remove(path)
    return folder / NAME


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One at a time, so that the last one to write has seen all that was put in place before."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
