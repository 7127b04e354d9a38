-- what: contacts of the same patient at the same time in the same DRG, at the same unit or at another institution
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §3.8
with
-- One number stands for patient, time and DRG; what shares it is compared in full below.
contact as (
    select
        episode_nr,
        hash(patient_id, start_s, drg) as likeness,
    from episode
    where start_time_known and reason = 'included'
),

repeated as (
    select likeness from contact group by likeness having count(*) > 1
),

-- The same contact as a department stay is the contact too many.
placed as (
    select
        episode.episode_nr,
        episode.is_department_stay,
        episode.drg,
        episode.institution_id,
        row_number() over (same_time rows unbounded preceding) as place,
        first_value(episode.institution_id) over (same_time rows unbounded preceding) as first_institution_id,
        first_value(episode.episode_nr) over (same_time rows unbounded preceding) as first_nr,
        row_number() over (at_unit rows unbounded preceding) as place_at_unit,
        first_value(episode.episode_nr) over (at_unit rows unbounded preceding) as first_nr_at_unit,
    from contact
    inner join finding_episode as episode on episode.episode_nr = contact.episode_nr
    where contact.likeness in (select likeness from repeated)
    window same_time as (
        partition by episode.patient_id, episode.start_s, episode.drg
        order by episode.is_department_stay desc, episode.row_key
    ),
    at_unit as (
        partition by episode.patient_id, episode.start_s, episode.drg, episode.unit_id
        order by episode.is_department_stay desc, episode.row_key
    )
)

-- Another unit of the institution at the same time is a finding of its own.
select
    episode_nr,
    if(place_at_unit > 1, first_nr_at_unit, first_nr) as partner_nr,
    drg as value,
from placed
where not is_department_stay and (place_at_unit > 1 or place > 1 and institution_id <> first_institution_id)
