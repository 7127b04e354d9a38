"""The way of a delivery by buckets of patients: which models run in a bucket, what goes out to it, what comes back.

Nothing here knows what runs the buckets: `Spread` takes the work and the folder with the rows and gives the tables.
"""

import math
import shutil
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb

from pipelines.engine import bucket
from pipelines.engine import home as homes
from pipelines.engine.models import WAY, Model, models, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.workspace import attach, identifier, inside, literal, only_row
from pipelines.errors import IsfError
from pipelines.rules.reads import FUNCTIONS

# The steps of the way that look at one patient at a time; what comes after them sums over all.
STEPS = ("20_episodes", "30_stays", "40_services", "50_points", "60_pathways")
# What holds the patient, and what holds the patient's episode.
PATIENT, EPISODE = "pasientID", "episode_nr"
EPISODES_PER_BUCKET = 200_000
FEWEST_BUCKETS = 2

# spread(work, folder of the rows, number of buckets) -> every table of every bucket, in any order.
Spread = Callable[[bucket.Work, Path, int], Iterable[bucket.Made]]


def in_buckets(con: duckdb.DuckDBPyConnection) -> tuple[list[Model], list[str], list[str]]:
    """The models that run in a bucket, those of them whose tables come back, and the landing tables of patients.

    A model that reads nothing of patients is the same in every bucket: it runs there and once more over the union. So
    does a view, over the tables that came back.
    """
    rows = con.execute(
        """
        select table_name, bool_or(column_name = ?) from duckdb_columns()
        where database_name = current_database() and schema_name = 'landing' and column_name in (?, ?)
            and table_name in (select unnest(?))
        group by table_name order by bool_or(column_name = ?) desc, table_name
        """,
        [PATIENT, PATIENT, EPISODE, [name.split(".")[1] for name in _read() if name.startswith("landing.")], PATIENT],
    ).fetchall()
    landing = [name for name, _ in rows]
    chosen = [one for one in models(WAY) if one.stage in STEPS]
    personal = {f"landing.{name}" for name in landing}
    for one in chosen:
        if one.reads & personal:
            personal.add(one.name)
    return chosen, [one.name for one in chosen if one.name in personal and not one.is_view], landing


def _read() -> set[str]:
    return set().union(*(one.reads for one in models(WAY) if one.stage in STEPS))


def buckets_for(con: duckdb.DuckDBPyConnection) -> int:
    """How many buckets a delivery is split into unless the user says: a bucket must fit the memory of one task."""
    (episodes,) = only_row(con, "select count(*) from landing.episode")
    return max(FEWEST_BUCKETS, math.ceil(episodes / EPISODES_PER_BUCKET))


def way(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    spread: Spread,
    *,
    buckets: int | None = None,
    progress: Progress = silent,
) -> list[bucket.Made]:
    """Every model of the way, those about patients in buckets; what each bucket gave, without content.

    `folder`: a place of this run that the executors see too. Raises IsfError, which names the buckets that failed.
    """
    chosen, back, landing = in_buckets(con)
    number = buckets or buckets_for(con)
    progress("landing as Parquet", 1, 3)
    send(con, landing, folder / "landing", number)
    work = bucket.Work(
        statements=tuple((one.name, one.statement) for one in chosen),
        tables=tuple(back),
        shared=_shared(con, landing, folder),
        duckdb_version=duckdb.__version__,
    )
    progress(f"{number} buckets of patients", 2, 3)
    told, failed = [], []
    for made in spread(work, folder / "landing", number):
        told.append(bucket.Made(made.bucket, made.table, b"", made.worker, made.seconds, made.failure))
        if made.failure:
            failed.append(made.failure)
        elif not failed:
            _keep(folder / "back", made)
    if failed:
        raise IsfError(
            f"{len(failed)} of {number} buckets could not be settled: {'; '.join(sorted(failed))}. Nothing was"
            " published. Remedy: settle the delivery without --engine, which shows the whole message."
        )
    _account(_sent(folder / "landing"), back, told)
    if not told:  # no patient at all
        for made in bucket.run(work, 0, ()):
            _keep(folder / "back", made)
    progress("the union of the buckets", 3, 3)
    for table in back:
        rows = literal(folder / "back" / table / "*.parquet")
        con.execute(f"create or replace table {table} as select * from read_parquet({rows}, hive_partitioning = false)")
    shutil.rmtree(folder / "back")
    run(WAY, con, only=[one.name for one in models(WAY) if one.name not in back], progress=progress)
    return told


def _account(sent: set[int], tables: Iterable[str], told: Iterable[bucket.Made]) -> None:
    """Every table of every bucket that was sent out came back, once. Raises IsfError, which names what did not."""
    came = Counter((one.bucket, one.table) for one in told)
    awaited = {(number, table) for number in sent for table in tables}
    if missing := sorted(awaited - set(came)):
        numbers = sorted({number for number, _ in missing})
        raise IsfError(
            f"Buckets {numbers} were sent out and did not come back whole: {len(missing)} tables are missing, e.g."
            f" `{missing[0][1]}` of bucket {missing[0][0]}. Nothing was published. Remedy: run the command again."
        )
    if unasked := sorted(one for one, times in came.items() if times > 1 or (sent and one not in awaited)):
        raise IsfError(
            f"{len(unasked)} tables of buckets came back twice or were not asked for, e.g. `{unasked[0][1]}` of bucket"
            f" {unasked[0][0]}. Nothing was published. Remedy: run the command again."
        )


def send(con: duckdb.DuckDBPyConnection, landing: Iterable[str], folder: Path, buckets: int) -> None:
    """The patients' rows as Parquet, `table=<name>/bucket=<number>/`; every row of a patient is in one bucket."""
    homes.make(folder)
    bucket_of = f"cast(hash({PATIENT}) % {buckets} as integer) as bucket"
    con.execute(f"create or replace temp table bucket_of_episode as select {EPISODE}, {bucket_of} from landing.episode")
    for table in landing:
        columns = {row[0] for row in con.execute(f"describe landing.{table}").fetchall()}
        rows = f"select *, {bucket_of} from landing.{table}"
        if PATIENT not in columns:
            rows = (
                f"select rows.*, bucket_of_episode.bucket from landing.{table} as rows"
                f" inner join bucket_of_episode on bucket_of_episode.{EPISODE} = rows.{EPISODE}"
            )
        target = literal(folder / f"table={table}")
        con.execute(f"copy ({rows}) to {target} (format parquet, partition_by (bucket))")
    con.execute("drop table bucket_of_episode")


def received(folder: Path) -> Iterator[tuple[int, list[tuple[str, bytes]]]]:
    """What `send` has written, bucket by bucket, as `bucket.run` takes it."""
    for number in sorted(_sent(folder)):
        files = sorted(folder.glob(f"table=*/bucket={number}/*.parquet"))
        yield number, [(path.parent.parent.name.removeprefix("table="), path.read_bytes()) for path in files]


def _sent(folder: Path) -> set[int]:
    return {int(path.name.removeprefix("bucket=")) for path in folder.glob("table=*/bucket=*")}


def _shared(con: duckdb.DuckDBPyConnection, landing: Iterable[str], folder: Path) -> bytes:
    """A database with what every bucket reads: schemas `ref` and `regrouped`, and the landing tables without those rows
    that are of patients."""
    wanted = {name for name in _read() if "." in name and name.split(".")[0] != "ref"}
    path = folder / "shared.duckdb"
    attach(con, path, "shared", read_only=False)
    try:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
            " and schema_name in ('ref', 'regrouped', 'landing') order by all"
        ).fetchall()
        for schema, table in tables:
            con.execute(f"create schema if not exists shared.{schema}")
            if schema == "ref" or f"{schema}.{table}" in wanted:
                limit = " limit 0" if schema == "landing" and table in landing else ""
                name = f"{schema}.{identifier(table)}"
                con.execute(f"create table shared.{name} as select * from {name}{limit}")
        with inside(con, "shared"):
            con.execute(FUNCTIONS.read_text(encoding="utf-8"))
    finally:
        con.execute("detach shared")
    content = zlib.compress(path.read_bytes())
    path.unlink()
    return content


def _keep(folder: Path, made: bucket.Made) -> None:
    place = homes.make(folder / made.table)
    (place / f"{made.bucket}.parquet").write_bytes(made.content)
