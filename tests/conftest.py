"""Fixtures of all tests."""

import gc
import os
from pathlib import Path

import pytest

from tests.shared import shared_base  # noqa: F401
from tests.size import size

# Deliveries of tests are so small that a second thread costs a third more and gains nothing. Where it matters that the
# number of threads does not, a test says both numbers; the thorough run has what users have.
os.environ["ISF_THREADS"] = str(size(1, 2))


# Files that begin processes by forking are run by one of pytest's processes: what is forked imports for seconds, once.
TOGETHER = ("test_killed_runs", "test_last_good_state", "test_publish_folder")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    """By file, as `--dist loadfile` does."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "forked" if Path(file).stem in TOGETHER else file

    return Together(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """Libraries and tests stay to the end: they are not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
