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
        setting.peers,
        setting.least,
        setting.direction,
        -- A share is compared as a share, a volume as a number.
        cast(
            if(setting.kind = 'volume', value.numerator, value.numerator / nullif(value.denominator, 0))
            as decimal(24, 6)
        ) as measure,
        coalesce(hospital.hf_type, '') as hf_type,
    from macro_value as value
    inner join check_setting as setting on setting.check_id = value.check_id
    left join hospital on hospital.hf_orgnr = value.hf_orgnr
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

-- Peers are trusts of the same kind; where they are fewer than five, all trusts.
peer_group as (
    select
        *,
        if(count(*) over (partition by check_id, sector, month, hf_type) >= 5, hf_type, '') as peer_kind,
    from measured
    where denominator >= least and kind = 'share'
),

peer_middle as (
    select
        check_id,
        sector,
        month,
        peer_kind,
        cast(median(measure) as decimal(24, 6)) as middle,
    from peer_group
    group by check_id, sector, month, peer_kind
    having count(*) >= 5
),

peer_spread as (
    select
        peer_group.check_id,
        peer_group.sector,
        peer_group.month,
        peer_group.peer_kind,
        any_value(peer_middle.middle) as middle,
        cast(median(abs(peer_group.measure - peer_middle.middle)) as decimal(24, 6)) as spread,
    from peer_group
    inner join peer_middle
        on peer_middle.check_id = peer_group.check_id
        and peer_middle.sector = peer_group.sector
        and peer_middle.month is not distinct from peer_group.month
        and peer_middle.peer_kind = peer_group.peer_kind
    group by peer_group.check_id, peer_group.sector, peer_group.month, peer_group.peer_kind
),

own_middle as (
    select
        check_id,
        hf_orgnr,
        sector,
        cast(median(measure) as decimal(24, 6)) as middle,
        count(*) as months,
    from measured
    where kind = 'volume'
    group by check_id, hf_orgnr, sector
),

compared as (
    select
        measured.*,
        earlier.measure_last_year,
        earlier.measure_last_delivery,
        peer_spread.middle as peer_middle,
        peer_spread.spread as peer_spread,
        coalesce(
            earlier.measure_last_year,
            earlier.measure_last_delivery,
            if(own_middle.months >= 3, own_middle.middle, null)
        ) as reference,
        -- What chance alone may give: three standard deviations of a share of this many.
        if(
            measured.kind = 'share' and measured.measure between 0 and 1,
            3 * sqrt(greatest(measured.measure * (1 - measured.measure), 0.0001) / nullif(measured.denominator, 0)),
            0
        ) as noise,
    from measured
    left join peer_group
        on peer_group.check_id = measured.check_id
        and peer_group.hf_orgnr = measured.hf_orgnr
        and peer_group.sector = measured.sector
        and peer_group.month is not distinct from measured.month
    left join peer_spread
        on peer_spread.check_id = measured.check_id
        and peer_spread.sector = measured.sector
        and peer_spread.month is not distinct from measured.month
        and peer_spread.peer_kind = peer_group.peer_kind
    left join earlier
        on earlier.check_id = measured.check_id
        and earlier.hf_orgnr = measured.hf_orgnr
        and earlier.sector = measured.sector
        and earlier.month_of_year is not distinct from measured.month[6:7]
    left join own_middle
        on own_middle.check_id = measured.check_id
        and own_middle.hf_orgnr = measured.hf_orgnr
        and own_middle.sector = measured.sector
),

judged as (
    select
        *,
        case
            when kind = 'volume' then greatest(measure, coalesce(reference, 0)) < least or reference is null
            else denominator < least
        end as is_not_applicable,
        case
            when direction = 'high' then measure - reference
            when direction = 'low' then reference - measure
            else abs(measure - reference)
        end as step,
        case
            when direction = 'high' then measure - peer_middle
            when direction = 'low' then peer_middle - measure
            else abs(measure - peer_middle)
        end as distance,
    from compared
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
    reference,
    peer_middle,
    is_not_applicable,
    not is_not_applicable
        and coalesce(
            case kind
                when 'volume' then step > change * reference
                when 'level' then measure > change
                else step > change and step > noise
            end,
            false
        ) as differs_from_itself,
    not is_not_applicable
        and kind = 'share'
        and coalesce(distance > peers * peer_spread and distance > change and distance > noise, false)
        as differs_from_peers,
from judged
