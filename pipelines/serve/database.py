"""Warehouses read by many at once: read-only, with limits on memory, rows and time; each with its index.

A request asks for a warehouse by its file and gets a cursor on the database as it was when the request came. A
settlement is replaced by a rename: the file's number changes, the next request opens the new one, and those that are
under way go on reading the old one, which stays whole until the last of them has ended. An index is attached where it
was made from this very warehouse; where there is none it is made, one after the other, while the pages are served.
"""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from pipelines.engine import workspace
from pipelines.errors import IsfError
from pipelines.serve import prepare

MEMORY_LIMIT = "384MB"
SECONDS = 20.0
ROWS = 100_000
KEPT = 3
TICK = 0.5  # seconds after which a question hears that the server ends
PATIENCE = 10.0  # seconds that are given to what must end
AGAIN = 0.05  # seconds between two attempts to stop a question
FileFacts = tuple[int, int, int]


TOO_LONG = "Spørsmålet tok for lang tid og ble stanset."


class TooMuch(IsfError):
    """A question took too long or too much memory."""


class Ended(Exception):
    """The server has ended while something was under way."""


class NotReady(IsfError):
    """The index that is asked for is being made. `number` of `of` steps are begun; 0 where it waits for another."""

    def __init__(self, number: int, of: int, failed: bool = False):
        self.number, self.of, self.failed = number, of, failed
        super().__init__("Listene blir gjort klare.")


class Indexes:
    """The indexes of a home's warehouses in a folder of their own; those that are missing are built by one thread."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._lock = threading.Condition()
        self._waiting: list[Path] = []
        self._failed: dict[Path, tuple] = {}
        self._at: tuple[Path | None, int, int] = (None, 0, 0)
        self._known: dict[tuple, bool] = {}
        self._worker: threading.Thread | None = None
        self._building: duckdb.DuckDBPyConnection | None = None
        self._is_closed = False

    def find(self, warehouse: Path) -> Path | None:
        """The index of the warehouse as it is now; None where there is none. Raises FileNotFoundError."""
        found = self.judge(warehouse)
        return found and found[0]

    def judge(self, warehouse: Path) -> tuple[Path, FileFacts] | None:
        """The index as `find` has it, with the facts of the very file that was looked into."""
        path = prepare.path_of(self._folder, warehouse)
        try:
            key = (facts_of(warehouse), facts_of(path))
        except FileNotFoundError:
            warehouse.stat()
            return None
        if key not in self._known:
            self._known = {**self._known, key: prepare.is_of(path, prepare.identity(warehouse))}
        return (path, key[1]) if self._known[key] else None

    def ask_for(self, warehouse: Path) -> NotReady:
        """Have the index made next; how far it is."""
        with self._lock:
            at, number, of = self._at
            failed = self._failed.get(warehouse) == facts_of(warehouse)
            if at != warehouse and not failed:
                self._waiting = [warehouse, *(other for other in self._waiting if other != warehouse)]
                if self._worker is None:
                    self._worker = threading.Thread(target=self._work, daemon=True)
                    self._worker.start()
                self._lock.notify()
        return NotReady(number, of) if at == warehouse else NotReady(0, of, failed)

    def _work(self) -> None:
        while True:
            with self._lock:
                while not self._waiting and not self._is_closed:
                    self._lock.wait()
                if self._is_closed:
                    return
                warehouse = self._waiting.pop(0)
                self._at = (warehouse, 0, 0)
            facts: FileFacts | None = None
            try:
                facts = facts_of(warehouse)
                prepare.build(warehouse, self._folder, progress=self._step, begun=self._begun)
            except Ended:
                return
            except Exception as error:
                if self._is_closed:
                    return
                # What was asked of the rows is not told: messages may hold them.
                print(f"isf serve: {type(error).__name__} while the lists were made ready", file=sys.stderr)
                if facts is not None:
                    self._failed[warehouse] = facts
            with self._lock:
                self._at, self._building = (None, 0, 0), None

    def close(self) -> None:
        """Stop what is being built, and wait until its thread has ended: a database must not outlive the program."""
        with self._lock:
            self._is_closed = True
            self._lock.notify_all()
        end(self._worker, lambda: self._building)

    def _begun(self, con: duckdb.DuckDBPyConnection) -> None:
        self._building = con

    def _step(self, step: str, number: int, of: int) -> None:
        if self._is_closed:
            raise Ended
        self._at = (self._at[0], number, of)


class Warehouses:
    """The open warehouses, at most KEPT of them. Safe to use from many threads."""

    def __init__(self, seconds: float = SECONDS, indexes: Indexes | None = None):
        self._seconds = seconds
        self._indexes = indexes
        self._lock = threading.Lock()
        self._open: dict[tuple, duckdb.DuckDBPyConnection] = {}
        self._ended = threading.Event()

    @contextlib.contextmanager
    def reading(
        self, path: Path, *, indexed: bool = False, until: float | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor on the warehouse, whose questions end at `until`, by default after the seconds allowed; with
        `indexed` its index is there as `index`. Raises FileNotFoundError, NotReady, TooMuch where a limit is met."""
        until = self.until() if until is None else until
        self._require_time(until)
        with contextlib.closing(self._database(path, indexed).cursor()) as cursor, self.limited(cursor, until):
            cursor.execute("use warehouse")
            yield cursor

    @contextlib.contextmanager
    def limited(self, con: duckdb.DuckDBPyConnection, until: float | None = None) -> Iterator[None]:
        """What is asked on the connection meanwhile ends at `until`, by default after the seconds allowed, and when all
        is closed. Raises TooMuch where a limit is met."""
        until = self.until() if until is None else until
        self._require_time(until)
        ended = threading.Event()
        clock = threading.Thread(target=_stop, args=(con, until, ended, self._ended), daemon=True)
        clock.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise TooMuch(TOO_LONG) from error
        except duckdb.OutOfMemoryException as error:
            raise TooMuch("Spørsmålet trengte for mye minne og ble stanset.") from error
        finally:
            ended.set()
            clock.join()

    def _require_time(self, until: float) -> None:
        if time.monotonic() >= until or self._ended.is_set():
            raise TooMuch(TOO_LONG)

    def until(self) -> float:
        """When all that is asked from now on for one page must have ended, as `time.monotonic` has it."""
        return time.monotonic() + self._seconds

    def make_ready(self, paths: list[Path]) -> None:
        """Have the missing indexes of these warehouses made, the first first."""
        for path in reversed(paths):
            with contextlib.suppress(OSError):
                if self._indexes and not self._indexes.find(path):
                    self._indexes.ask_for(path)

    def close(self) -> None:
        """Stop what is asked and what is built, and close all that is open."""
        self._ended.set()
        if self._indexes:
            self._indexes.close()
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    def _database(self, path: Path, indexed: bool) -> duckdb.DuckDBPyConnection:
        before = facts_of(path)
        index = self._indexes.judge(path) if self._indexes else None
        if indexed and index is None:
            raise self._indexes.ask_for(path) if self._indexes else NotReady(0, 0)
        with self._lock:
            key = (str(path), before, index and index[1])
            if key not in self._open:
                opened = _opened(path, index and index[0])
                if facts_of(path) != before or (index and facts_of(index[0]) != index[1]):
                    # One was replaced since the index was judged: perhaps they do not belong together.
                    opened.close()
                    raise NotReady(0, 0)
                # A database that was replaced is forgotten here, and closed when its last cursor is.
                for other in [one for one in self._open if one[0] == key[0]]:
                    del self._open[other]
                while len(self._open) >= KEPT:
                    del self._open[next(iter(self._open))]
                self._open[key] = opened
            # The one that is asked last is the last to be forgotten.
            self._open[key] = self._open.pop(key)
            return self._open[key]


def _stop(cursor: duckdb.DuckDBPyConnection, until: float, ended: threading.Event, closing: threading.Event) -> None:
    """Stop what is asked on the cursor from `until` on, or when all is closed. Again and again: between two questions
    it is not heard."""
    while not closing.is_set() and time.monotonic() < until:
        if ended.wait(min(TICK, max(0.0, until - time.monotonic()))):
            return
    while not ended.is_set():
        with contextlib.suppress(duckdb.Error):  # closed at this moment
            cursor.interrupt()
        ended.wait(AGAIN)


def end(thread: threading.Thread | None, asking: Callable[[], duckdb.DuckDBPyConnection | None]) -> None:
    """Wait for a thread that has been told to end, and stop what it asks meanwhile."""
    until = time.monotonic() + PATIENCE
    while thread and thread.is_alive() and thread is not threading.current_thread() and time.monotonic() < until:
        with contextlib.suppress(Exception):  # closed at this moment
            if con := asking():
                con.interrupt()
        thread.join(AGAIN)


def facts_of(path: Path) -> FileFacts:
    """What tells a file from the one that takes its place."""
    state = os.stat(path)
    return state.st_ino, state.st_mtime_ns, state.st_size


def _opened(path: Path, index: Path | None) -> duckdb.DuckDBPyConnection:
    con = workspace.connect(threads=workspace.THREADS, memory_limit=MEMORY_LIMIT)
    workspace.attach(con, path, "warehouse")
    if index:
        workspace.attach(con, index, "index")
    # Nothing else can be read or written from here, and nothing spills to the disk.
    con.execute("set temp_directory = ''")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con
