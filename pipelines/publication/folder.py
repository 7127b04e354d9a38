"""A published folder: it appears whole or not at all, and is never changed afterwards.

Everything is written into `published/.tmp-<pid>-<delivery>`, flushed to disk, made read-only and renamed.
What a killed run left behind is removed by the next one, if the process that owned it is gone.
"""

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pipelines.errors import IsfError

TMP_PREFIX = ".tmp-"
PERSONAL_MODE = 0o400
FILE_MODE = 0o444
FOLDER_MODE = 0o755


def safe_name(name: str) -> str:
    """A delivery's name that can be a folder's name; anything else is refused."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise IsfError(f"A delivery named {name!r} cannot be a folder. Remedy: name it as year-tertial-number.")
    return name


def safe_path(name: str) -> str:
    """A relative path of an extra file; it must stay inside the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or any(part.startswith(".") for part in path.parts) or "\\" in name:
        raise IsfError(f"An extra file named {name!r} would lie outside the published folder.")
    return str(path)


def remove_stale(published: Path, own: Path) -> list[str]:
    """Removes the temporary folders of runs that are gone, and `own` if it is left over; the removed
    names."""
    removed = []
    for folder in sorted(published.glob(f"{TMP_PREFIX}*")):
        owner = re.match(rf"{re.escape(TMP_PREFIX)}(\d+)-", folder.name)
        if folder == own or (owner and not _alive(int(owner[1]))):
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder.name)
    return removed


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def tmp_folder(published: Path, delivery: str) -> Path:
    """Where this process builds the folder of `delivery`."""
    return published / f"{TMP_PREFIX}{os.getpid()}-{delivery}"


def files_in(folder: Path) -> list[str]:
    """All files below `folder`, as relative POSIX paths, sorted."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() or p.is_symlink())


def seal(folder: Path, personal: set[str], folder_mode: int = FOLDER_MODE) -> None:
    """Makes every file read-only (`personal` ones for the owner alone) and flushes files and folders to
    disk."""
    for name in files_in(folder):
        path = folder / name
        _flush(path)
        path.chmod(PERSONAL_MODE if name in personal else FILE_MODE)
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        path.chmod(folder_mode)
        _flush(path)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def revisions(published: Path, delivery: str) -> dict[int, Path]:
    """The published folders of `delivery` by revision number; the folder without suffix is revision 1."""
    pattern = re.compile(rf"{re.escape(delivery)}(?:-r([1-9]\d*))?")
    found = {}
    for path in published.iterdir():
        match = pattern.fullmatch(path.name)
        if match and path.is_dir():
            found[int(match[1] or 1)] = path
    return dict(sorted(found.items()))


def place(tmp: Path, published: Path, delivery: str, beside: tuple[Path, Path] | None = None) -> tuple[Path, int]:
    """Renames `tmp` to the next free revision of `delivery`: its path and number.

    `beside`: a folder and where it belongs under the same name. It takes its place first, so that no publication is
    ever without it; one that a killed run has left there without a publication makes way.
    """
    with _turn(published):
        number = max(revisions(published, delivery), default=0) + 1
        target = published / (delivery if number == 1 else f"{delivery}-r{number}")
        if target.exists():
            raise IsfError(f"{target} is in the way of a publication. Remedy: move it away.")
        if beside:
            companion, parent = beside
            shutil.rmtree(parent / target.name, ignore_errors=True)
            os.rename(companion, parent / target.name)
            _flush(parent)
        os.rename(tmp, target)
        _flush(published)
        return target, number


@contextlib.contextmanager
def _turn(published: Path) -> Iterator[None]:
    """One run at a time gives names; the lock goes with the process."""
    handle = os.open(published, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
