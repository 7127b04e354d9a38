"""Writes the rows of one or more cases as a delivery folder by the delivery contract."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.cases.casebook import EPISODE_COLUMNS, HRESEPT_COLUMNS, Case, rows

COLUMNS = {
    "episode": EPISODE_COLUMNS,
    "tilstand": ["episodeID", "tilstNr", "kodeNr", "kode"],
    "prosedyre": ["episodeID", "prosNr", "kodeverk", "kode"],
    "helseperson": ["episodeID", "nr", "polUtforende"],
    "takst": ["episodeID", "takst"],
    "enhet": ["enhetID", "orgNr", "navn", "hf", "typeEnhet", "isfRefusjon"],
    "hresept": HRESEPT_COLUMNS,
    "akonto": ["rhf", "sektor", "maned", "belop"],
}
OPTIONAL = {"takst", "hresept", "akonto"}


def write_delivery(cases: list[Case], parent: Path) -> Path:
    """The folder of a delivery that holds these cases; all must name the same delivery."""
    (name,) = {case.delivery for case in cases}
    folder = parent / name
    folder.mkdir(parents=True)
    year, tertial, number = name.split("-")
    (folder / "leveranse.json").write_text(
        json.dumps({"year": int(year), "tertial": int(tertial[1:]), "delivery": int(number)}),
        encoding="utf-8",
    )
    tables: dict[str, list[dict]] = {table: [] for table in COLUMNS}
    for case in cases:
        for table, more in rows(case).items():
            tables[table] += more
    for table, content in tables.items():
        if table in OPTIONAL and not content:
            continue
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as handle:
            writer = csv.DictWriter(handle, COLUMNS[table], delimiter=";", restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(content)
    return folder
