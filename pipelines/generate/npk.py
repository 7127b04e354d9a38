"""NPK's own results in a generated delivery: `npkOppholdID`, `npkOppholdDRG` and `npkOppholdISFPoeng`.

The delivery is settled, and the engine's stays are written as NPK's, but for the differences that are made on purpose
(`sql/synthetic_npk`). Their key is what `isf reconcile` must find.
"""

import contextlib
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.engine.workspace import literal
from pipelines.generate import tables, write
from pipelines.settlement.run import build_warehouse

STAGE = "synthetic_npk"
KEY = "fasit_npk"
COLUMNS = ("npkOppholdID", "npkOppholdDRG", "npkOppholdISFPoeng")
_BATCH_ROWS = 1 << 18


def add(
    folder: Path, warehouse: Path, ruleset: str, numbers: dict[str, Any], *, threads: int, memory_limit: str
) -> dict[str, dict]:
    """Write NPK's columns into the `episode` file of the finished delivery `folder`, and the key beside the files.

    `warehouse` is a path for the database of the settlement. Rows and hash of the files `episode` and `fasit_npk`.
    """
    with contextlib.closing(
        build_warehouse(folder, warehouse, ruleset=ruleset, threads=threads, memory_limit=memory_limit)
    ) as con:
        con.execute("set preserve_insertion_order = true")
        tables.functions(con)
        tables.create(con, "npk_difference", numbers, stage=STAGE)
        tables.create(con, "npk_left_out", numbers, stage=STAGE)
        tables.create(con, "npk_value", numbers, stage=STAGE)
        key = write.TableFile(folder / f"{KEY}.parquet")
        key.append(tables.query(con, KEY, numbers, stage=STAGE).to_arrow_table())
        return {"episode": _rewrite(con, _episodes(folder)), KEY: key.close()}


def _episodes(folder: Path) -> Path:
    (path,) = folder.glob("episode.*")
    return path


def _rewrite(con: duckdb.DuckDBPyConnection, path: Path) -> dict:
    """The file with NPK's columns, its rows in their order."""
    as_text = path.suffix == ".csv"
    if as_text:
        # One thread reads a file of text from its beginning to its end.
        con.execute(
            f"""create or replace temp table reported as
            select *, row_number() over () as row_number
            from read_csv({literal(path)}, delim = ';', header = true, all_varchar = true, quote = '',
                parallel = false)"""
        )
    else:
        con.execute(
            f"""create or replace temp view reported as
            select * rename (file_row_number as row_number)
            from read_parquet({literal(path)}, file_row_number = true)"""
        )
    given = ", ".join(f'npk."{name}"{"::varchar" if as_text else ""} as "{name}"' for name in COLUMNS)
    made = write.TableFile(path.with_name(f"new-{path.name}"))
    reader = con.execute(
        f"""select reported.* exclude (row_number), {given}
        from reported left join npk_value as npk on npk.episode_id = reported."episodeID"
        order by row_number"""
    ).to_arrow_reader(_BATCH_ROWS)
    for batch in reader:
        made.append(pa.Table.from_batches([batch]))
    facts = made.close()
    made.path.replace(path)
    return facts
