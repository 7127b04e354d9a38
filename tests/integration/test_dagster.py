"""Dagster: the graph is the SQL's, a run publishes what the command publishes, and faults block it."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines import definitions as location
from pipelines.checks import invariants
from pipelines.checks import suites as expectations
from pipelines.engine.models import models
from pipelines.engine.workspace import connect
from pipelines.grouper.units import SCHEMA
from pipelines.orchestration import deliveries
from pipelines.orchestration.models import MODEL_ASSETS, key_of
from pipelines.orchestration.run import SettlementRun
from pipelines.publication.tables import TABLES
from pipelines.rules import load as rulesets
from tests.integration.runs import (
    SECRET,
    deliver,
    delivered,
    hashes,
    leftovers,
    published,
    published_home,
    settled_points,
)

ROOT = Path(__file__).resolve().parents[2]
GRAPH = location.definitions.resolve_asset_graph()


def run_job(job: str, delivery: Path, home: Path, monkeypatch, **options) -> dg.ExecuteInProcessResult:
    """A job of the code location, in this process, on one delivery."""
    monkeypatch.setenv("ISF_HOME", str(home))
    monkeypatch.setenv("ISF_DELIVERIES", str(delivery.parent))
    return location.definitions.resolve_job_def(job).execute_in_process(
        partition_key=delivery.name,
        run_config={"resources": {"run": {"config": options}}},
        raise_on_error=False,
    )


def failure(result: dg.ExecuteInProcessResult) -> tuple[str, str]:
    """Step and message of a run's only failure."""
    (event,) = result.get_step_failure_events()
    return event.step_key, event.step_failure_data.error.message


def materialized(result: dg.ExecuteInProcessResult) -> dict[str, dict]:
    """Metadata of every asset that the run made."""
    return {
        "/".join(event.asset_key.path): {name: value.value for name, value in event.materialization.metadata.items()}
        for event in result.get_asset_materialization_events()
    }


def expectations_of(home: Path, delivery: Path) -> list[expectations.Result]:
    """The judgement of a settled delivery."""
    with connect(home / "warehouse" / f"{delivery.name}.duckdb", read_only=True) as con:
        return expectations.validate(con)


# The graph


def test_every_model_is_an_asset_with_the_dependencies_of_its_sql():
    for model in models():
        node = GRAPH.get(key_of(model.name))
        # What is grouped anew is made within the run, between two models.
        assert node.parent_keys == {key_of(table) for table in model.reads if not table.startswith(f"{SCHEMA}.")}
        assert node.group_name == re.sub(r"^\d+_", "", model.stage)
        assert node.description.lower().startswith(model.header["what"].lower())
        assert model.header["grain"] in node.description
    assert {key.path[-1] for key in GRAPH.get_all_asset_keys() if len(key.path) == 1} == {
        *(model.name for model in models()), "ref", "warehouse", "published_settlement", "quality_reports"
    }  # fmt: skip


def settlement_keys() -> set[dg.AssetKey]:
    """All assets but the scenarios and the quality reports, which only read a settled warehouse."""
    others = ("simulation", "quality")
    return {key for key in GRAPH.get_all_asset_keys() if GRAPH.get(key).group_name not in others}


def test_the_settlement_comes_after_everything():
    above = GRAPH.get_ancestor_asset_keys(dg.AssetKey("published_settlement"))
    assert settlement_keys() - above == {dg.AssetKey("published_settlement")}


def test_every_invariant_and_the_threshold_block():
    checks = {key for key in GRAPH.asset_check_keys if GRAPH.get_check_spec(key).blocking}
    wanted = {dg.AssetCheckKey(key_of(model.name), "holds") for model in invariants.invariants()}
    assert checks >= wanted | {dg.AssetCheckKey(dg.AssetKey("warehouse"), "quarantine_threshold")}


def test_every_suite_of_expectations_is_a_check_of_the_published_settlement():
    checks = {key for key in GRAPH.asset_check_keys if key.asset_key == dg.AssetKey("published_settlement")}
    assert {key.name for key in checks} == {suite.name for suite in expectations.suites()}
    for suite in expectations.suites():
        blocking = {e.blocking for frame in suite.frames for e in frame.expectations}
        (spec,) = (GRAPH.get_check_spec(key) for key in checks if key.name == suite.name)
        assert spec.blocking == (True in blocking)


def test_partitions_are_the_deliveries_of_final_rule_sets():
    names = deliveries.DELIVERIES.get_partition_keys()
    assert names == sorted(names)
    sets = [rulesets.read(name) for name in rulesets.available()]
    final = {rules.activity_year for rules in sets if rules.status == "final"}
    assert final < {rules.activity_year for rules in sets}, "without a draft this shows nothing"
    six = ("T1-1", "T1-2", "T2-1", "T2-2", "T3-1", "T3-2")
    assert set(names) == {f"{year}-{which}" for year in final for which in six}
    partitioned = {GRAPH.get(key).partitions_def for key in GRAPH.get_all_asset_keys()}
    assert partitioned == {deliveries.DELIVERIES}


def test_the_code_location_is_what_the_workspace_names():
    (entry,) = yaml.safe_load((ROOT / "workspace.yaml").read_text())["load_from"]
    module = entry["python_module"]
    assert getattr(sys.modules[module["module_name"]], module["attribute"]) is location.definitions


def test_telemetry_and_pop_ups_are_off():
    settings = yaml.safe_load((ROOT / "pipelines" / "orchestration" / "dagster.yaml").read_text())
    assert settings["telemetry"] == settings["nux"] == {"enabled": False}


def test_nothing_else_imports_dagster():
    code = (
        "import sys, pipelines.cli, pipelines.settlement.run, pipelines.settlement.publish, pipelines.explain.find;"
        "sys.exit('dagster' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Runs


@pytest.fixture(scope="module")
def delivery() -> Path:
    return delivered(quarantined=9)


@pytest.fixture(scope="module")
def by_command(delivery, tmp_path_factory) -> Path:
    """The home of the command's run of the delivery."""
    return published_home(tmp_path_factory.mktemp("command"), quarantined=9)


def test_dagster_and_the_command_publish_the_same_bytes(delivery, by_command, tmp_path, monkeypatch, capfd):
    result = run_job("settle", delivery, tmp_path, monkeypatch, accept_quarantine=True)
    assert result.success
    name = delivery.name
    assert published(tmp_path) == [name]
    assert hashes(tmp_path / "published" / name) == hashes(by_command / "published" / name)
    warehouse = tmp_path / "warehouse" / f"{name}.duckdb"
    assert settled_points(warehouse) == settled_points(by_command / "warehouse" / f"{name}.duckdb")

    made = materialized(result)
    assert {key.path[-1] for key in settlement_keys()} == {key.split("/")[-1] for key in made}
    for table in TABLES:
        facts = made[f"published/{table.name}"]
        assert Path(facts["parquet"].removeprefix("file://")).is_file() and facts["dagster/row_count"] >= 0
    paid = made["published_settlement"]
    assert paid["points"] == pytest.approx(float(settled_points(warehouse)), abs=0.0005)
    assert paid["kroner"] == pytest.approx(made["oppgjor_rhf"]["kroner"])
    assert Path(paid["folder"]) == tmp_path / "published" / name
    checks = result.get_asset_check_evaluations()
    assert {event.partition for event in checks} == {name}
    failed = {event.check_name: event.severity for event in checks if not event.passed}
    assert failed.pop("quarantine_threshold") == dg.AssetCheckSeverity.WARN
    # So small a delivery is not believable; the limits of that warn.
    assert failed == {"rimelighet": dg.AssetCheckSeverity.WARN}
    (judged,) = (event for event in checks if event.check_name == "rimelighet")
    assert {row.data["blocking"] for row in judged.metadata["expectations"].records} == {False}
    assert sum(event.check_name == "holds" for event in checks) == len(invariants.invariants())

    # Only the owner may look, and nothing that Dagster keeps or prints has a row's content.
    for path in (tmp_path / "warehouse").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    kept = "\n".join(map(str, result.all_events)) + "".join(capfd.readouterr())
    assert "landing/quarantine" in kept
    assert SECRET not in kept


def test_a_table_of_every_landing_asset_is_made(delivery, by_command):
    with connect(by_command / "warehouse" / f"{delivery.name}.duckdb", read_only=True) as con:
        tables = con.execute("select table_name from duckdb_tables where schema_name = 'landing'").fetchall()
    assets = {key.path[1] for key in GRAPH.get_all_asset_keys() if key.path[0] == "landing"}
    assert assets == {name for (name,) in tables}


def test_too_many_quarantined_rows_block_publication_until_accepted(delivery, tmp_path, monkeypatch):
    result = run_job("settle", delivery, tmp_path, monkeypatch)
    assert not result.success
    step, message = failure(result)
    assert step == "warehouse" and "quarantine_threshold" in message
    assert published(tmp_path) == []
    assert settled_points(tmp_path / "unpublished" / f"{delivery.name}.duckdb") is not None
    assert not list((tmp_path / "warehouse").glob("[!.]*"))

    refused = run_job("publish", delivery, tmp_path, monkeypatch)
    step, message = failure(refused)
    assert step == "publication" and "Not published" in message and "accept_quarantine" in message
    assert published(tmp_path) == []

    accepted = run_job("publish", delivery, tmp_path, monkeypatch, accept_quarantine=True)
    assert accepted.success
    assert published(tmp_path) == [delivery.name]
    assert settled_points(tmp_path / "warehouse" / f"{delivery.name}.duckdb") is not None
    assert not list((tmp_path / "unpublished").iterdir())


def test_publish_publishes_the_warehouse_of_the_command(delivery, by_command, monkeypatch):
    before = hashes(by_command / "published" / delivery.name)
    result = run_job("publish", delivery, by_command, monkeypatch, accept_quarantine=True)
    assert materialized(result)["published_settlement"]["unchanged"]
    assert published(by_command) == [delivery.name]
    assert hashes(by_command / "published" / delivery.name) == before


def test_an_invariant_that_does_not_hold_blocks(delivery, tmp_path, monkeypatch):
    invariant = "invariant_episode_stay"
    monkeypatch.setattr(invariants, "violations", lambda con, model: int(model.name == invariant))
    result = run_job("settle", delivery, tmp_path, monkeypatch, accept_quarantine=True)
    step, message = failure(result)
    assert step == invariant and "holds" in message
    assert published(tmp_path) == []
    assert not list((tmp_path / "warehouse").glob("[!.]*"))


def test_an_expectation_that_stops_publication_is_an_error(delivery, by_command, monkeypatch):
    results = [replace(result, success=False) for result in expectations_of(by_command, delivery)]
    monkeypatch.setattr(expectations, "validate", lambda con: results)
    result = run_job("publish", delivery, by_command, monkeypatch, accept_quarantine=True)
    step, message = failure(result)
    assert step == "publication" and "Not published" in message and results[0].description in message
    found = {event.check_name: event.severity for event in result.get_asset_check_evaluations()}
    assert found["oppgjor_rhf"] == dg.AssetCheckSeverity.ERROR
    assert found["rimelighet"] == dg.AssetCheckSeverity.WARN


def test_a_delivery_that_is_not_there_is_named_with_the_remedy(tmp_path, monkeypatch):
    absent = tmp_path / "in" / deliveries.names()[0]
    step, message = failure(run_job("settle", absent, tmp_path / "home", monkeypatch))
    assert step == "load"
    assert str(absent) in message and "ISF_DELIVERIES" in message
    year, tertial, number = re.findall(r"\d+", absent.name)
    remedy = f"isf generate --out {absent.parent} --year {year} --tertial {tertial} --delivery {number}"
    assert remedy in message


def test_deliveries_lie_in_the_home_unless_said_otherwise(tmp_path, monkeypatch):
    monkeypatch.setenv("ISF_HOME", str(tmp_path))
    monkeypatch.delenv("ISF_DELIVERIES", raising=False)
    (tmp_path / "deliveries" / "2025-T1-1").mkdir(parents=True)
    assert deliveries.folder("2025-T1-1") == tmp_path / "deliveries" / "2025-T1-1"


def test_a_refused_delivery_says_why(tmp_path, monkeypatch):
    delivery = deliver(tmp_path / "in")
    os.remove(next(delivery.glob("enhet.*")))
    step, message = failure(run_job("settle", delivery, tmp_path / "home", monkeypatch))
    assert step == "load" and "is refused" in message and "enhet" in message
    assert published(tmp_path / "home") == []


def test_an_error_of_duckdb_is_kept_without_its_message(delivery, tmp_path, monkeypatch):
    def broken(con, model):
        con.execute(f"select cast('{SECRET}' as integer)")

    monkeypatch.setattr("pipelines.orchestration.models.run_model", broken)
    result = run_job("settle", delivery, tmp_path, monkeypatch)
    messages = [event.step_failure_data.error.to_string() for event in result.get_step_failure_events()]
    assert messages and all("ConversionException" in message for message in messages)
    assert SECRET not in "".join(map(str, result.all_events)) + "".join(messages)


def test_one_step_cannot_run_before_the_load(delivery, tmp_path, monkeypatch):
    monkeypatch.setenv("ISF_HOME", str(tmp_path))
    result = dg.materialize(
        [asset for asset in MODEL_ASSETS if asset.key == key_of("region")],
        partition_key=delivery.name,
        resources={"run": SettlementRun()},
        raise_on_error=False,
    )
    step, message = failure(result)
    assert step == "region" and "Run the job `settle`" in message
    assert leftovers(tmp_path) == [".dagster.lock"]
