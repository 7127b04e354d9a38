-- what: what the row checks found, with whose row it is, where and when, its partner, and how it would be put right
-- grain: one row per failing row and check
-- key: finding_nr; check_id, row_type, row_key
-- source: regulation §3.8; docs/quality/README.md
-- column month: the month of the end (else the start); empty outside the period, whose months alone are compared
with
episode_finding as (
    select
        found.check_id,
        'episode' as row_type,
        episode.row_key,
        episode.sector,
        episode.hf_orgnr,
        episode.institution_id,
        episode.unit_id,
        strftime(coalesce(episode.end_date, episode.start_date), '%Y-%m') as month,
        left(cast(reported.innDatoTid as varchar), if(reported.innTidKjent, 16, 10)) as start_text,
        left(cast(reported.utDatoTid as varchar), if(reported.utTidKjent, 16, 10)) as end_text,
        -- The partner's id is told only to the hospital that reported it.
        if(partner.hf_orgnr = episode.hf_orgnr, partner.episode_id, null) as partner_key,
        found.value,
        found.proposed,
        found.episode_nr,
        found.partner_nr,
        cast(null as bigint) as line,
        episode.patient_id,
    from found_row as found
    inner join finding_episode as episode on episode.episode_nr = found.episode_nr
    inner join landing.episode as reported on reported.episode_nr = found.episode_nr
    left join episode as partner on partner.episode_nr = found.partner_nr
),

line_finding as (
    select
        found.check_id,
        'hresept' as row_type,
        found.dispensing_id as row_key,
        'SOM' as sector,
        line.hf_orgnr,
        strftime(line.dispensing_date, '%Y-%m') as month,
        strftime(line.dispensing_date, '%Y-%m-%d') as start_text,
        found.partner_id as partner_key,
        found.value,
        found.proposed,
        line.patient_id,
    from found_row as found
    inner join finding_line as line on line.dispensing_id = found.dispensing_id
),

-- A unit has no sector of its own: that of most of its episodes.
unit_sector as (
    select
        unit_id,
        mode(sector order by sector) as sector,
    from episode
    where unit_id in (select unit_id from found_row where unit_id is not null)
    group by unit_id
),

unit_finding as (
    select
        found.check_id,
        'enhet' as row_type,
        found.unit_id as row_key,
        coalesce(unit_sector.sector, 'SOM') as sector,
        unit.hf as hf_orgnr,
        found.unit_id,
        found.value,
        found.proposed,
    from found_row as found
    inner join landing.enhet as unit on unit.enhetID = found.unit_id
    left join unit_sector on unit_sector.unit_id = found.unit_id
),

quarantine_finding as (
    select
        found.check_id,
        quarantined.file as row_type,
        quarantined.row_key,
        quarantined.sector,
        quarantined.hf_orgnr,
        quarantined.institution_id,
        quarantined.unit_id,
        quarantined.month,
        quarantined.start_text,
        quarantined.end_text,
        found.value,
        found.line,
        quarantined.patient_id,
    from found_row as found
    inner join quarantined_row as quarantined on quarantined.file = found.file and quarantined.line = found.line
),

together as (
    select * from episode_finding
    union all by name
    select * from line_finding
    union all by name
    select * from unit_finding
    union all by name
    select * from quarantine_finding
)

select
    row_number() over (order by together.check_id, together.row_type, together.row_key, together.value nulls first) as finding_nr,
    together.check_id,
    together.row_type,
    together.row_key,
    together.sector,
    coalesce(together.hf_orgnr, '') as hf_orgnr,
    together.institution_id,
    together.unit_id,
    if(
        together.month between strftime(delivery.period_from, '%Y-%m') and strftime(delivery.period_to, '%Y-%m'),
        together.month, null
    ) as month,
    together.start_text,
    together.end_text,
    together.partner_key,
    -- Reported values are shown as they came, but never a text of any length.
    left(together.value, 80) as value,
    left(together.proposed, 80) as proposed,
    check_repair.repair,
    together.episode_nr,
    together.partner_nr,
    together.line,
    together.patient_id,
from together
cross join landing.delivery as delivery
left join check_repair on check_repair.check_id = together.check_id
