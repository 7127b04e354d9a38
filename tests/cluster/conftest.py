"""A standalone cluster of Spark on this machine: a master and two workers, each a process of its own."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyspark
import pytest

from pipelines.generate import generate
from pipelines.rules import load as rulesets
from pipelines.settlement.run import settle

LIMIT_S = 300
PACKAGE = "org.apache.spark.deploy"


class Standalone:
    """`url` of the master; `workers`, processes with one core each, which may be killed one by one."""

    def __init__(self, folder: Path):
        self.folder, self.workers = folder, []
        self.master, log = self._start("master.Master", "--port", "0", "--webui-port", "0")
        self.url = self._wait(log, r"Starting Spark master at (spark://\S+)")

    def add_worker(self) -> None:
        work = self.folder / f"work-{len(self.workers)}"
        process, log = self._start(
            "worker.Worker", "--webui-port", "0", "--memory", "1g", "--work-dir", str(work), self.url
        )
        self.workers.append(process)
        self._wait(log, r"(Successfully registered) with master")

    def kill_worker(self, number: int) -> None:
        """The worker and its executors at once, as when a machine is lost."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)
        self.workers[number].wait()

    def stop(self) -> None:
        for process in (*self.workers, self.master):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _start(self, kind: str, *arguments: str) -> tuple[subprocess.Popen, Path]:
        log = self.folder / f"{kind}-{len(self.workers)}.log"
        home = Path(pyspark.__file__).parent
        settings = {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_WORKER_CORES": "1",
            "SPARK_DAEMON_MEMORY": "256m",
        }
        with open(log, "w") as out:
            process = subprocess.Popen(
                [home / "bin" / "spark-class", f"{PACKAGE}.{kind}", "--host", "127.0.0.1", *arguments],
                env=os.environ | settings, stdout=out, stderr=out, cwd=self.folder, start_new_session=True,
            )  # fmt: skip
        return process, log

    def _wait(self, log: Path, pattern: str) -> str:
        until = time.monotonic() + LIMIT_S
        while time.monotonic() < until:
            if found := re.search(pattern, log.read_text()):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(f"{log}: {log.read_text()[-2000:]}")


os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
os.environ["PYSPARK_PYTHON"] = sys.executable
# A virtual machine that lives for seconds is sooner ready than optimised.
os.environ["JAVA_TOOL_OPTIONS"] = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@contextlib.contextmanager
def standalone(folder: Path, workers: int = 2):
    made = Standalone(folder)
    try:
        for _ in range(workers):
            made.add_worker()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """With two workers, for all tests that do not kill one."""
    with standalone(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture
def mortal(tmp_path):
    """A cluster with two workers for one test."""
    with standalone(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def delivery(tmp_path_factory) -> Path:
    """A small generated year."""
    year = int(rulesets.newest_final())
    return generate(tmp_path_factory.mktemp("generated"), year=year, tertial=3, delivery=2, scale=0.001, threads=1)


@pytest.fixture(scope="session")
def whole(delivery, tmp_path_factory) -> Path:
    """The home in which one machine has settled and published it."""
    home = tmp_path_factory.mktemp("whole")
    assert settle(delivery, home, threads=1).published
    return home
