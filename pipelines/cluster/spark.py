"""The thin adapter for Apache Spark 4.1 or later: a session, and work spread over its executors. DataFrame API only,
so that it also runs where there is nothing else (Spark Connect, Databricks serverless).

Spark decides nothing about money: it carries compressed files to the executors and back, and tries a task again on
another worker where one is lost.
"""

import contextlib
import functools
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pipelines.engine import bucket as in_bucket
from pipelines.engine import stop
from pipelines.engine.bucket import Made, Work, run
from pipelines.errors import InputRefused, IsfError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

OLDEST = (4, 1)  # repartitionById
PARTITIONS = "spark.sql.shuffle.partitions"
MADE = "bucket int, relation string, content binary, worker string, seconds double, failure string"
ANSWER = "number int, name string, content binary, worker string"
PARQUET = "parquet:"  # before an address
QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
# What Spark says where the driver or an executor does not see what another has written.
UNSEEN = re.compile(r"\[(PATH_NOT_FOUND|FAILED_READ_FILE|UNABLE_TO_INFER_SCHEMA)")
ROOT = Path(__file__).resolve().parents[2]
# What this program says in an executor.
OWN_WORDS = re.compile(r"RuntimeError: ((?:bucket|scenario|the program) .*)")
# What there is of the result where Spark fails, and what helps where memory was short.
BUCKETS_FAILED = ("Nothing was published.", "take more --buckets")
CALLS_FAILED = ("No scenario was saved.", "raise --memory-limit or give the executors more")
REMEDY = "Remedy: pip install 'isf-oppgjor[spark]', with Java 17 (docs/cluster.md)."


@contextlib.contextmanager
def session(master: str | None) -> "Iterator[SparkSession]":
    """A session of Spark, on the cluster `master` or, without it, the one that the platform gives.

    Only a session that was made here is stopped at the end; one that was there before is left as it was.
    Raises IsfError where Spark is missing, older than 4.1, or does not raise on overflow (ANSI), and InputRefused for
    a `master` where a session is there already.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise IsfError(f"--engine spark needs pyspark, which is not installed ({error}). {REMEDY}") from error
    given = SparkSession.getActiveSession()
    if given and master:
        problem = f"A session of Spark is there already, and {master} would be ignored. Leave --master out."
        raise InputRefused("--master", [problem])
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
    # A session that was given has its own number of partitions back in the end.
    end = functools.partial(spark.conf.set, PARTITIONS, str(spark.conf.get(PARTITIONS))) if given else spark.stop
    try:
        check(spark)
        yield spark
    except stop.Stopped:
        # Spark takes its time to end, and this program has seconds to remove what it was building; it ends with it.
        threading.Thread(target=end, name="end Spark", daemon=True).start()
        raise
    except BaseException:
        with contextlib.suppress(Exception):  # what went wrong before is what is told
            end()
        raise
    else:
        end()


def settle_buckets(
    spark: "SparkSession", work: Work, rows: str, tasks: int, results: str, seen: Path
) -> Iterator[Made]:
    """Settle the buckets that lie below `rows` (as `patients.send` writes them), one task each; the results go by way
    of `results`, a folder that is `seen` here. Both are addresses that driver and executors understand. Raises
    IsfError."""
    from pyspark.sql import functions as f

    send_as_text()
    try:
        files = spark.read.format("binaryFile").load(rows)
        if files.isEmpty():
            return
        columns = files.select("bucket", f.col("table").alias("relation"), "content")
        made = _apart(columns, "bucket", tasks).applyInArrow(in_executor(work), schema=MADE)
        for row in _by_way_of(results, seen, made):
            yield Made(row.bucket, row.relation, bytes(row.content), row.worker, row.seconds, row.failure)
    except Exception as error:  # PySpark's own, or Py4J's where Java's is of another kind
        raise in_words(error, rows, BUCKETS_FAILED) from None


def call(spark: "SparkSession", function: str, jobs: Sequence[str], results: str, seen: Path) -> Iterator[Any]:
    """Call `module:function` of this program, which executors must have, with each of `jobs`, one task each; what it
    answers, names and contents, comes by way of `results`, a folder that is `seen` here, as rows of `ANSWER`, in any
    order. Raises IsfError."""
    send_as_text()
    try:
        rows = spark.createDataFrame(list(enumerate(jobs)), "number int, job string")
        made = _apart(rows, "number", len(jobs)).applyInArrow(caller(str(ROOT), function), schema=ANSWER)
        yield from _by_way_of(results, seen, made)
    except Exception as error:
        raise in_words(error, results, CALLS_FAILED) from None


def _apart(rows: "DataFrame", number: str, tasks: int) -> Any:
    """The rows grouped by their number, each group in a task of its own."""
    from pyspark.sql import functions as f

    rows.sparkSession.conf.set(PARTITIONS, str(tasks))
    return rows.repartitionById(tasks, f.col(number)).groupBy(number)


def _by_way_of(results: str, seen: Path, made: "DataFrame") -> Iterator[Any]:
    """What a job gives, by way of Parquet at the address `results`, which is `seen` here: neither this machine nor
    Spark's driver, which has a gigabyte unless told otherwise, need hold more than a row of it at once."""
    import pyarrow.parquet as pq

    made.write.parquet(results)
    if not seen.is_dir():
        raise RuntimeError(f"[PATH_NOT_FOUND] what the executors have written is not at {seen}")
    for path in sorted(seen.glob("*.parquet")):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1):
                for row in batch.to_pylist():
                    yield SimpleNamespace(**row)


def write_tables(spark: "SparkSession", files: dict[str, str], target: str) -> None:
    """Write tables (name → address of its Parquet file) over those of the same names in the schema `target` of the
    catalog, or below an address, `parquet:ADDRESS`. Raises IsfError."""
    for name, file in files.items():
        try:
            writer = spark.read.parquet(file).write.mode("overwrite")
            if target.startswith(PARQUET):
                writer.parquet(f"{target.removeprefix(PARQUET).rstrip('/')}/{name}")
            else:
                writer.saveAsTable(f"{target}.{name}")
        except Exception as error:
            raise IsfError(
                f"{name} could not be written to {target}: {_first(error)} The settlement is published all the same."
                " Remedy: settle again with --tables when the cause is mended; the publication stays as it is."
            ) from None


def check_target(spark: "SparkSession", target: str) -> None:
    """Raises InputRefused where tables are to be written into a schema that the catalog does not have."""
    if not target.startswith(PARQUET) and not spark.catalog.databaseExists(target):
        problem = f"The catalog has no schema {target}. Make it first, or say {PARQUET}ADDRESS."
        raise InputRefused("--tables", [problem])


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


def caller(root: str, function: str) -> Any:
    """The function that an executor runs on a job: it calls `module:function` of the program, which is found at `root`
    or among what is installed there. The answers are (name, content)."""

    def answer(table: "pa.Table") -> "pa.Table":
        import importlib
        import socket

        import pyarrow as pa

        if root not in sys.path:
            sys.path.append(root)
        module, _, called = function.partition(":")
        try:
            found = getattr(importlib.import_module(module), called)
        except ImportError as error:
            raise RuntimeError(f"the program cannot be imported on {socket.gethostname()}: {error}") from None
        (number,), (job,) = table["number"].to_pylist(), table["job"].to_pylist()
        answers = list(found(job))
        worker = f"{socket.gethostname()}/{os.getppid()}"
        columns = [
            pa.array([number] * len(answers), pa.int32()),
            pa.array([name for name, _ in answers], pa.string()),
            pa.array([content for _, content in answers], pa.binary()),
            pa.array([worker] * len(answers), pa.string()),
        ]
        return pa.table(columns, ["number", "name", "content", "worker"])

    return answer


def send_as_text() -> None:
    """What executors run goes to them whole, so they need nothing of this project."""
    from pyspark import cloudpickle

    cloudpickle.register_pickle_by_value(in_bucket)
    cloudpickle.register_pickle_by_value(sys.modules[__name__])


def in_words(error: BaseException, rows: str, failed: tuple[str, str]) -> IsfError:
    """What Spark says when it fails names tasks and hosts, and our own words in the executor; as a sentence with its
    remedy. `rows`: the address that was read; `failed`: what there is of the result then, and what helps."""
    outcome, help_with_memory = failed
    told = OWN_WORDS.findall(f"{type(error).__name__}: {error}")
    remedy = f"look at the log of the executors; where memory is short, {help_with_memory}."
    if not told and UNSEEN.search(str(error)):
        remedy = (
            f"the executors must see what this machine writes, here {rows}: name such a folder with --exchange and,"
            " where Spark names it differently, --exchange-url."
        )
    cause = told[-1] if told else _first(error)
    return IsfError(f"The cluster could not do it: {cause.strip()}. {outcome} Remedy: {remedy}")


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
    """Its first line that says something: Py4J begins with the name of the call."""
    lines = [line for line in str(error).strip().splitlines() if not line.startswith("An error occurred while calling")]
    return (lines or [type(error).__name__])[0].lstrip(": ")[:300]


def address(path: Path) -> str:
    """The address by which Spark finds a path that every machine sees."""
    return f"file:{path.resolve()}"
