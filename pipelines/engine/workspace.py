"""DuckDB connections: limits set explicitly, nothing fetched from outside."""

from pathlib import Path

import duckdb


def connect(
    database: str | Path = ":memory:", *, threads: int = 2, memory_limit: str = "8GB", read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """A connection with `threads` and `memory_limit` (e.g. `8GB`); a file database spills beside itself."""
    config = {
        "threads": threads,
        "memory_limit": memory_limit,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        # The newest storage format compresses text with a third less work; only this program opens the file.
        "storage_compatibility_version": "latest",
    }
    if str(database) != ":memory:":
        config["temp_directory"] = f"{database}.tmp"
    con = duckdb.connect(str(database), read_only=read_only, config=config)
    # DuckDB's own progress bar would come between the lines of what a command prints.
    con.execute("set enable_progress_bar = false")
    return con
