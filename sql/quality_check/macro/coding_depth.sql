-- what: condition codes per department stay
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.8, §4.15
with
department_stay as (
    select
        episode.episode_nr,
        any_value(episode.hf_orgnr) as hf_orgnr,
        any_value(episode.sector) as sector,
        any_value(episode.patient_id) as patient_id,
        count(*) as codes,
    from landing.tilstand as condition
    inner join episode on episode.episode_nr = condition.episode_nr
    where episode.is_department_stay and episode.reason = 'included'
    group by episode.episode_nr
)

select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    sum(codes) as numerator,
    count(*) as denominator,
    approx_count_distinct(patient_id) as patients,
    sum(codes * codes) as squares,
from department_stay
group by hf_orgnr, sector
