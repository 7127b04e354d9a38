"""The front pages as files, for who opens the folder of a home without the server: `index.html`, and
`leveranse/<id>/index.html` of each published delivery. Written by `isf index`, and by every command that puts a
result in place or removes one.

A folder of a home may hold what others put there, raw deliveries even. Nothing is written over or removed but pages
that say in their head that this program wrote them, and no folder that holds more than such a page.

They are the directorate's, beside the published folders and never inside: those are handed on and say nothing of what
else a home holds.
"""

import os
import re
import shlex
import sys
from pathlib import Path

from pipelines.engine import home as homes
from pipelines.errors import IsfError
from pipelines.publication.audience import DIRECTORATE
from pipelines.serve import front, overview

NAME, FOLDER = homes.FRONT_PAGE, homes.FRONT_PAGES
_BUILDING = re.compile(rf"\.building-\d+-{re.escape(NAME)}")


def write(home: Path) -> Path:
    """Write the pages as the home is now, for its owner alone, each in one step; those of deliveries that nothing is
    published of any more are removed. Where the page of the home is.

    Raises IsfError where there is no home, or another's page has the place of the home's.
    """
    if not _is_home(home):
        raise IsfError(
            f"There is no home {home}: it has neither published/ nor warehouse/."
            f" Run `isf settle DELIVERY --home {shlex.quote(str(home))}` first."
        )
    with homes.turn_in(home):
        deliveries = overview.deliveries(home)
        _of_deliveries(home, deliveries)
        page = home / NAME
        if os.path.lexists(page) and not homes.is_front_page(page):
            raise IsfError(f"{page} is not a front page of this program, and is left as it is. Remedy: move it away.")
        shown = overview.results(home, deliveries), overview.unreadable(home, deliveries)
        return _put(home, front.home(deliveries, *shown, live=False))


def refresh(home: Path) -> None:
    """`write`, after a command whose own work is done: what goes wrong here is told on standard error, without any
    content, and stops nothing."""
    if not _is_home(home):
        return
    try:
        write(home)
    except Exception as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        _tell(
            str(error)
            if isinstance(error, IsfError)
            else f"{home / NAME} could not be written ({reason}); the result itself is in place."
            f" Remedy: isf index --home {shlex.quote(str(home))}"
        )


def _is_home(home: Path) -> bool:
    return (home / "published").is_dir() or (home / "warehouse").is_dir()


def _of_deliveries(home: Path, deliveries: list[overview.Delivery]) -> None:
    """The pages of deliveries; one that is published and cannot be read now keeps the page that it has."""
    parent = home / FOLDER
    if parent.is_symlink() or (parent.exists() and not parent.is_dir()):
        _tell(f"{parent} is not a folder of this home: no pages are written there. Remedy: move it away.")
        return
    for one in deliveries:
        folder = homes.front_page(home, one.id).parent
        if _is_free(folder):
            _put(homes.make(folder), front.delivery(one))
        else:
            _tell(f"{folder} holds more than a front page, and is left as it is. Remedy: move it out of {parent}.")
    there = overview.published(home)
    for folder in parent.iterdir() if parent.is_dir() else ():
        if overview.DELIVERY.fullmatch(folder.name) and folder.name not in there:
            _remove(folder)


def _is_free(folder: Path) -> bool:
    """Whether a page may be put there: nothing else is in the folder, if there is one."""
    if folder.is_symlink() or not folder.is_dir():
        return not os.path.lexists(folder)
    return all(homes.is_front_page(path) if path.name == NAME else _is_left(path) for path in folder.iterdir())


def _is_left(path: Path) -> bool:
    """Whether a file is a page that a killed run was writing."""
    return bool(_BUILDING.fullmatch(path.name)) and path.is_file() and not path.is_symlink()


def _remove(folder: Path) -> None:
    if (folder / NAME).is_file() and _is_free(folder):
        for path in list(folder.iterdir()):
            path.unlink()
        folder.rmdir()


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


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
