"""`isf settle --engine spark`: loaded on this machine, settled in buckets on the cluster, published from here."""

import contextlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipelines.cluster import patients, spark
from pipelines.cluster.settings import Cluster
from pipelines.engine import bucket
from pipelines.engine import home as homes
from pipelines.engine.progress import Progress, silent
from pipelines.errors import InputRefused
from pipelines.grouper.units import Regrouping
from pipelines.settlement import run as runs
from pipelines.settlement.verify import ledger_of

FOLDER = "cluster"


@contextlib.contextmanager
def exchange(home: Path, name: str, cluster: Cluster) -> Iterator[tuple[Path, str]]:
    """A folder of this run in the place that all see, and Spark's address of it; removed whatever happens."""
    parent = homes.make(cluster.exchange or home / FOLDER)
    path = homes.make(homes.building(parent, name))
    url = f"{cluster.exchange_url.rstrip('/')}/{path.name}" if cluster.exchange_url else spark.address(path)
    try:
        yield path, url
    finally:
        homes.remove(path)


def settle(
    delivery: Path, home: Path, cluster: Cluster, *, progress: Progress = silent, **options: Any
) -> tuple[runs.Settlement, list[bucket.Made]]:
    """Settle a delivery on a cluster and publish it here; also what each bucket gave, without content.

    `options` are those of `settlement.run.settle`, and so is what it raises; also IsfError of the cluster, which is
    asked before anything is loaded, and InputRefused where stays are to be grouped anew. The published folder is byte
    for byte that of one machine.
    """
    delivery = Path(delivery).resolve()
    refuse_regrouping(options.get("drg_source"))
    told: list[bucket.Made] = []
    progress("the cluster", 1, 1)
    with contextlib.ExitStack() as cluster_in_use:
        opened = cluster_in_use.enter_context(spark.session(cluster.master))
        if cluster.tables:
            spark.check_target(opened, cluster.tables)

        def way(con: duckdb.DuckDBPyConnection, regrouping: Regrouping | None, progress: Progress) -> None:
            # The session ends first: what is left to do needs none, and nobody writes where things are removed.
            with exchange(home, delivery.name, cluster) as (folder, url), cluster_in_use:

                def spread(work: bucket.Work, landing: Path, tasks: int) -> Iterable[bucket.Made]:
                    made = (f"{url}/made", folder / "made")
                    return spark.settle_buckets(opened, work, f"{url}/{landing.name}", tasks, *made)

                told.extend(patients.way(con, folder, spread, buckets=cluster.buckets, progress=progress))

        settlement = runs.settle(delivery, home, way=way, progress=progress, **options)
    if cluster.tables and settlement.published:
        progress("tables", 1, 1)
        with exchange(home, delivery.name, cluster) as (folder, url), spark.session(cluster.master) as opened:
            found = result_tables(settlement.published)
            for path in found.values():
                shutil.copyfile(path, folder / path.name)
            spark.write_tables(opened, {name: f"{url}/{path.name}" for name, path in found.items()}, cluster.tables)
    return settlement, told


def result_tables(published: Path) -> dict[str, Path]:
    """The published tables and the ledger as Parquet: name → file."""
    ledger = ledger_of(published)
    folders = [published, *([ledger] if ledger else [])]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.parquet"))}


def refuse_regrouping(drg_source: str | None) -> None:
    """Raises InputRefused: stays are grouped anew on one machine only."""
    if drg_source and drg_source.startswith(runs.GROUPED):
        raise InputRefused("--engine", ["Stays are grouped anew on one machine only. Settle without --engine."])


def settler(cluster: Cluster, tell: Callable[[str], None]) -> Callable[..., runs.Settlement]:
    """`settlement.run.settle` on a cluster, which tells in one line what ran where."""

    def settle_there(delivery: Path, home: Path, **options: Any) -> runs.Settlement:
        settlement, told = settle(delivery, home, cluster, **options)
        tell(summary(told))
        return settlement

    return settle_there


def summary(told: Iterable[bucket.Made]) -> str:
    """One line: how many buckets each worker had, seconds in all and the longest."""
    each = {one.bucket: (one.worker, one.seconds) for one in told}
    had = sorted(Counter(worker for worker, _ in each.values()).values(), reverse=True)
    seconds = [spent for _, spent in each.values()]
    return (
        f"{len(each)} buckets on {len(had)} workers ({', '.join(map(str, had))});"
        f" {sum(seconds):.1f} s in buckets, the longest {max(seconds, default=0):.1f} s"
    )
