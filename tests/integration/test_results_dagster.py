"""The commands on settled deliveries as Dagster jobs: each places what the command places."""

import dagster as dg
import pytest
import yaml

from pipelines import definitions as location
from pipelines.engine import home as homes
from pipelines.grouper import sets
from pipelines.settlement.run import build_warehouse
from tests.cases.casebook import _case, write_delivery
from tests.integration.test_regroup import EXAMPLE
from tests.unit import test_rbf

STAY = {
    "pasient": "P1", "type": "A", "inn": "03.03", "ut": "05.03", "drg": "89",
    "npkOppholdID": "N1", "npkOppholdDRG": "89", "npkOppholdISFPoeng": "1.220",
}  # fmt: skip
NAMES = ("2025-T1-1", "2025-T1-2", "2025-T3-2")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("jobs")
    home = folder / "home"
    homes.prepare(home)
    for name in NAMES:
        raw = {"tittel": "j", "leveranse": name, "episode": {"E1": STAY}, "forventet": {}, "hvorfor": "-"}
        case = _case(yaml.load(yaml.safe_dump(raw), Loader=yaml.BaseLoader), {"paragraf": "3.9"}, "jobb", 1)
        build_warehouse(write_delivery([case], folder / name), homes.warehouse(home, name)).close()
    sets.import_set(EXAMPLE, home, year=2025, id="example")
    (home / "avregning.toml").write_text('[price.SOM]\nunit_price_nok = 54000\nreason = "Registreringsendringer."\n')
    return home


def run(home, monkeypatch, job: str, op: str, **config):
    monkeypatch.setenv("ISF_HOME", str(home))
    made = location.definitions.resolve_job_def(job)
    return made.execute_in_process(run_config={"ops": {op: {"config": config}}}, raise_on_error=False)


@pytest.mark.parametrize(
    ("job", "op", "config", "folder"),
    [
        ("compare", "compare_deliveries", {"earlier": NAMES[0], "later": NAMES[1]}, "comparisons/2025-T1-1_2025-T1-2"),
        ("reconcile", "reconcile_delivery", {"delivery": NAMES[1]}, "reconciliations/2025-T1-2"),
        ("prognosis", "foresee_year", {"delivery": NAMES[1], "threads": 1}, "prognoser/2025-T1-2"),
        ("avregning", "close_year", {"year": 2025, "decisions": "{home}/avregning.toml"}, "avregninger/2025"),
        ("group", "group_delivery", {"delivery": NAMES[1], "tables": "example"}, "regroupings/2025-T1-2-example"),
    ],
)
def test_the_job_places_the_folder_of_its_command(home, monkeypatch, job, op, config, folder):
    given = {key: value.format(home=home) if isinstance(value, str) else value for key, value in config.items()}
    result = run(home, monkeypatch, job, op, **given)
    assert result.success
    assert (home / folder / "manifest.json").is_file()
    assert all(path.stat().st_mode & 0o077 == 0 for path in (home / folder).iterdir())
    (event,) = result.get_step_success_events()
    outputs = [one for one in result.all_events if one.event_type == dg.DagsterEventType.STEP_OUTPUT]
    assert event.step_key == op and outputs[0].step_output_data.metadata["folder"].value == str(home / folder)


def test_the_job_of_rbf_allocates(tmp_path, monkeypatch):
    home, file = tmp_path / "home", tmp_path / "nki.csv"
    first, last = (f"{test_rbf.SCHEME.activity_year}-T{tertial}-2" for tertial in (1, 3))
    test_rbf.warehouse(home, first, 1)
    test_rbf.warehouse(home, last, 3)
    file.write_text("\n".join(test_rbf.GOOD), encoding="utf-8")
    result = run(home, monkeypatch, "rbf", "allocate_rbf", deliveries=[first, last], nki=str(file))
    assert result.success and len(list((home / "rbf").iterdir())) == 1


def test_what_the_command_refuses_fails_the_run_with_its_sentence(home, monkeypatch):
    result = run(home, monkeypatch, "compare", "compare_deliveries", earlier="2025-T1-1", later="2025-T2-2")
    assert not result.success
    (failure,) = [one for one in result.all_events if one.event_type == dg.DagsterEventType.STEP_FAILURE]
    assert "no settled delivery 2025-T2-2" in str(failure.event_specific_data.user_failure_data)
