"""A delivery that arrives is checked once it is complete and still; both sensors are off until they are turned on."""

import json
import os

import dagster as dg
import pytest

from pipelines import definitions as location
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


def test_the_check_tells_the_rows_and_asks_for_a_settlement_only_when_it_succeeds(arrived):
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
