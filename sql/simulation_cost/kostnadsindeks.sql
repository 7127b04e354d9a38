-- what: what each trust costs against what its mix of groups costs in the country
-- title: Kostnadsindeks per HF
-- grain: one row per sector and trust
-- key: sektor, hf_orgnr
-- source: docs/simulation.md, weights from costs
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column hf_orgnr: organisation number of the treating trust
-- column hf: its name
-- column antall: units with all costs known
-- column kostnad_kr: trimmed net cost, kroner
-- column forventet_kr: the national mean of each unit's group, kroner
-- column indeks: cost in per cent of that; 100 is the country's level, two decimals
with
summed as (
    select
        unit.sector,
        unit.hf_orgnr,
        unit.unit_type,
        unit.group_code,
        count(*) as units,
        sum(cast(unit.trimmed as hugeint)) as trimmed,
    from weighed_unit as unit
    group by unit.sector, unit.hf_orgnr, unit.unit_type, unit.group_code
),

expected as (
    select
        summed.sector,
        summed.hf_orgnr,
        sum(summed.units) as units,
        sum(summed.trimmed) as trimmed,
        sum(summed.units * grouped.trimmed // grouped.units) as expected,
    from summed
    inner join group_cost as grouped
        on grouped.sector = summed.sector
        and grouped.unit_type = summed.unit_type
        and grouped.group_code = summed.group_code
    group by summed.sector, summed.hf_orgnr
)

select
    expected.sector as sektor,
    expected.hf_orgnr,
    if(expected.hf_orgnr is null, 'uten HF', provider.hf_name) as hf,
    cast(expected.units as bigint) as antall,
    cast(cast(expected.trimmed as decimal(20, 0)) * 0.01 as decimal(22, 2)) as kostnad_kr,
    cast(cast(expected.expected as decimal(20, 0)) * 0.01 as decimal(22, 2)) as forventet_kr,
    cast(
        cast((20000 * expected.trimmed + expected.expected) // (2 * nullif(expected.expected, 0)) as decimal(18, 0)) * 0.01
        as decimal(18, 2)
    ) as indeks,
from expected
left join provider on provider.hf_orgnr is not distinct from expected.hf_orgnr
