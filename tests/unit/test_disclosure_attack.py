"""Nothing that a publication hides can be found out from its files, by an attacker of our own."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import openpyxl
import pytest

from pipelines.disclosure import decide as decide_module
from pipelines.disclosure.decide import decide, together
from pipelines.errors import IsfError, NotPublished
from pipelines.publication import columns, csvfile, tables
from pipelines.settlement.publish import publish
from tests.size import few
from tests.unit import publishing
from tests.unit.attacker import Attacker, table
from tests.unit.publishing import patients, run, warehouse


def truth(con) -> dict[tuple, float]:
    """The true numbers by the attacker's names."""
    found = {}
    for row in tables.read(con, "select * from gjestepasienter_usladdet").dicts():
        place = row["hf_orgnr"] or "", row["bosted_rhf_orgnr"], row["sektor"]
        for column in ("antall_opphold", "isf_poeng"):
            found["cell", *place, column] = float(row[column])
    for side in ("hf", "rhf"):
        for row in tables.read(con, f"select * from oppgjor_{side}_maned where maned is not null").dicts():
            place = row[f"{side}_orgnr"] or "", row["sektor"], row["maned"]
            found[f"{side}_month", *place, "isf_poeng"] = float(row["isf_poeng"])
    for row in tables.read(con, "select * from grunnlag").dicts():
        found["basis", row["steg"], row["arsak"], row["sektor"], "antall"] = float(row["antall"])
    for row in tables.read(con, "select * from poeng_per_regel").dicts():
        for column in ("antall_enheter", "poeng"):
            found["rule", row["regel"], row["sektor"], row["enhet_type"], column] = float(row[column])
    return found


def found_out(folders, known: dict[tuple, float]) -> list[tuple]:
    """Hidden numbers that the files tell too well, but for those that the whole settlement tables alone tell."""
    attack = Attacker(folders, known)
    close = attack.too_close(attack.hidden, known)
    whole = Attacker(folders, known, only_whole=True)
    by_whole = whole.too_close([name for name in close if name in whole.limits], known)
    return [name for name in close if name not in by_whole]


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A warehouse and the folder of its publication, to be read."""
    con = warehouse(1)
    return con, publish(con, tmp_path_factory.mktemp("first"), run=run()).path


@pytest.mark.parametrize(
    ("seed", "scale"), few([(1, 3), (2, 1)], [(3, 2), *((seed, 1 + seed % 4) for seed in range(4, 30))])
)
def test_nothing_hidden_is_found_out(tmp_path, first, seed, scale):
    con = warehouse(seed, scale)
    path = first[1] if (seed, scale) == (1, 3) else publish(con, tmp_path, run=run()).path
    hidden = [row for row in table(path, "gjestepasienter") if row["isf_poeng"] is None]
    small = con.execute("select count(*) from gjestepasienter_usladdet where antall_pasienter < 5").fetchone()[0]
    assert small and len(hidden) > small
    assert found_out([path], truth(con)) == []


def test_the_attacker_finds_what_only_the_small_cells_would_hide(tmp_path, first):
    """The test of the test: with the protecting cells shown, hidden ones are found out."""
    con, path = warehouse(1), first[1]
    small = {
        (r["hf_orgnr"], r["bosted_rhf_orgnr"], r["sektor"])
        for r in tables.read(con, "select * from gjestepasienter_usladdet where antall_pasienter < 5").dicts()
    }
    copy = tmp_path / "careless"
    copy.mkdir()
    for file in path.glob("*.csv"):
        (copy / file.name).write_bytes(file.read_bytes())
    hidden = frozenset("|".join(("gjestepasienter", *place)) for place in small)
    tables.suppress(con, hidden)
    spec = tables.table("gjestepasienter")
    csvfile.write(tables.read(con, tables.ordered_select(spec)), copy / "gjestepasienter.csv")
    assert len(found_out([copy], truth(con))) > 10


def test_what_would_be_found_out_is_not_published(tmp_path, monkeypatch):
    """The audit judges the tables and not the choice: with the small rows hidden alone nothing is published."""
    monkeypatch.setattr(
        decide_module, "decide", lambda con, earlier: replace(d := decide(con, earlier), hidden=frozenset(d.small))
    )
    with pytest.raises(NotPublished) as refusal:
        publish(warehouse(1), tmp_path, run=run())
    sentences = refusal.value.reasons
    assert len(sentences) > 10
    assert all(re.fullmatch(r"skjuling: .* er skjult, men følger for nær av det som vises", s) for s in sentences)
    assert [path for folder in ("published", "ledger") for path in (tmp_path / folder).iterdir()] == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            "antall_opphold = u.antall_opphold from main.gjestepasienter_usladdet as u where shown.sektor = u.sektor"
            " and shown.hf_orgnr = u.hf_orgnr and shown.bosted_rhf_orgnr = u.bosted_rhf_orgnr",
            "er bare delvis skjult",
        ),
        ("antall_opphold = antall_opphold + 1 where antall_opphold is not null", "er ikke varehusets tall"),
    ],
)
def test_tables_that_are_not_as_decided_are_not_published(change, fault):
    con = warehouse(1)
    decision = decide(con, [])
    tables.suppress(con, decision.hidden)
    con.execute(f"update temp.main.public_gjestepasienter as shown set {change}")
    faults = decide_module.audit(con, decision, {spec.name: spec.source for spec in tables.PUBLIC})
    assert faults and all(sentence.endswith(fault) for sentence in faults)


def test_the_workbook_hides_what_the_files_hide(first):
    _, path = first
    book = openpyxl.load_workbook(path / "oppgjor.xlsx", data_only=True)
    for spec in (spec for spec in tables.PUBLIC if spec.hides):
        sheet = [[cell.value for cell in row] for row in book[spec.model.header.get("sheet", spec.title)].iter_rows()]
        hides = [columns.heading(column) for column in spec.hides]
        for row, shown in zip(table(path, spec.name), sheet[3:], strict=True):
            given = dict(zip(sheet[2], shown, strict=True))
            assert [given[heading] is None for heading in hides] == [row[column] is None for column in spec.hides]


BUILT = (
    "oppgjor_rhf oppgjor_hf gjestepasienter_usladdet ledger point_price unit_month_sum grunnlag",
    "oppgjor_rhf_maned oppgjor_hf_maned poeng_per_regel row_patients",
)


def later(changes: list[str]):
    """The warehouse of a later run, in which some rows have changed."""
    con = warehouse(1)
    for change in changes:
        con.execute(change)
    for name in " ".join(BUILT).split():
        con.execute(f"drop table if exists {name} cascade")
    for name in ("poengposter", "period_month", "assumption", "publication_limit"):
        con.execute(f"drop view if exists {name}")
    publishing._settlement(con)
    publishing._basis(con, empty=False)
    patients(con)
    return con


GONE = (
    "delete from unit where patient = (select max(patient) from unit where hf_orgnr = '{}' and bosted_rhf_orgnr = '{}')"
)


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [
            GONE.format("983974724", "883658752"),
            GONE.format("993467049", "983658776"),
            "delete from unit where poeng < 0",
        ],
    ],
    ids=["the same rows", "patients and rows gone"],
)
def test_two_revisions_together_tell_no_more(tmp_path, first, changes):
    shutil.copytree(first[1].parent.parent, tmp_path, dirs_exist_ok=True)
    one = tmp_path / "published" / first[1].name
    second = later(changes)
    two = publish(second, tmp_path, run=run(program={"version": "0.2.0"})).path
    assert two.name == "2025-T1-2-r2"
    for name in ("gjestepasienter", "oppgjor_hf_maned", "oppgjor_rhf_maned", "grunnlag", "poeng_per_regel"):
        spec = tables.table(name)
        before, after = (
            {tuple(r[k] for k in spec.key): r[spec.hides[0]] for r in table(path, name)} for path in (one, two)
        )
        assert all(after[key] is None for key, number in before.items() if number is None and key in after), name
    known = truth(second)
    assert [name for name in found_out([one, two], known) if name[0] == 1] == []


# A rule that several kinds of unit have is a sum of parts of which no value is known.
SHARED = """
    insert into unit select * replace ('7.17' as regel, 0.1 as poeng) from unit
    where ends_with(regel, '_base') and enhet_type in ('opphold', 'sertjeneste') and sektor = 'SOM'
"""


@pytest.fixture(scope="module")
def with_shared_rule(tmp_path_factory):
    """The publication of a settlement in which several kinds of unit have one rule."""
    con = later([SHARED])
    assert con.execute("select count(*) from poeng_per_regel where enhet_type = 'flere'").fetchone()[0]
    return publish(con, tmp_path_factory.mktemp("rule"), run=run()).path


def judged_together(changes: list[str], one):
    """The numbers of a later run, and those that are judged with the earlier publication."""
    decision = decide(later([SHARED, *changes]), [one])
    return decision.truth, together(decision.truth, decision.before)


def test_what_an_earlier_revision_tells_is_judged_too(with_shared_rule):
    truth_now, both = judged_together([], with_shared_rule)
    assert [name for name in both.ids if name.startswith("r1:")] == [f"r1:{name}" for name in truth_now.ids]
    # Every number is the same in both, and taken for it.
    assert both.sums.shape[0] == 2 * truth_now.sums.shape[0] + len(truth_now.ids)


MOVED = """
    update unit set bosted_rhf_orgnr = '983658776' where hf_orgnr = '983975240' and enhet_type <> 'region'
    and patient = (select min(patient) from unit where hf_orgnr = '983975240' and bosted_rhf_orgnr = '883658752')
"""


def test_a_trust_that_changed_unseen_is_not_taken_for_unchanged_and_the_others_are(with_shared_rule):
    truth_now, both = judged_together([MOVED], with_shared_rule)
    assert any(name.startswith("r1:") for name in both.ids)
    assert 0 < 2 * truth_now.sums.shape[0] + len(truth_now.ids) - both.sums.shape[0] < len(truth_now.ids) // 2


def test_an_earlier_revision_that_contradicts_itself_is_named(tmp_path):
    first = warehouse(1)
    one = publish(first, tmp_path, run=run()).path
    file = one / "gjestepasienter.parquet"
    file.chmod(0o600)
    first.execute(f"copy (select * replace (1000 * antall_opphold as antall_opphold) from '{file}') to '{file}'")
    with pytest.raises(IsfError, match="contradict each other"):
        publish(later([]), tmp_path, run=run(program={"version": "0.2.0"}))
