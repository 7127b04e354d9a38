-- what: where in each table of the warehouse the rows of a patient are
-- grain: one row per row of a patient and table
-- key: owner, source, place
-- source: docs/serve.md
-- column owner: hash of the patient's id; of a region's deduction, hash of the region; of a row that was set aside, hash of each of its ids
-- column place: number of the row in the warehouse's file, which is never changed
with
owned as (
    select hash(patient_id) as owner, 'episode' as source, place from episode
    union all
    select hash(patient_id) as owner, 'stay' as source, place from stay
    union all
    select hash(patient_id) as owner, 'service' as source, place from service
    union all
    select hash(patient_id) as owner, 'service_candidate' as source, place from service_candidate
    union all
    select hash(patient_id) as owner, 'pathway' as source, place from pathway
    union all
    select hash(patient_id) as owner, 'prescription' as source, place from prescription
    union all
    select
        hash(episode.patient_id) as owner,
        'merged_episode' as source,
        merged_episode.place,
    from merged_episode
    inner join episode on episode.episode_nr = merged_episode.episode_nr
    union all
    select unit_owner.owner, 'ledger_further' as source, ledger_further.place
    from ledger_further
    inner join unit_owner
        on unit_owner.unit_type = ledger_further.unit_type and unit_owner.unit_id = ledger_further.unit_id
    union all
    select hash(unit_id) as owner, 'ledger_further' as source, place
    from ledger_further
    where unit_type = 'region'
    union all
    select unit_owner.owner, 'pathway_member' as source, pathway_member.place
    from pathway_member
    inner join unit_owner
        on unit_owner.unit_type = pathway_member.unit_type and unit_owner.unit_id = pathway_member.unit_id
    union all
    select unit_owner.owner, 'pathway_zeroing' as source, pathway_zeroing.place
    from pathway_zeroing
    inner join unit_owner
        on unit_owner.unit_type = pathway_zeroing.unit_type and unit_owner.unit_id = pathway_zeroing.unit_id
    union all
    select hash(lower(id)) as owner, 'quarantine' as source, place from quarantined_id
)

select
    owner,
    source,
    place,
from owned
order by owner, source, place
