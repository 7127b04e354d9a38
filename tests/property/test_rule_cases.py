"""The rule cases against the plain calculator: two readings of the rules that know nothing of the engine."""

from __future__ import annotations

import pytest

from tests.cases.casebook import Case, expand_ids, load_cases, rows

from .calculator import Result, calculate
from .compare import line_reason
from .plain.landing import COLUMNS
from .plain.model import Delivery


def settle(case: Case) -> Result:
    """The case by the plain calculator, under the ids of a shared delivery."""
    year, tertial, number = case.delivery.split("-")
    tables = {name: [{c: row.get(c, "") for c in COLUMNS[name]} for row in given] for name, given in rows(case).items()}
    return calculate(Delivery(int(year), int(tertial[1:]), int(number), tables), case.drg_source)


#: the plain calculator knows the final rules of a year only, and no definition tables
CASES = [case for case in load_cases() if case.ruleset is None and not case.drg_source.startswith("grouped:")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case):
    result = settle(case)
    ledger = {(kind, unit.replace(case.prefix, ""), rule): p for (kind, unit, rule), p in result.ledger.items()}
    assert ledger == case.expected, case.why
    lines = {line.id.removeprefix(case.prefix): line_reason(line) for line in result.landed.prescriptions}
    for ids, reason in case.checks.get("linje", {}).items():
        assert {lines[line_id] for line_id in expand_ids(ids)} == {reason}, case.why
