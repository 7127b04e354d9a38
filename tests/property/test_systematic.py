"""Every case of a family of limits: the engine against the plain calculator."""

from __future__ import annotations

import pytest

from .compare import check
from .generator.systematic import DELIVERIES, FAMILIES, together


@pytest.mark.parametrize("name", DELIVERIES)
def test_limits(name):
    check(DELIVERIES[name]().delivery(), shrink=False)


def test_main_conditions_with_the_stay_grouping_of_npk():
    check(together({"main": FAMILIES["main"]}).delivery(), drg_source="npk", shrink=False)
