"""What a home holds, for its front page: deliveries with their refund and what belongs to them, and other results.

Read from published folders alone, which appear whole and never change; names of files come from their manifests, so
nothing else of the home is ever linked or served.
"""

import contextlib
import html
import json
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import models
from pipelines.publication import folder, manifest, norwegian
from pipelines.publication.tables import PUBLIC

# Folder of a home → what its results are called.
RESULTS = {
    "comparisons": "Sammenligninger av leveranser",
    "reconciliations": "Avstemminger mot NPK",
    "regroupings": "Omgrupperinger",
    "simulations": "Scenarier",
    "prognoser": "Prognoser",
    "avregninger": "Avregninger",
    "rbf": "Resultatbasert finansiering",
    "exports": "Tabeller for andre verktøy (Power BI, Qlik, Stata)",
}
# Folder of a home → the kinds of its files that are named; of the others the pages and workbooks.
SHOWN = {"exports": (".parquet", ".dta")}
NAME = re.compile(r"(\d{4}-T\d-\d+)(?:-r[1-9]\d*)?")
CHECKS = "kontroller.html"
ELSEWHERE = "Uten RHF i registeret"
# Page of the quality reports → what it is called.
QUALITY = {
    "direktoratet/oversikt.html": "kvaliteten, for direktoratet",
    "nasjonalt/oversikt.html": "kvaliteten, offentlig oversikt",
    "direktoratet/kontroller.html": "kontroller av kvalitetsresultatene",
}
# What the files of a settlement and of other results are called, in the order in which they are named.
CALLED = {
    "oppgjor.html": "oppgjøret",
    CHECKS: "kontrollene",
    "sammenligning.html": "sammenligningen",
    "avstemming.html": "avstemmingen",
    "omgruppering.html": "omgrupperingen",
    "simulering.html": "simuleringen",
    "prognose.html": "prognosen",
    "avregning.html": "avregningen",
    "rbf.html": "fordelingen",
    **dict.fromkeys(("oppgjor.xlsx", "resultat.xlsx", "simulering.xlsx"), "regnearket"),
    **{f"{table.name}.csv": f"{table.title} (CSV)" for table in PUBLIC},
    **{
        f"{model.name}{kind}": model.header["title"]
        for model in (*(table.model for table in PUBLIC), *models("export"))
        for kind in SHOWN["exports"]
    },
}
LETTER = re.compile(r"brev_(\d{9})\.html")
ORGNR = re.compile(r"\d{9}")
DELIVERY = re.compile(r"\d{4}-T\d-\d+")


@dataclass(frozen=True)
class File:
    """A file that may be shown: its path below the home, and what it is called."""

    place: str
    text: str


@dataclass(frozen=True)
class Delivery:
    """A published delivery: the newest revision. Kroner are the nation's; `change_nok` is against the delivery before
    it in the year, `before`, and `after` is the one after it; `packs`: per region the hospitals' quality reports;
    `checks`: the outcome in words; `results`: per kind the other results that were made of it."""

    id: str
    place: str
    revisions: int
    ruleset: str
    produced: str | None
    refund_nok: Decimal
    advance_nok: Decimal
    balance_nok: Decimal
    points: Decimal
    is_explained: bool
    is_unpublished_newer: bool
    files: list[File]
    regions: list[dict[str, Any]]
    packs: list[tuple[str, list[File]]] = field(default_factory=list)
    quality: list[File] = field(default_factory=list)
    checks: str = ""
    before: str | None = None
    after: str | None = None
    change_nok: Decimal | None = None
    results: list[tuple[str, list["Result"]]] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    """A folder of a job's result, with its pages and workbooks, and the deliveries that it was made `of`."""

    name: str
    files: list[File]
    of: frozenset[str]


def deliveries(home: Path) -> list[Delivery]:
    """The published deliveries, the newest first."""
    found: list[Delivery] = []
    for name in sorted(published(home), key=_order):
        with contextlib.suppress(OSError, ValueError, KeyError, duckdb.Error):  # damaged, or just removed
            one = _delivery(home, name)
            before = found[-1] if found and found[-1].id[:4] == name[:4] else None
            if before:
                found[-1] = replace(before, after=one.id)
                one = replace(one, before=before.id, change_nok=one.refund_nok - before.refund_nok)
            found.append(one)
    made = results(home, found)
    return [replace(one, results=_of(one.id, made)) for one in reversed(found)]


def published(home: Path) -> set[str]:
    """The names of the deliveries that have a published folder, readable or not."""
    return {match[1] for path in _folders(home / "published") if (match := NAME.fullmatch(path.name))}


def unreadable(home: Path, deliveries: list[Delivery]) -> list[str]:
    """The published deliveries that are not among those that could be read."""
    return sorted(published(home) - {one.id for one in deliveries}, key=_order)


def _of(delivery: str, made: list[tuple[str, list[Result]]]) -> list[tuple[str, list[Result]]]:
    own = [(kind, [one for one in listed if delivery in one.of]) for kind, listed in made]
    return [(kind, listed) for kind, listed in own if listed]


def before(home: Path, name: str) -> str | None:
    """The published delivery before one in the same year that can be explained; None where there is none."""
    there = (one.id for one in deliveries(home) if one.id[:4] == name[:4] and one.is_explained)
    return max((id for id in there if _order(id) < _order(name)), key=_order, default=None)


def results(home: Path, deliveries: list[Delivery]) -> list[tuple[str, list[Result]]]:
    """Per kind of result its folders, by name; kinds without any are left out. Letters to regions are called by the
    names that the deliveries have for them."""
    regions = {row["rhf_orgnr"]: row["name"] for one in deliveries for row in one.regions}
    kinds = []
    for name, title in RESULTS.items():
        made = [_result(home, path, regions) for path in _folders(home / name)]
        if listed := [one for one in made if one.files]:
            kinds.append((title, listed))
    return kinds


def _result(home: Path, path: Path, regions: dict[str, str]) -> Result:
    named = []
    for file in _files(home, path, SHOWN.get(path.parent.name, (".html", ".xlsx"))):
        letter = LETTER.fullmatch(file.text)
        named.append(File(file.place, f"brev til {regions.get(letter[1], letter[1])}") if letter else file)
    of = set(DELIVERY.findall(path.name))
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        of |= {entry["delivery"] for entry in _manifest(path).get("deliveries", [])}
    return Result(path.name, named, frozenset(of))


def served(home: Path, place: str) -> Path | None:
    """The file of a place below the home if a manifest lists it, or is it: the one list of what may be shown; else
    None."""
    parts = place.split("/")
    if len(parts) < 3 or parts[0] not in ("published", *RESULTS) or any(part in ("", ".", "..") for part in parts):
        return None
    root = home / parts[0] / parts[1]
    inside = "/".join(parts[2:])
    if parts[1].startswith(".") or "\\" in place or "\0" in place or inside not in _listed(root) | {manifest.NAME}:
        return None
    path = root / inside
    real = path.resolve()
    return path if real.is_relative_to(root.resolve()) and real.is_file() and not root.is_symlink() else None


def _order(name: str) -> tuple[int, ...]:
    """The numbers of a delivery's id, by which `2025-T1-10` comes after `2025-T1-2`."""
    return tuple(int(number) for number in re.findall(r"\d+", name))


def _delivery(home: Path, name: str) -> Delivery:
    there = folder.revisions(home / "published", name)
    path = there[max(there)]
    facts = _manifest(path)
    rows, trusts = _sums(path, (path / manifest.NAME).stat().st_mtime_ns)
    packs, quality = _quality(home, name, trusts)
    computed, warehouse = homes.unpublished(home, name), homes.warehouse(home, name)
    return Delivery(
        id=name,
        place=f"published/{path.name}",
        revisions=len(there),
        ruleset=facts["ruleset"]["id"] + ("" if facts["ruleset"]["status"] == "final" else " (utkast)"),
        produced=facts["produced"],
        refund_nok=sum((row["refund_nok"] for row in rows), Decimal(0)),
        advance_nok=sum((row["advance_nok"] for row in rows), Decimal(0)),
        balance_nok=sum((row["balance_nok"] for row in rows), Decimal(0)),
        points=sum((row["points"] for row in rows), Decimal(0)),
        is_explained=warehouse.is_file(),
        is_unpublished_newer=computed.is_file(),
        files=_files(home, path, (".html", ".xlsx", ".csv")),
        regions=rows,
        packs=packs,
        quality=quality,
        checks=_outcome(path / CHECKS, (path / manifest.NAME).stat().st_mtime_ns),
    )


@lru_cache(maxsize=200)
def _sums(path: Path, _written: int) -> tuple[list[dict[str, Any]], dict[str, tuple[str, str]]]:
    """The rows per region, and the trusts' names and owners. Read once: a published folder never changes."""
    with contextlib.closing(workspace.connect(threads=1, memory_limit="200MB")) as con:
        rows = workspace.rows(con, _REGION.format(workspace.literal(path / "oppgjor_rhf.parquet")))
        trusts = con.execute(_TRUST.format(workspace.literal(path / "oppgjor_hf.parquet"))).fetchall()
        regions = {row["rhf_orgnr"]: row["name"] for row in rows}
        return rows, {number: (name, regions.get(owner, ELSEWHERE)) for number, name, owner in trusts}


_REGION = """
    select rhf_orgnr, rhf as name, sektor as sector, isf_poeng as points, refusjon_kr as refund_nok,
        akonto_kr as advance_nok, saldo_kr as balance_nok
    from read_parquet({})
    order by sektor desc, rhf, rhf_orgnr"""
_TRUST = "select distinct hf_orgnr, hf, rhf_orgnr from read_parquet({}) where hf_orgnr is not null order by all"


def _quality(
    home: Path, name: str, trusts: dict[str, tuple[str, str]]
) -> tuple[list[tuple[str, list[File]]], list[File]]:
    """The newest quality reports of a delivery: per region the hospitals' packs by name, and the other pages."""
    there = folder.revisions(home / "published", f"{name}-kvalitet")
    if not there:
        return [], []
    packs: dict[str, list[File]] = {}
    others = []
    for file in _files(home, there[max(there)], (".html",)):
        of = file.place.split("/")[2]
        if ORGNR.fullmatch(of):
            called, owner = trusts.get(of, (f"ukjent {of}", ELSEWHERE))
            packs.setdefault(owner, []).append(File(file.place, called))
        else:
            others.append(File(file.place, QUALITY.get(file.text, file.text)))
    others.sort(
        key=lambda one: list(QUALITY.values()).index(one.text) if one.text in QUALITY.values() else len(QUALITY)
    )
    by_name = norwegian.alphabetical
    named = [(owner, sorted(files, key=lambda one: (by_name(one.text), one.place))) for owner, files in packs.items()]
    return sorted(named, key=lambda pair: (pair[0] == ELSEWHERE, by_name(pair[0]))), others


@lru_cache(maxsize=200)
def _outcome(page: Path, _written: int) -> str:
    """The sentence in which the page of the checks says how they went; empty without it."""
    try:
        found = re.search(r'<p class="lead">([^<]*)</p>', page.read_text(encoding="utf-8"))
    except OSError:
        return ""
    return html.unescape(found[1]) if found else ""


def _files(home: Path, path: Path, kinds: tuple[str, ...]) -> list[File]:
    place = path.relative_to(home).as_posix()
    order = list(CALLED)
    names = sorted(_listed(path), key=lambda name: (order.index(name) if name in CALLED else len(order), name))
    return [File(f"{place}/{name}", CALLED.get(name, name)) for name in names if name.endswith(kinds)]


def _listed(path: Path) -> set[str]:
    """The files that a folder's manifest lists; none without one."""
    try:
        return set(_manifest(path)["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _manifest(path: Path) -> dict[str, Any]:
    file = path / manifest.NAME
    return _read_manifest(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=1000)
def _read_manifest(file: Path, _written: int) -> dict[str, Any]:
    return json.loads(file.read_bytes())


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.glob("[!.]*") if path.is_dir()) if parent.is_dir() else []
