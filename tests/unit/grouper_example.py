"""The invented definition tables for tests: copies with faults, other published forms, and grouping of a few cases."""

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

from pipelines.grouper import cases, run
from pipelines.grouper.shape import TABLES

EXAMPLE = Path(__file__).resolve().parents[2] / "reference_data" / "grouper-example"
Tables = dict[str, list[dict[str, str]]]


def example() -> Tables:
    """The example's tables, a row as column → text."""
    return {name: _rows(EXAMPLE / f"{name}.csv") for name in TABLES}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write_folder(tables: Tables, folder: Path) -> Path:
    """A folder with a CSV per table; the columns are those of the first row."""
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]) if rows else TABLES[name], restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def write_published(tables: Tables, path: Path) -> Path:
    """A ZIP as published: JSON with a byte-order mark, commas before brackets, a line break in a column name and
    right-aligned values."""
    renamed = [
        {"loc_drg\n(link to ndms)" if k == "loc_drg" else k: v for k, v in row.items()} for row in tables["drglogic"]
    ]
    renamed = [row | {"drg": row["drg"].rjust(4)} for row in renamed]
    text = json.dumps(tables | {"drglogic": renamed}, ensure_ascii=False, indent=1)
    loose = text.replace('"\n  }', '",\n  }').replace("}\n ]", "},\n ]").replace("loc_drg\\n", "loc_drg\n")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Definitions.json", "\ufeff" + loose)
    return path


def group(home: Path, id: str, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results of cases given as columns of a file of cases."""
    path = home / "cases.csv"
    names = ("id", "string") if "string" in given[0] else cases.FIELD_COLUMNS
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, delimiter=";", restval="")
        writer.writeheader()
        writer.writerows({"id": str(i), **one} for i, one in enumerate(given, 1))
    with run.grouped(home, id, lambda con: cases.fill_file(path, con), threads=1) as found:
        return found.results()
