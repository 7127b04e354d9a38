"""A run that is killed, at whatever moment: the last good result stands, and the next run completes."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.engine import home as homekeeping
from pipelines.settlement.run import settle
from tests.integration.runs import deliver, hashes, leftovers, published, settled_points
from tests.size import few

# A function and the call at which the process kills itself, in the order in which a run gets there.
COMMAND_MOMENTS = (
    "pipelines.engine.models.run_model:45",
    "pipelines.settlement.workbook.write:1",
    "pipelines.publication.folder.place:1",
    "pipelines.engine.home.complete_in_turn:1",
)
DAGSTER_MOMENTS = (
    "pipelines.orchestration.models.run_model:3",
    *few([], ["pipelines.publication.folder.place:1"]),
    "pipelines.engine.home.complete_in_turn:1",
)
KILL = """
import importlib, os, signal, sys
place, _, call = sys.argv[1].rpartition(":")
left = int(call)
module, _, name = place.rpartition(".")
module = importlib.import_module(module)
function = getattr(module, name)

def deadly(*arguments, **named):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return function(*arguments, **named)

setattr(module, name, deadly)
"""
COMMAND = """
from pipelines.cli import main
sys.argv = ["isf", "settle", sys.argv[2], "--home", sys.argv[3]]
main()
"""
DAGSTER = """
import dagster as dg
from pipelines.definitions import definitions
instance = dg.DagsterInstance.local_temp(sys.argv[4]) if sys.argv[4:] else None
job = definitions.resolve_job_def("settle")
job.execute_in_process(partition_key=os.path.basename(sys.argv[2]), instance=instance)
"""


@pytest.fixture(scope="module")
def templates(tmp_path_factory) -> tuple[Path, Path, Path]:
    """A corrected delivery, the home of an earlier settlement of it, and that home where nothing disturbs."""
    parent = tmp_path_factory.mktemp("killed")
    earlier = deliver(parent / "earlier", seed=5)
    delivery = deliver(parent / "corrected", seed=6)
    assert earlier.name == delivery.name
    settle(earlier, parent / "home")
    shutil.copytree(parent / "home", parent / "quiet")
    settle(delivery, parent / "quiet")
    return delivery, parent / "home", parent / "quiet"


@pytest.fixture
def homes(templates, tmp_path) -> tuple[Path, Path, Path]:
    """The same, with a home of one's own."""
    delivery, home, quiet = templates
    return delivery, shutil.copytree(home, tmp_path / "home"), quiet


def warehouse(home: Path, delivery: Path) -> Path:
    return home / "warehouse" / f"{delivery.name}.duckdb"


def sound(home: Path, quiet: Path, delivery: Path, before) -> None:
    """Warehouse and published folders are the old ones or the new ones, both whole, once a command has looked."""
    after = settled_points(warehouse(quiet, delivery))
    assert before != after
    assert settled_points(warehouse(home, delivery)) in (before, after)
    homekeeping.settled(home)
    names = [delivery.name] if settled_points(warehouse(home, delivery)) == before else revisions(delivery)
    assert published(home) == names


def revisions(delivery: Path) -> list[str]:
    return [delivery.name, f"{delivery.name}-r2"]


def complete(home: Path, quiet: Path, delivery: Path) -> None:
    """The new settlement stands beside the earlier one, as in the home where nothing was killed."""
    assert published(home) == revisions(delivery)
    for place in ("published", "ledger"):
        assert hashes(home / place) == hashes(quiet / place)
    assert settled_points(warehouse(home, delivery)) == settled_points(warehouse(quiet, delivery))


def test_the_command_killed_at_any_time_and_at_any_step(homes):
    delivery, home, quiet = homes
    before = settled_points(warehouse(home, delivery))
    arguments = [sys.executable, "-m", "pipelines.cli", "settle", delivery, "--home", home]
    for seconds in few([1.8], [0.4, 0.8, 1.2, 1.5, 2.2, 2.6, 3.0, 3.5, 4.0, 5.0]):
        with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            time.sleep(seconds)
            run.kill()
        sound(home, quiet, delivery, before)
    for moment in COMMAND_MOMENTS:
        arguments = [sys.executable, "-c", KILL + COMMAND, moment, delivery, home]
        run = subprocess.run(arguments, capture_output=True, check=False)
        assert run.returncode == -signal.SIGKILL, (moment, run.stderr.decode())
        assert leftovers(home), moment
        sound(home, quiet, delivery, before)
    settle(delivery, home)
    complete(home, quiet, delivery)
    assert leftovers(home) == []


def test_dagster_killed_at_any_step(homes, tmp_path, monkeypatch):
    import dagster as dg

    from pipelines.definitions import definitions

    delivery, home, quiet = homes
    monkeypatch.setenv("ISF_HOME", str(home))
    monkeypatch.setenv("ISF_DELIVERIES", str(delivery.parent))
    before = settled_points(warehouse(home, delivery))
    storage = tmp_path / "dagster"
    storage.mkdir()
    for moment in DAGSTER_MOMENTS:
        # To keep every event on disk takes longer than the run; one killed run in Dagster's list is enough.
        kept = [storage] if moment == DAGSTER_MOMENTS[0] else []
        arguments = [sys.executable, "-c", KILL + DAGSTER, moment, delivery, home, *kept]
        run = subprocess.run(arguments, capture_output=True, check=False, env=os.environ)
        assert run.returncode == -signal.SIGKILL, (moment, run.stderr.decode())
        sound(home, quiet, delivery, before)
    with dg.DagsterInstance.local_temp(str(storage)) as instance:
        job = definitions.resolve_job_def("settle")
        assert job.execute_in_process(partition_key=delivery.name, instance=instance).success
        # The killed run is still in its list as started; it holds nothing up.
        states = [run.status for run in instance.get_runs()]
        assert states == [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.STARTED]
    complete(home, quiet, delivery)
    assert leftovers(home) == [f".dagster-{delivery.name}.duckdb", ".dagster.lock"]
