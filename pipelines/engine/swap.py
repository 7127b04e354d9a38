"""A finished folder takes a name that another folder has, without a moment at which the name is nobody's."""

import ctypes
import os
import shutil
from pathlib import Path

_AT_CWD, _EXCHANGE = -100, 2  # of renameat2(2)


def swap(finished: Path, folder: Path, aside: Path) -> None:
    """Give `finished` the name of `folder`; what was there is removed. `aside` is where it lies meanwhile, where the
    system cannot exchange two names at once: `restore` puts it back if the run is killed just then."""
    if not os.path.lexists(folder):
        os.rename(finished, folder)
        return
    if _exchanged(finished, folder):
        os.rename(finished, aside)
    else:
        os.rename(folder, aside)
        os.rename(finished, folder)
    remove(aside)


def restore(aside: Path, folder: Path) -> None:
    """Put a folder back that a killed `swap` had put aside, or remove it where the new one is in its place."""
    if os.path.lexists(folder):
        remove(aside)
    else:
        os.rename(aside, folder)


def remove(path: Path) -> None:
    """Remove a folder, a file or a link; nothing where there is nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system could exchange the two names."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    return rename(_AT_CWD, os.fsencode(one), _AT_CWD, os.fsencode(other), _EXCHANGE) == 0
