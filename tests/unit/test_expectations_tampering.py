"""Every expectation fails when what it guards is tampered with; none of them is unbreakable."""

import duckdb
import pytest

from pipelines.checks.gx import judge
from pipelines.checks.invariants import STAGE, violations
from pipelines.checks.suites import Result, blocking_failures, expectations, suites, validate
from pipelines.engine.models import model_in, run_model
from tests.unit import expectations_warehouse
from tests.unit.expectations_tampering import FOUND_BY_INVARIANT, TAMPERING

PLACES = {e.id: (suite, frame) for suite in suites() for frame in suite.frames for e in frame.expectations}


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    with expectations_warehouse.build(tmp_path_factory.mktemp("delivery")) as con:
        yield expectations_warehouse.without_views(con)


@pytest.fixture(scope="module")
def sound(con):
    """The outcome of each expectation before anything is wrong."""
    return {result.expectation: result for result in validate(con)}


def outcome(con: duckdb.DuckDBPyConnection, name: str) -> Result:
    suite, frame = PLACES[name]
    return next(result for result in judge(con, suite, frame) if result.expectation == name)


def test_every_expectation_has_a_fault_that_breaks_it():
    assert sorted(TAMPERING) == sorted(e.id for e in expectations())


def test_nothing_that_stops_publication_fails_on_a_sound_settlement(sound):
    assert blocking_failures(sound.values()) == []


@pytest.mark.parametrize("name", sorted(TAMPERING))
def test_a_fault_breaks_the_expectation(con, sound, name):
    change = TAMPERING[name]
    con.execute("begin")
    try:
        if isinstance(change, tuple):
            needed, change = change
            con.execute(needed)
            assert outcome(con, name).success, "fails before anything is wrong"
        else:
            assert sound[name].success, sound[name].observed
        con.execute(change)
        broken = outcome(con, name)
    finally:
        con.execute("rollback")
    assert not broken.success
    assert broken.unexpected_count >= 1
    assert broken.observed and "kunne ikke" not in broken.observed, broken.observed


@pytest.mark.parametrize("name", sorted(FOUND_BY_INVARIANT))
def test_a_fault_that_no_expectation_looks_for_is_found_by_an_invariant(con, name):
    change, invariant = FOUND_BY_INVARIANT[name]
    model = model_in(STAGE, invariant)
    con.execute("begin")
    try:
        run_model(con, model)
        assert violations(con, model) == 0, "violated before anything is wrong"
        con.execute(change)
        run_model(con, model)
        assert violations(con, model) >= 1
    finally:
        con.execute("rollback")
