-- what: the settlements to try: a finding put right in one way, alone; and all findings of a check at a patient together
-- grain: one row per trial and finding that is put right in it
-- key: clone_nr, finding_nr
-- source: docs/quality/README.md
-- Number 0 is kept for the patients as they were reported.
with
way as (
    select
        finding_nr,
        variant,
        max(weight) as weight,
    from change
    where file <> 'none'
    group by finding_nr, variant
),

-- Rows that would each give the same are put right together too, each in its likeliest way, to tell what they give in all.
together as (
    select
        finding.check_id,
        finding.patient_id,
        way.finding_nr,
        way.variant,
    from way
    inner join finding on finding.finding_nr = way.finding_nr
    where finding.patient_id is not null
        -- Of two years that are reported as often one may be wrong: both put right would only change places.
        and not (
            finding.repair = 'birth_year'
            and way.finding_nr in (select finding_nr from change where file = 'none')
        )
    qualify row_number() over (partition by way.finding_nr order by way.weight desc, way.variant) = 1
),

several as (
    select * from together
    qualify count(*) over (partition by check_id, patient_id) > 1
)

select
    row_number() over (order by finding_nr, variant) as clone_nr,
    finding_nr,
    variant,
    false as is_together,
from way
union all
select
    (select count(*) from way) + dense_rank() over (order by check_id, patient_id) as clone_nr,
    finding_nr,
    variant,
    true as is_together,
from several
