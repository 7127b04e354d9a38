"""Warehouses read by many at once: read-only, with limits on memory, rows and time.

A request asks for a warehouse by its file and gets a cursor on the database as it was when the request came. A
settlement is replaced by a rename: the file's number changes, the next request opens the new one, and those that are
under way go on reading the old one, which stays whole until the last of them has ended.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines.engine import workspace
from pipelines.errors import IsfError

MEMORY_LIMIT = "512MB"
SECONDS = 20.0
ROWS = 100_000
KEPT = 3


class TooMuch(IsfError):
    """A question took too long or too much memory."""


class Warehouses:
    """The open warehouses, at most KEPT of them. Safe to use from many threads."""

    def __init__(self, seconds: float = SECONDS):
        self._seconds = seconds
        self._lock = threading.Lock()
        self._open: dict[tuple, duckdb.DuckDBPyConnection] = {}

    @contextlib.contextmanager
    def reading(self, path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor on the warehouse, whose questions end after the seconds allowed. Raises FileNotFoundError, and
        TooMuch where a limit is met."""
        cursor = self._database(path).cursor()
        cursor.execute("use warehouse")
        timer = threading.Timer(self._seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield cursor
        except duckdb.InterruptException as error:
            raise TooMuch("Spørsmålet tok for lang tid og ble stanset.") from error
        except duckdb.OutOfMemoryException as error:
            raise TooMuch("Spørsmålet trengte for mye minne og ble stanset.") from error
        finally:
            timer.cancel()
            cursor.close()

    def close(self) -> None:
        """Close all that is open."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    def _database(self, path: Path) -> duckdb.DuckDBPyConnection:
        with self._lock:
            facts = os.stat(path)
            key = (str(path), facts.st_ino, facts.st_mtime_ns, facts.st_size)
            if key not in self._open:
                # A database that was replaced is forgotten here, and closed when its last cursor is.
                for other in [one for one in self._open if one[0] == key[0]]:
                    del self._open[other]
                while len(self._open) >= KEPT:
                    del self._open[next(iter(self._open))]
                self._open[key] = _opened(path)
            return self._open[key]


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    con = workspace.connect(threads=workspace.THREADS, memory_limit=MEMORY_LIMIT)
    workspace.attach(con, path, "warehouse")
    # Nothing else can be read or written from here, and nothing spills to the disk.
    con.execute("set temp_directory = ''")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con
