"""`isf simulate --engine spark`: alternatives times activities, each a scenario, as if run one by one."""

from pathlib import Path

import pytest

from pipelines.generate import generate
from pipelines.rules import load as rulesets
from pipelines.settlement.run import settle
from tests.benchmarks.simulation import write_sets
from tests.command import isf
from tests.integration.runs import hashes


@pytest.fixture(scope="module")
def activities(delivery, whole, tmp_path_factory) -> list[str]:
    """Two deliveries settled in the home `whole`."""
    year = int(rulesets.newest_final())
    other = generate(tmp_path_factory.mktemp("other"), year=year, tertial=1, delivery=1, scale=0.0005, threads=1)
    assert settle(other, whole, threads=1).published
    return [delivery.name, other.name]


@pytest.fixture(scope="module")
def alternatives(tmp_path_factory) -> list[str]:
    """Other weights, and a rule by which every stay may be another."""
    sets = write_sets(tmp_path_factory.mktemp("sets"), rulesets.newest_final())
    return [sets["weights"], sets["gap"]]


def test_the_scenarios_are_those_of_one_machine_and_both_workers_had_some(
    cluster, whole, activities, alternatives, tmp_path
):
    chosen = [word for one in alternatives for word in ("--alternative", one)]
    chosen += [word for one in activities for word in ("--activity", one)]
    run = isf(
        "simulate", *chosen, "--out", tmp_path / "spread", "--engine", "spark", "--master", cluster.url, home=whole
    )
    assert run.returncode == 0, run.stderr
    assert "4 scenarios on 2 workers" in run.stderr
    printed = ""
    for activity in activities:
        for one in alternatives:
            words = ["--activity", activity, "--alternative", one, "--out", tmp_path / "one"]
            alone = isf("simulate", *words, home=whole)
            assert alone.returncode == 0, alone.stderr
            printed += alone.stdout.replace(str(tmp_path / "one"), str(tmp_path / "spread"))
    assert len(list((tmp_path / "spread").iterdir())) == 4
    assert hashes(tmp_path / "spread") == hashes(tmp_path / "one")
    assert run.stdout == printed
    assert list((whole / "cluster").iterdir()) == []


def test_a_scenario_that_fails_is_named_and_the_others_are_saved(cluster, whole, delivery, alternatives, tmp_path):
    newest = rulesets.newest_final()
    heavy = tmp_path / "heavy"
    heavy.mkdir()
    (heavy / "rules.toml").write_text(Path(alternatives[0], "rules.toml").read_text().replace("weights", "heavy"))
    drg = next(row for row in rulesets.read(newest).tables["drg"] if row["base_points"])
    (heavy / "drg.csv").write_text(f"sector,drg,base_points\n{drg['sector']},{drg['drg']},{'9' * 15}\n")
    words = ["simulate", "--activity", delivery.name, "--alternative", heavy, "--alternative", alternatives[0]]
    run = isf(*words, "--out", tmp_path / "out", "--engine", "spark", "--master", cluster.url, home=whole)
    assert run.returncode == 1 and "1 of 2 scenarios failed" in run.stderr, run.stderr
    assert f"{heavy} on {delivery.name}" in run.stderr
    assert len(list((tmp_path / "out").iterdir())) == 1
