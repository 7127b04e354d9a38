"""A published settlement as a star for other tools: its tables as facts, and dimensions with names beside them.

Only what is published is read, after small numbers are hidden; of the warehouse nothing but the rule set's own tables.
As Parquet the facts are the published files, byte for byte, so points and kroner stay decimal. Stata has no decimal
type: its files are copies in doubles, and say so.
"""

import contextlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import models, run
from pipelines.errors import InputRefused, IsfError
from pipelines.export import stata
from pipelines.publication import folder, manifest, result
from pipelines.publication.audience import PUBLIC as EVERYBODY
from pipelines.publication.tables import PUBLIC, write_parquet
from pipelines.settlement import settled
from pipelines.settlement.previous import inputs

FORMAT = "isf-oppgjor/export/1"
FOLDER = "exports"
STAGE = "export"
KINDS = ("parquet", "stata")
DRAFT = "UTKAST: "


@dataclass(frozen=True)
class Outcome:
    """Where the star lies, whether it was there already, and its tables with their rows."""

    path: Path
    unchanged: bool
    rows: dict[str, int]


def export(home: Path, delivery: str, to: str) -> Outcome:
    """Write `<home>/exports/<delivery>-<to>/` from the newest publication of the delivery, whole or not at all.

    Raises InputRefused for an unknown kind or delivery, IsfError for a publication that is changed or of other rules
    than the warehouse.
    """
    if to not in KINDS:
        raise InputRefused("--to", [f"'{to}' is not known. Use {' or '.join(KINDS)}."])
    settled.require(home, [delivery], "The export")
    source, facts = _published(home, delivery)
    with contextlib.closing(workspace.connect(threads=1)) as con:
        side = settled.attach(con, home, delivery, "wh")
        if side["sha256"] != facts["ruleset"]["sha256"]:
            raise IsfError(f"{source} was made by another rule set than the warehouse of {delivery}. Settle it again.")
        con.execute("attach ':memory:' as star")
        published = {
            spec.name: f"read_parquet({workspace.literal(source / f'{spec.name}.parquet')})" for spec in PUBLIC
        }
        _of_publication(con, source, facts)
        reading = {"ref": "wh.ref", "publication": "memory.main.publication", **published}
        names = run(STAGE, con, into="star", reading=reading)
        rows: dict[str, int] = {}

        def write(tmp: Path) -> folder.Made:
            for spec in PUBLIC:
                rows[spec.name] = _WRITERS[to](con, spec.model, published[spec.name], tmp, source, facts)
            for model in (one for one in models(STAGE) if one.name in names):
                rows[model.name] = _WRITERS[to](con, model, f"star.{model.name}", tmp, None, facts)
            made_from = {name: facts[name] for name in ("delivery", "ruleset", "program", "options")}
            content = {
                "format": FORMAT,
                "audience": EVERYBODY.name,
                "audience_text": EVERYBODY.line,
                **made_from,
                "inputs": inputs([source], "publication"),
                "rows": dict(rows),
            }
            return folder.Made(content)

        placed = folder.publish(homes.make(home / FOLDER), f"{delivery}-{to}", write)
        return Outcome(placed.path, placed.unchanged, rows)


def _published(home: Path, delivery: str) -> tuple[Path, dict[str, Any]]:
    """The newest publication of the delivery, and its manifest. Raises IsfError where it is not as it was published."""
    found = folder.revisions(home / "published", delivery)
    if not found:
        raise IsfError(f"{home / 'published'} has no publication of {delivery}. Settle it first.")
    path = found[max(found)]
    if problems := manifest.compare(path)[0]:
        raise IsfError(f"{path} is not as it was published: {'; '.join(problems)}. Settle the delivery again.")
    return path, json.loads((path / manifest.NAME).read_bytes())


def _of_publication(con: duckdb.DuckDBPyConnection, source: Path, facts: dict[str, Any]) -> None:
    """Table `publication`: what is exported, as its folder and manifest say."""
    kinds = "delivery varchar, produced varchar, folder varchar, ruleset varchar, status varchar"
    rules = facts["ruleset"]
    row = (facts["delivery"], facts.get("produced"), source.name, rules["id"], rules["status"])
    workspace.fill(con, "publication", kinds, [row])


Writer = Callable[[duckdb.DuckDBPyConnection, Any, str, Path, Path | None, dict[str, Any]], int]


def _parquet(con, model, relation: str, tmp: Path, source: Path | None, facts: dict[str, Any]) -> int:
    """A published file as it is, or a dimension; how many rows it has."""
    target = tmp / f"{model.name}.parquet"
    if source:
        shutil.copyfile(source / target.name, target)
    else:
        write_parquet(con, result.ordered(model, relation), target)
    return int(workspace.only_row(con, f"select count(*) from {relation}")[0])


def _stata(con, model, relation: str, tmp: Path, source: Path | None, facts: dict[str, Any]) -> int:
    """The table as a `.dta` file; how many rows it has. The moment in its head is one of the data, not of the clock."""
    made = datetime.fromisoformat(facts.get("produced") or "2000-01-01")
    mark = DRAFT if facts["ruleset"]["status"] != "final" else ""
    return stata.write(con, model, result.ordered(model, relation), tmp / f"{model.name}.dta", made, mark)


_WRITERS: dict[str, Writer] = {"parquet": _parquet, "stata": _stata}
