"""Is there room for what a run will write? Asked before the work, so that a full disk is not found after an hour.

The factors are what a delivery's warehouse is at least, measured on synthetic deliveries (scale 0.01 and 0.02: 8.6 to
11.7 bytes per byte of Parquet, 1.5 of CSV, 6.8 of compressed CSV). They are taken low: a run that is turned away would
have failed. Where the room ends all the same, the run does, and says so (`pipelines.engine.faults`).
"""

import shutil
from pathlib import Path

from pipelines.errors import IsfError

FIXED = 13_000_000  # of a warehouse with a handful of rows: 13.1 MB
PER_BYTE = {".parquet": 4, ".csv": 1, ".gz": 4}


def needed(delivery: Path) -> int:
    """The least that settling a delivery writes, in bytes."""
    files = [path for path in delivery.iterdir() if path.is_file()] if delivery.is_dir() else []
    return FIXED + sum(PER_BYTE.get(path.suffix, 0) * path.stat().st_size for path in files)


def require(home: Path, delivery: Path) -> None:
    """Raises IsfError where the disk of the home has less free than settling the delivery needs at least."""
    free, least = shutil.disk_usage(home).free, needed(delivery)
    if free < least:
        raise IsfError(
            f"{home}: {_megabytes(free)} MB are free on its disk, and settling {delivery.name} takes at least"
            f" {_megabytes(least)} MB. Nothing was written. Remedy: make room, or choose a --home on another disk."
        )


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f}".replace(",", " ")
