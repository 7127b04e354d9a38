"""What the generator and the demo find in their place: nothing of the user's is overwritten."""

import json
import os
from pathlib import Path

import pytest

from pipelines import demo
from pipelines.engine import home as homes
from pipelines.engine import swap
from pipelines.errors import InTheWay
from pipelines.generate import generate, run
from tests.unit.generated import YEAR

NAME = f"{YEAR}-T1-2"


@pytest.fixture
def made(monkeypatch):
    """The generator without its work: a delivery of one file, whose content is the scale."""

    def write_all(con, folder: Path, format, numbers, threads, progress):
        (folder / "episode.csv").write_text(str(numbers["scale"]))
        (folder / "fasit.parquet").write_bytes(b"key")
        from pipelines.publication.manifest import sha256_of

        return {"episode": {"rows": 1, "sha256": sha256_of(folder / "episode.csv")}, "fasit": {}}

    monkeypatch.setattr(run, "_write_all", write_all)
    monkeypatch.setattr(run, "prepare", lambda con, ruleset, numbers, seed: numbers | {"produced": _DAY})


class _Day:
    def isoformat(self) -> str:
        return f"{YEAR}-05-20"


_DAY = _Day()


def make(out: Path, scale: float = 0.01, **options) -> Path:
    return generate(out, year=YEAR, tertial=1, delivery=2, scale=scale, **options)


def test_a_delivery_that_is_there_is_left_until_the_user_says_so(made, tmp_path):
    folder = make(tmp_path)
    (folder / "notater.txt").write_text("mine")
    with pytest.raises(InTheWay, match="--replace") as refused:
        make(tmp_path, scale=0.02)
    assert refused.value.exit_code == 2
    assert (folder / "notater.txt").read_text() == "mine" and (folder / "episode.csv").read_text() == "0.01"
    make(tmp_path, scale=0.02, replace=True)
    assert sorted(path.name for path in folder.iterdir()) == ["episode.csv", "leveranse.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME, f"{NAME}.fasit.parquet"]


def test_an_answer_key_that_is_there_is_left_too(made, tmp_path):
    (tmp_path / f"{NAME}.fasit.parquet").write_bytes(b"mine")
    with pytest.raises(InTheWay, match="fasit"):
        make(tmp_path)
    assert not (tmp_path / NAME).exists()


def test_an_error_leaves_what_was_there(made, tmp_path, monkeypatch):
    folder = make(tmp_path)
    monkeypatch.setattr(run, "_write_all", lambda *arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make(tmp_path, replace=True)
    assert (folder / "episode.csv").read_text() == "0.01"
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME, f"{NAME}.fasit.parquet"]


@pytest.mark.parametrize("exchanges", [True, False])
def test_one_folder_takes_anothers_name(tmp_path, monkeypatch, exchanges):
    old, new, aside = tmp_path / "old", tmp_path / "new", tmp_path / "aside"
    for folder in (old, new):
        folder.mkdir()
        (folder / folder.name).touch()
    if not exchanges:
        monkeypatch.setattr(swap, "_exchanged", lambda one, other: False)
    swap.swap(new, old, aside)
    assert [path.name for path in old.iterdir()] == ["new"] and not new.exists() and not aside.exists()


def test_a_process_that_ends_leaves_nothing_of_its_workshop_and_all_that_was_put_aside(tmp_path):
    workshop = homes.workshop(tmp_path / f".{NAME}.{os.getpid()}")
    for folder in (workshop / NAME, tmp_path / f"{workshop.name}.old"):
        folder.mkdir(parents=True)
        (folder / "episode.parquet").touch()
    homes.remove_unfinished()
    assert [path.name for path in tmp_path.iterdir()] == [f"{workshop.name}.old"]


def test_what_killed_runs_left_is_removed_and_what_one_had_put_aside_is_put_back(made, tmp_path):
    gone = 2**22 + 1  # no process has so high a number
    for name in (
        f".{NAME}.{gone}",
        f".{YEAR}-T2-1.{gone}.old",
        f".{NAME}.{os.getppid()}",
        ".mine",
    ):
        (tmp_path / name).mkdir()
    make(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [f".{NAME}.{os.getppid()}", ".mine", NAME, f"{NAME}.fasit.parquet", f"{YEAR}-T2-1"]
    )


def test_the_demo_replaces_its_own_delivery_and_nobody_elses(made, tmp_path):
    home = tmp_path / "home"
    own = demo._own_delivery(home, 0.01, str(YEAR), None)
    assert demo._own_delivery(home, 0.02, str(YEAR), None) == own and (own / "episode.csv").read_text() == "0.02"
    assert sorted(path.name for path in own.parent.iterdir()) == [".demo.json", NAME]
    # A file of the user's in the demo's folder makes it the user's.
    (own / "notater.txt").write_text("mine")
    with pytest.raises(InTheWay, match="not of the demo's making"):
        demo._own_delivery(home, 0.01, str(YEAR), None)
    assert (own / "notater.txt").read_text() == "mine"


def test_the_demo_leaves_a_home_where_the_name_is_a_real_settlements(made, tmp_path):
    folder = tmp_path / "published" / NAME
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(
        json.dumps({"inputs": [{"file": "episode", "sha256": "a" * 64}], "files": {}})
    )
    with pytest.raises(InTheWay, match="isf demo --home"):
        demo._own_delivery(tmp_path, 0.01, str(YEAR), None)
    assert not (tmp_path / "deliveries" / NAME).exists()


def test_progress_goes_through_every_step_of_the_work(tmp_path):
    seen = []
    generate(
        tmp_path, year=YEAR, tertial=1, delivery=1, scale=0.0002, threads=1, progress=lambda *step: seen.append(step)
    )
    assert len(seen) >= 7 and seen[-1][1] == seen[-1][2]
    assert [number for _, number, _ in seen] == list(range(1, len(seen) + 1))
