"""The run: plan the year, make it chunk by chunk, and write the delivery's files in order."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines import ruleset as rulesets
from pipelines.database import connect
from pipelines.generate import (
    advances,
    calendar,
    clinical,
    companions,
    episodes,
    items,
    medicines,
    people,
    plan,
    randomness,
    refs,
    stays,
    write,
)

Progress = Callable[[str, int, int], None]


def generate(
    out: Path,
    *,
    year: int,
    tertial: int,
    delivery: int,
    scale: float = 0.01,
    seed: int = 1,
    format: str = "parquet",
    errors: float | None = None,
    progress: Progress | None = None,
    threads: int = 2,
    memory_limit: str = "8GB",
    ruleset: str | None = None,
) -> Path:
    """Write the delivery `out/<year>-T<tertial>-<delivery>/` by the contract; its folder.

    Deterministic for its arguments. `errors` is the rate of injected errors (1 = usual); None leaves a clean delivery.
    """
    if format not in ("parquet", "csv"):
        raise ValueError(f"format is {format!r}; it must be parquet or csv")
    name = f"{year}-T{tertial}-{delivery}"
    folder, unfinished = out / name, out / f".{name}.{os.getpid()}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        with connect(threads=threads, memory_limit=memory_limit) as con:
            numbers = _prepare(con, ruleset or rulesets.for_year(year), year, tertial, delivery, scale, seed)
            files = _write_all(con, unfinished, format, numbers, threads, progress)
            write.write_header(unfinished, year, tertial, delivery, numbers["produced"], files)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _prepare(
    con: duckdb.DuckDBPyConnection, ruleset: str, year: int, tertial: int, delivery: int, scale: float, seed: int
) -> dict[str, Any]:
    """Load what the generator draws on and make the year's plan; the numbers that the SQL needs."""
    con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")  # every join here looks up in a small table
    refs.load(con, ruleset)
    randomness.create_macros(con)
    items.create_items(con)
    people.create_people(con, scale)
    people.create_places(con)
    stays.exclusion_slots(con)
    numbers: dict[str, Any] = {**calendar.create_calendar(con, year), **refs.rates(con)}
    chunks = plan.create_plan(con, scale, seed)
    episodes.create_choices(con)
    clinical.create_feature_items(con)
    medicines.create_medicines(con)
    period = con.execute(
        "select period_to + 1, if(? = 1, first_delivery_due, final_delivery_due) from ref.delivery_period where tertial = ?",
        [delivery, tertial],
    ).fetchone()
    if period is None:
        raise ValueError(f"tertial is {tertial}; the rule set has no period for it")
    return numbers | {
        "chunks": chunks,
        "year": year,
        "tertial": tertial,
        "delivery": delivery,
        "scale": scale,
        "seed": randomness.number(seed, year) >> 2,
        "until": period[0].isoformat()[:10],
        "produced": period[1].isoformat(),
    }


def _write_all(
    con: duckdb.DuckDBPyConnection, folder: Path, format: str, numbers: dict, threads: int, progress: Progress | None
) -> dict[str, dict]:
    """Make the chunks (two at a time if there are two threads), write them in order; rows and hash per file."""
    files: dict[str, write.TableFile] = {}

    def put(tables: dict[str, pa.Table]) -> None:
        for name, table in tables.items():
            if name not in files:
                files[name] = write.TableFile(folder / f"{name}.{format}")
            files[name].append(table)

    chunks = range(1, numbers["chunks"] + 1)
    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        waiting = [pool.submit(_chunk, con.cursor(), c, numbers) for c in chunks[: threads + 1]]
        for c in chunks:
            if progress:
                progress("generating", c, len(chunks))
            tables = waiting.pop(0).result()
            following = c + threads + 1
            if following <= len(chunks):
                waiting.append(pool.submit(_chunk, con.cursor(), following, numbers))
            put(tables)
            del tables
    put(
        {
            "enhet": con.execute("select * from enhet order by \"enhetID\"").to_arrow_table(),
            "akonto": con.execute(advances.advances(con, numbers["scale"], numbers["seed"], numbers["year"])).to_arrow_table(),
        }
    )
    return {name: file.close() for name, file in sorted(files.items())}


def _chunk(con: duckdb.DuckDBPyConnection, chunk: int, numbers: dict) -> dict[str, pa.Table]:
    """The tables of one chunk of the plan."""
    try:
        stays.create_stays(con, chunk, numbers)
        companions.add_companions(con, numbers)
        episodes.create_episodes(con, numbers)
        clinical.create_codes(con, numbers)
        medicines.create_lines(con, numbers)
        columns = ", ".join(f'"{c}"' for c in episodes.CONTRACT_COLUMNS)
        tables = {"episode": con.execute(f"select {columns} from episode").to_arrow_table()}
        for name, query in clinical.queries(numbers).items():
            tables[name] = con.execute(query).to_arrow_table()
        tables["hresept"] = con.execute("select * exclude (lk, line_nr) from hresept").to_arrow_table()
        return tables
    finally:
        con.close()
