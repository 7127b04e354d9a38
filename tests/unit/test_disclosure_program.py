"""The programs of the audit are solved as scipy's own `linprog` solves them, to the bit."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from pipelines.disclosure import program
from pipelines.errors import IsfError


def given(seed: int) -> tuple:
    """A program of the kind that the audit has: sums of some numbers, and limits. Every fourth has no solution."""
    r = np.random.default_rng(seed)
    rows, width = int(r.integers(1, 6)), int(r.integers(2, 12))
    equal = csr_array(r.choice([-1.0, 0.0, 1.0], (rows, width)))
    inside = r.integers(0, 9, width).astype(float)
    box = np.column_stack([np.where(r.random(width) < 0.3, -1000.0, inside - 2), inside + r.integers(0, 9, width)])
    right = equal @ inside + (0.0 if seed % 4 else 50_000.0)
    at_most = csr_array(r.choice([-1.0, 0.0], (2, width))) if seed % 2 else None
    return r.normal(size=width), equal, right, box, at_most


@pytest.mark.parametrize("seed", range(24))
def test_the_answer_is_linprogs(seed):
    cost, equal, right, box, at_most = given(seed)
    zeros = None if at_most is None else np.zeros(at_most.shape[0])
    expected = linprog(cost, A_eq=equal, b_eq=right, A_ub=at_most, b_ub=zeros, bounds=box, method="highs-ds")
    assert expected.status == (0 if seed % 4 else 2)
    found = program.solve(cost, equal, right, box, at_most)
    assert (found is None) == (expected.x is None) and (found is None or (found == expected.x).all())


def test_what_has_no_end_is_told():
    with pytest.raises(IsfError, match="was not solved"):
        program.solve(np.array([-1.0]), csr_array(np.zeros((1, 1))), np.zeros(1), np.array([[0.0, np.inf]]))
