"""Scenarios spread over a cluster are those of one machine: without Spark, one after the other."""

import contextlib
import json
from types import SimpleNamespace

import pytest

from pipelines.cluster import scenarios, spark
from pipelines.cluster.settings import Cluster
from pipelines.engine import version
from pipelines.errors import InputRefused, IsfError, RulesetInvalid
from pipelines.simulate import command
from tests.command import isf
from tests.integration.runs import hashes
from tests.integration.simulated import settled_home

SET = '[ruleset]\nid = "{id}"\nactivity_year = 2025\nstatus = "draft"\nbase = "2025"\nsource = "test"\n'
GAP = '[[rule]]\nid = "7.18"\n[[rule.parameter]]\nname = "stay_gap_minutes"\nvalue = "1440"\n'


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return settled_home(tmp_path_factory.mktemp("spread"), 3, ruleset="2025")


@pytest.fixture
def here(monkeypatch):
    """What a cluster does, on this machine; the number of a job in `lost` does not come back."""
    lost = set()

    def call(session, function, jobs, results, seen):
        assert function == f"{scenarios.__name__}:in_executor"
        for number, job in enumerate(jobs):
            if number not in lost:
                for name, content in scenarios.in_executor(job):
                    yield SimpleNamespace(number=number, name=name, content=content, worker=f"worker-{number % 2}")

    monkeypatch.setattr(spark, "session", lambda master: contextlib.nullcontext())
    monkeypatch.setattr(spark, "call", call)
    return lost


def written(folder, name: str, text: str = "") -> str:
    (folder / name).mkdir()
    (folder / name / "rules.toml").write_text(SET.format(id=name) + text)
    return name


def test_each_scenario_has_the_bytes_of_one_machine(here, home, tmp_path, monkeypatch):
    path, name = home
    monkeypatch.chdir(tmp_path)  # sets are named from where the command is given
    told = []
    chosen = [written(tmp_path, "gap", GAP), "2026-draft"]
    options = {"without": ("day_births",), "bootstrap": 40}
    printed = scenarios.simulate(
        path, [name], None, chosen, Cluster(), out=tmp_path / "spread", tell=told.append, **options
    )
    alone = [
        command.simulate(path, name, None, [one], out=tmp_path / "one", bootstrap=40, without=left_out)
        for one, left_out in zip(chosen, ((), ("day_births",)), strict=True)
    ]
    assert hashes(tmp_path / "spread") == hashes(tmp_path / "one") != {}
    assert printed == "\n".join(alone).replace(str(tmp_path / "one"), str(tmp_path / "spread"))
    assert told == ["2 scenarios on 2 workers (1, 1)"]
    again = scenarios.simulate(path, [name], None, chosen[:1], Cluster(), out=tmp_path / "spread", bootstrap=40)
    assert again.count("Uendret, lagret fra før") == 1
    assert list((path / "cluster").iterdir()) == []


@pytest.mark.parametrize("baseline", [None, "", "2025"])
def test_sets_by_name_are_found_wherever_the_executor_stands(home, tmp_path, monkeypatch, baseline):
    """Only folders are named from where the command is given, a place that executors need not have."""
    path, name = home
    asked = []
    monkeypatch.setattr(spark, "session", lambda master: contextlib.nullcontext())
    monkeypatch.setattr(spark, "call", lambda session, function, jobs, results, seen: asked.extend(jobs) or iter(()))
    monkeypatch.chdir(tmp_path)
    for alternative in ("2026-draft", written(tmp_path, "folder", GAP)):
        with pytest.raises(IsfError, match="did not come back"):
            scenarios.simulate(path, [name], baseline, [alternative], Cluster(), out=tmp_path / "out")
    assert [json.loads(job)["within"] for job in asked] == [None, str(tmp_path)]


def test_a_place_that_the_executor_has_not_is_a_fault_of_the_machine(tmp_path):
    job = {"alternative": "folder", "activity": "2025-T3-2", "program": version.program_version(), "home": "/nowhere"}
    more = {"within": str(tmp_path / "gone"), "baseline": None, "options": {}, "in_home": False}
    with pytest.raises(RuntimeError, match=r"^scenario folder on 2025-T3-2: FileNotFoundError$"):
        list(scenarios.in_executor(json.dumps(job | more)))


def test_in_the_home_they_are_those_of_the_home(here, home):
    """The page of a scenario that lies in a home leads to the home's other pages."""
    path, name = home
    command.simulate(path, name, None, ["2026-draft"])
    assert "Uendret, lagret fra før" in scenarios.simulate(path, [name], None, ["2026-draft"], Cluster())


def test_what_failed_is_named_without_content_and_the_others_are_saved(here, home, tmp_path, monkeypatch):
    path, name = home
    chosen = [str(tmp_path / written(tmp_path, one, GAP)) for one in ("fails", "is-lost", "is-saved")]
    saved = command.saved

    def with_a_fault(home, activity, baseline, alternatives, **options):
        if "fails" in alternatives[0]:
            raise ValueError("SECRET")
        return saved(home, activity, baseline, alternatives, **options)

    monkeypatch.setattr(command, "saved", with_a_fault)
    here.add(1)
    with pytest.raises(IsfError) as told:
        scenarios.simulate(path, [name], None, chosen, Cluster(), out=tmp_path / "out")
    assert "2 of 3 scenarios failed" in str(told.value) and f"fails on {name}: ValueError" in str(told.value)
    assert "scenario 1 did not come back" in str(told.value) and "SECRET" not in str(told.value)
    assert [one.name for one in (tmp_path / "out").iterdir()] == [f"{name}_2025_mot_is-saved"]


def test_an_executor_with_another_program_makes_no_scenario(monkeypatch):
    job = {"alternative": "2026", "activity": "2025-T3-2", "program": {"version": "another"}}
    ((name, told),) = scenarios.in_executor(json.dumps(job))
    assert name == scenarios.FAILURE and b"another version of the program" in told
    job["program"] = version.program_version()
    monkeypatch.setattr(command, "saved", lambda *arguments, **options: 1 / 0)
    more = {"home": "/nowhere", "within": None, "baseline": None, "options": {}, "in_home": False}
    ((name, told),) = scenarios.in_executor(json.dumps(job | more))
    assert (name, told) == (scenarios.FAILURE, b"2026 on 2025-T3-2: ZeroDivisionError")


def test_a_fault_of_the_machine_is_raised_so_that_another_tries(monkeypatch):
    def full(*arguments, **options):
        raise OSError("No space left on SECRET")

    monkeypatch.setattr(command, "saved", full)
    job = {"alternative": "2026", "activity": "2025-T3-2", "program": version.program_version(), "home": "/nowhere"}
    with pytest.raises(RuntimeError, match=r"^scenario 2026 on 2025-T3-2: OSError$") as told:
        list(
            scenarios.in_executor(json.dumps(job | {"within": None, "baseline": None, "options": {}, "in_home": False}))
        )
    said = str(spark.in_words(told.value, "file:/x", spark.CALLS_FAILED))
    assert "scenario 2026 on 2025-T3-2: OSError. No scenario was saved." in said
    assert "--memory-limit" in said and "published" not in said and "--buckets" not in said


def test_sets_with_faults_are_refused_before_anything_is_spread(here, home, tmp_path, monkeypatch):
    path, name = home
    monkeypatch.setattr(spark, "call", lambda *arguments: pytest.fail("spread"))
    with pytest.raises(RulesetInvalid, match="nobody"):
        scenarios.simulate(path, [name], None, ["nobody", "2026-draft"], Cluster())
    with pytest.raises(IsfError, match="same id"):
        scenarios.simulate(path, [name], None, ["2026-draft", "2026-draft"], Cluster())


def test_what_goes_with_one_scenario_is_refused(home):
    path, name = home
    run = isf("simulate", "--activity", name, "--activity", "other", "--alternative", "2026-draft", home=path)
    assert run.returncode == 2 and "several --activity is about a cluster" in run.stderr
    with pytest.raises(InputRefused, match="--crosswalk goes with one scenario"):
        scenarios.simulate(path, [name], None, ["2026-draft"], Cluster(), crosswalk="drg.csv")
    with pytest.raises(IsfError, match="Say --activity DELIVERY"):
        scenarios.simulate(path, [], None, ["2026-draft"], Cluster())
