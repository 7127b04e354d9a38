"""The publication of one settlement: tables, workbook, page and manifest into one folder that is never
changed."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.errors import IsfError
from pipelines.publication import csvfile, folder, manifest, tables
from pipelines.settlement import page, workbook
from pipelines.settlement.context import Context, read_context

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class PublishResult:
    """Where the settlement lies. `unchanged`: the same one was published before, nothing new was written.

    `revision` is 1 for `published/<delivery>`, n for `published/<delivery>-r<n>`.
    """

    path: Path
    revision: int
    unchanged: bool
    manifest_sha256: str


def publish(
    con: duckdb.DuckDBPyConnection,
    home: Path,
    *,
    run: dict,
    progress: Progress | None = None,
    extra_files: dict[str, bytes] | None = None,
    before: Callable[[bytes], None] = lambda manifest: None,
) -> PublishResult:
    """Publishes the settlement of a built warehouse under `home/published/`, atomically, as a new revision
    if it differs.

    `run`: see `manifest.facts`. `extra_files`: relative path → content, written beside the tables and
    covered by the manifest; the page links `kontroller.html` if it is among them. `before(manifest)` is called
    when all is written, right before the folder takes its name; `con` is not used after it. Raises IsfError when
    the tables are not the contract's or a name is unusable; then nothing is published.
    """
    made_from = manifest.facts(run)
    delivery = folder.safe_name(made_from["delivery"])
    extra = {folder.safe_path(name): content for name, content in (extra_files or {}).items()}
    tables.check_columns(con)
    homes.prepare(home)
    published = home / "published"
    tmp = folder.tmp_folder(published, delivery)
    folder.remove_stale(published, tmp)
    tmp.mkdir(mode=0o700)
    try:
        raw = _write(con, tmp, made_from, extra, progress)
        before(raw)
        known = _same(published, delivery, raw)
        if known is not None:
            return PublishResult(known[1], known[0], True, manifest.own_hash_of(raw))
        path, revision = folder.place(tmp, published, delivery)
        return PublishResult(path, revision, False, manifest.own_hash_of(raw))
    finally:
        shutil.rmtree(tmp, ignore_errors=True)


def _write(
    con: duckdb.DuckDBPyConnection,
    tmp: Path,
    made_from: dict,
    extra: dict[str, bytes],
    progress: Progress | None,
) -> bytes:
    """Writes every file of the folder, read-only and flushed; the manifest's bytes."""
    steps = len(tables.TABLES) + 2
    suppression = tables.build_guest_matrix(con)
    rows: dict[str, int] = {}
    small: dict[str, tables.Rows] = {}
    for number, spec in enumerate(tables.TABLES, 1):
        _tell(progress, f"publish {spec.name}", number, steps)
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
    _tell(progress, "publish oppgjor.xlsx", steps - 1, steps)
    workbook.write(context, tmp / "oppgjor.xlsx")
    _tell(progress, "publish oppgjor.html", steps, steps)
    (tmp / "oppgjor.html").write_text(page.build(context), encoding="utf-8", newline="\n")
    _write_extra(tmp, extra)
    files = {name: manifest.sha256_of(tmp / name) for name in folder.files_in(tmp)}
    raw = manifest.build(made_from, rows, guest_matrix, files)
    (tmp / manifest.NAME).write_bytes(raw)
    folder.seal(tmp, {f"{spec.name}.parquet" for spec in tables.TABLES if spec.personal})
    return raw


def _write_extra(tmp: Path, extra: dict[str, bytes]) -> None:
    for name, content in extra.items():
        target = tmp / name
        if target.exists() or name == manifest.NAME:
            raise IsfError(f"An extra file is named {name!r}, which is a file of the settlement itself.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _same(published: Path, delivery: str, raw: bytes) -> tuple[int, Path] | None:
    """The revision with this very manifest, if its files are still as published."""
    for number, path in folder.revisions(published, delivery).items():
        known = path / manifest.NAME
        if known.is_file() and known.read_bytes() == raw and not manifest.compare(path)[0]:
            return number, path
    return None


def _tell(progress: Progress | None, step: str, number: int, of: int) -> None:
    if progress:
        progress(step, number, of)


__all__ = ["Context", "PublishResult", "publish"]
