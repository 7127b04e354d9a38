"""Every case of a family of limits: the engine against the plain calculator."""

from __future__ import annotations

import pytest

from .compare import check
from .generator.systematic import FAMILIES


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_of_limits(family):
    check(FAMILIES[family]().delivery(), shrink=False)


def test_main_conditions_with_the_stay_grouping_of_npk():
    check(FAMILIES["main conditions"]().delivery(), drg_source="npk", shrink=False)
