"""Dagster: every check of the catalogue is an asset check with its figures."""

import dagster as dg

from pipelines.orchestration.quality import QUALITY, quality_reports
from pipelines.quality import catalogue
from tests.unit.quality_delivery import settled


def test_each_check_is_an_asset_check_of_the_delivery(tmp_path, monkeypatch):
    home = settled(tmp_path)
    monkeypatch.setenv("ISF_HOME", str(home))
    result = dg.materialize([quality_reports], partition_key="2025-T1-2", selection=[QUALITY])
    found = {e.check_name: e for e in result.get_asset_check_evaluations()}
    assert set(found) == {check.id for check in catalogue.checks()}
    # Two of a hundred rows are no more than chance gives at the check's threshold; a code without its episode never is.
    within, over = found["municipality_missing"], found["code_without_episode"]
    assert within.passed and within.metadata["rows"].value == 2
    assert not over.passed and over.metadata["rows"].value == 1
    assert found["field_count_wrong"].passed
    assert (home / "published" / "2025-T1-2-kvalitet" / "manifest.json").is_file()
