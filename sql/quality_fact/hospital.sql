-- what: the trusts that are judged: those that report, with what they have earned
-- grain: one row per reporting trust
-- key: hf_orgnr
-- source: regulation §3.8, §3.11
with
reporting as (
    select hf_orgnr from check_denominator where denominator <> 'unit' and hf_orgnr <> ''
    union
    select hf_orgnr from check_row where hf_orgnr <> ''
),

earned as (
    select
        unit_sum.hf_orgnr,
        sum(unit_sum.points) as points,
        sum(unit_sum.points * price.nok_per_point) as refund_nok,
    from unit_sum
    inner join nok_per_point as price on price.sector = unit_sum.sector
    group by unit_sum.hf_orgnr
)

select
    reporting.hf_orgnr,
    provider.hf_name,
    provider.hf_type,
    -- Trusts are compared with those of their own kind: university, other, private, mental health only.
    case
        when reporting.hf_orgnr not in (select hf_orgnr from check_denominator where denominator = 'episode' and sector = 'SOM')
            then 'mental_health'
        else coalesce(trust.hf_class, provider.hf_type, '')
    end as peer_group,
    provider.rhf_name,
    cast(coalesce(earned.points, 0) as decimal(18, 3)) as points,
    cast(coalesce(earned.refund_nok, 0) as decimal(28, 9)) as refund_nok,
from reporting
inner join provider on provider.hf_orgnr = reporting.hf_orgnr
left join ref.trust as trust on trust.hf_orgnr = reporting.hf_orgnr
left join earned on earned.hf_orgnr = reporting.hf_orgnr
order by reporting.hf_orgnr
