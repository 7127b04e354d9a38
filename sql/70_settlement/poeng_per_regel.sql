-- what: the ledger summed by rule for the country, before small numbers are suppressed
-- title: Poeng etter regel for landet
-- grain: one row per rule, sector and kind of unit
-- key: regel, sektor, enhet_type
-- hides: antall_enheter, poeng
-- source: docs/regelverk.md 0; docs/published-tables.md
-- column regel varchar: the rule (`isf rules` lists them)
-- column sektor varchar: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column enhet_type varchar: the kind of unit that has the rule: opphold, sertjeneste, forlop, region, or flere where more than one kind has
-- column virkning varchar: what its rows do: base, adjustment, note, block_grant, zeroing, taken_over or regional
-- column antall_enheter bigint: ledger rows of the rule
-- column poeng decimal(18, 3): their points, negative for deductions
with
summed as (
    select
        rule,
        sector,
        kind,
        unit_type = 'region' as is_regional,
        if(count(distinct unit_type) = 1, min(unit_type), 'several') as unit_type,
        count(*) as units,
        sum(points) as points,
    from ledger
    group by rule, sector, kind, is_regional
)

select
    rule as regel,
    sector as sektor,
    case unit_type
        when 'stay' then 'opphold'
        when 'service' then 'sertjeneste'
        when 'pathway' then 'forlop'
        when 'several' then 'flere'
        else unit_type
    end as enhet_type,
    kind as virkning,
    units as antall_enheter,
    cast(points as decimal(18, 3)) as poeng,
from summed
