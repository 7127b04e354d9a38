"""Where results live: `<home>/warehouse/` and `<home>/published/`, readable by their owner only."""

import os
import re
import shutil
from pathlib import Path

from pipelines.errors import IsfError


def prepare(home: Path) -> None:
    """Create the folders of a home; the input is health data, so only the owner may look."""
    for folder in (home, home / "warehouse", home / "published", home / "ledger"):
        folder.mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o700)


def warehouse(home: Path, delivery: str) -> Path:
    return home / "warehouse" / f"{delivery}.duckdb"


def newest_warehouse(home: Path) -> Path:
    """The warehouse written last. Raises IsfError when there is none."""
    found = sorted((home / "warehouse").glob("[!.]*.duckdb"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    if not found:
        raise IsfError(f"No settled delivery under {home}. Run `isf settle DELIVERY --home {home}` first.")
    return found[-1]


def remove_stale(folder: Path) -> None:
    """Remove what runs that were killed left behind: names hold the run's process number."""
    for path in folder.glob(".building-*"):
        match = re.match(r"\.building-(\d+)-", path.name)
        if match and not _alive(int(match.group(1))):
            remove(path)


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
