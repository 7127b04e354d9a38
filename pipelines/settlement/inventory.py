"""What a home holds of each delivery: `isf list`, and `isf remove`, because health data must be deletable."""

import contextlib
import json
import os
import re
from pathlib import Path

import duckdb

from pipelines.engine import faults, workspace
from pipelines.engine import home as homes
from pipelines.errors import DeliveryUnknown, IsfError
from pipelines.publication import folder, manifest, norwegian
from pipelines.settlement.text import table

# Databases that are named as the delivery, and folders of results that have it in their names.
DATABASES = ("warehouse", "unpublished", "quality", "quality/unpublished", "simulation")
RESULTS = ("simulations", "comparisons", "reconciliations", "regroupings", "rbf", "avregninger", "prognoser", "exports")
FOLDERS = (*DATABASES, "published", "ledger", *RESULTS)
MEGABYTE = 1_000_000
_NAME = re.compile(r"\d{4}-T\d-\d+")


def listed(home: Path) -> str:
    """The deliveries of a home as a table: state, dates of the data, revisions and size; and of each whose warehouse
    cannot be read now, why."""
    names = deliveries(home)
    if not names:
        return f"Ingen leveranser i {home}."
    head = ["leveranse", "tilstand", "periode", "produsert", "regelsett", "revisjoner", "MB"]
    unread: dict[str, str] = {}
    shown = table(head, [_row(home, name, unread) for name in names])
    return "\n".join([shown, *(f"{name}: {why}" for name, why in unread.items())])


def deliveries(home: Path) -> list[str]:
    """The deliveries that the home has anything of, by name."""
    found = {path.stem for path in homes.settled(home)}
    found |= {path.stem for path in (home / "unpublished").glob("[!.]*.duckdb")}
    found |= {match[0] for path in (home / "published").glob("[!.]*") if (match := _NAME.match(path.name))}
    return sorted(found)


def _row(home: Path, delivery: str, unread: dict[str, str]) -> tuple:
    """A row of the table; a warehouse that cannot be read goes to `unread`, with why."""
    published = home / "published"
    revisions = folder.revisions(published, delivery) if published.is_dir() else {}
    warehouse, computed = homes.warehouse(home, delivery), homes.unpublished(home, delivery)
    if computed.is_file():
        state = "ny beregning ikke publisert" if revisions else "beregnet, ikke publisert"
    elif revisions:
        state = "publisert" if warehouse.is_file() else "publisert, uten lager"
    else:
        state = "ikke publisert"
    facts: tuple[str, str, str] = ("–", "–", "–")
    path = warehouse if warehouse.is_file() else computed
    if path.is_file():
        try:
            facts = _facts(path)
        except (duckdb.Error, ValueError) as error:
            unread[delivery] = _why(path, error)
    size = sum(_bytes(path) for path in belongings(home, delivery))
    return (delivery, state, *facts, len(revisions), (size + MEGABYTE - 1) // MEGABYTE)


def _facts(path: Path) -> tuple[str, str, str]:
    """Period, day of production and rule set of a warehouse, as text. Raises duckdb.Error, and ValueError where it
    does not hold them once."""
    query = """
        select delivery.period_from, delivery.period_to, delivery.produced, ruleset.ruleset, ruleset.status
        from landing.delivery as delivery
        cross join ref.ruleset as ruleset"""
    with contextlib.closing(workspace.connect(path, read_only=True)) as con:
        ((first, last, produced, ruleset, status),) = con.execute(query).fetchall()
    mark = "" if status == "final" else " (utkast)"
    return f"{norwegian.date(first)}–{norwegian.date(last)}", norwegian.date(produced), f"{ruleset}{mark}"


def _why(path: Path, error: Exception) -> str:
    """Why a warehouse cannot be read, in Norwegian, and what to do."""
    if held := faults.holder(error):
        return f"lageret er åpent i et annet program ({held}). Lukk det der, og kjør kommandoen igjen."
    if not os.access(path, os.R_OK):
        return f"{path} kan ikke leses av denne brukeren. Be eieren om tilgang."
    return f"{path} er ikke et lager som denne utgaven av programmet leser. Gjør opp leveransen på nytt (isf settle)."


def belongings(home: Path, delivery: str) -> list[Path]:
    """Every file and folder that a home holds of a delivery: databases, publications, and results made from it."""
    found = []
    # Also those that wait for their publication, and the one that Dagster works in.
    database = re.compile(rf"(?:\.ready-[0-9a-f]{{64}}-|\.dagster-)?{re.escape(delivery)}(?:\.cube)?\.duckdb(?:\..+)?")
    for name in DATABASES:
        found += [path for path in _inside(home / name) if database.fullmatch(path.name)]
    publication = re.compile(rf"{re.escape(delivery)}(?:-kvalitet)?(?:-r[1-9]\d*)?")
    found += [path for path in _inside(home / "published") if publication.fullmatch(path.name)]
    ledger = re.compile(rf"{re.escape(delivery)}(?:-r[1-9]\d*)?(?:\..+)?")
    found += [path for path in _inside(home / "ledger") if ledger.fullmatch(path.name)]
    result = re.compile(rf"(?:.*_)?{re.escape(delivery)}(?:[_-].*)?")
    for name in RESULTS:
        found += [path for path in _inside(home / name) if result.fullmatch(path.name) or delivery in _made_from(path)]
    # Of the served lists also what is being built, and what it has spilled.
    index = re.compile(rf"(?:\.building-\d+-)?{re.escape(delivery)}\.index\.duckdb(?:\..+)?")
    found += [path for path in _inside(home / "serve") if index.fullmatch(path.name)]
    # What runs that were killed were making of it.
    half = re.compile(rf"(?:.*_)?{re.escape(delivery)}(?:[._-].*)?")
    for name in FOLDERS:
        found += [path for path, becomes in homes.stale(home / name) if half.fullmatch(becomes)]
    if homes.is_front_page(page := homes.front_page(home, delivery)):
        found.append(page)
    return sorted(found)


def _made_from(result: Path) -> set[str]:
    """The deliveries that a result's manifest names; a prognosis has others than its name tells."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        content = json.loads((result / manifest.NAME).read_bytes())
        return {entry["delivery"] for entry in content.get("deliveries", [])}
    return set()


def require(home: Path, delivery: str) -> list[Path]:
    """`belongings`. Raises DeliveryUnknown where the home has nothing of the delivery."""
    found = belongings(home, delivery)
    if not found:
        raise DeliveryUnknown(delivery, home, deliveries(home))
    return found


def remove(home: Path, delivery: str) -> list[Path]:
    """Delete all that the home holds of a delivery; what was deleted. Answers of hospitals are kept: they follow their
    rows to later deliveries. Raises DeliveryUnknown, and IsfError naming what could not be deleted."""
    found = require(home, delivery)
    with homes.turn(home):
        for path in found:
            homes.remove(path)
        for name in FOLDERS:
            homes.remove_stale(home / name)
        with contextlib.suppress(OSError):  # never made, or with what somebody else has put there
            homes.front_page(home, delivery).parent.rmdir()
    left = [path for path in found if path.exists()]
    if left:
        raise IsfError(f"Could not be deleted: {', '.join(map(str, left))}. Remedy: see who owns it, and try again.")
    return found


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _bytes(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
