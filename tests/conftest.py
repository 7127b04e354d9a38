"""Fixtures of all tests."""

import gc
import os

from tests.shared import shared_base  # noqa: F401
from tests.size import size

# Deliveries of tests are so small that a second thread costs a third more and gains nothing. Where it matters that the
# number of threads does not, a test says both numbers; the thorough run has what users have.
os.environ["ISF_THREADS"] = str(size(1, 2))


def pytest_collection_finish() -> None:
    """Libraries and tests stay to the end: they are not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
