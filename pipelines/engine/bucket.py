"""One bucket of patients settled by itself: `run(work, files) -> tables`.

Everything up to the pathways is about one patient at a time, so any set of whole patients can be settled without the
others. This module is what a cluster's executor runs. It is sent there as text, so an executor needs Python, DuckDB and
pyarrow, and nothing of this project; therefore it imports nothing of it. Between the machines goes Parquet that DuckDB
writes and DuckDB reads, so that no other engine's types come in between.
"""

import os
import socket
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

# Parquet has no whole numbers above 64 bits: DuckDB would write them as floating point.
_NOT_IN_PARQUET = ("HUGEINT", "UHUGEINT")


@dataclass(frozen=True)
class Work:
    """What every bucket is settled with.

    `statements`: model and its `create` statement, in order; `tables`: those that go back; `shared`: a DuckDB file with
    the rule set and the small tables of the delivery, compressed, in which the tables of patients are empty;
    `duckdb_version`: the one that must run them.
    """

    statements: tuple[tuple[str, str], ...]
    tables: tuple[str, ...]
    shared: bytes
    duckdb_version: str
    threads: int = 1
    memory_limit: str = "4GB"


@dataclass(frozen=True)
class Made:
    """A table that a bucket gives back, as Parquet, or why there is none (`failure`, without content of rows).
    `worker` ran it, in `seconds` for the whole bucket."""

    bucket: int
    table: str
    content: bytes
    worker: str
    seconds: float = 0.0
    failure: str = ""


def run(work: Work, bucket: int, files: Iterable[tuple[str, bytes]]) -> list[Made]:
    """Settle a bucket: `files` are the landing tables of its patients (name, Parquet), several per table or none.

    A fault that would come again wherever the bucket is run is told in the only answer; one of the machine (memory,
    disk) is raised, without content of rows, so that the bucket is tried elsewhere.
    """
    begun = time.monotonic()
    worker = f"{socket.gethostname()}/{os.getppid()}"
    step = "the version of DuckDB"
    try:
        if duckdb.__version__ != work.duckdb_version:
            step += f" ({duckdb.__version__}, {work.duckdb_version} is needed)"
            raise RuntimeError(step)
        with tempfile.TemporaryDirectory(prefix="isf-bucket-") as folder:
            made = []
            for step, table, content in _steps(  # noqa: B007 (told where it fails)
                work, Path(folder), files
            ):
                if table:
                    made.append(Made(bucket, table, content, worker))
    except Exception as error:
        kind = type(error).__name__
        failure = f"bucket {bucket}, {step}: {kind}"
        if isinstance(error, OSError | MemoryError | duckdb.OutOfMemoryException | duckdb.IOException):
            raise RuntimeError(failure) from None
        return [Made(bucket, "", b"", worker, failure=failure)]
    seconds = time.monotonic() - begun
    return [replace(one, seconds=seconds) for one in made]


def _steps(work: Work, folder: Path, files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, str, bytes]]:
    """(what is done next, table made, its content); the last two are empty for a step that gives nothing back."""
    with duckdb.connect(
        config={
            "threads": work.threads,
            "memory_limit": work.memory_limit,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    ) as con:
        yield "the rule set", "", b""
        shared = folder / "shared.duckdb"
        shared.write_bytes(zlib.decompress(work.shared))
        con.execute(f"attach '{shared}' as shared (read_only)")
        con.execute("copy from database shared to memory")
        con.execute("detach shared")
        shared.unlink()
        rows = folder / "rows.parquet"
        for table, content in files:
            yield f"landing.{table}", "", b""
            rows.write_bytes(content)
            con.execute(f"insert into landing.{table} select * from read_parquet('{rows}', hive_partitioning = false)")
        for model, statement in work.statements:
            yield f"model {model}", "", b""
            con.execute(statement)
        for table in work.tables:
            yield f"table {table}", "", b""
            kinds = {column[1] for column in con.execute(f"describe {table}").fetchall()}
            if kinds & set(_NOT_IN_PARQUET):
                raise TypeError(table)
            con.execute(f"copy {table} to '{rows}' (format parquet, compression zstd)")
            yield f"table {table}", table, rows.read_bytes()
