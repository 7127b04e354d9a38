"""Work in processes beside: what one of them raises, and what is left where the work is given up."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from pipelines.engine.beside import processes
from pipelines.errors import IsfError


def say(folder: Path, name: str, seconds: float = 0) -> None:
    time.sleep(seconds)
    (folder / name).write_text(str(os.getpid()))


def test_functions_run_in_other_processes_and_all_are_done_at_the_end(tmp_path):
    with processes(2) as do:
        for number in range(8):
            do(say, tmp_path, str(number))
    done = sorted(path.name for path in tmp_path.iterdir())
    assert done == [str(number) for number in range(8)]
    assert str(os.getpid()) not in {path.read_text() for path in tmp_path.iterdir()}
    with processes(1) as do:
        do(say, tmp_path, "here")
    assert (tmp_path / "here").read_text() == str(os.getpid())


def test_what_one_raises_is_raised_and_none_goes_on(tmp_path):
    before = set(multiprocessing.active_children())
    with pytest.raises(FileNotFoundError), processes(2) as do:
        do(say, tmp_path / "no such folder", "x")
        do(say, tmp_path, "late", 60)
    assert set(multiprocessing.active_children()) <= before
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_killed_is_a_sentence(tmp_path):
    with pytest.raises(IsfError, match="--threads 1"), processes(2) as do:
        do(signal.raise_signal, signal.SIGKILL)


def one(folder: Path) -> None:
    with processes(2) as do:
        do(say, folder, "one")


def test_a_daemon_which_may_begin_none_does_the_work_itself(tmp_path):
    daemon = multiprocessing.get_context("spawn").Process(target=one, args=(tmp_path,), daemon=True)
    daemon.start()
    daemon.join()
    assert int((tmp_path / "one").read_text()) == daemon.pid


def begin(folder: Path) -> None:
    with processes(2) as do:
        for number in range(2):
            do(say, folder, str(number))
            do(say, folder, "late", 60)


def test_they_end_with_the_process_that_began_them(tmp_path):
    begun = multiprocessing.get_context("spawn").Process(target=begin, args=(tmp_path,))
    begun.start()
    while len(list(tmp_path.iterdir())) < 2:
        time.sleep(0.05)
    pids = [int(path.read_text()) for path in tmp_path.iterdir()]
    begun.kill()
    begun.join()
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < until
        time.sleep(0.05)
