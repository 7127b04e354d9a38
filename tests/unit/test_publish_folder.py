"""A published folder appears whole or not at all, is never changed, and a change becomes a new revision."""

from __future__ import annotations

import json
import os
import signal
import stat
import time
from pathlib import Path

import pytest

from pipelines.errors import IsfError
from pipelines.publication import folder, manifest
from pipelines.settlement import page
from pipelines.settlement.publish import publish
from pipelines.settlement.verify import verify
from tests.command import forked, wait
from tests.unit.publishing import run, warehouse

EXPECTED = [
    "gjestepasienter.csv",
    "gjestepasienter.parquet",
    "grunnlag.csv",
    "grunnlag.parquet",
    "manifest.json",
    "oppgjor.html",
    "oppgjor.xlsx",
    "oppgjor_hf.csv",
    "oppgjor_hf.parquet",
    "oppgjor_hf_maned.csv",
    "oppgjor_hf_maned.parquet",
    "oppgjor_rhf.csv",
    "oppgjor_rhf.parquet",
    "oppgjor_rhf_maned.csv",
    "oppgjor_rhf_maned.parquet",
    "poeng_per_regel.csv",
    "poeng_per_regel.parquet",
]
LEDGER = ["manifest.json", "poengposter.parquet"]


@pytest.fixture(scope="module")
def con():
    return warehouse()


def names(home: Path) -> list[str]:
    """The published folders; each has its ledger, and no ledger is without one."""
    published, ledgers = (sorted(p.name for p in (home / kind).iterdir()) for kind in ("published", "ledger"))
    assert [name for name in published if not name.startswith(".")] == [n for n in ledgers if not n.startswith(".")]
    return published


def test_a_settlement_is_published_whole(con, tmp_path):
    seen = []
    result = publish(con, tmp_path, run=run(), progress=lambda *step: seen.append(step))
    assert (result.path, result.revision, result.unchanged) == (tmp_path / "published/2025-T1-2", 1, False)
    assert folder.files_in(result.path) == EXPECTED
    assert folder.files_in(tmp_path / "ledger/2025-T1-2") == LEDGER
    assert names(tmp_path) == ["2025-T1-2"]
    assert verify(result.path) == []
    assert seen[-1][1] == seen[-1][2] == len(seen)


def test_files_are_read_only_and_the_ledger_is_its_owners_alone(con, tmp_path):
    path = publish(con, tmp_path, run=run(), extra_files={"kvalitet/a.html": b"x"}).path
    modes = {name: stat.S_IMODE((path / name).stat().st_mode) for name in folder.files_in(path)}
    assert set(modes.values()) == {0o444}
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((path / "kvalitet").stat().st_mode) == 0o755
    ledger = tmp_path / "ledger" / path.name
    assert {stat.S_IMODE((ledger / name).stat().st_mode) for name in LEDGER} == {0o400}
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("warehouse", "ledger")} == {0o700}
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o700


def test_the_same_settlement_again_writes_nothing_and_is_byte_identical(con, tmp_path):
    first = publish(con, tmp_path, run=run())
    times = {name: (first.path / name).stat().st_mtime_ns for name in EXPECTED}
    again = publish(con, tmp_path, run=run())
    assert again.unchanged and again.path == first.path and names(tmp_path) == ["2025-T1-2"]
    assert times == {name: (first.path / name).stat().st_mtime_ns for name in EXPECTED}
    elsewhere = publish(warehouse(), tmp_path / "other", run=run())
    for name in EXPECTED:
        assert (elsewhere.path / name).read_bytes() == (first.path / name).read_bytes(), name


def test_anything_changed_becomes_a_new_revision_and_so_does_what_is_gone_back_to(con, tmp_path):
    npk = run(options={"drg_source": "npk", "accept_quarantine": False})
    first = publish(con, tmp_path, run=run())
    second = publish(con, tmp_path, run=npk)
    third = publish(con, tmp_path, run=run(program={"version": "0.2.0"}))
    assert [r.path.name for r in (first, second, third)] == ["2025-T1-2", "2025-T1-2-r2", "2025-T1-2-r3"]
    back = publish(con, tmp_path, run=npk)
    assert (back.path.name, back.unchanged) == ("2025-T1-2-r4", False)  # the newest is what is valid
    again = publish(con, tmp_path, run=npk)
    assert again.unchanged and again.path == back.path
    assert all(verify(r.path) == [] for r in (first, second, third, back))


def test_a_damaged_folder_is_not_taken_for_the_settlement(con, tmp_path):
    first = publish(con, tmp_path, run=run())
    (first.path / "oppgjor_hf.csv").chmod(0o644)
    (first.path / "oppgjor_hf.csv").write_text("x")
    again = publish(con, tmp_path, run=run())
    assert not again.unchanged and again.revision == 2 and verify(again.path) == []


def test_deliveries_with_similar_names_do_not_share_revisions(con, tmp_path):
    publish(con, tmp_path, run=run())
    publish(con, tmp_path, run=run(delivery="2025-T1-2-r2x"))
    other = publish(con, tmp_path, run=run(delivery="2025-T1-1"))
    assert other.revision == 1
    assert folder.revisions(tmp_path / "published", "2025-T1-2").keys() == {1}


def test_the_manifest_knows_no_clock_no_host_and_no_path(con, tmp_path):
    path = publish(con, tmp_path, run=run()).path
    raw = (path / "manifest.json").read_text()
    content = json.loads(raw)
    assert raw.encode() == manifest.dump(content)
    assert "/" not in raw.replace(manifest.FORMAT, "")
    told = {"audience", "audience_text", "disclosure", "files", "format", "ledger", "manifest_sha256", "rows"}
    assert set(content) == {*run(), *told}
    assert content["rows"]["oppgjor_rhf"] == 8
    assert content["inputs"] == run()["inputs"] and content["ruleset"] == run()["ruleset"]
    assert set(content["files"]) == set(EXPECTED) - {"manifest.json"}


def test_a_run_without_its_facts_is_refused(con, tmp_path):
    facts = run()
    del facts["ruleset"]
    with pytest.raises(IsfError, match="ruleset"):
        publish(con, tmp_path, run=facts)


@pytest.mark.parametrize("name", ["../x.html", "/x.html", "a/../../x", ".hidden", "", "oppgjor.html", "manifest.json"])
def test_extra_files_stay_inside_and_replace_nothing(con, tmp_path, name):
    with pytest.raises(IsfError, match="extra file"):
        publish(con, tmp_path, run=run(), extra_files={name: b"x"})
    assert not (tmp_path / "published").exists() or names(tmp_path) == []


def test_a_delivery_whose_name_is_no_folder_is_refused(con, tmp_path):
    with pytest.raises(IsfError, match="cannot be a folder"):
        publish(con, tmp_path, run=run(delivery="../up"))


def test_a_failure_on_the_way_leaves_nothing(con, tmp_path, monkeypatch):
    monkeypatch.setattr(page, "build", lambda context: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        publish(con, tmp_path, run=run())
    assert names(tmp_path) == []


def publish_and_wait(home: Path) -> None:
    """Publish, and stand still where the page is to be written."""

    def wait_here(context):
        print("writing", flush=True)
        time.sleep(60)

    page.build = wait_here
    publish(warehouse(), home, run=run())


def test_a_killed_run_leaves_no_settlement_and_the_next_cleans_up(con, tmp_path):
    log, home = tmp_path / "log", tmp_path / "home"
    process = forked(publish_and_wait, home, log=log)
    while not (said := log.with_suffix(".out")).exists() or not said.read_text():
        assert process.is_alive(), log.with_suffix(".err").read_text()
        time.sleep(0.02)
    left = names(home)
    assert left == [f".building-{process.pid}-2025-T1-2"]
    # While it lives, another run leaves its folder alone.
    assert publish(con, home, run=run(delivery="2025-T1-1")).revision == 1
    assert left[0] in names(home)
    process.kill()
    assert wait(process) == -signal.SIGKILL
    assert publish(con, home, run=run()).revision == 1
    assert names(home) == ["2025-T1-1", "2025-T1-2"]


def test_a_left_over_folder_of_the_same_process_number_is_replaced(con, tmp_path):
    own = tmp_path / "published" / f".building-{os.getpid()}-2025-T1-2"
    own.mkdir(parents=True)
    (own / "half").write_text("x")
    assert "half" not in folder.files_in(publish(con, tmp_path, run=run()).path)
    assert names(tmp_path) == ["2025-T1-2"]


def test_a_folder_that_appears_meanwhile_is_not_overwritten(tmp_path):
    for name in ("2025-T1-2", "2025-T1-2-r3"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    (tmp_path / ".building-1-x").mkdir()
    path, number = folder.place(tmp_path / ".building-1-x", tmp_path, "2025-T1-2")
    assert (path.name, number) == ("2025-T1-2-r4", 4)


def test_an_empty_settlement_is_published_too(tmp_path):
    path = publish(warehouse(empty=True), tmp_path, run=run()).path
    assert verify(path) == []


def test_publication_is_quick(con, tmp_path):
    start = time.monotonic()
    publish(con, tmp_path, run=run())
    assert time.monotonic() - start < 10
