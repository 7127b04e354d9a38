"""Two groupings of one activity: the simulation gives what a settlement of the activity grouped so gives."""

import random
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.engine import home as homes
from pipelines.errors import InputRefused, IsfError
from pipelines.grouper import sets, units
from pipelines.rules import load as rulesets
from pipelines.settlement.run import build_warehouse
from pipelines.simulate import bootstrap, command, grouping
from pipelines.simulate.activity import opened
from pipelines.simulate.compare import compare
from pipelines.simulate.evaluate import Evaluations, evaluate_full, settled_rules
from tests.integration.simulated import cells, ledger, of_kind, settled_home, tidied
from tests.integration.test_regroup import delivery as small_delivery
from tests.property.random_deliveries import random_delivery, write_delivery
from tests.unit.grouper_example import EXAMPLE

SEED, PATIENTS = 3, 25


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return settled_home(tmp_path_factory.mktemp("grouping"), SEED, PATIENTS, ruleset="2025")


@pytest.fixture(scope="module")
def activity(home):
    with opened(*home) as found:
        yield found


@pytest.fixture(autouse=True)
def _tidied(activity):
    with tidied(activity):
        yield


@pytest.fixture(scope="module")
def other_drgs(activity) -> dict[str, str]:
    """A third of the accepted episodes in another DRG of their sector."""
    r = random.Random(4)
    drgs: dict[str, list[str]] = {}
    for row in rulesets.read("2025").tables["drg"]:
        drgs.setdefault(row["sector"], []).append(row["drg"])
    episodes = activity.con.execute(
        "select episode_id, sector from wh.reported_episode order by episode_id collate nocase, episode_id"
    ).fetchall()
    return {episode: r.choice(drgs[sector]) for episode, sector in episodes if r.random() < 0.34}


def written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def crosswalk(folder: Path, drgs: dict[str, str], more: tuple[str, ...] = ()) -> Path:
    return written(folder / "nye.csv", ["episodeID;drg", *(f"{e};{d}" for e, d in drgs.items()), *more])


def test_a_crosswalk_gives_what_a_settlement_of_those_drgs_gives(activity, other_drgs, tmp_path):
    settled = settled_rules(activity)
    found = grouping.by_crosswalk(activity, crosswalk(tmp_path, other_drgs, ("nowhere-7;470",)), [settled])
    assert found.facts["used"] == len(other_drgs) and found.facts["without_episode"] == 1
    rules = found.of(settled)
    evaluations = Evaluations(activity, settled, groupings={rules.sha256: found})
    result = compare(activity, settled, settled, rules, calibrate="none", evaluations=evaluations)
    delivery = random_delivery(SEED, patients=PATIENTS, density=5)
    for row in delivery.tables["episode"]:
        if (drg := other_drgs.get(row.get("episodeID", "").strip())) is not None:
            row["drg"], row["hdg"] = drg, ""
    with tempfile.TemporaryDirectory() as parent:
        anew = build_warehouse(write_delivery(delivery, Path(parent)), ruleset="2025")
    expected = ledger(anew, "main")
    assert expected != ledger(activity.con)
    assert cells(activity.con, evaluations.of(rules).database) == expected
    assert cells(activity.con, evaluate_full(activity, settled, rules, found).database) == expected
    # The parts sum to the change, the moved units are in the migration table, and base points know nothing of it.
    changed = [r for r in result.tables["endring_hf"].dicts() if r["endring"]]
    assert {r["maal"] for r in changed} == {"full"} and any(r["omgruppering"] for r in changed)
    assert any(r["flytter"] for r in result.tables["migrering_land"].dicts())
    # Intervals know the grouping: what the patients bring is the change.
    database = bootstrap.patients(activity, evaluations, result)
    (drawn,) = activity.con.execute(f"select sum(full_after - full_before) from {database}.patient_points").fetchone()
    fixed = "select sum(change) from {}.effect where measure = 'full' and unit_type = 'region'"
    region = activity.con.execute(fixed.format(result.database)).fetchone()[0] or Decimal(0)
    assert Decimal(int(drawn)) / 1000 + region == sum(r["endring"] for r in changed)


def test_rules_and_grouping_may_differ_together(activity, other_drgs, tmp_path):
    settled, rules = settled_rules(activity), of_kind("base", 3)
    found = grouping.by_crosswalk(activity, crosswalk(tmp_path, other_drgs), [rules])
    both = found.of(rules)
    evaluations = Evaluations(activity, settled, groupings={both.sha256: found})
    evaluations.expect([both])
    quick, full = evaluations.of(both).database, evaluate_full(activity, settled, both, found).database
    assert cells(activity.con, quick) == cells(activity.con, full)


@pytest.mark.parametrize(
    "lines, told",
    [
        (["episode;drg", "a;470"], "line 1: column episodeID is missing"),
        (["episodeID;drg", "{0};470", "{1};470", "{0};470"], "lines 2, 4: the same episode is given twice"),
        (["episodeID,drg", "{0},"], "1 lines have an empty episodeID or drg"),
        (["episodeID;drg", "{0};TULL1"], "drg TULL1 on 1 lines is not a DRG of"),
        (["episodeID;drg", "{0};470;3"], "It cannot be read as CSV"),
    ],
)
def test_a_faulty_crosswalk_is_refused(activity, other_drgs, tmp_path, lines, told):
    ids = sorted(other_drgs, key=len, reverse=True)
    path = written(tmp_path / "feil.csv", [line.format(*ids) for line in lines])
    with pytest.raises(InputRefused, match=told) as refused:
        grouping.by_crosswalk(activity, path, [settled_rules(activity)])
    assert ids[0] not in str(refused.value)


def test_definition_tables_give_what_a_settlement_grouped_by_them_gives(tmp_path):
    folder, home = small_delivery(tmp_path), tmp_path / "home"
    homes.prepare(home)
    build_warehouse(folder, homes.warehouse(home, folder.name), ruleset="2025").close()
    definitions, _ = sets.import_set(EXAMPLE, home, year=2025, id="example")
    anew = build_warehouse(folder, regrouping=units.Regrouping(definitions), ruleset="2025")
    told = command.simulate(home, folder.name, None, [], alternative_grouping="example", calibrate="none")
    assert "2025 -> 2025 omgruppert" in told
    with opened(home, folder.name) as own:
        settled, found = settled_rules(own), grouping.by_definitions(own, home, "example")
        rules = found.of(settled)
        evaluations = Evaluations(own, settled, groupings={rules.sha256: found})
        compare(own, settled, settled, rules, evaluations=evaluations)
        expected = ledger(anew, "main")
        assert cells(own.con, evaluations.of(rules).database) == expected != ledger(own.con)
        other = found.of(of_kind("gap", 3))
        with pytest.raises(IsfError, match="may form other stays than the settlement"):
            Evaluations(own, settled, groupings={other.sha256: found}).expect([other])
    page = next((home / "simulations").glob("*omgruppert*")) / "simulering.html"
    assert "gruppert på nytt under alternativet: definisjonstabellene example for 2025" in page.read_text("utf-8")
    with pytest.raises(InputRefused, match="cannot be given with --only weights"):
        command.simulate(home, folder.name, None, [], alternative_grouping="example", only="weights")
