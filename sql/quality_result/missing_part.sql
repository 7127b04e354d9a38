-- what: what is expected of a trust or an institution and absent: a file for the whole period, or for a month
-- grain: one row per file, sector, trust, institution and month that has none
-- key: file, sector, hf_orgnr, institution_id, month
-- source: regulation §3.5, §3.8
with
period_month as (
    select strftime(unnest(generate_series(period_from, period_to, interval 1 month)), '%Y-%m') as month from info
),

-- A patient's rows come together: as many cases as there are patients. The trust has its institutions' together.
part_month as (
    select file, sector, hf_orgnr, institution_id, month, sum(rows_counted) as rows_counted, max(patients) as patients
    from part_week
    group by all
),

-- An institution, and all of the trust.
part as (
    select * from part_month where institution_id <> ''
    union all
    select file, sector, hf_orgnr, '' as institution_id, month, sum(rows_counted) as rows_counted, sum(patients) as patients
    from part_month
    group by all
),

earlier_month as (
    select which, file, sector, hf_orgnr, institution_id, month, sum(rows_counted) as rows_counted, max(patients) as patients
    from earlier_part
    group by all
),

earlier as (
    select * from earlier_month where institution_id <> ''
    union all
    select
        which,
        file,
        sector,
        hf_orgnr,
        '' as institution_id,
        month,
        sum(rows_counted) as rows_counted,
        sum(patients) as patients,
    from earlier_month
    group by all
),

-- The last delivery has the same months; last year has them a year before.
expected as (
    select
        earlier.which as basis,
        earlier.file,
        earlier.sector,
        earlier.hf_orgnr,
        earlier.institution_id,
        period_month.month,
        earlier.rows_counted as expected_rows,
        least(earlier.rows_counted, earlier.patients) as expected_cases,
    from earlier
    inner join period_month
        on period_month.month = if(
            earlier.which = 'year',
            cast(cast(earlier.month[:4] as integer) + 1 as varchar) || earlier.month[5:],
            earlier.month
        )
    union all
    -- Else the other months of this delivery: their mean.
    select
        'months' as basis,
        part.file,
        part.sector,
        part.hf_orgnr,
        part.institution_id,
        period_month.month,
        cast(sum(part.rows_counted) // count(*) as bigint) as expected_rows,
        least(sum(part.rows_counted), sum(part.patients)) // count(*) as expected_cases,
    from part
    cross join period_month
    group by part.file, part.sector, part.hf_orgnr, part.institution_id, period_month.month
    -- Present in most months.
    having 2 * count(*) > (select count(*) from period_month)
),

absent as (
    select
        expected.basis,
        expected.file,
        expected.sector,
        expected.hf_orgnr,
        expected.institution_id,
        expected.month,
        expected.expected_rows,
    from expected
    left join part
        on part.file = expected.file
        and part.sector = expected.sector
        and part.hf_orgnr = expected.hf_orgnr
        and part.institution_id = expected.institution_id
        and part.month = expected.month
    where part.month is null
        -- So many are expected that none at all is no chance (Poisson).
        and expected.expected_cases >= (select max(least) from check_setting where check_id = 'part_missing')
        -- Codes and persons are missing only where there are episodes that should have them.
        and (
            expected.file in ('episode', 'hresept')
            or (select max(least) from check_setting where check_id = 'part_missing') <= (
                select sum(least(present.rows_counted, present.patients))
                from part as present
                where present.file = 'episode'
                    and present.sector = expected.sector
                    and present.hf_orgnr = expected.hf_orgnr
                    and present.institution_id = expected.institution_id
                    and present.month = expected.month
            )
        )
    qualify row_number() over (
        partition by expected.file, expected.sector, expected.hf_orgnr, expected.institution_id, expected.month
        order by if(expected.basis = 'delivery', 1, if(expected.basis = 'year', 2, 3))
    ) = 1
)

select
    absent.file,
    absent.sector,
    absent.hf_orgnr,
    absent.institution_id,
    absent.month,
    cast(absent.expected_rows as bigint) as expected_rows,
    absent.basis,
from absent
-- An institution of a trust that is absent itself is told with the trust.
anti join absent as whole
    on absent.institution_id <> ''
    and whole.institution_id = ''
    and whole.file = absent.file
    and whole.sector = absent.sector
    and whole.hf_orgnr = absent.hf_orgnr
    and whole.month = absent.month
