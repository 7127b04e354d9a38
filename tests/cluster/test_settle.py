"""`isf settle --engine spark` on two workers: the same bytes, whatever happens to a worker, a bucket or the run."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipelines.cluster import patients, spark
from pipelines.cluster.run import settle
from pipelines.cluster.settings import Cluster
from pipelines.engine.models import Model
from pipelines.errors import IsfError
from tests.command import ISF
from tests.integration.runs import hashes, leftovers, published

BUCKETS = 6
ROOT = Path(__file__).resolve().parents[2]
# As a model, it makes every bucket last a while.
PAUSE = Model("pause", "50_points", None, "select sleep_ms(1500) as slept", False)


@pytest.fixture
def slow(monkeypatch):
    known = patients.in_buckets
    monkeypatch.setattr(patients, "in_buckets", lambda con: ([*known(con)[0], PAUSE], *known(con)[1:]))


def same(home: Path, whole: Path, delivery: Path) -> bool:
    return hashes(home / "published" / delivery.name) == hashes(whole / "published" / delivery.name)


def exchanged(home: Path) -> list[Path]:
    return list((home / "cluster").rglob("*"))


def wait_for(condition, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_two_workers_publish_the_same_bytes_and_each_has_buckets(cluster, delivery, whole, tmp_path):
    home = tmp_path / "home"
    settlement, told = settle(delivery, home, Cluster(cluster.url, BUCKETS), threads=1)
    assert settlement.published and same(home, whole, delivery)
    worker_of = {one.bucket: one.worker for one in told}
    assert len(worker_of) == BUCKETS and len(set(worker_of.values())) == 2
    assert exchanged(home) == [] and leftovers(home) == []


def test_a_worker_is_killed_in_the_middle(mortal, delivery, whole, tmp_path, slow):
    home = tmp_path / "home"

    def kill() -> None:
        # One task has written what its bucket made, the others have not.
        wait_for(lambda: any((home / "cluster").rglob("_temporary/**/*.parquet")))
        mortal.kill_worker(0)

    killer = threading.Thread(target=kill)
    killer.start()
    settlement, told = settle(delivery, home, Cluster(mortal.url, BUCKETS), threads=1)
    killer.join()
    assert mortal.workers[0].returncode == -signal.SIGKILL
    assert settlement.published and same(home, whole, delivery)
    assert {one.bucket for one in told} == set(range(BUCKETS))


def test_a_bucket_that_fails_is_named_and_nothing_is_published(cluster, delivery, tmp_path, monkeypatch):
    known = patients.in_buckets

    def with_a_fault(con):
        chosen, *rest = known(con)
        fault = "select error('SECRET ' || pasientID) as told from landing.episode where episode_nr = 1"
        return [*chosen, Model("rule_x", "50_points", None, fault, False)], *rest

    monkeypatch.setattr(patients, "in_buckets", with_a_fault)
    home = tmp_path / "home"
    with pytest.raises(IsfError, match=r"1 of 6 buckets .* bucket \d, model rule_x: InvalidInput") as told:
        settle(delivery, home, Cluster(cluster.url, BUCKETS), threads=1)
    assert "SECRET" not in str(told.value)
    assert "SECRET" not in "".join(log.read_text() for log in cluster.folder.rglob("stderr"))
    assert published(home) == [] and leftovers(home) == [] and exchanged(home) == []


def test_an_exchange_that_spark_does_not_see_is_a_sentence(cluster):
    with spark.session(cluster.url) as opened, pytest.raises(IsfError, match="name such a folder with --exchange"):
        list(
            spark.settle_buckets(
                opened, patients.bucket.Work((), (), b"", "0.1"), "file:/nowhere", 2, "file:/no", Path("/no")
            )
        )


def test_ctrl_c_leaves_nothing_half_written(cluster, delivery, tmp_path):
    home = tmp_path / "home"
    code = (
        "import sys; from pipelines.cluster import patients; from tests.cluster.test_settle import PAUSE\n"
        "known = patients.in_buckets\n"
        "patients.in_buckets = lambda con: ([*known(con)[0], PAUSE], *known(con)[1:])\n"
        "from pipelines.__main__ import main; main()"
    )
    words = ["settle", delivery, "--home", home, "--engine", "spark", "--master", cluster.url, "--buckets", "6"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    wait_for(lambda: any((home / "cluster").rglob("_temporary")))
    os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it, to all that the command has started
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 130, errors
    assert "Stopped by Ctrl-C" in errors and "Traceback" not in errors
    assert published(home) == [] and leftovers(home) == [] and exchanged(home) == []


def test_an_executor_needs_nothing_of_the_project(tmp_path):
    """What goes to it runs where the package cannot be imported."""
    from pyspark import cloudpickle

    spark.send_as_text()
    (tmp_path / "sent").write_bytes(cloudpickle.dumps(spark.in_executor(patients.bucket.Work((), (), b"", "0.1"))))
    code = (
        "import sys; sys.modules['pipelines'] = None\n"
        "import pickle, pyarrow as pa\n"
        "table = pa.table({'bucket': [3], 'relation': ['episode'], 'content': [b'']})\n"
        f"print(pickle.load(open({str(tmp_path / 'sent')!r}, 'rb'))(table)['failure'][0])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert "bucket 3, the version of DuckDB" in run.stdout, run.stderr


def test_a_cluster_that_is_not_there_is_a_sentence(delivery, tmp_path):
    words = [ISF, "settle", delivery, "--home", tmp_path / "home", "--buckets", "3"]
    run = subprocess.run([*words], capture_output=True, text=True)
    assert run.returncode == 2 and "--buckets is about a cluster. Add --engine spark." in run.stderr
