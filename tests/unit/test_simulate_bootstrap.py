"""Resampling: exact sums, the same for a seed, and as wide as theory says."""

import numpy as np

from pipelines.simulate.bootstrap import resample


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def test_one_kind_of_patient_never_varies():
    before, after = resample(generator(), np.array([100]), np.array([110]), np.array([50]), 10)
    assert before.tolist() == [5000] * 10 and after.tolist() == [5500] * 10
    assert before.dtype == after.dtype == np.int64


def test_a_seed_gives_the_same():
    kinds = (np.array([100, 300, 0]), np.array([110, 280, 5]), np.array([50, 7, 1000]))
    first, second = resample(generator(4), *kinds, 25), resample(generator(4), *kinds, 25)
    assert all((a == b).all() for a, b in zip(first, second, strict=True))


def test_kinds_give_the_spread_of_single_patients():
    """Two kinds, 30 of 100: the number drawn is binomial with variance 100 × 0.3 × 0.7."""
    before, _ = resample(generator(2), np.array([1, 0]), np.array([1, 0]), np.array([30, 70]), 20_000)
    assert abs(before.mean() - 30) < 0.15 and abs(before.var() - 21) < 1
