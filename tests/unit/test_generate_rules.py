"""A small generated delivery meets every rule of the engine, and its points are those of the plan."""

import pytest

from pipelines.rules import load as ruleset
from pipelines.settlement.run import build_warehouse
from tests.unit.generated import YEAR, delivery


@pytest.fixture(scope="module")
def tertial():
    con = build_warehouse(delivery(1, 2, scale=0.01))
    yield con
    con.close()


@pytest.fixture(scope="module")
def year():
    con = build_warehouse(delivery(3, 2, scale=0.01))
    yield con
    con.close()


def test_a_clean_delivery_loads_without_quarantine(tertial):
    assert tertial.execute("select count(*) from landing.quarantine").fetchone() == (0,)
    assert tertial.execute("select count(*) from landing.unparsed").fetchone() == (0,)
    assert tertial.execute("select count(*) from landing.unknown_column").fetchone() == (0,)


def test_every_rule_is_met_in_the_first_tertial(tertial):
    """At the scale of the demo every rule that the rule set computes has ledger rows."""
    met = {row[0] for row in tertial.execute("select distinct rule from ledger").fetchall()}
    points = tertial.execute("select distinct rule from ref.parameter where parameter = 'points'").fetchall()
    known = {row[0] for row in points} | {
        "7.6",
        "7.9",
        "7.14",
        "7.20",
        "drg_base",
        "stg_base",
        "tfg_base",
        "tfg_member",
        "phv_inpatient",
        "7.11",
    }
    assert known <= met


def test_every_reason_of_the_funnel_occurs(year):
    reasons = {row[0] for row in year.execute("select distinct reason from episode").fetchall()}
    assert {
        "not_finished_in_period",
        "not_resident",
        "unknown_municipality",
        "unit_not_isf",
        "debitor_not_isf",
        "dead_on_arrival",
        "radiotherapy_inpatient",
        "reports_service",
        "no_eligible_personnel",
        "ungrouped",
        "included",
    } <= reasons


def test_every_service_and_pathway_with_points_occurs(year):
    services = {row[0] for row in year.execute("select distinct stg from service").fetchall()}
    reachable = year.execute("""
        select stg from ref.stg_procedure union select stg from ref.stg_medicine""").fetchall()
    missing = {row[0] for row in reachable} - services
    assert len(missing) <= 4, missing  # some are rarer than one in a hundredth of the country
    paid = {row[0] for row in year.execute("select tfg from ref.tfg where base_points > 0").fetchall()}
    assert {row[0] for row in year.execute("select distinct tfg from pathway").fetchall()} == paid


def test_points_of_the_large_trusts_are_near_the_published(year):
    rows = year.execute("""
        select t.hf_name, sum(l.points)::double * 100
            / if(l.sector = 'SOM', t.published_points_somatikk, t.published_points_phvtsb)::double as ratio
        from ledger as l inner join ref.trust as t on t.hf_orgnr = l.hf_orgnr
        where l.rule in ('drg_base', 'stg_base')
            and if(l.sector = 'SOM', t.published_points_somatikk, t.published_points_phvtsb) > 60000
        group by l.sector, t.hf_name, t.published_points_somatikk, t.published_points_phvtsb""").fetchall()
    assert len(rows) > 10
    assert all(0.95 < ratio < 1.05 for _, ratio in rows), rows


def test_points_by_region_of_residence_are_near_the_published(year):
    import csv

    path = ruleset.ROOT / "synthetic" / "targets.csv"
    with path.open(encoding="utf-8") as file:
        targets = {
            (r["sector"], r["orgnr"]): float(r["points"]) for r in csv.DictReader(file) if r["kind"] == "residence"
        }
    found = year.execute("""
        select sector, residence_rhf_orgnr, sum(points)::double * 100 from ledger
        where rule in ('drg_base', 'stg_base') group by all""").fetchall()
    assert {(s, r) for s, r, _ in found} == set(targets)
    for sector, region, points in found:
        assert abs(points / targets[sector, region] - 1) < 0.05, (sector, region, points)


def test_the_activity_is_of_the_year(year):
    assert year.execute('select min(year("utDatoTid")), max(year("utDatoTid")) from landing.episode').fetchone() == (
        YEAR,
        YEAR,
    )
