"""Deliveries for whole runs, and what is left behind by runs."""

import hashlib
from pathlib import Path

from pipelines.engine.workspace import connect
from pipelines.settlement.run import settle
from pipelines.settlement.verify import verify
from tests.property.plain.landing import land, lines_of
from tests.property.plain.model import Delivery
from tests.property.random_deliveries import random_delivery, write_delivery
from tests.shared import copy_of, made_once

SECRET = "hemmelig"
IDS = ("episodeID", "pasientID", "utleveringID")
# The delivery of most tests, and one of the same name with other rows.
SEED, CORRECTED = 6, 3


def delivered(seed: int = SEED, **options: int) -> Path:
    """The random delivery that all tests share; to be read only."""
    kind = ("delivered", seed, sorted(options.items()))
    (folder,) = made_once(kind, lambda made: deliver(made, seed, **options)).iterdir()
    return folder


def published_home(target: Path, seed: int = SEED, **options: int) -> Path:
    """A home of one's own in which that delivery is settled and published, as the command does it once in a run."""

    def make(folder: Path) -> None:
        accepted = bool(options.get("quarantined"))
        assert settle(delivered(seed, **options), folder / "home", accept_quarantine=accepted).published

    return copy_of(("published_home", seed, sorted(options.items())), make, target) / "home"


def deliver(parent: Path, seed: int = SEED, *, quarantined: int = 0, patients: int = 4) -> Path:
    """A random delivery. Its ids begin with SECRET, and `quarantined` more episodes have such a sector."""
    delivery = random_delivery(seed, patients=patients, density=4)
    delivery.number, delivery.tertial = 2, 3
    tables = delivery.tables
    _readable(delivery)
    for rows in tables.values():
        for row in rows:
            row.update({column: f"{SECRET}-{row[column]}" for column in IDS if row.get(column)})
    for number in range(quarantined):
        bad = {"episodeID": f"{SECRET}-q{number}", "sektor": f"{SECRET}-sektor"}
        tables["episode"].append(tables["episode"][0] | bad)
    return write_delivery(delivery, parent)


def _readable(delivery: Delivery) -> None:
    """Take out the rows that would be set aside and the values that cannot be read, so that it is published."""
    landed = land(delivery)
    aside = {(table, line) for table, line, _ in landed.quarantine}
    for table, rows in delivery.tables.items():
        lines = range(1, len(rows) + 1) if table in delivery.parquet else lines_of(rows)
        numbered = list(zip(lines, rows, strict=True))
        for line, row in numbered:
            for column in (name for where, at, name in landed.unparsed if (where, at) == (table, line)):
                row[column] = ""
        rows[:] = [row for line, row in numbered if (table, line) not in aside]


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
