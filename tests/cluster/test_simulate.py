"""`isf simulate --engine spark`: alternatives times activities, each a scenario, as if run one by one."""

from pathlib import Path

import pytest

from pipelines.rules import load as rulesets
from tests.command import isf
from tests.integration.runs import hashes

ALTERNATIVES = 2


@pytest.fixture(scope="module")
def alternatives(tmp_path_factory) -> list[Path]:
    """Rule sets that are the newest under another name."""
    made = []
    newest = rulesets.newest_final()
    for number in range(ALTERNATIVES):
        folder = tmp_path_factory.mktemp("sets") / f"forslag-{number}"
        folder.mkdir()
        (folder / "rules.toml").write_text(
            f'[ruleset]\nid = "{folder.name}"\nactivity_year = {newest}\nstatus = "draft"\nbase = "{newest}"\n'
            'source = "test"\n'
        )
        made.append(folder)
    return made


def test_the_scenarios_are_those_of_one_machine(cluster, delivery, whole, alternatives, tmp_path):
    chosen = [word for folder in alternatives for word in ("--alternative", folder)]
    words = ["simulate", "--activity", delivery.name, *chosen, "--out", tmp_path / "spread"]
    run = isf(*words, "--engine", "spark", "--master", cluster.url, home=whole)
    assert run.returncode == 0, run.stderr
    for folder in alternatives:
        one = isf(
            "simulate", "--activity", delivery.name, "--alternative", folder, "--out", tmp_path / "one", home=whole
        )
        assert one.returncode == 0, one.stderr
    assert len(list((tmp_path / "spread").iterdir())) == ALTERNATIVES
    assert hashes(tmp_path / "spread") == hashes(tmp_path / "one")


def test_a_scenario_that_fails_is_named_and_the_others_are_saved(cluster, delivery, whole, alternatives, tmp_path):
    words = ["simulate", "--activity", delivery.name, "--alternative", alternatives[0], "--alternative", "nobody"]
    run = isf(*words, "--out", tmp_path / "out", "--engine", "spark", "--master", cluster.url, home=whole)
    assert run.returncode == 1 and "1 of 2 scenarios failed" in run.stderr and "nobody on" in run.stderr
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_what_goes_with_one_scenario_is_refused(delivery, whole):
    run = isf("simulate", "--activity", delivery.name, "--activity", "other", "--alternative", "2026", home=whole)
    assert run.returncode == 2 and "several --activity is about a cluster" in run.stderr
    words = ["--engine", "spark", "--alternative", "2026", "--crosswalk", "drg.csv"]
    run = isf("simulate", "--activity", delivery.name, *words, home=whole)
    assert run.returncode == 2 and "--crosswalk goes with one scenario." in run.stderr
