"""Where results live: the folders of a home, and the names in them. All are readable by their owner only, because the
input is health data.

    <home>/warehouse/<delivery>.duckdb           the settled delivery
    <home>/published/<delivery>[-r2…]/           what is published of it
    <home>/quality/<delivery>.duckdb             what the quality checks have measured; answers.duckdb
    <home>/simulation/<delivery>.cube.duckdb     the activity in small
    <home>/simulations/<scenario>/               the saved scenarios
"""

import os
import re
import shutil
from pathlib import Path

from pipelines.errors import IsfError


def prepare(home: Path) -> None:
    """Create the folders of a home that a settlement needs."""
    for folder in (home, home / "warehouse", home / "published"):
        make(folder)


def make(folder: Path) -> Path:
    """The folder, made if it is not there, for its owner alone."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    return folder


def warehouse(home: Path, delivery: str) -> Path:
    return home / "warehouse" / f"{delivery}.duckdb"


def quality(home: Path, delivery: str) -> Path:
    """Where the results of a delivery's quality checks are."""
    return home / "quality" / f"{delivery}.duckdb"


def cube(home: Path, delivery: str) -> Path:
    """Where a delivery's activity in small is."""
    return home / "simulation" / f"{delivery}.cube.duckdb"


def settled(home: Path) -> list[Path]:
    """The warehouses, by name."""
    return sorted((home / "warehouse").glob("[!.]*.duckdb"))


def find_warehouse(home: Path, delivery: str | None = None) -> Path:
    """A delivery's warehouse, by default the one written last. Raises IsfError naming those that there are."""
    found = settled(home)
    chosen = [path for path in found if delivery in (None, path.stem)]
    if not chosen:
        named = f" {delivery}" if delivery else ""
        raise IsfError(
            f"There is no settled delivery{named} under {home}; there are: "
            f"{', '.join(path.stem for path in found) or 'none'}. Run `isf settle DELIVERY --home {home}` first."
        )
    return max(chosen, key=lambda path: (path.stat().st_mtime_ns, path.name))


def building(parent: Path, name: str) -> Path:
    """Where this process builds what is to become `name` in the folder; what an earlier run left there is removed."""
    remove_stale(parent)
    path = parent / f".building-{os.getpid()}-{name}"
    remove(path)
    return path


def remove_stale(folder: Path) -> None:
    """Remove what runs that were killed left behind: names hold the run's process number."""
    for path in folder.glob(".building-*"):
        match = re.match(r"\.building-(\d+)-", path.name)
        if match and not alive(int(match.group(1))):
            remove(path)


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True
