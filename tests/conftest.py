"""Fixtures of all tests."""

import gc
import os

import pytest

from tests.shared import shared_base  # noqa: F401
from tests.size import size

# Deliveries of tests are so small that a second thread costs a third more and gains nothing. Where it matters that the
# number of threads does not, a test says both numbers; the thorough run has what users have.
os.environ["ISF_THREADS"] = str(size(1, 2))


# Files that share what takes one process seconds to make are run by one process: the forked ones one server of forks.
TOGETHER = {"test_killed_runs": "forked", "test_last_good_state": "forked", "test_publish_folder": "forked"}


@pytest.hookimpl(tryfirst=True)  # before xdist looks for the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file is run by one of pytest's processes, for its fixtures (`--dist loadgroup`)."""
    for item in items if "PYTEST_XDIST_WORKER" in os.environ else ():
        own = item.path.relative_to(item.config.rootpath).with_suffix("").as_posix()
        item.add_marker(pytest.mark.xdist_group(TOGETHER.get(item.path.stem, own)))


def pytest_collection_finish() -> None:
    """Libraries and tests stay to the end: they are not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
