"""Room on the disk is asked for before the work; errors of the machine are sentences."""

import errno
import shutil

import pytest

from pipelines.engine import screen, space
from pipelines.engine.faults import sentence
from pipelines.errors import IsfError


@pytest.mark.parametrize("missing, is_refused", [(0, False), (1, True)])
def test_a_run_that_cannot_fit_is_turned_away(tmp_path, monkeypatch, missing, is_refused):
    (tmp_path / "episode.csv").write_bytes(b"x" * 1000)
    least = space.FIXED + 1000
    assert space.needed(tmp_path) == least
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(least, 0, least - missing))
    if is_refused:
        with pytest.raises(IsfError, match="13 MB are free on its disk"):
            space.require(tmp_path, tmp_path)
    else:
        space.require(tmp_path, tmp_path)


def test_the_cause_is_told_and_an_error_of_the_program_keeps_its_trace():
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device", "/disk/a")
        except OSError:
            raise ValueError("while closing") from None
    except ValueError as error:
        full = error
    assert "no space left on the disk" in sentence(full)
    assert sentence(PermissionError(errno.EACCES, "Permission denied", "/x")).startswith("/x: Permission denied")
    assert sentence(KeyError("x")) is None


def test_text_from_files_is_no_command_to_the_terminal():
    assert screen.plain("a\x1b[31mb\x9bc\u202ed\te\n") == "a\\u001b[31mb\\u009bc\\u202ed\te\n"
