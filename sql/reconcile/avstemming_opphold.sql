-- what: every stay of either side with the one reason why the two differ, or that they agree
-- title: Opphold mot NPK
-- grain: one row per stay of ours, and per NPK stay of which no episode is in ours
-- key: side, enhet_id, pasient_id
-- source: regulation §7.18; docs/reconcile.md
-- column side: her (a stay of ours) or npk (a stay that only NPK has)
-- heading side: Side
-- column enhet_id: our stay's id, or NPK's
-- heading enhet_id: Id
-- column pasient_id: the patient's pseudonym
-- heading pasient_id: Pasient
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column hf_orgnr: organisation number of the treating trust
-- heading hf_orgnr: HF, org.nr
-- column npk_id: NPK's id of the stay
-- heading npk_id: NPKs opphold
-- column drg: our DRG
-- heading drg: DRG her
-- column npk_drg: NPK's DRG
-- heading npk_drg: DRG hos NPK
-- column arsak: enig, npk_slar_sammen, npk_deler, annet_omfang, annen_drg, andre_poeng, bare_her or bare_npk
-- heading arsak: Årsak
-- column detalj: the rule or eligibility reason, and for another DRG whether grouping anew explains it
-- heading detalj: Nærmere (regel eller vilkår)
-- column poeng_her: our points, in the reading that the rule set assumes
-- heading poeng_her: Poeng her
-- column poeng_npk: NPK's points; of an NPK stay with episodes in several of ours they stand at the first of them, and of several in one their sum
-- heading poeng_npk: Poeng hos NPK
with
read_as as (
    select
        compared.*,
        if(reading.lesning = 'base_only', compared.base_points, compared.points) as points_here,
    from compared_stay as compared
    cross join (select lesning from avstemming_lesning where er_valgt) as reading
),

judged as (
    select
        *,
        case
            when npk_stays = 0 then 'bare_her'
            when npk_stays > 1 then 'npk_deler'
            when npk_in_stays > 1 then 'npk_slar_sammen'
            when without_npk > 0 or excluded_episodes > 0 then 'annet_omfang'
            when npk_drg is distinct from drg then 'annen_drg'
            when npk_points is distinct from points_here then 'andre_poeng'
            else 'enig'
        end as cause,
    from read_as
),

-- A rule whose points are just the difference is the one that only one of the two has paid.
explained as (
    select
        judged.stay_id,
        min(entry.rule) as rule,
        count(*) as rules,
    from judged
    inner join settled.ledger as entry
        on entry.unit_type = 'stay'
        and entry.unit_id = judged.stay_id
        and entry.points = judged.points_here - judged.npk_points
        and entry.kind in ('adjustment', 'zeroing')
    where judged.cause = 'andre_poeng'
    group by judged.stay_id
)

select
    'her' as side,
    judged.stay_id as enhet_id,
    judged.patient_id as pasient_id,
    judged.sector as sektor,
    judged.hf_orgnr,
    if(judged.npk_stays = 0, null, judged.npk_id) as npk_id,
    judged.drg,
    if(judged.npk_stays = 0, null, judged.npk_drg) as npk_drg,
    judged.cause as arsak,
    case judged.cause
        when 'annet_omfang' then coalesce(judged.excluded_reason, 'uten_npk')
        when 'andre_poeng' then case
            when judged.npk_points is null then 'uten_poeng'
            when explained.rules = 1 then explained.rule
            else 'ukjent'
        end
        -- Missing where no grouping anew is at hand.
        when 'annen_drg' then case
            when judged.npk_drg is null then 'uten_drg'
            when regrouped.drg = judged.npk_drg then 'gruppert_pa_nytt'
            when regrouped.stay_id is not null then 'ukjent'
        end
    end as detalj,
    cast(judged.points_here as decimal(18, 3)) as poeng_her,
    judged.npk_points_counted as poeng_npk,
from judged
left join explained on explained.stay_id = judged.stay_id
left join regrouping.stay as regrouped on regrouped.stay_id = judged.stay_id
union all
select
    'npk' as side,
    npk_id as enhet_id,
    patient_id as pasient_id,
    sector as sektor,
    hf_orgnr,
    npk_id,
    null as drg,
    npk_drg,
    'bare_npk' as arsak,
    excluded_reason as detalj,
    null as poeng_her,
    cast(npk_points as decimal(18, 3)) as poeng_npk,
from npk_stay
where stays = 0
