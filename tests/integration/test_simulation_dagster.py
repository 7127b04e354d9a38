"""The scenario of a draft as a Dagster asset: what the command saves, and not a part of a settlement."""

import json

import dagster as dg

from pipelines import definitions as location
from pipelines.publication import manifest
from pipelines.simulate import command
from tests.integration.simulated import settled_home


def test_the_job_saves_what_the_command_saves(tmp_path, monkeypatch):
    home, name = settled_home(tmp_path, 3, ruleset="2025")
    monkeypatch.setenv("ISF_HOME", str(home))
    job = location.definitions.resolve_job_def("simulate")
    result = job.execute_in_process(partition_key=name, raise_on_error=True)
    assert result.success
    (folder,) = (home / "simulations").glob("[!.]*")
    assert json.loads((folder / manifest.NAME).read_bytes())["delivery"] == name
    assert manifest.compare(folder)[0] == []
    assert "Uendret, lagret fra før" in command.simulate(home, name, "2025", ["2026-draft"])


def test_a_settlement_does_not_simulate():
    settle = location.definitions.resolve_job_def("settle")
    keys = settle.asset_layer.selected_asset_keys
    assert keys and not any(key.path[0] == "simulation" for key in keys)
    simulated = location.definitions.resolve_job_def("simulate").asset_layer.selected_asset_keys
    assert simulated == {dg.AssetKey(["simulation", "2026_draft"])}
