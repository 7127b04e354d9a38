"""The rule cases against the plain calculator: two readings of the rules that know nothing of the engine."""

from __future__ import annotations

import pytest

from tests.cases.casebook import Case, load_cases, rows

from .calculator import calculate
from .plain.landing import COLUMNS
from .plain.model import Delivery


def ledger(case: Case) -> dict:
    """The case's ledger by the plain calculator, with the ids as the case writes them."""
    year, tertial, number = case.delivery.split("-")
    tables = {name: [{c: row.get(c, "") for c in COLUMNS[name]} for row in given] for name, given in rows(case).items()}
    result = calculate(Delivery(int(year), int(tertial[1:]), int(number), tables), case.drg_source)
    return {(kind, unit.replace(case.prefix, ""), rule): points for (kind, unit, rule), points in result.ledger.items()}


#: the plain calculator knows the final rules of a year only
CASES = [case for case in load_cases() if case.ruleset is None]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case):
    assert ledger(case) == case.expected, case.why
