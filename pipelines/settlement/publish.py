"""The publication of one settlement: tables, workbook, page and manifest into one folder that is never changed; and its
ledger, of which every hidden number can be computed, into a folder of its own for the owner alone."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from pipelines.disclosure import decide as disclosure
from pipelines.engine import home as homes
from pipelines.engine.progress import Progress, silent
from pipelines.errors import IsfError, NotPublished
from pipelines.publication import csvfile, folder, manifest, tables
from pipelines.publication.audience import DIRECTORATE, PUBLIC
from pipelines.publication.folder import Made, Published
from pipelines.settlement import page, previous, workbook
from pipelines.settlement.context import read_context

PUBLICATION = "publication"


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
    right before the folder takes its name; `con` is not used after it. No other run may publish meanwhile
    (`pipelines.engine.home.turn`). Raises NotPublished when hidden numbers follow from what would be public, IsfError
    when the tables are not the contract's or a name is unusable; then nothing is published.
    """
    made_from = manifest.facts(run)
    name = folder.safe_name(made_from["delivery"])
    extra = {folder.safe_path(path): content for path, content in (extra_files or {}).items()}
    tables.check_columns(con)
    homes.prepare(home)
    published = home / "published"
    tmp, ledger = homes.building(published, name), homes.building(home / "ledger", name)
    try:
        there = folder.revisions(published, name)
        before_this = previous.find(published, name)
        for earlier in _earlier(there, made_from):
            for path in (tmp, ledger):
                homes.remove(path)
                path.mkdir(mode=0o700)
            raw = _write(con, tmp, ledger, made_from, earlier, before_this, extra, progress)
            if known := folder.same(there, raw):
                break
        before(raw)
        if known:
            return known
        path, revision = folder.place(tmp, published, name, beside=(ledger, home / "ledger"))
        return Published(path, revision, False, manifest.own_hash_of(raw))
    finally:
        homes.remove(tmp)
        homes.remove(ledger)


def _earlier(there: dict[int, Path], made_from: dict) -> Iterator[list[Path]]:
    """The revisions that this one comes after. Where the newest was made from the same, first those before it: then
    nothing new is to be published. In the end all."""
    *before, newest = there.values() if there else (None,)
    if newest and _made_from(newest) == _core(made_from) and not manifest.compare(newest)[0]:
        yield before
    yield list(there.values())


def _made_from(path: Path) -> dict | None:
    try:
        return _core(json.loads((path / manifest.NAME).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _core(facts: dict) -> dict:
    """What makes two publications of a delivery the same: what they were made from, but for earlier publications."""
    inputs = sorted((entry["file"], entry["sha256"]) for entry in facts["inputs"] if entry["format"] != PUBLICATION)
    return {"inputs": inputs, **{name: facts[name] for name in ("ruleset", "program", "options")}}


def _write(
    con: duckdb.DuckDBPyConnection,
    tmp: Path,
    ledger: Path,
    made_from: dict,
    earlier: list[Path],
    before_this: Path | None,
    extra: dict[str, bytes],
    progress: Progress,
) -> bytes:
    """Write every file of both folders; the bytes of the public manifest. Raises NotPublished."""
    steps = len(tables.TABLES) + 3
    progress("disclosure", 1, steps)
    decision = disclosure.decide(con, earlier)
    tables.suppress(con, decision.hidden)
    faults = disclosure.audit(con, decision, {spec.name: spec.source for spec in tables.PUBLIC})
    if faults:
        raise NotPublished([f"skjuling: {fault}" for fault in faults])
    made_from = {**made_from, "inputs": _inputs(made_from["inputs"], decision.hidden, earlier, before_this)}
    rows: dict[str, int] = {}
    small: dict[str, tables.Rows] = {}
    for number, spec in enumerate(tables.TABLES, 2):
        progress(f"publish {spec.name}", number, steps)
        target = (ledger if spec.personal else tmp) / f"{spec.name}.parquet"
        tables.write_parquet(con, tables.ordered_select(spec), target)
        rows[spec.name] = tables.row_count(con, spec.source)
        if not spec.personal:
            small[spec.name] = tables.read(con, tables.ordered_select(spec))
            csvfile.write(small[spec.name], tmp / f"{spec.name}.csv")
    change = previous.read_changes(con, before_this)
    context = read_context(con, made_from, small, decision.facts(), rows, sorted(extra), change)
    progress("publish oppgjor.xlsx", steps - 1, steps)
    workbook.write(context, tmp / "oppgjor.xlsx")
    progress("publish oppgjor.html", steps, steps)
    (tmp / "oppgjor.html").write_text(page.build(context), encoding="utf-8", newline="\n")
    _write_extra(tmp, extra)
    kept = {spec.name: rows[spec.name] for spec in tables.TABLES if spec.personal}
    own = folder.finish(ledger, Made(manifest.content(made_from, kept, DIRECTORATE)), private=True)
    shown = {spec.name: rows[spec.name] for spec in tables.PUBLIC}
    further = {"disclosure": decision.facts(), "ledger": {"manifest_sha256": manifest.own_hash_of(own)}}
    return folder.finish(tmp, Made(manifest.content(made_from, shown, PUBLIC, **further)))


def _inputs(inputs: list[dict], hidden: frozenset[str], earlier: list[Path], before_this: Path | None) -> list[dict]:
    """What the publication was made from: the delivery's files, whose number of rows is hidden where the table says
    so, the earlier revisions it was judged with, and the publication of the delivery before that it is held against."""
    files = [
        {**entry, "rows": None if f"grunnlag|fil:{entry['file']}|rader inn|alle" in hidden else entry["rows"]}
        for entry in inputs
    ]
    return files + previous.inputs([*earlier, *([before_this] if before_this else [])], PUBLICATION)


def _write_extra(tmp: Path, extra: dict[str, bytes]) -> None:
    for name, content in extra.items():
        target = tmp / name
        if target.exists() or name == manifest.NAME:
            raise IsfError(f"An extra file is named {name!r}, which is a file of the settlement itself.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
