"""The thin adapter for Apache Spark 4: a session, and work spread over its executors. DataFrame API only, so that it
also runs where there is nothing else (Spark Connect, Databricks serverless).

Spark decides nothing about money: it carries compressed files to the executors and back, and tries a task again on
another worker where one is lost.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.engine import bucket as in_bucket
from pipelines.engine import stop
from pipelines.engine.bucket import Made, Work, run
from pipelines.errors import IsfError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

OLDEST = (4, 0)
MADE = "bucket int, relation string, content binary, worker string, seconds double, failure string"
QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
REMEDY = "Remedy: pip install 'isf-oppgjor[spark]', with Java 17 (docs/cluster.md)."


@contextlib.contextmanager
def session(master: str | None, tasks: int) -> "Iterator[SparkSession]":
    """A session of Spark, on the cluster `master` or, without it, the one that the platform gives.

    `tasks`: how many there will be at most. Only a session that was made here is stopped at the end.
    Raises IsfError where Spark is missing, older than 4, or does not raise on overflow (ANSI).
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise IsfError(f"--engine spark needs pyspark, which is not installed ({error}). {REMEDY}") from error
    given = SparkSession.getActiveSession()
    builder: Any = SparkSession.builder.appName("isf-oppgjor")
    if master:
        builder = builder.master(master)
        for name, value in QUIET.items():
            builder = builder.config(name, value)
        if master.startswith(("local", "spark://")):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    with _own_signals():
        try:
            spark = given or builder.getOrCreate()
        except Exception as error:
            raise IsfError(
                f"Spark could not be started at {master or 'the platform'}: {_first(error)} {REMEDY}"
            ) from error
    try:
        check(spark)
        spark.conf.set("spark.sql.shuffle.partitions", str(tasks))
        yield spark
    except stop.Stopped:
        # Spark takes its time to end, and this program has seconds to remove what it was building; it ends with it.
        threading.Thread(target=spark.stop, name="stop Spark", daemon=True).start()
        raise
    except BaseException:
        _end(spark, given)
        raise
    else:
        _end(spark, given)


def _end(spark: "SparkSession", given: "SparkSession | None") -> None:
    if given is None:
        spark.stop()


def settle_buckets(spark: "SparkSession", work: Work, rows: str, tasks: int, results: str) -> Iterator[Made]:
    """Settle the buckets that lie below `rows` (as `patients.send` writes them), one task each; the results go by way
    of `results`. Both are addresses that driver and executors understand. Raises IsfError."""
    from pyspark.sql import functions as f

    send_as_text()
    files = spark.read.format("binaryFile").load(rows)
    if files.isEmpty():
        return
    columns = files.select("bucket", f.col("table").alias("relation"), "content")
    made = _apart(columns, "bucket", tasks).groupBy("bucket").applyInArrow(in_executor(work), schema=MADE)
    _run(lambda: made.write.parquet(results))
    for row in spark.read.parquet(results).toLocalIterator():
        yield Made(row.bucket, row.relation, bytes(row.content), row.worker, row.seconds, row.failure)


def _apart(rows: "DataFrame", number: str, tasks: int) -> "DataFrame":
    """The rows of each number in a task of their own; before Spark 4.1 some tasks may get several numbers."""
    from pyspark.sql import functions as f

    by_id = getattr(rows, "repartitionById", None)
    return by_id(tasks, f.col(number)) if by_id else rows.repartition(tasks, number)


def in_executor(work: Work) -> Any:
    """The function that an executor runs on the files of one bucket."""

    def settle(table: "pa.Table") -> "pa.Table":
        import pyarrow as pa

        number = table["bucket"][0].as_py()
        files = zip(table["relation"].to_pylist(), (value.as_py() for value in table["content"]), strict=True)
        made = run(work, number, files)
        columns = [
            pa.array([one.bucket for one in made], pa.int32()),
            pa.array([one.table for one in made], pa.string()),
            pa.array([one.content for one in made], pa.binary()),
            pa.array([one.worker for one in made], pa.string()),
            pa.array([one.seconds for one in made], pa.float64()),
            pa.array([one.failure for one in made], pa.string()),
        ]
        return pa.table(columns, ["bucket", "relation", "content", "worker", "seconds", "failure"])

    return settle


def send_as_text() -> None:
    """What executors run goes to them whole, so they need nothing of this project."""
    from pyspark import cloudpickle

    cloudpickle.register_pickle_by_value(in_bucket)
    cloudpickle.register_pickle_by_value(sys.modules[__name__])


def _run(job: Any) -> None:
    """Run a job of Spark; what it says when it fails names tasks and hosts, and our own words in the executor."""
    from pyspark.errors import PySparkException

    try:
        job()
    except PySparkException as error:
        told = [
            line.split("RuntimeError: ", 1)[1] for line in str(error).splitlines() if "RuntimeError: bucket" in line
        ]
        cause = told[-1] if told else _first(error)
        raise IsfError(
            f"The cluster could not do it: {cause.strip()}. Nothing was published. Remedy: look at the"
            " log of the executors; where memory is short, take more --buckets."
        ) from None


def check(spark: "SparkSession") -> None:
    """Raises IsfError where the session is of an older Spark, or does not raise on overflow."""
    version = tuple(int(part) for part in spark.version.split(".")[:2])
    if version < OLDEST:
        raise IsfError(f"The cluster runs Spark {spark.version}; this program needs {'.'.join(map(str, OLDEST))}.")
    if str(spark.conf.get("spark.sql.ansi.enabled")).lower() != "true":
        raise IsfError(
            "The cluster has ANSI mode off: an overflow would give a wrong number instead of an error."
            " Remedy: set spark.sql.ansi.enabled to true."
        )


@contextlib.contextmanager
def _own_signals() -> Iterator[None]:
    """Spark takes Ctrl-C for itself when it starts; this program's own answer to it stays."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _first(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


def address(path: Path) -> str:
    """The address by which Spark finds a path that every machine sees."""
    return f"file:{path.resolve()}"
