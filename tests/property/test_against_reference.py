"""The engine against the plain calculator, on deliveries by seed and on deliveries Hypothesis looks for."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.size import size

from .compare import check
from .random_deliveries import deliveries, random_delivery

SEEDS = size(4, 60)
SOURCES = ["main_episode", "npk"]
QUIET = settings(
    max_examples=size(4, 200),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_delivery_by_seed(seed):
    """Two of four are dirty, every other uses NPK's stay grouping."""
    check(random_delivery(seed, patients=60, density=4, dirty=seed % 4 > 1), seed, SOURCES[seed % 2])


@pytest.mark.parametrize("seed", range(50, 50 + size(2, 30)))
def test_each_patient_with_one_scenario_many_times(seed):
    """So that the limits of each kind are met often, undisturbed by others."""
    check(random_delivery(seed, patients=45, density=5, own=True), seed)


@QUIET
@given(deliveries(), st.integers(0, 999), st.sampled_from(SOURCES))
def test_deliveries_hypothesis_finds(delivery, seed, drg_source):
    check(delivery, seed, drg_source, shrink=False)


@settings(QUIET, max_examples=size(2, 100))
@given(deliveries(max_patients=2, max_density=2, dirty=True), st.integers(0, 999))
def test_dirty_deliveries_hypothesis_finds(delivery, seed):
    check(delivery, seed, shrink=False)
