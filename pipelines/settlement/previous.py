"""Against the delivery before: the change of the published totals, region by region and trust by trust.

Only what is public of both is used: the settlement per RHF and HF, which is published whole. So nothing follows from
the comparison that did not follow from the two publications. Why it changed, `isf compare` says, for the directorate.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.engine.workspace import literal
from pipelines.publication import folder, manifest
from pipelines.publication.tables import Rows, read

COLUMNS = ("nivaa", "orgnr", "navn", "sektor", "poeng_for", "poeng", "endring_poeng", "kr_for", "kr", "endring_kr")


@dataclass(frozen=True)
class Previous:
    """The publication of the delivery before: its folder, name, rule set and tertial, and the changes (see COLUMNS;
    `nivaa`: rhf or hf)."""

    path: Path
    delivery: str
    ruleset: str
    tertial: int
    changes: Rows


def find(published: Path, delivery: str) -> Path | None:
    """The latest intact revision of the latest earlier delivery of the same year."""
    year, *number = delivery.split("-")
    names = {path.name.split("-r")[0] for path in published.glob(f"{year}-T?-?*")}
    earlier = sorted(name for name in names if name.split("-")[1:] < number and len(name) == len(delivery))
    for name in reversed(earlier):
        for path in reversed(folder.revisions(published, name).values()):
            problems, content = manifest.compare(path)
            if not problems and content and content.get("format") == manifest.FORMAT:
                return path
    return None


def read_changes(con: duckdb.DuckDBPyConnection, path: Path | None) -> Previous | None:
    """What changed from that publication to the settlement of the connection; None where there is none."""
    if path is None:
        return None
    facts = json.loads((path / manifest.NAME).read_bytes())
    parts = [_change(path, level) for level in ("rhf", "hf")]
    rows = read(con, f"select * from ({' union all '.join(parts)}) order by nivaa desc, navn, orgnr, sektor")
    tertial = int(facts["delivery"].split("-T")[1][0])
    return Previous(path, facts["delivery"], facts["ruleset"]["id"], tertial, rows)


def _change(path: Path, level: str) -> str:
    before = f"read_parquet({literal(path / f'oppgjor_{level}.parquet')})"
    key = f"{level}_orgnr"
    return f"""
        select
            '{level}' as nivaa,
            coalesce(now.{key}, before.{key}) as orgnr,
            coalesce(now.{level}, before.{level}) as navn,
            coalesce(now.sektor, before.sektor) as sektor,
            coalesce(before.isf_poeng, 0) as poeng_for,
            coalesce(now.isf_poeng, 0) as poeng,
            coalesce(now.isf_poeng, 0) - coalesce(before.isf_poeng, 0) as endring_poeng,
            coalesce(before.refusjon_kr, 0) as kr_for,
            coalesce(now.refusjon_kr, 0) as kr,
            coalesce(now.refusjon_kr, 0) - coalesce(before.refusjon_kr, 0) as endring_kr
        from oppgjor_{level} as now
        full outer join {before} as before
            on before.{key} is not distinct from now.{key} and before.sektor = now.sektor
        where coalesce(now.isf_poeng, 0) <> 0 or coalesce(before.isf_poeng, 0) <> 0"""


def inputs(paths: Iterable[Path], form: str) -> list[dict]:
    """Publications as inputs of another: folder and the hash of the manifest."""
    return [
        {"file": path.name, "format": form, "rows": None, "sha256": manifest.sha256_of(path / manifest.NAME)}
        for path in paths
    ]
