"""Deliveries for whole runs, and what is left behind by runs."""

import hashlib
from pathlib import Path

from pipelines.engine.workspace import connect
from pipelines.settlement.verify import verify
from tests.property.deliveries import random_delivery, write_delivery

SECRET = "hemmelig"
IDS = ("episodeID", "pasientID", "utleveringID")


def deliver(parent: Path, seed: int = 3, *, quarantined: int = 0, number: int = 2) -> Path:
    """A random delivery. Its ids begin with SECRET, and `quarantined` more episodes have such a sector."""
    delivery = random_delivery(seed, patients=15, density=4)
    delivery.number, delivery.tertial = number, 3
    tables = delivery.tables
    tables["enhet"] = [row for row in tables["enhet"] if row["enhetID"] != "dup"]
    for rows in tables.values():
        for row in rows:
            row.update({column: f"{SECRET}-{row[column]}" for column in IDS if row.get(column)})
    for nr in range(quarantined):
        bad = {"episodeID": f"{SECRET}-q{nr}", "sektor": f"{SECRET}-sektor"}
        tables["episode"].append(tables["episode"][0] | bad)
    return write_delivery(delivery, parent)


def hashes(folder: Path) -> dict[str, str]:
    """Every file of a published folder with its hash."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def published(home: Path) -> list[str]:
    """Names of the published folders, every one of them complete and unchanged."""
    folders = sorted(path for path in (home / "published").glob("[!.]*"))
    for folder in folders:
        assert verify(folder) == []
    return [folder.name for folder in folders]


def settled_points(warehouse: Path):
    """The national sum of a warehouse that opens and is complete."""
    with connect(warehouse, read_only=True) as con:
        return con.execute("select sum(isf_poeng) from oppgjor_rhf").fetchone()[0]


def leftovers(home: Path) -> list[str]:
    """What a run that was stopped left in the folders of the home."""
    return sorted(path.name for folder in ("warehouse", "published") for path in (home / folder).glob(".*"))
