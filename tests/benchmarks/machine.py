"""What a measurement was made on: the machine, the versions and the delivery."""

import datetime as dt
import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

LIBRARIES = ("duckdb", "polars", "pandas", "pyarrow", "numpy")


def describe_machine() -> dict[str, Any]:
    """Cores, memory, processor, system, versions, and how busy the machine was at the start."""
    return {
        "date": dt.date.today().isoformat(),
        "cores": os.cpu_count(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "processor": _processor(),
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
        "load": round(os.getloadavg()[0], 1),
        "versions": {"Python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def describe_delivery(folder: Path) -> dict[str, Any]:
    """Rows and bytes of the delivery's Parquet files."""
    header = json.loads((folder / "leveranse.json").read_text(encoding="utf-8"))
    return {
        "name": folder.resolve().name,
        "rows": {name: file["rows"] for name, file in sorted(header["files"].items())},
        "bytes": sum(path.stat().st_size for path in folder.glob("*.parquet")),
    }
