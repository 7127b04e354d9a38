"""A small made-up warehouse with the tables that publication reads, consistent from ledger to settlement.

No rule is applied here: units with points are invented, and the settlement tables are their sums.
"""

from __future__ import annotations

import random

import duckdb
import pyarrow

from pipelines.engine.models import run as run_models
from pipelines.publication.tables import TABLES
from pipelines.rules.reads import FUNCTIONS

REGIONS = {
    "991324968": "Helse Sør-Øst RHF",
    "983658725": "Helse Vest RHF",
    "983658776": "Helse Midt-Norge RHF",
    "883658752": "Helse Nord RHF",
}
TRUSTS = {
    "993467049": ("Oslo universitetssykehus HF", "991324968"),
    "983971636": ("Akershus universitetssykehus HF", "991324968"),
    "983975240": ("Sørlandet sykehus HF", "991324968"),
    "982791952": ("Diakonhjemmet sykehus AS", "991324968"),
    "983974724": ("Helse Bergen HF", "983658725"),
    "983974678": ("Helse Stavanger HF", "983658725"),
    "986106839": ("Haugesund sanitetsforenings revmatismesykehus AS", "983658725"),
    "883974832": ("St. Olavs hospital HF", "983658776"),
    "997005562": ("Helse Møre og Romsdal HF", "983658776"),
    "983974899": ("Universitetssykehuset Nord-Norge HF", "883658752"),
    "983974880": ("Finnmarkssykehuset HF", "883658752"),
}
PRICES = {"SOM": ("54412.00", "0.3000"), "PHVTSB": ("3820.00", "1.0000")}
RULES = [
    ("drg_base", "3.11", "Basispoeng for opphold"),
    ("stg_base", "3.11", "Basispoeng for særtjenester"),
    ("tfg_base", "3.11", "Basispoeng for tjenesteforløp"),
    ("tfg_member", "3.11 f", "Nullstilling av det som inngår i et tjenesteforløp"),
    ("phv_inpatient", "3.2.3 c", "Innleggelse i psykisk helsevern eller TSB nullstilles"),
    ("7.1", "7.1", "Langtidsopphold"),
    ("7.2.1", "7.2.1", "Rehabilitering"),
    ("7.15", "7.15", "Rituell omskjæring"),
    ("7.17", "7.17", "Ambulant virksomhet"),
    ("8.1", "8.1", "Ambulant virksomhet i PHV/TSB"),
    ("8.6", "8.6", "Fritak for egenandel"),
    ("3.9", "3.9", "Oppgjør"),
    ("7.11", "7.11", "Brannskader"),
    ("7.18", "7.18", "Aggregering av opphold"),
]


def run(**changes) -> dict:
    """The facts of a run, as the settlement gives them."""
    facts = {
        "delivery": "2025-T1-2",
        "year": 2025,
        "produced": "2025-05-20",
        "inputs": [
            {"file": "episode", "format": "csv", "rows": 1010, "sha256": "a" * 64},
            {"file": "hresept", "format": "parquet", "rows": 40, "sha256": "b" * 64},
        ],
        "ruleset": {"id": "2025", "status": "final", "sha256": "c" * 64},
        "program": {"version": "0.1.0", "source_sha256": "d" * 64, "duckdb": duckdb.__version__},
        "options": {"drg_source": "main_episode", "accept_quarantine": False},
    }
    return {**facts, **changes}


def units(seed: int, scale: int) -> list[tuple]:
    """Invented ledger rows: unit type, id, patient, rule, sector, trust, region of residence, group,
    points."""
    chance = random.Random(seed)
    rows, number = [], 0
    for hf, (_, owner) in TRUSTS.items():
        for region in REGIONS:
            for sector in PRICES:
                if sector == "PHVTSB" and hf == "986106839":
                    continue
                near = scale * 12 if region == owner else chance.choice([0, 1, 3, 6, 9])
                for patient in range(near):
                    number += 1
                    rows += _patient(chance, number, f"p{hf}{region}{patient}", sector, hf, region)
    return rows


def _patient(chance: random.Random, number: int, patient: str, sector: str, hf: str, region: str) -> list[tuple]:
    def row(kind: str, unit: str, rule: str, group: str, thousandths: int) -> tuple:
        return (kind, unit, patient, rule, sector, hf, region, group, f"{thousandths / 1000:.3f}")

    stay = f"E{number:06d}"
    base = chance.randint(30, 4000)
    rows = [row("opphold", stay, "drg_base", "D1", base)]
    if chance.random() < 0.2:
        rows.append(row("opphold", stay, "7.1" if sector == "SOM" else "8.6", "D1", chance.randint(50, 900)))
    if chance.random() < 0.1:
        rows.append(row("opphold", stay, "7.15" if sector == "SOM" else "8.1", "D1", -245 if sector == "SOM" else 137))
    if chance.random() < 0.2:
        rows.append(row("sertjeneste", f"S1|{patient}|{number}", "stg_base", "S1", chance.randint(10, 200)))
    if chance.random() < 0.05:
        own = sum(round(float(r[-1]) * 1000) for r in rows if r[1] == stay)
        rows.append(row("opphold", stay, "tfg_member", "D1", -own))
        rows.append(row("forlop", f"T1|{patient}|{number}", "tfg_base", "T1", chance.randint(400, 1500)))
    return rows


def warehouse(
    seed: int = 1,
    scale: int = 3,
    status: str = "final",
    names: dict[str, str] | None = None,
    empty: bool = False,
    magnitude: int = 1,
) -> duckdb.DuckDBPyConnection:
    """An open in-memory database with the documented tables. `names` replaces names of trusts by org. number;
    `magnitude` multiplies all points."""
    con = duckdb.connect()
    con.execute("set threads = 1")
    con.execute("create schema ref")
    con.execute("create schema landing")
    _reference(con, status, names or {})
    _landing(con, empty)
    con.execute(
        "create table unit (enhet_type varchar, enhet_id varchar, patient varchar, regel varchar, "
        "sektor varchar, "
        "hf_orgnr varchar, bosted_rhf_orgnr varchar, drg_stg_tfg varchar, poeng decimal(18, 3))"
    )
    rows = [] if empty else units(seed, scale)
    if rows:
        names_of = [column[0] for column in con.execute("select * from unit").description]
        arrow = pyarrow.table(dict(zip(names_of, zip(*rows, strict=True), strict=True)))
        con.register("rows", arrow)
        con.execute("insert into unit select * replace (cast(poeng as decimal(18, 3)) as poeng) from rows")
        con.unregister("rows")
        con.execute(
            "insert into unit values ('region', '983658725', null, '7.2.1', 'SOM', null, '983658725', 'D2', -1.234)"
        )
        con.execute("update unit set poeng = poeng * ?", [magnitude])
    _settlement(con)
    _basis(con, empty)
    patients(con)
    return con


def _reference(con: duckdb.DuckDBPyConnection, status: str, names: dict[str, str]) -> None:
    con.execute("create table ref.ruleset as select '2025' ruleset, 2025 activity_year, ? status, ? sha256",
                [status, "c" * 64])  # fmt: skip
    con.execute("create table ref.rule (rule varchar, paragraph varchar, title varchar, draft boolean, position int)")
    con.executemany("insert into ref.rule values (?, ?, ?, false, ?)", [[*r, i] for i, r in enumerate(RULES)])
    con.execute(
        "create table ref.parameter (rule varchar, parameter varchar, value varchar, points decimal(18, 3), "
        "number bigint, kind varchar, unit varchar, assumption boolean, paragraph varchar, source varchar, "
        "description varchar)"
    )
    con.executemany(
        "insert into ref.parameter values (?, ?, ?, null, ?, 'number', ?, ?, ?, 'regelverket', ?)",
        [
            [
                "3.9",
                "min_patients_published",
                "5",
                5,
                "patients",
                True,
                "3.9",
                "Cells with fewer are suppressed.",
            ],
            ["3.9", "hidden_count_width", "4", 4, "units", True, "3.9", "Hidden counts are no narrower."],
            ["3.9", "hidden_count_reach", "5", 5, "units", True, "3.9", "Hidden counts reach so far."],
            [
                "7.18",
                "stay_gap_minutes",
                "120",
                120,
                "minutes",
                True,
                "7.18",
                "Gap within one hospital stay.",
            ],
            ["7.11", "haukeland_hf", "983974724", None, None, True, "7.11", "The trust with the burn unit."],
            ["7.1", "max_days", "100", 100, "days", False, "7.1", "Limit of paid days."],
        ],
    )
    con.execute(
        "insert into ref.parameter values ('3.9', 'hidden_points_share', '0.400', 0.4, null, 'points', 'share', true, "
        "'3.9', 'regelverket', 'Hidden points are no narrower.')"
    )
    con.execute("alter table ref.parameter add column text_no varchar")
    con.execute(
        "update ref.parameter set text_no ="
        " if(parameter = 'stay_gap_minutes', 'Opphold henger sammen.', 'Brannskader på Haukeland.')"
    )
    con.execute("create table ref.unit_price (sector varchar, price decimal(18, 2), share decimal(9, 4))")
    con.executemany("insert into ref.unit_price values (?, ?, ?)", [[s, *p] for s, p in PRICES.items()])
    con.execute("create table ref.trust (hf_orgnr varchar, hf_name varchar, rhf_orgnr varchar)")
    con.executemany(
        "insert into ref.trust values (?, ?, ?)",
        [[number, names.get(number, name), owner] for number, (name, owner) in TRUSTS.items()],
    )
    con.execute(FUNCTIONS.read_text(encoding="utf-8"))
    con.execute("create table ref.tfg (tfg varchar, name varchar)")
    con.execute("insert into ref.tfg values ('T1', 'Et forløp')")
    con.execute("create table ref.region (rhf_orgnr varchar, rhf_name varchar)")
    con.executemany("insert into ref.region values (?, ?)", [list(r) for r in REGIONS.items()])


def _landing(con: duckdb.DuckDBPyConnection, empty: bool) -> None:
    con.execute(
        "create table landing.delivery as select '2025-T1-2' delivery, 2025 as year, 1 tertial, "
        "2 delivery_number, "
        "date '2025-01-01' period_from, date '2025-04-30' period_to, date '2025-05-20' produced"
    )
    con.execute("create table landing.akonto (rhf varchar, sektor varchar, maned varchar, belop decimal(18, 2))")
    if not empty:
        paid = {"SOM": "1100000.00", "PHVTSB": "90000.50"}
        con.executemany("insert into landing.akonto values (?, ?, '2025-01', ?)",
                        [[r, s, p] for r in REGIONS for s, p in paid.items()])  # fmt: skip


_SUMS = """
    count(distinct enhet_id) filter (where enhet_type = 'opphold') as antall_opphold,
    count(distinct enhet_id) filter (where enhet_type = 'sertjeneste') as antall_sertjenester,
    count(distinct enhet_id) filter (where enhet_type = 'forlop') as antall_forlop,
    cast(coalesce(sum(poeng) filter (where enhet_type = 'opphold'), 0) as decimal(18, 3)) as poeng_opphold,
    cast(coalesce(sum(poeng) filter (where enhet_type = 'sertjeneste'), 0) as decimal(18, 3)) as
    poeng_sertjenester, cast(coalesce(sum(poeng) filter (where enhet_type = 'forlop'), 0) as decimal(18, 3))
    as poeng_forlop,
"""


def _settlement(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"""
        create table oppgjor_rhf as
        select r.rhf_orgnr, p.sector as sektor, any_value(r.rhf_name) as rhf, {_SUMS}
            cast(coalesce(sum(poeng) filter (where enhet_type = 'region'), 0) as decimal(18, 3)) as
            trekk_kompleks_rehab, cast(coalesce(sum(poeng), 0) as decimal(18, 3)) as isf_poeng,
            any_value(p.price) as enhetspris, any_value(p.share) as isf_andel,
            cast(round(coalesce(sum(poeng), 0) * any_value(p.price) * any_value(p.share), 2) as decimal(18,
            2)) as refusjon_kr, coalesce((select sum(belop) from landing.akonto a where a.rhf = r.rhf_orgnr
            and a.sektor = p.sector), 0) ::decimal(18, 2) as akonto_kr, cast(0 as decimal(18, 2)) as
            saldo_kr from ref.region r cross join ref.unit_price p left join unit u on u.bosted_rhf_orgnr =
            r.rhf_orgnr and u.sektor = p.sector group by r.rhf_orgnr, p.sector """)
    con.execute("update oppgjor_rhf set saldo_kr = refusjon_kr - akonto_kr")
    con.execute(f"""
        create table oppgjor_hf as
        select t.hf_orgnr, p.sector as sektor, any_value(t.hf_name) as hf, any_value(t.rhf_orgnr) as
        rhf_orgnr, {_SUMS} cast(coalesce(sum(poeng), 0) as decimal(18, 3)) as isf_poeng,
        cast(round(coalesce(sum(poeng), 0) * any_value(p.price) * any_value(p.share), 2) as decimal(18, 2))
        as refusjon_kr from ref.trust t cross join ref.unit_price p left join unit u on u.hf_orgnr =
        t.hf_orgnr and u.sektor = p.sector group by t.hf_orgnr, p.sector """)
    con.execute("""
        create table gjestepasienter_usladdet as
        select hf_orgnr, bosted_rhf_orgnr, sektor, count(distinct patient) as antall_pasienter,
            count(distinct enhet_id) filter (where enhet_type = 'opphold') as antall_opphold,
            cast(sum(poeng) as decimal(18, 3)) as isf_poeng,
            cast(round(sum(poeng) * any_value(price) * any_value(share), 2) as decimal(18, 2)) as refusjon_kr
        from unit join ref.unit_price p on p.sector = unit.sektor
        where enhet_type <> 'region'
        group by hf_orgnr, bosted_rhf_orgnr, sektor
    """)
    con.execute("""
        create view poengposter as
        select enhet_type, enhet_id, regel, r.paragraph as paragraf, sektor, hf_orgnr, bosted_rhf_orgnr,
        drg_stg_tfg, poeng from unit left join ref.rule r on r.rule = unit.regel """)
    con.execute("""
        create table ledger as
        select
            case enhet_type when 'opphold' then 'stay' when 'sertjeneste' then 'service' when 'forlop' then 'pathway'
                else enhet_type end as unit_type,
            enhet_id as unit_id,
            regel as rule,
            case when ends_with(regel, '_base') then 'base' when regel = 'tfg_member' then 'taken_over'
                when enhet_type = 'region' then 'regional' else 'adjustment' end as kind,
            sektor as sector,
            poeng as points,
        from unit""")
    con.execute(
        "create table point_price as"
        " select sector, cast(price * share as decimal(19, 6)) as nok_per_point from ref.unit_price"
    )
    con.execute(f"""
        create table unit_month_sum as
        select hf_orgnr, bosted_rhf_orgnr as residence_rhf_orgnr, sektor as sector, {_MONTH} as month,
            coalesce(sum(poeng) filter (where enhet_type = 'opphold'), 0) as stay_points,
            coalesce(sum(poeng) filter (where enhet_type = 'sertjeneste'), 0) as service_points,
            coalesce(sum(poeng) filter (where enhet_type = 'forlop'), 0) as pathway_points,
            coalesce(sum(poeng) filter (where enhet_type = 'region'), 0) as region_points, sum(poeng) as points,
        from unit group by all""")
    by_hand = ("oppgjor_rhf", "oppgjor_hf", "poengposter", "grunnlag")
    published = [one.name for one in TABLES if one.model.stage == "70_settlement" and one.name not in by_hand]
    run_models("way", con, only=("period_month", *published, "assumption", "publication_limit"))


def patients(con: duckdb.DuckDBPyConnection) -> None:
    """How many patients are behind each row of the public tables; of the basis as many as it counts."""
    con.execute(f"""
        create or replace table row_patients as
        select concat_ws('|', 'gjestepasienter', coalesce(hf_orgnr, ''), bosted_rhf_orgnr, sektor) as row_id,
            antall_pasienter as patients,
        from gjestepasienter_usladdet
        union all
        select concat_ws('|', 'oppgjor_hf_maned', coalesce(hf_orgnr, ''), sektor, '2025-0' || {_MONTH}),
            count(distinct patient)
        from unit where enhet_type <> 'region' group by all
        union all
        select concat_ws('|', 'oppgjor_rhf_maned', bosted_rhf_orgnr, sektor, '2025-0' || {_MONTH}),
            count(distinct patient)
        from unit where enhet_type <> 'region' group by all
        union all
        select concat_ws('|', 'grunnlag', steg, arsak, sektor), antall from grunnlag where steg <> 'balanse'
        union all
        select concat_ws('|', 'poeng_per_regel', regel, sektor, listed.enhet_type), count(distinct patient)
        from poeng_per_regel as listed inner join unit using (regel, sektor)
        where listed.enhet_type <> 'region' and unit.enhet_type <> 'region' group by all""")


_MONTH = "if(enhet_type = 'region', null, cast(1 + hash(enhet_id) % 4 as bigint))"


def _basis(con: duckdb.DuckDBPyConnection, empty: bool) -> None:
    con.execute("create table grunnlag (steg varchar, arsak varchar, sektor varchar, antall bigint)")
    count = {
        (step, sector): number
        for sector, step, number in con.execute("""
            unpivot (select sektor, sum(antall_opphold) as opphold, sum(antall_sertjenester) as sertjeneste,
                sum(antall_forlop) as forlop from oppgjor_hf group by sektor)
            on opphold, sertjeneste, forlop into name steg value antall""").fetchall()
    }
    stays = {sector: int(count["opphold", sector]) for sector in PRICES}
    rows = [
        ("fil:episode", "karantene: duplicate_id", "alle", 6),
        ("fil:episode", "karantene: ends_before_start", "alle", 6),
        ("fil:hresept", "rader inn", "alle", 40), ("fil:hresept", "lastet", "alle", 40),
        ("episode", "included", "SOM", stays["SOM"] + 70), ("episode", "included", "PHVTSB", stays["PHVTSB"] + 20),
        ("episode", "not_resident", "SOM", 20),
        ("episode", "ungrouped", "SOM", 40), ("episode", "no_eligible_personnel", "PHVTSB", 30),
        ("resept", "included", "SOM", 35), ("resept", "missing_indication", "SOM", 5),
        ("opphold", "hospital_stay", "SOM", stays["SOM"] // 3),
        ("opphold", "outpatient_stay", "SOM", stays["SOM"] - stays["SOM"] // 3),
        ("opphold", "outpatient_stay", "PHVTSB", stays["PHVTSB"]), ("opphold", "phv_inpatient", "PHVTSB", 0),
        ("opphold", "merged_into_another", "SOM", 70), ("opphold", "merged_into_another", "PHVTSB", 20),
        *(("sertjeneste", "counted", sector, int(count["sertjeneste", sector])) for sector in PRICES),
        ("sertjeneste", "merged_into_first", "SOM", 14),
        *(("forlop", "T1", sector, int(count["forlop", sector])) for sector in PRICES),
        ("forlop", "member: stay", "SOM", 9),
        ("balanse", "episoder: lastet = vurdert", "alle", 0),
        ("balanse", "episoder: inkludert = i opphold", "alle", 0),
    ]  # fmt: skip
    loaded = sum(number for step, _, _, number in rows if step == "episode")
    rows += [("fil:episode", "rader inn", "alle", loaded + 12), ("fil:episode", "lastet", "alle", loaded)]
    if not empty:
        con.executemany("insert into grunnlag values (?, ?, ?, ?)", [list(r) for r in rows])
