-- what: the accepted episodes as they are read: sector, times in seconds, and no birth year that cannot be one
-- grain: one row per accepted episode
-- key: episode_nr
-- as: view
-- source: docs/regelverk.md 2; docs/delivery.md
-- requires: 3.5
with
born as (
    select
        year - ref.number('3.5', 'oldest_age') as first_year,
        year as last_year,
    from landing.delivery
),

-- Episodes grouped anew, only where the run asks for it; a DRG that is not in the sector's table is not used.
again as (
    select
        episode_drg.unit_nr as episode_nr,
        drg.sector,
        drg.drg,
    from regrouped.episode_drg as episode_drg
    inner join ref.drg as drg on drg.drg = episode_drg.drg
)

select
    episode.episode_nr,
    episode.episodeID as episode_id,
    episode.pasientID as patient_id,
    if(episode.sektor = 'SOM', 'SOM', 'PHVTSB') as sector,
    episode.sektor = 'BUP' as is_child_psychiatry,
    episode.institusjonID as institution_id,
    episode.hf as hf_orgnr,
    episode.avdeling as unit_id,
    episode.episodetype = 'A' as is_department_stay,
    cast(episode.innDatoTid as date) as start_date,
    cast(episode.utDatoTid as date) as end_date,
    -- Without a time of day a start counts as 00:00 and an end as 24:00 of the same date, as an end that is written so.
    date_diff('second', timestamp '1970-01-01 00:00:00', episode.innDatoTid) as start_s,
    date_diff('second', timestamp '1970-01-01 00:00:00', episode.utDatoTid)
        + if(episode.utTidKjent and not episode.utKl24, 0, 86400) as end_s,
    episode.innTidKjent as start_time_known,
    episode.utTidKjent as end_time_known,
    episode.omsorgsniva as care_level,
    episode.kontaktType as contact_type,
    episode.stedAktivitet as place,
    episode.innmateHast as urgency,
    episode.inntilstand as condition_on_arrival,
    episode.debitor,
    episode.komNrHjem as municipality_number,
    -- A birth year after the activity year or too long before it counts as missing (assumption).
    if(episode.fodselsar between born.first_year and born.last_year, episode.fodselsar, null) as birth_year,
    episode.utskrKlarDato as discharge_ready_date,
    episode.kjonn as sex,
    episode.alderDager as age_days,
    episode.utTilstand as condition_at_end,
    episode.tilSted as destination,
    coalesce(again.drg, episode.drg) as drg,
    -- A reported category belongs to the reported group.
    if(again.drg is null, episode.hdg, null) as hdg,
    episode.npkOppholdDRG as npk_drg,
from landing.episode as episode
cross join born
left join again
    on again.episode_nr = episode.episode_nr and again.sector = if(episode.sektor = 'SOM', 'SOM', 'PHVTSB')
