"""A run that is killed, at whatever moment: the last good result stands, and the next run completes."""

import importlib
import itertools
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from pipelines.engine import home as homekeeping
from pipelines.settlement.run import settle
from tests.command import command, forked, wait
from tests.integration.runs import (
    CORRECTED,
    delivered,
    hashes,
    leftovers,
    published,
    published_home,
    settled_points,
)
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
    *few([], ["pipelines.publication.folder.place:1", "pipelines.engine.home.complete_in_turn:1"]),
)


def deadly(moment: str) -> None:
    """This process kills itself at the call."""
    place, _, call = moment.rpartition(":")
    module, _, name = place.rpartition(".")
    function, left = getattr(importlib.import_module(module), name), itertools.count(1 - int(call))

    def kills(*arguments, **named):
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **named)

    setattr(importlib.import_module(module), name, kills)


def command_until(moment: str, delivery: Path, home: Path) -> None:
    deadly(moment)
    command("settle", delivery, "--home", home)


def dagster_until(moment: str, delivery: Path, storage: Path | None) -> None:
    deadly(moment)
    import dagster as dg

    from pipelines.definitions import definitions

    instance = dg.DagsterInstance.local_temp(str(storage)) if storage else None
    definitions.resolve_job_def("settle").execute_in_process(partition_key=delivery.name, instance=instance)


@pytest.fixture(scope="module")
def templates(tmp_path_factory) -> tuple[Path, Path, Path]:
    """A corrected delivery, the home of an earlier settlement of it, and that home where nothing disturbs."""
    parent = tmp_path_factory.mktemp("killed")
    home, delivery = published_home(parent), delivered(CORRECTED)
    assert published(home) == [delivery.name]
    shutil.copytree(home, parent / "quiet")
    settle(delivery, parent / "quiet")
    return delivery, home, parent / "quiet"


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


def test_what_is_gone_back_to_is_the_newest_publication_and_what_is_explained(templates, tmp_path):
    corrected, _, quiet = templates
    home = shutil.copytree(quiet, tmp_path / "home")
    newest = settled_points(warehouse(home, corrected))
    back = settle(delivered(), home)
    assert back.published and back.published.name == f"{corrected.name}-r3" and not back.unchanged
    assert published(home) == [*revisions(corrected), f"{corrected.name}-r3"]
    assert settled_points(warehouse(home, corrected)) != newest
    again = settle(delivered(), home)
    assert again.unchanged and again.published == back.published and leftovers(home) == []


def environment(*names: str) -> None:
    print([os.environ.get(name) for name in names])


def test_a_forked_process_has_the_environment_of_now_and_is_not_waited_for_without_end(tmp_path, monkeypatch):
    names = ("ISF_OF_THE_TEST", "ISF_OF_THE_CALL", "ISF_HOME")
    for value in ("first", "second"):
        monkeypatch.setenv(names[0], value)
        assert wait(forked(environment, *names, log=tmp_path / value, env={names[1]: "here"})) == 0
        assert (tmp_path / value).with_suffix(".out").read_text() == f"['{value}', 'here', '']\n"
    with pytest.raises(pytest.fail.Exception, match=r"not ended after 0\.2 s"):
        wait(hangs := forked(time.sleep, 60, log=tmp_path / "hangs"), 0.2)
    assert hangs.exitcode == -signal.SIGKILL


def test_the_command_killed_at_any_time_and_at_any_step(homes, tmp_path):
    delivery, home, quiet = homes
    before, log = settled_points(warehouse(home, delivery)), tmp_path / "log"
    for seconds in few([0.8], [0.2, 0.4, 0.6, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0]):
        run = forked(command, "settle", delivery, "--home", home, log=log)
        time.sleep(seconds)
        run.kill()
        wait(run)
        sound(home, quiet, delivery, before)
    for moment in COMMAND_MOMENTS:
        code = wait(forked(command_until, moment, delivery, home, log=log))
        assert code == -signal.SIGKILL, (moment, log.with_suffix(".err").read_text())
        assert leftovers(home), moment
        sound(home, quiet, delivery, before)
    settle(delivery, home)
    complete(home, quiet, delivery)
    assert leftovers(home) == []


def test_dagster_killed_at_any_step(homes, tmp_path, monkeypatch):
    import dagster as dg

    from pipelines.definitions import definitions

    delivery, home, quiet = homes
    env = {"ISF_HOME": str(home), "ISF_DELIVERIES": str(delivery.parent)}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    before, log = settled_points(warehouse(home, delivery)), tmp_path / "log"
    storage = tmp_path / "dagster"
    storage.mkdir()
    for moment in DAGSTER_MOMENTS:
        # To keep every event on disk takes longer than the run; one killed run in Dagster's list is enough.
        kept = storage if moment == DAGSTER_MOMENTS[0] else None
        code = wait(forked(dagster_until, moment, delivery, kept, log=log, env=env))
        assert code == -signal.SIGKILL, (moment, log.with_suffix(".err").read_text())
        sound(home, quiet, delivery, before)
    job = definitions.resolve_job_def("settle")
    with dg.DagsterInstance.local_temp(str(storage)) as instance:
        loads = [key for key in definitions.resolve_asset_graph().get_all_asset_keys() if key.path[0] == "landing"]
        assert job.execute_in_process(
            partition_key=delivery.name, instance=instance, asset_selection=[*loads, dg.AssetKey("ref")]
        ).success
        # The killed run is still in its list as started; it holds nothing up.
        states = [run.status for run in instance.get_runs()]
        assert states == [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.STARTED]
    assert job.execute_in_process(partition_key=delivery.name).success
    complete(home, quiet, delivery)
    assert leftovers(home) == [f".dagster-{delivery.name}.duckdb", ".dagster.lock"]
