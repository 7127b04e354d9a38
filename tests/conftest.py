"""Fixtures of all tests."""

from tests.shared import shared_base  # noqa: F401
