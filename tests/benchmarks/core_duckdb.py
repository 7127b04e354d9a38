"""The core in DuckDB (core_rules.py says what it computes)."""

from dataclasses import fields
from pathlib import Path
from string import Template

from pipelines.engine.workspace import connect
from tests.benchmarks.core_rules import Rows, Rules, settled

FILES = ("episode", "enhet", "helseperson", "prosedyre")

INCLUDED = """
create temp table included as
select
    episode.episodeID as id,
    drg.sector,
    episode.pasientID as patient,
    episode.institusjonID as institution,
    episode.hf,
    residence.rhf,
    episode.episodetype = 'A' as is_department,
    epoch_us(episode.innDatoTid) // 1000000 as start_s,
    epoch_us(episode.utDatoTid) // 1000000 as end_s,
    cast(episode.innDatoTid as date) as start_date,
    cast(episode.utDatoTid as date) as end_date,
    episode.utskrKlarDato as ready_date,
    episode.episodetype = 'K' and list_contains($places, episode.stedAktivitet) as is_ambulatory,
    drg.weight,
    drg.base,
    drg.trim,
    drg.can_ambulatory,
    drg.can_emergency,
    drg.can_long,
from read_parquet('$episode_file') as episode
inner join drg_table as drg
    on drg.drg = episode.drg and drg.sector = if(episode.sektor = 'SOM', 'SOM', 'PHVTSB')
inner join residence_table as residence on residence.municipality = episode.komNrHjem
where cast(episode.utDatoTid as date) between $period_from and $period_to
    and list_contains($debitors, episode.debitor)
    and episode.inntilstand is distinct from $dead_on_arrival
    and episode.omsorgsniva is distinct from $inpatient_care_level
    and episode.avdeling in (select enhetID from read_parquet('$enhet_file') where isfRefusjon = $isf_yes)
    and (
        episode.episodetype = 'A'
        or episode.episodeID in (
            select episodeID from read_parquet('$helseperson_file') where list_contains($personnel, polUtforende)
        )
    )
"""

# Episodes that may share their stay with others, and the number of that stay: a chain's or a day's lowest row.
GROUPED = """
create temp table grouped as
with
preceded as (
    select
        rowid as nr, sector, patient, institution, start_s, end_s, id,
        max(end_s) over (
            partition by sector, patient, institution order by start_s, end_s, id
            rows between unbounded preceding and 1 preceding
        ) as latest_end_s,
    from included
    where is_department
),

chained as (
    select
        nr, sector, patient, institution,
        sum(cast(latest_end_s is null or start_s > latest_end_s + $gap_s as integer)) over (
            partition by sector, patient, institution order by start_s, end_s, id
            rows between unbounded preceding and current row
        ) as chain,
    from preceded
),

shared_day as (
    select sector, patient, institution, start_date, min(rowid) as stay_nr
    from included
    where not is_department
    group by sector, patient, institution, start_date
    having count(*) > 1
)

select nr, min(nr) over (partition by sector, patient, institution, chain) as stay_nr from chained
union all
select contact.rowid as nr, shared_day.stay_nr
from included as contact
inner join shared_day using (patient, start_date, institution, sector)
where not contact.is_department
"""

# Most stays hold one episode: only the others are put together and ordered to find the main episode.
RESULT = """
with
member as (
    select grouped.stay_nr, included.*
    from grouped
    inner join included on included.rowid = grouped.nr
),

spanned as (
    select
        stay_nr,
        min(start_s) as start_s,
        max(end_s) as end_s,
        min(start_date) as start_date,
        max(end_date) as end_date,
        min(ready_date) as ready_date,
        bool_or(is_ambulatory) as is_ambulatory,
    from member
    group by stay_nr
),

main as (
    select *
    from member
    qualify row_number() over (
        partition by stay_nr order by weight desc, end_s - start_s desc, start_s, id
    ) = 1
),

stay as (
    select main.* replace (
        spanned.start_s as start_s,
        spanned.end_s as end_s,
        spanned.start_date as start_date,
        spanned.end_date as end_date,
        spanned.ready_date as ready_date,
        spanned.is_ambulatory as is_ambulatory
    )
    from main
    inner join spanned using (stay_nr)
    union all
    select rowid as stay_nr, * from included where rowid not in (select nr from grouped)
),

palliative as (
    select grouped.stay_nr
    from grouped
    inner join included on included.rowid = grouped.nr
    where included.is_department
        and included.sector = 'SOM'
        and included.id in (
            select episodeID from read_parquet('$prosedyre_file') where list_contains($palliative_procedures, kode)
        )
),

pointed as (
    select
        hf, rhf, sector, base,
        if(not is_department and is_ambulatory and can_ambulatory, $points_ambulatory, 0) as ambulatory,
        if(can_emergency and end_s - start_s < $emergency_below_s, $points_emergency, 0) as emergency,
        if(
            is_department and end_date > start_date and stay_nr in (select stay_nr from palliative),
            $points_palliative,
            0
        ) as palliative,
        greatest(least(end_date, coalesce(ready_date, end_date)) - start_date, 0) - trim - $days_after_trim as days,
        if(can_long and days > 0, $points_long_stay * least(days, $max_days), 0) as long_stay,
    from stay
)

select
    hf, rhf, sector,
    count(*), sum(base), sum(ambulatory), sum(emergency), sum(palliative), sum(long_stay),
from pointed
group by hf, rhf, sector
"""


def run(delivery: Path, rules: Rules, threads: int) -> Rows:
    """The sums per trust, RHF of residence and sector."""
    values = _literals(delivery, rules)
    with connect(threads=threads) as con:
        con.execute("set preserve_insertion_order = false")
        con.register("drg_table", rules.drg)
        con.register("residence_table", rules.residence)
        for sql in (INCLUDED, GROUPED, RESULT):
            con.execute(Template(sql).substitute(values))
        return settled(con.fetchall())


def _literals(delivery: Path, rules: Rules) -> dict[str, str]:
    """What the SQL's `$names` stand for: the delivery's files and the rule set's values."""
    files = {f"{name}_file": str(delivery / f"{name}.parquet") for name in FILES}
    given = {field.name: getattr(rules, field.name) for field in fields(rules)}
    return files | {
        name: str(value) if isinstance(value, int | list) else f"date '{value}'"
        for name, value in given.items()
        if name not in ("drg", "residence")
    }
