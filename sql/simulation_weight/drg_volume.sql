-- what: stays per DRG, and how many of them were short, as volumes for a weight set
-- grain: one row per sector and DRG with stays
-- key: sector, drg
-- source: docs/regelverk.md 7; regulation §7.16, §7.19
with
limits as (
    select
        method.sector,
        method.drg,
        60 * max(parameter.number) as below_s,
    from ref.weight_method as method
    inner join ref.parameter as parameter
        on parameter.rule = method.rule and parameter.parameter = 'below_minutes'
    group by method.sector, method.drg
)

select
    stay.sector,
    stay.drg,
    count(*) as stays,
    count(*) filter (where stay.duration_s < limits.below_s) as short_stays,
from stay
left join limits on limits.sector = stay.sector and limits.drg = stay.drg
where not stay.is_phv_inpatient
group by stay.sector, stay.drg
