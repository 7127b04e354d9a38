"""What several tests read is made once in a run, whichever of pytest's processes asks first."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

base: Path | None = None


@pytest.fixture(scope="session", autouse=True)
def shared_base(tmp_path_factory):
    """The folder that all processes of the run have in common; pytest removes it with its own."""
    global base
    own = tmp_path_factory.getbasetemp()
    base = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    base.mkdir(exist_ok=True)


def made_once(what: object, make: Callable[[Path], object]) -> Path:
    """The folder that `make(folder)` has filled, to be read and never written; the same `what` is the same folder."""
    assert base is not None, "only inside a test or a fixture"
    folder = base / hashlib.sha256(repr(what).encode()).hexdigest()[:16]
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder.with_suffix(".made")
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def copy_of(what: object, make: Callable[[Path], object], target: Path) -> Path:
    """A copy of one's own of such a folder."""
    return shutil.copytree(made_once(what, make), target, dirs_exist_ok=True)
