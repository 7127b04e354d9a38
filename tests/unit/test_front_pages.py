"""The front pages as files: they take no place of others' files, and remove nothing but themselves."""

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.engine import home as homes
from pipelines.errors import IsfError
from pipelines.serve import index, overview

PUBLISHED, GONE = "2025-T1-1", "2025-T1-2"
NOTHING = Decimal(0)


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A home with one published delivery, under a name that a shell must have quoted."""
    home = tmp_path / "et hjem"
    homes.make(home / "published" / PUBLISHED)
    one = overview.Delivery(PUBLISHED, f"published/{PUBLISHED}", 1, "2025", "2025-09-02", *[NOTHING] * 4, False, False,
                            [], [])  # fmt: skip
    monkeypatch.setattr(overview, "deliveries", lambda home: [one])
    return home


def everything(folder: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_raw_deliveries_in_a_folder_of_the_same_name_are_left_as_they_are(home, capsys):
    for name in (PUBLISHED, GONE, "2024-T3-1", "notater"):
        (home / "leveranse" / name).mkdir(parents=True)
        (home / "leveranse" / name / "episode.csv").write_text("x")
    (home / "leveranse" / GONE / "index.html").write_text("mine")
    (home / "leveranse" / "2025-T3-1").mkdir()
    (home / "leveranse" / "LESMEG.txt").write_text("x")
    before = everything(home)
    index.write(home)
    after = everything(home)
    assert after.pop(home / "index.html") and after == before
    assert f"{PUBLISHED} holds more than a front page" in capsys.readouterr().err


def test_a_page_whose_delivery_is_gone_is_removed_but_not_with_anything_beside_it(home):
    index.write(home)
    own = (home / "leveranse" / PUBLISHED / "index.html").read_bytes()
    for name in (GONE, "2025-T2-1"):
        page = homes.front_page(home, name)
        page.parent.mkdir()
        page.write_bytes(own)
        (page.parent / ".building-1-index.html").write_bytes(b"")
    (home / "leveranse" / "2025-T2-1" / "stay.csv").write_text("x")
    index.write(home)
    assert {path.name for path in (home / "leveranse").iterdir()} == {PUBLISHED, "2025-T2-1"}
    assert len(list((home / "leveranse" / "2025-T2-1").iterdir())) == 3


def test_a_folder_of_pages_that_leads_elsewhere_is_not_followed(home, tmp_path, capsys):
    elsewhere = tmp_path / "innboks"
    (elsewhere / GONE).mkdir(parents=True)
    (home / "leveranse").symlink_to(elsewhere)
    index.write(home)
    assert list(elsewhere.rglob("*")) == [elsewhere / GONE]
    assert "is not a folder of this home" in capsys.readouterr().err


def test_a_delivery_that_cannot_be_read_keeps_its_page_and_is_named(home, monkeypatch):
    index.write(home)
    monkeypatch.setattr(overview, "deliveries", lambda home: [])
    index.write(home)
    assert homes.front_page(home, PUBLISHED).is_file()
    text = (home / "index.html").read_text(encoding="utf-8")
    assert f'<th scope="row">{PUBLISHED}</th><td>kan ikke leses</td>' in text


def test_a_front_page_of_somebody_elses_is_not_written_over(home):
    (home / "index.html").write_text("<html>mine")
    with pytest.raises(IsfError, match=r"left as it is\. Remedy: move it away"):
        index.write(home)
    assert (home / "index.html").read_text() == "<html>mine"


def test_what_is_no_home_gets_no_page(tmp_path):
    (tmp_path / "leveranse" / GONE).mkdir(parents=True)
    with pytest.raises(IsfError, match="There is no home"):
        index.write(tmp_path)
    index.refresh(tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "leveranse"]


@pytest.mark.parametrize(
    "error, reason", [(OSError(28, "No space left"), "No space left"), (KeyError("E1"), "KeyError")]
)
def test_a_page_that_cannot_be_written_is_told_without_content_and_stops_nothing(
    home, monkeypatch, capsys, error, reason
):
    def fails(home):
        raise error

    monkeypatch.setattr(overview, "deliveries", fails)
    index.refresh(home)
    assert capsys.readouterr().err == (
        f"{home / 'index.html'} could not be written ({reason}); the result itself is in place."
        f" Remedy: isf index --home '{home}'\n"
    )


def test_a_command_that_fails_leaves_the_pages_right_where_its_result_is_in_place(home):
    from pipelines.cli.front import leaves_front_pages

    @leaves_front_pages
    def command(home: Path, made: str):
        if made:
            homes.make(home / "published" / made)
        raise BrokenPipeError

    for made, is_written in (("", False), (GONE, True)):
        with pytest.raises(BrokenPipeError):
            command(home=home, made=made)
        assert (home / "index.html").exists() == is_written
