"""Resampling: exact sums, the same for a patient whatever stands beside, and as wide as theory says."""

import numpy as np

from pipelines.simulate.bootstrap import CHUNK, resample, times


def patients(count: int, seed: int = 1) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(seed)).integers(0, 2**63, count, dtype=np.uint64)


def test_a_sum_is_what_each_patient_brings_as_often_as_drawn():
    """More patients than are drawn in one piece; the largest values that a year could have."""
    numbers = patients(CHUNK + 3)
    values = np.stack([np.arange(len(numbers)) * 1_000, np.full(len(numbers), 999_999_999)]).astype(np.float64)
    drawn = times(numbers, 50, 7).astype(object)
    expected = [
        [sum(int(v) * int(n) for v, n in zip(row, column, strict=True)) for column in drawn.T] for row in values
    ]
    sums = resample(numbers, values, 50, 7)
    assert sums.dtype == np.int64 and sums.tolist() == expected


def test_a_patient_is_drawn_the_same_whoever_stands_beside():
    numbers = patients(10)
    alone = times(numbers[4:5], 60, 3)
    assert (alone == times(numbers, 60, 3)[4:5]).all() and (alone == times(numbers[::-1], 60, 3)[5:6]).all()
    assert (alone[:, :40] == times(numbers[4:5], 40, 3)).all(), "more resamples must not change the first ones"
    assert (times(numbers, 60, 3) != times(numbers, 60, 4)).any()


def test_patients_count_a_poisson_number_of_times_with_mean_one():
    """A million draws: mean, variance and shares of 0, 1, 2, 3 within five standard errors of Poisson(1)."""
    drawn = times(patients(5_000), 200, 11)
    assert abs(drawn.mean() - 1) < 0.005 and abs(drawn.var() - 1) < 0.01
    for count, share in ((0, 0.367879), (1, 0.367879), (2, 0.183940), (3, 0.061313)):
        assert abs((drawn == count).mean() - share) < 0.0025


def test_resamples_and_patients_are_independent_of_each_other():
    drawn = times(patients(400), 400, 5).astype(float)
    for of in (drawn, drawn.T):
        correlations = np.corrcoef(of)[np.triu_indices(400, 1)]
        assert abs(correlations.mean()) < 0.001 and abs(correlations.std() - 0.05) < 0.002
