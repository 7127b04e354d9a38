"""Linear programs, solved by the HiGHS that scipy brings.

`scipy.optimize.linprog` asks the same solver the same and has the same answers, to the bit (a test compares), but
around the many small programs of an audit it takes ten times the solver's own time. It is the private part of scipy
that is called here, so pyproject.toml names the version.
"""

from functools import cache

import numpy as np
from scipy.optimize._highspy import _core as highs
from scipy.sparse import csr_array, vstack

from pipelines.errors import IsfError

# How far from its limits the answer of the solver may lie before it is not believed, as `linprog` has it.
_BELIEVED = 3e-4


def solve(
    cost: np.ndarray,
    equal: csr_array,
    right: np.ndarray,
    box: np.ndarray,
    at_most: csr_array | None = None,
) -> np.ndarray | None:
    """The x of least `cost` for which `equal` times x is `right`, each x is within its row of `box` (lower, upper) and
    `at_most` times x is not positive; None if there is none. The dual simplex gives the same one each time.

    Raises IsfError where the solver gives up.
    """
    least = right
    if at_most is not None:
        equal = vstack((at_most, equal))
        least = np.concatenate([np.full(at_most.shape[0], -highs.kHighsInf), right])
        right = np.concatenate([np.zeros(at_most.shape[0]), right])
    matrix = equal.tocsc()
    program = highs.HighsLp()
    program.num_row_, program.num_col_ = program.a_matrix_.num_row_, program.a_matrix_.num_col_ = matrix.shape
    program.a_matrix_.format_ = highs.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
    program.a_matrix_.value_ = matrix.data
    program.col_cost_ = cost
    program.row_lower_, program.row_upper_ = least, right
    program.col_lower_, program.col_upper_ = box.T.copy()
    solver = highs._Highs()
    if highs.HighsStatus.kError in (solver.passOptions(_options()), solver.passModel(program), solver.run()):
        raise IsfError("A linear program of the disclosure audit could not be read by the solver.")
    status = solver.getModelStatus()
    if status == highs.HighsModelStatus.kInfeasible:
        return None
    if status != highs.HighsModelStatus.kOptimal:
        raise IsfError(f"A linear program of the disclosure audit was not solved: {solver.modelStatusToString(status)}")
    found = np.array(solver.getSolution().col_value)
    rows = matrix @ found
    outside = [box[:, 0] - found, found - box[:, 1], least - rows, rows - right]
    if not all((far <= _BELIEVED).all() for far in outside):
        raise IsfError("A linear program of the disclosure audit was not solved: its answer is outside its limits.")
    return found


@cache
def _options():
    """The options that `linprog(method="highs-ds")` has."""
    options = highs.HighsOptions()
    options.presolve = "on"
    options.solver = "simplex"
    options.highs_debug_level = highs.HighsDebugLevel.kHighsDebugLevelNone
    options.log_to_console = options.output_flag = False
    options.simplex_strategy = highs.simplex_constants.SimplexStrategy.kSimplexStrategyDual
    return options
