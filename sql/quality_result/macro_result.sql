-- what: each trust's measures against itself in earlier deliveries and against its peers
-- grain: one row per macro check, trust, sector and month (or none)
-- key: check_id, hf_orgnr, sector, month
-- source: regulation §3.8; thresholds of the catalogue
with
measured as (
    select
        value.check_id,
        value.hf_orgnr,
        value.sector,
        value.month,
        value.numerator,
        value.denominator,
        setting.kind,
        setting.change,
        -- A share is compared as a share, a volume as a number.
        cast(
            if(setting.kind = 'volume', value.numerator, value.numerator / nullif(value.denominator, 0))
            as decimal(24, 6)
        ) as measure,
    from macro_value as value
    inner join check_setting as setting on setting.check_id = value.check_id
),

earlier as (
    select
        check_id,
        hf_orgnr,
        sector,
        month_of_year,
        max(measure) filter (where which = 'year') as measure_last_year,
        max(measure) filter (where which = 'delivery') as measure_last_delivery,
    from earlier_macro
    group by check_id, hf_orgnr, sector, month_of_year
),

compared as (
    select
        measured.*,
        earlier.measure_last_year,
        earlier.measure_last_delivery,
        tested.expected,
        tested.z_itself,
        tested.q_itself,
        tested.z_peers,
        tested.q_peers,
        tested.percentile,
        if(measured.kind = 'volume', tested.expected, earlier.measure_last_year) as reference,
    from measured
    left join macro_tested as tested
        on tested.check_id = measured.check_id
        and tested.hf_orgnr = measured.hf_orgnr
        and tested.sector = measured.sector
        and tested.month is not distinct from measured.month
    left join earlier
        on earlier.check_id = measured.check_id
        and earlier.hf_orgnr = measured.hf_orgnr
        and earlier.sector = measured.sector
        and earlier.month_of_year is not distinct from measured.month[6:7]
)

select
    check_id,
    hf_orgnr,
    sector,
    month,
    cast(numerator as decimal(24, 3)) as numerator,
    cast(denominator as decimal(24, 3)) as denominator,
    measure,
    measure_last_year,
    measure_last_delivery,
    cast(reference as decimal(24, 6)) as reference,
    if(kind = 'volume', null, expected) as peer_middle,
    percentile,
    z_itself,
    z_peers,
    case
        when kind = 'volume' then reference is null
        else coalesce(denominator, 0) = 0
    end as is_not_applicable,
    -- Certain beyond chance, and large enough to matter.
    coalesce(
        case kind
            when 'volume' then q_itself < 0.01 and abs(measure - reference) > change * reference
            when 'level' then q_itself < 0.01 and measure > change
            else q_itself < 0.01 and abs(measure - reference) > change
        end,
        false
    ) as differs_from_itself,
    coalesce(kind in ('share', 'bunching') and q_peers < 0.01 and abs(measure - expected) > change, false) as differs_from_peers,
from compared
