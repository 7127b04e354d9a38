"""`isf verify` finds what is missing, changed or extra, and totals that do not add up."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.publication import csvfile, manifest, tables
from pipelines.settlement.publish import publish
from pipelines.settlement.verify import all_well, ledger_of, verify
from tests.unit.publishing import run, warehouse

NAME = "2025-T1-2"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("home")
    publish(warehouse(), home, run=run())
    return home


@pytest.fixture
def copy(home, tmp_path) -> Path:
    """A published folder with its ledger, both to write in."""
    for kind in ("published", "ledger"):
        shutil.copytree(home / kind / NAME, tmp_path / kind / NAME)
        for path in (tmp_path / kind / NAME).iterdir():
            path.chmod(0o644)
    return tmp_path / "published" / NAME


def seal(path: Path) -> None:
    """Makes the manifests agree with the files again, as one would who changes both."""
    own = _seal(path.parent.parent / "ledger" / path.name, {})
    _seal(path, {"ledger": {"manifest_sha256": own}})


def _seal(path: Path, further: dict) -> str:
    content = json.loads((path / "manifest.json").read_text()) | further
    content["files"] = {p.name: manifest.sha256_of(p) for p in path.iterdir() if p.name != "manifest.json"}
    content["manifest_sha256"] = manifest.own_hash(content)
    (path / "manifest.json").write_bytes(manifest.dump(content))
    return content["manifest_sha256"]


def change(path: Path, name: str, sql: str) -> None:
    """Rewrites a published table through `sql` (over table `t`), its CSV and the manifest with it."""
    con = duckdb.connect()
    spec = tables.table(name)
    place = path.parent.parent / "ledger" / path.name if spec.personal else path
    file = place / f"{name}.parquet"
    con.execute(f"create table t as select * from read_parquet('{file}')")
    con.execute(sql)
    query = tables.ordered_select(spec).replace(f"from {spec.source} ", "from t ")
    con.execute(f"copy ({query}) to '{file}' (format parquet)")
    if not spec.personal:
        csvfile.write(tables.read(con, query), path / f"{name}.csv")
    seal(path)


def test_a_settlement_as_published_has_no_problems(copy):
    assert verify(copy) == []


def test_without_its_ledger_a_copy_is_checked_but_for_the_ledgers_sums(copy):
    change(copy, "gjestepasienter", "update t set isf_poeng = isf_poeng + 1 where isf_poeng is not null")
    assert ledger_of(copy) and verify(copy)
    shutil.rmtree(ledger_of(copy))
    assert ledger_of(copy) is None and verify(copy) == []


def test_what_is_said_of_a_folder_without_problems(copy):
    """A ledger is spoken of only where the folder has one: a settlement's, not a quality report's or its own."""
    whole = f"{copy}: complete and unchanged, and its sums agree."
    assert all_well(copy) == whole
    ledger = ledger_of(copy)
    assert verify(ledger) == [] and all_well(ledger) == f"{ledger}: complete and unchanged."
    shutil.rmtree(ledger)
    assert all_well(copy) == f"{whole}\nThe ledger is not here, so its sums are not checked."
    quality = copy.rename(copy.with_name(f"{NAME}-kvalitet"))
    _seal(quality, {"rows": {"check_row": 1}})
    assert verify(quality) == [] and all_well(quality) == f"{quality}: complete and unchanged."


def test_a_changed_ledger_and_one_of_another_publication(copy):
    ledger = ledger_of(copy)
    (ledger / "poengposter.parquet").write_bytes(b"x")
    assert verify(copy) == [f"ledger {NAME}: poengposter.parquet is changed: its hash is not the manifest's"]
    _seal(ledger, {})
    assert verify(copy) == [f"ledger {NAME}: it belongs to another publication"]


def test_a_folder_of_an_older_version_says_so_in_one_sentence(copy):
    (copy / "poengposter.parquet").write_bytes(b"x")
    _seal(copy, {"format": "isf-oppgjor/published/1"})
    (problem,) = verify(copy)
    assert "settle the delivery again" in problem


def test_missing_changed_and_extra_files(copy):
    (copy / "oppgjor.xlsx").unlink()
    (copy / "oppgjor_rhf.csv").write_text("x")
    (copy / "notat.txt").write_text("x")
    assert verify(copy) == [
        "notat.txt is an extra file, not in the manifest",
        "oppgjor.xlsx is missing",
        "oppgjor_rhf.csv is changed: its hash is not the manifest's",
    ]


def test_no_manifest_and_not_a_manifest(copy):
    (copy / "manifest.json").write_text("[]")
    assert verify(copy) == ["manifest.json is changed: it is not a manifest of this program"]
    (copy / "manifest.json").unlink()
    assert verify(copy) == [f"manifest.json is missing in {NAME}"]


def test_a_changed_manifest(copy):
    raw = (copy / "manifest.json").read_text()
    (copy / "manifest.json").write_text(raw.replace('"drg_source": "main_episode"', '"drg_source": "npk"'))
    assert verify(copy) == ["manifest.json is changed: its own hash does not agree with its content"]


def test_a_link_is_not_a_file(copy):
    shutil.move(copy / "oppgjor.html", copy.parent.parent / "elsewhere.html")
    (copy / "oppgjor.html").symlink_to(copy.parent.parent / "elsewhere.html")
    assert verify(copy) == ["oppgjor.html is changed: its hash is not the manifest's"]


@pytest.mark.parametrize(
    ("name", "sql", "problem"),
    [
        ("oppgjor_rhf", "update t set isf_poeng = isf_poeng + 1 where sektor = 'SOM'", "isf_poeng is"),
        (
            "oppgjor_rhf",
            "update t set poeng_opphold = poeng_opphold + 1, poeng_forlop = poeng_forlop - 1",
            "the ledger",
        ),
        ("oppgjor_rhf", "update t set antall_opphold = antall_opphold + 1", "over regions"),
        ("oppgjor_rhf", "update t set refusjon_kr = refusjon_kr + 0.01", "refusjon_kr is"),
        ("oppgjor_rhf", "update t set saldo_kr = saldo_kr + 1", "saldo_kr is"),
        ("oppgjor_rhf", "delete from t where rhf_orgnr = '883658752'", "has no row 883658752"),
        (
            "oppgjor_hf",
            "update t set isf_poeng = isf_poeng + 1 where hf_orgnr = '983974724'",
            "oppgjor_hf 983974724",
        ),
        ("oppgjor_hf", "update t set refusjon_kr = 0", "oppgjor_hf"),
        (
            "gjestepasienter",
            "update t set isf_poeng = isf_poeng + 1 where isf_poeng is not null",
            "the ledger",
        ),
        (
            "gjestepasienter",
            "update t set antall_opphold = 1 where isf_poeng is null",
            "still holds a number",
        ),
        ("gjestepasienter", "delete from t where sektor = 'SOM'", "gjestepasienter has no row"),
        ("poengposter", "update t set poeng = poeng + 0.001 where enhet_id = 'E000001'", "the ledger"),
        ("poengposter", "delete from t where enhet_type = 'region'", "trekk_kompleks_rehab is"),
        ("grunnlag", "insert into t values ('x', 'y', 'z', 1)", "the manifest says otherwise"),
        ("oppgjor_rhf_maned", "update t set isf_poeng = isf_poeng + 1", "the settlement gives"),
        ("oppgjor_rhf_maned", "update t set akonto_kr = akonto_kr + 1", "the settlement gives"),
        ("oppgjor_hf_maned", "delete from t where maned = '2025-02'", "the settlement gives"),
        ("oppgjor_hf_maned", "update t set isf_poeng = null where maned = '2025-02'", "still holds a number"),
    ],
)
def test_totals_that_do_not_add_up_are_named_even_if_the_manifest_agrees(copy, name, sql, problem):
    change(copy, name, sql)
    found = verify(copy)
    assert found and any(problem in text for text in found), found


def test_csv_and_parquet_must_hold_the_same(copy):
    path = copy / "grunnlag.csv"
    path.write_bytes(path.read_bytes().replace(b"not_resident;SOM;20", b"not_resident;SOM;21"))
    seal(copy)
    assert verify(copy) == ["grunnlag.csv does not hold the same values as grunnlag.parquet"]


def test_a_table_that_cannot_be_read(copy):
    (copy / "grunnlag.parquet").write_bytes(b"x")
    seal(copy)
    (problem,) = verify(copy)
    assert problem.startswith("a table cannot be read")


def test_what_is_no_file_of_the_settlement_is_named(copy):
    (copy / "tom").mkdir()
    os.mkfifo(copy / "rør")
    assert sorted(verify(copy)) == [
        "rør is neither a file nor a folder",
        "tom is an extra folder, not in the manifest",
    ]


def test_a_pipe_in_a_files_place_is_not_waited_for(copy):
    (copy / "oppgjor.xlsx").unlink()
    os.mkfifo(copy / "oppgjor.xlsx")
    assert "oppgjor.xlsx is missing" in verify(copy)


def test_a_manifest_that_is_a_link_is_no_manifest(copy, tmp_path):
    (copy / "manifest.json").rename(tmp_path / "manifest.json")
    (copy / "manifest.json").symlink_to(tmp_path / "manifest.json")
    assert verify(copy) == ["manifest.json is a link; a published folder has its own"]


def test_a_folder_under_another_name_is_named(copy):
    moved = copy.rename(copy.with_name("2025-T3-2"))
    assert verify(moved) == ["the folder is named 2025-T3-2, its manifest is that of 2025-T1-2"]
    assert verify(moved.rename(moved.with_name("2025-T1-2-r7"))) == []
