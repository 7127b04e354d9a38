"""How much the tests try: a usual run, or `make test-thorough`, which is the same tests with many more examples."""

import os

THOROUGH = os.environ.get("ISF_TESTS") == "thorough"


def size(usual: int, thorough: int) -> int:
    """A number of seeds or examples."""
    return thorough if THOROUGH else usual


def few(usual: list, thorough: list) -> list:
    """Parameters of a test: those of the usual run, and with the thorough one those added to them."""
    return usual + [one for one in thorough if one not in usual] if THOROUGH else usual
