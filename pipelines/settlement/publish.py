"""The publication of one settlement: tables, workbook, page and manifest into one folder that is never changed."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.engine.progress import Progress, silent
from pipelines.errors import IsfError
from pipelines.publication import csvfile, folder, manifest, tables
from pipelines.publication.folder import Made, Published
from pipelines.settlement import page, workbook
from pipelines.settlement.context import read_context


def publish(
    con: duckdb.DuckDBPyConnection,
    home: Path,
    *,
    run: dict,
    progress: Progress = silent,
    extra_files: dict[str, bytes] | None = None,
    before: Callable[[bytes], None] = lambda manifest: None,
) -> Published:
    """Publish the settlement of a built warehouse under `home/published/`, as a new revision if it differs.

    `run`: see `manifest.facts`. `extra_files`: relative path → content, written beside the tables and covered by the
    manifest; the page links `kontroller.html` if it is among them. `before(manifest)` is called when all is written,
    right before the folder takes its name; `con` is not used after it. Raises IsfError when the tables are not the
    contract's or a name is unusable; then nothing is published.
    """
    made_from = manifest.facts(run)
    extra = {folder.safe_path(name): content for name, content in (extra_files or {}).items()}
    tables.check_columns(con)
    homes.prepare(home)
    return folder.publish(
        home / "published",
        made_from["delivery"],
        lambda tmp: _write(con, tmp, made_from, extra, progress),
        before=before,
    )


def _write(
    con: duckdb.DuckDBPyConnection, tmp: Path, made_from: dict, extra: dict[str, bytes], progress: Progress
) -> Made:
    """Write every file of the folder but the manifest."""
    steps = len(tables.TABLES) + 2
    suppression = tables.build_guest_matrix(con)
    rows: dict[str, int] = {}
    small: dict[str, tables.Rows] = {}
    for number, spec in enumerate(tables.TABLES, 1):
        progress(f"publish {spec.name}", number, steps)
        tables.write_parquet(con, spec, tmp / f"{spec.name}.parquet")
        rows[spec.name] = tables.row_count(con, spec.source)
        if not spec.personal:
            small[spec.name] = tables.read(con, tables.ordered_select(spec))
            csvfile.write(small[spec.name], tmp / f"{spec.name}.csv")
    guest_matrix = {
        "minimum_patients": tables.minimum_patients(con),
        "hidden": len(suppression.hidden),
        "unprotected": len(suppression.unprotected),
    }
    context = read_context(con, made_from, small, guest_matrix, rows, sorted(extra))
    progress("publish oppgjor.xlsx", steps - 1, steps)
    workbook.write(context, tmp / "oppgjor.xlsx")
    progress("publish oppgjor.html", steps, steps)
    (tmp / "oppgjor.html").write_text(page.build(context), encoding="utf-8", newline="\n")
    _write_extra(tmp, extra)
    personal = frozenset(f"{spec.name}.parquet" for spec in tables.TABLES if spec.personal)
    return Made(manifest.content(made_from, rows, guest_matrix), personal)


def _write_extra(tmp: Path, extra: dict[str, bytes]) -> None:
    for name, content in extra.items():
        target = tmp / name
        if target.exists() or name == manifest.NAME:
            raise IsfError(f"An extra file is named {name!r}, which is a file of the settlement itself.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
