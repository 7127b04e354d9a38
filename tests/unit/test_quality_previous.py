"""Mot forrige leveranse: begge sider av hver grense, og hva som ikke sammenlignes."""

import pytest

from pipelines.checks.suites import expectations, suites
from pipelines.engine.workspace import connect
from pipelines.quality.previous import SUITES, judge_attached, summary

# To regioner, to HF og to måneder; en leveranse av åtte måneder er to ganger en av fire.
SETTLED = """
    create schema {db}.landing;
    create table {db}.landing.delivery as
    select date '2025-01-01' as period_from, date '2025-0{months}-28' as period_to;
    create table {db}.oppgjor_rhf as
    select r as rhf_orgnr, 'SOM' as sektor, 'RHF ' || r as rhf, {months} * 500 as antall_opphold,
        ({months} * 250)::decimal(18, 3) as isf_poeng, ({months} * 225)::decimal(18, 3) as poeng_opphold
    from (values ('1'), ('2')) as region(r);
    create table {db}.oppgjor_hf as
    select h as hf_orgnr, 'SOM' as sektor, 'HF ' || h as hf, {months} * 250 as antall_opphold
    from (values ('1'), ('2')) as trust(h);
    create table {db}.oppgjor_rhf_maned as
    select rhf_orgnr, sektor, m as maned, 125::decimal(18, 3) as isf_poeng
    from {db}.oppgjor_rhf, (values ('2025-01'), ('2025-02'), (null)) as month(m);
    create table {db}.grunnlag as
    from (values ('episode', 'included', 'SOM', 9000), ('episode', 'ungrouped', 'SOM', 1000),
        ('balanse', 'x', 'alle', 0)) as basis(steg, arsak, sektor, antall);
    create table {db}.poeng_per_regel as
    select regel, 'SOM' as sektor, poeng::decimal(18, 3) as poeng
    from (values ('drg_base', 900), ('7.1', 100)) as rule(regel, poeng);
    create table {db}.gjestepasienter_usladdet as
    select h as hf_orgnr, r as bosted_rhf_orgnr, 'SOM' as sektor, if(h = r, 900, 100) as antall_opphold
    from (values ('1'), ('2')) as trust(h), (values ('1'), ('2')) as region(r)
"""
FOUR, EIGHT = 4, 8
GUEST = "gjestepasienter_usladdet"
ONE = "where rhf_orgnr = '1'"
# Forventning → det som endres i den nye leveransen: på grensen, og rett utenfor.
LIMITS = {
    "forrige_rhf_opphold": (
        f"update b.oppgjor_rhf set antall_opphold = 4600, poeng_opphold = 2000 {ONE}",
        f"update b.oppgjor_rhf set antall_opphold = 4601, poeng_opphold = 2000 {ONE}",
        "RHF 1 SOM: 15,1\u00a0%",
    ),
    "forrige_rhf_poeng": (
        f"update b.oppgjor_rhf set isf_poeng = 1700.000 {ONE}",
        f"update b.oppgjor_rhf set isf_poeng = 1699.999 {ONE}",
        "RHF 1 SOM: −15,1\u00a0%",
    ),
    "forrige_rhf_poeng_per_opphold": (
        f"update b.oppgjor_rhf set poeng_opphold = 1980.000 {ONE}",
        f"update b.oppgjor_rhf set poeng_opphold = 1980.001 {ONE}",
        "RHF 1 SOM: 10,1\u00a0%",
    ),
    "forrige_hf_opphold": (
        "update b.oppgjor_hf set antall_opphold = 1400 where hf_orgnr = '2'",
        "delete from b.oppgjor_hf where hf_orgnr = '2'",
        "HF 2 SOM: −100,0\u00a0%",
    ),
    "forrige_maned_poeng": (
        f"update b.oppgjor_rhf_maned set isf_poeng = 137.500 {ONE} and maned = '2025-02'",
        f"update b.oppgjor_rhf_maned set isf_poeng = 137.501 {ONE} and maned = '2025-02'",
        "2025-02 SOM: 5,1\u00a0%",
    ),
    "forrige_grunner": (
        "update b.grunnlag set antall = if(arsak = 'included', 8800, 1200) where steg = 'episode'",
        "update b.grunnlag set antall = if(arsak = 'included', 8799, 1201) where steg = 'episode'",
        "DRG mangler eller står ikke i årets tabell SOM: 2,01\u00a0prosentpoeng",
    ),
    "forrige_regler": (
        "update b.poeng_per_regel set poeng = if(regel = '7.1', 120, 880)",
        "update b.poeng_per_regel set poeng = if(regel = '7.1', 120.001, 879.999)",
        "DRG-basis SOM: −2,01\u00a0prosentpoeng",
    ),
    "forrige_bosted": (
        f"update b.{GUEST} set antall_opphold = if(bosted_rhf_orgnr = '1', 850, 150) where hf_orgnr = '1'",
        f"update b.{GUEST} set antall_opphold = if(bosted_rhf_orgnr = '1', 849, 151) where hf_orgnr = '1'",
        "HF 1 RHF 2 SOM: 5,10\u00a0prosentpoeng",
    ),
}


def judged(change: str = "", before: str = "") -> dict[str, str]:
    """Det som ikke holder: forventning → hva som er funnet."""
    with connect(threads=1) as con:
        for db, months in (("a", FOUR), ("b", EIGHT)):
            con.execute(f"attach ':memory:' as {db}")
            con.execute(SETTLED.format(db=db, months=months))
        con.execute(";".join(filter(None, [before, change])) or "select 1")
        results = judge_attached(con)
    assert all(not result.blocking for result in results)
    return {result.expectation: result.observed for result in results if not result.success}


def test_hver_forventning_har_en_grense_her():
    assert set(LIMITS) == {one.id for one in expectations(suites(SUITES))}


@pytest.mark.parametrize("name", LIMITS)
def test_paa_grensen_holder_og_rett_utenfor_varsler(name):
    within, outside, told = LIMITS[name]
    assert judged(within) == {}
    found = judged(outside)
    assert set(found) == {name} and told in found[name]


def test_smaa_tall_og_nye_maneder_sammenlignes_ikke():
    small = ";".join(
        f"update a.{table} set antall_opphold = 499" for table in ("oppgjor_rhf", "oppgjor_hf")
    ) + "; update a.gjestepasienter_usladdet set antall_opphold = 200"  # fmt: skip
    grown = "; ".join(
        [
            "update b.oppgjor_rhf set antall_opphold = 9000, isf_poeng = 9000",
            "update b.oppgjor_hf set antall_opphold = 9000",
            "update b.gjestepasienter_usladdet set antall_opphold = 400 * bosted_rhf_orgnr::int",
        ]
    )
    assert judged(grown, small) == {}
    assert judged("insert into b.oppgjor_rhf_maned values ('1', 'SOM', '2025-08', 9000)") == {}


def test_deler_kjennes_paa_nummeret_og_ukjent_hf_er_med():
    names = "update b.oppgjor_hf set hf = 'Nytt navn ' || hf; update b.oppgjor_rhf set rhf = 'Nytt navn ' || rhf"
    assert judged(names) == {}
    unknown = [f"update {db}.{table} set hf_orgnr = null where hf_orgnr = '1'"
               for db in "ab" for table in (GUEST, "oppgjor_hf")]  # fmt: skip
    moved = f"update b.{GUEST} set antall_opphold = if(bosted_rhf_orgnr = '1', 849, 151) where hf_orgnr is null"
    assert set(judged(moved, ";".join(unknown))) == {"forrige_bosted"}


def test_oppsummeringen_teller_varslene():
    with connect(threads=1) as con:
        for db in ("a", "b"):
            con.execute(f"attach ':memory:' as {db}")
            con.execute(SETTLED.format(db=db, months=FOUR))
        assert summary(judge_attached(con), "2025-T1-1") == "Mot forrige leveranse, 2025-T1-1: ingen varsler."
        con.execute(LIMITS["forrige_grunner"][1])
        assert summary(judge_attached(con), "2025-T1-1").endswith("1 av 8 kontroller varsler.")
