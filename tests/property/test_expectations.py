"""No expectation that stops publication fails on a settlement that is right, however odd the delivery."""

import pytest

from pipelines.checks.suites import blocking_failures, validate
from tests.size import size

from .compare import run_engine
from .random_deliveries import random_delivery


@pytest.mark.parametrize("seed", range(301, 301 + size(2, 40)))
def test_a_random_delivery_is_not_blocked(seed):
    delivery = random_delivery(seed, patients=12, density=5, dirty=seed % 2 == 1)
    with run_engine(delivery, seed) as con:
        assert blocking_failures(validate(con)) == []
