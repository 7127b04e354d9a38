"""A delivery that arrives is checked once it is complete and still; both sensors are off until they are turned on."""

import json
import os
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest

from pipelines import definitions as location
from pipelines.delivery.folder import sha_of
from pipelines.engine import home as homes
from pipelines.orchestration import arrival, deliveries
from tests.integration.runs import deliver

REPOSITORY = location.definitions.get_repository_def()


@pytest.fixture
def arrived(tmp_path, monkeypatch):
    """A complete delivery, and the home that its check uses."""
    monkeypatch.setenv("ISF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ISF_DELIVERIES", str(tmp_path / "in"))
    return deliver(tmp_path / "in")


def look(cursor: str | None = None) -> tuple[list[dg.RunRequest], str]:
    """One evaluation of the sensor: what it asks for, and its cursor."""
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance, cursor=cursor, repository_def=REPOSITORY)
        data = arrival.delivery_arrives.evaluate_tick(context)
        return list(data.run_requests or []), data.cursor


def test_both_sensors_are_off_by_default():
    sensors = {name: REPOSITORY.get_sensor_def(name) for name in ("delivery_arrives", "checked_delivery_settles")}
    assert all(one.default_status == dg.DefaultSensorStatus.STOPPED for one in sensors.values())


def test_a_complete_delivery_is_checked_when_nothing_has_changed_between_two_looks(arrived):
    asked, cursor = look()
    assert asked == [] and json.loads(cursor).keys() == {arrived.name}
    asked, cursor = look(cursor)
    (request,) = asked
    assert request.partition_key == arrived.name and request.run_key.startswith(f"{arrived.name}:")
    os.utime(next(arrived.glob("episode.*")), ns=(1, 1))
    assert look(cursor)[0] == []


def test_an_incomplete_delivery_waits(arrived):
    manifest = arrived / "leveranse.json"
    content = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**content, "files": {"takst.csv.gz": {}}}))
    for file in arrived.glob("takst.*"):
        file.unlink()
    _, cursor = look()
    assert look(cursor)[0] == []


def test_what_was_settled_after_it_came_is_left_alone(arrived):
    warehouse = homes.warehouse(deliveries.home(), arrived.name)
    homes.make(warehouse.parent)
    warehouse.touch()
    _, cursor = look()
    assert look(cursor)[0] == []
    os.utime(warehouse, ns=(1, 1))
    assert len(look(cursor)[0]) == 1


def test_a_file_that_comes_later_with_an_old_time_is_seen(arrived):
    warehouse = homes.warehouse(deliveries.home(), arrived.name)
    homes.make(warehouse.parent)
    warehouse.touch()
    later = arrived / "new"
    later.touch()
    while later.stat().st_ctime_ns <= warehouse.stat().st_mtime_ns:  # the system's clock goes in steps
        os.utime(later, ns=(1, 1))
    later.replace(next(arrived.glob("episode.*")))
    assert not arrival._is_settled(arrived)


def test_a_folder_that_cannot_be_read_keeps_no_other_from_its_check(arrived, monkeypatch):
    unread = arrived.parent / "2025-T1-1"
    unread.mkdir()
    _, cursor = look()

    def refuse(path: Path) -> bool:
        if "2025-T1-1" in str(path):
            raise PermissionError(13, "Permission denied")
        return os.path.exists(path)

    monkeypatch.setattr(Path, "is_file", refuse)
    monkeypatch.setattr(Path, "is_dir", refuse)
    assert [request.partition_key for request in look(cursor)[0]] == [arrived.name]
    assert f"With a folder: {arrived.name}. " in deliveries.marked()


def asked(arrived, state: str | None) -> dg.RunRequest | dg.SkipReason:
    """What follows on a check that was asked for a state of the folder."""
    tags = {"dagster/partition": arrived.name} | ({arrival.STATE: state} if state else {})
    run = SimpleNamespace(tags=tags, run_id="r")
    return arrival.ask_to_settle(SimpleNamespace(dagster_run=run))


def test_what_has_changed_since_its_check_is_not_settled(arrived):
    claim(arrived, {"rows": 1})
    _, cursor = look()
    (request,) = look(cursor)[0]
    state = request.tags[arrival.STATE]
    assert asked(arrived, state).partition_key == arrived.name
    os.utime(next(arrived.glob("episode.*")), ns=(1, 1))
    assert "has changed since it was checked" in asked(arrived, state).skip_message


@pytest.mark.parametrize("claimed, settles", [({"rows": 1}, True), ({"sha256": "x"}, True), ({}, False)])
def test_only_what_is_said_to_be_whole_is_settled_by_itself(arrived, claimed, settles):
    claim(arrived, {"rows": 1})
    claim(arrived, claimed, "episode")
    answer = asked(arrived, None)
    assert isinstance(answer, dg.RunRequest) == settles
    if not settles:
        assert "neither rows nor sha256 of episode." in answer.skip_message


def claim(folder: Path, claimed: dict, table: str = "") -> None:
    """Say in the manifest how the files of a table are, or of all."""
    manifest = folder / "leveranse.json"
    content = json.loads(manifest.read_text())
    files = [path.name for path in folder.glob(f"{table}*") if path != manifest]
    before = content["files"] if table else {}
    manifest.write_text(json.dumps({**content, "files": before | dict.fromkeys(files, claimed)}))


def test_the_check_tells_the_rows_and_asks_for_a_settlement_only_when_it_succeeds(arrived):
    for file in [path for path in arrived.iterdir() if path.name != "leveranse.json"]:
        claim(arrived, {"sha256": sha_of(file)}, file.name)
    with dg.DagsterInstance.ephemeral() as instance:
        result = arrival.check.execute_in_process(partition_key=arrived.name, instance=instance)
        (output,) = [one for one in result.all_events if one.event_type == dg.DagsterEventType.STEP_OUTPUT]
        assert "Rader i leveransen" in output.step_output_data.metadata["account"].value
        context = dg.build_run_status_sensor_context(
            sensor_name="checked_delivery_settles",
            dagster_instance=instance,
            dagster_run=result.dagster_run,
            dagster_event=result.get_run_success_event(),
        )
        request = REPOSITORY.get_sensor_def("checked_delivery_settles")(context)
        assert request.partition_key == arrived.name
        next(arrived.glob("episode.*")).unlink()
        failed = arrival.check.execute_in_process(partition_key=arrived.name, instance=instance, raise_on_error=False)
        assert not failed.success
        (event,) = failed.get_step_failure_events()
        assert "episode: the required file is missing" in event.step_failure_data.error.message


def test_links_lead_to_the_served_pages_where_their_address_is_given(arrived, monkeypatch):
    page = deliveries.home() / "published" / "2025-T1-2" / "oppgjor.html"
    assert deliveries.link(page) == dg.MetadataValue.path(str(page))
    monkeypatch.setenv("ISF_SERVE", "http://127.0.0.1:8765/")
    assert deliveries.link(page).url == "http://127.0.0.1:8765/fil/published/2025-T1-2/oppgjor.html"


def test_the_partitions_without_a_folder_are_named(arrived):
    told = deliveries.marked()
    assert told.startswith(f"With a folder: {arrived.name}. Without one: ") and "2025-T1-1" in told
