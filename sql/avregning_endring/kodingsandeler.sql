-- what: how stays were coded, last year and this year: complications and secondary diagnoses
-- title: Koding i fjor og i år
-- grain: one row per region, sector and year
-- key: rhf_orgnr, sektor, aktivitetsar
-- source: docs/avregning.md (coding); regulation §3.8, §3.10.1
-- column rhf_orgnr: organisation number of the region of residence
-- heading rhf_orgnr: RHF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column aktivitetsar: activity year
-- heading aktivitetsar: Aktivitetsår
-- column rhf: name of the region
-- heading rhf: RHF
-- column delte_opphold: counted stays in a DRG that is split by complication (named m/bk or u/bk)
-- heading delte_opphold: Opphold i delte DRG
-- column med_komplikasjon: those of them in the DRG with complication (m/bk)
-- heading med_komplikasjon: Med bidiagnose som deler (m/bk)
-- column andel_med_komplikasjon: med_komplikasjon in per cent of delte_opphold; empty where there are none
-- heading andel_med_komplikasjon: Andel m/bk, prosent
-- column dognopphold: counted stays with at least one department stay
-- heading dognopphold: Sykehusopphold
-- column bidiagnoser: condition codes reported on them beyond one main condition per episode
-- heading bidiagnoser: Bidiagnoser
-- column bidiagnoser_per_opphold: bidiagnoser for each of dognopphold; empty where there are none
-- heading bidiagnoser_per_opphold: Bidiagnoser per sykehusopphold
-- column med_bidiagnose: those of dognopphold with at least one
-- heading med_bidiagnose: Sykehusopphold med bidiagnose
-- column andel_med_bidiagnose: med_bidiagnose in per cent of dognopphold; empty where there are none
-- heading andel_med_bidiagnose: Andel med bidiagnose, prosent
with
counted as (
    select
        stay.state,
        stay.stay_nr,
        stay.residence_rhf_orgnr,
        stay.sector,
        stay.drg,
        stay.has_department_stay,
    from (
        select 'last_year' as state, * from last_year.stay
        union all
        select 'this_year' as state, * from this_year.stay
    ) as stay
    -- PHV/TSB inpatient stays are left out (§3.2.3 c).
    where not stay.is_phv_inpatient
),

stay_member as (
    select 'last_year' as state, stay_nr, episode_nr from last_year.stay_episode
    union all
    select 'this_year' as state, stay_nr, episode_nr from this_year.stay_episode
),

condition as (
    select 'last_year' as state, episode_nr from last_year_landing.tilstand
    union all
    select 'this_year' as state, episode_nr from this_year_landing.tilstand
),

-- One code of each episode is its main condition, the others are secondary.
secondary as (
    select
        counted.state,
        counted.stay_nr,
        count(*) - count(distinct condition.episode_nr) as codes,
    from counted
    inner join stay_member on stay_member.state = counted.state and stay_member.stay_nr = counted.stay_nr
    inner join condition on condition.state = stay_member.state and condition.episode_nr = stay_member.episode_nr
    where counted.has_department_stay
    group by counted.state, counted.stay_nr
),

summed as (
    select
        counted.state,
        counted.residence_rhf_orgnr as rhf_orgnr,
        counted.sector,
        count(split_drg.drg) as in_split_drg,
        count(*) filter (where split_drg.with_complication) as with_complication,
        count(*) filter (where counted.has_department_stay) as hospital_stays,
        cast(coalesce(sum(secondary.codes), 0) as bigint) as secondary_codes,
        count(*) filter (where secondary.codes > 0) as with_secondary,
    from counted
    left join drg_family as split_drg
        on split_drg.state = counted.state
        and split_drg.sector = counted.sector
        and split_drg.drg = counted.drg
        and split_drg.with_complication is not null
    left join secondary on secondary.state = counted.state and secondary.stay_nr = counted.stay_nr
    group by counted.state, counted.residence_rhf_orgnr, counted.sector
),

activity as (
    select 'last_year' as state, year from last_year_landing.delivery
    union all
    select 'this_year' as state, year from this_year_landing.delivery
)

-- Shares are whole tenths of a per cent (hundredths of a code), half away from zero, without a binary fraction.
select
    summed.rhf_orgnr,
    summed.sector as sektor,
    activity.year as aktivitetsar,
    coalesce(region.rhf_name, 'ukjent') as rhf,
    summed.in_split_drg as delte_opphold,
    summed.with_complication as med_komplikasjon,
    cast(
        if(
            summed.in_split_drg = 0,
            null,
            (2 * 1000 * summed.with_complication + summed.in_split_drg) // (2 * summed.in_split_drg)
        ) * 0.1 as decimal(5, 1)
    ) as andel_med_komplikasjon,
    summed.hospital_stays as dognopphold,
    summed.secondary_codes as bidiagnoser,
    cast(
        if(
            summed.hospital_stays = 0,
            null,
            (2 * 100 * summed.secondary_codes + summed.hospital_stays) // (2 * summed.hospital_stays)
        ) * 0.01 as decimal(18, 2)
    ) as bidiagnoser_per_opphold,
    summed.with_secondary as med_bidiagnose,
    cast(
        if(
            summed.hospital_stays = 0,
            null,
            (2 * 1000 * summed.with_secondary + summed.hospital_stays) // (2 * summed.hospital_stays)
        ) * 0.1 as decimal(5, 1)
    ) as andel_med_bidiagnose,
from summed
inner join activity on activity.state = summed.state
left join this_year.region as region on region.rhf_orgnr = summed.rhf_orgnr
