"""A run's options and its working database: one DuckDB file per delivery, written by one run at a time."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import dagster as dg
import duckdb
from pydantic import Field, PrivateAttr

from pipelines.engine import home as homes
from pipelines.engine.workspace import MEMORY_LIMIT, THREADS, building, connect
from pipelines.errors import IsfError
from pipelines.grouper import units
from pipelines.orchestration import deliveries
from pipelines.settlement import run as settle


class SettlementRun(dg.ConfigurableResource):
    """The options of `isf settle`, and the connection that the steps of one run share.

    The steps work in `<home>/warehouse/.dagster-<delivery>.duckdb`. Runs of one home take turns by a lock
    that the operating system drops with the process, so there is nothing to clean up after a kill.
    """

    drg_source: str = Field(
        "main_episode", description=f"DRG of a stay: {', '.join(settle.DRG_SOURCES)} or {settle.GROUPED}ID."
    )
    group_episodes: bool = Field(False, description="With grouped:ID also the episodes, before they are merged.")
    ruleset: str = Field("", description="Another rule set than the year's own: an id or a folder.")
    accept_quarantine: bool = Field(
        False, description="Publish although too many rows are quarantined or values cannot be read."
    )
    accept_empty: bool = Field(False, description="Publish although the delivery has no episodes.")
    threads: int = Field(THREADS, description="Threads of the computation.")
    memory_limit: str = Field(MEMORY_LIMIT, description="Memory limit of the computation.")

    _con: duckdb.DuckDBPyConnection | None = PrivateAttr(default=None)
    _lock: IO | None = PrivateAttr(default=None)
    _delivery: str | None = PrivateAttr(default=None)

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["SettlementRun"]:
        before = os.umask(0o077)
        try:
            yield self
        finally:
            self._close()
            if self._lock:
                self._lock.close()
            os.umask(before)

    def regrouping(self) -> units.Regrouping | None:
        """What is grouped anew, by which definition tables of the home."""
        return settle.regrouping_of(self.drg_source, deliveries.home(), group_episodes=self.group_episodes)

    def fresh(self, delivery: str) -> duckdb.DuckDBPyConnection:
        """An empty working database, in place of what an earlier run left."""
        self._hold(delivery)
        self._close()
        for leftover in self._path.parent.glob(f"{self._path.name}*"):
            homes.remove(leftover)
        self._con = self._connect()
        os.chmod(self._path, 0o600)
        return self._con

    def connection(self, delivery: str) -> duckdb.DuckDBPyConnection:
        """The working database as the steps before left it. Raises IsfError if the delivery is not loaded."""
        self._hold(delivery)
        if self._con is None:
            if not self._path.exists():
                raise IsfError(f"Delivery {delivery} is not loaded. Run the job `settle` for it first.")
            self._con = self._connect()
        # The models have total orders of their own, so DuckDB need not keep the order of rows in between.
        self._con.execute("set preserve_insertion_order = false")
        return self._con

    def set_aside(self, delivery: str) -> Path:
        """Copy the finished working database to where it waits to be published, whole or not at all."""
        self.connection(delivery).execute("checkpoint")
        self._close()
        with building(homes.unpublished(deliveries.home(), delivery)) as (path, put_in_place):
            shutil.copyfile(self._path, path)
            put_in_place()
        return homes.unpublished(deliveries.home(), delivery)

    @contextlib.contextmanager
    def computed(self, delivery: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, Callable[[Path], None]]]:
        """What was computed last, to read, and what puts it at a place; where all is published, the settled warehouse
        (which stays). Raises IsfError when there is neither."""
        homes.complete(deliveries.home())
        waiting, settled = homes.unpublished(deliveries.home(), delivery), homes.warehouse(deliveries.home(), delivery)
        path = waiting if waiting.exists() else settled
        if not path.exists():
            raise IsfError(f"There is no warehouse {path}. Run the job `settle` for {delivery} first.")
        con = connect(path, read_only=True, threads=self.threads, memory_limit=self.memory_limit)

        def put(place: Path) -> None:
            con.close()
            if path == waiting:
                homes.replace(path, place)

        with contextlib.closing(con):
            con.execute("set preserve_insertion_order = false")
            yield con, put

    @property
    def _path(self) -> Path:
        return deliveries.home() / "warehouse" / f".dagster-{self._delivery}.duckdb"

    def _connect(self) -> duckdb.DuckDBPyConnection:
        return connect(self._path, threads=self.threads, memory_limit=self.memory_limit)

    def _close(self) -> None:
        if self._con is not None:
            self._con.close()
            self._con = None

    def _hold(self, delivery: str) -> None:
        """Take the home's lock for a delivery, waiting for another run to end."""
        if self._delivery == delivery:
            return
        if self._delivery is not None:
            raise IsfError(f"This run is of {self._delivery}, not of {delivery}. Run one delivery at a time.")
        homes.prepare(deliveries.home())
        self._lock = (deliveries.home() / "warehouse" / ".dagster.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            dg.get_dagster_logger().info("Waiting for another run of this home to end.")
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._delivery = delivery


@contextlib.contextmanager
def told_without_content(step: str) -> Iterator[None]:
    """Errors as Dagster may keep them: messages for people; of DuckDB's, which can quote rows, the kind."""
    try:
        yield
    except IsfError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from None
    except duckdb.Error as error:
        raise dg.Failure(
            description=f"{step}: {type(error).__name__}. DuckDB's message may quote a row, so it is not kept"
            " here; `isf settle` on the delivery shows it.",
            allow_retries=False,
        ) from None
