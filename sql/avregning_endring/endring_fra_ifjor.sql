-- what: points against last year, split exactly into rules and weights, volume, group mix and coding
-- title: Endring i poeng fra året før
-- grain: one row per region, sector and part
-- key: rhf_orgnr, sektor, del
-- source: docs/avregning.md (the four parts); regulation §3.10.1
-- column rhf_orgnr: organisation number of the region of residence
-- heading rhf_orgnr: RHF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column del: regler_og_vekter (last year's activity under this year's rules less as it was), volum (more or fewer units at last year's mean), gruppemiks (other groups, a DRG without its split by complication), koding (other points within the group: complications, supplements)
-- heading del: Del
-- column rhf: name of the region
-- heading rhf: RHF
-- column poeng: the part of the change
-- heading poeng: Endring, poeng
with
total as (
    select
        rhf_orgnr,
        sector,
        cast(coalesce(sum(points) filter (where state = 'last_year'), 0) * 1000 as hugeint) as milli_last_year,
        cast(coalesce(sum(points) filter (where state = 'last_year_again'), 0) * 1000 as hugeint) as milli_before,
        cast(coalesce(sum(points) filter (where state = 'this_year'), 0) * 1000 as hugeint) as milli_after,
        cast(coalesce(sum(units) filter (where state = 'last_year_again'), 0) as hugeint) as units_before,
        cast(coalesce(sum(units) filter (where state = 'this_year'), 0) as hugeint) as units_after,
    from unit_family
    group by rhf_orgnr, sector
),

-- What this year's units would have given at last year's mean of their family; a new family has this year's.
expected as (
    select
        rhf_orgnr,
        sector,
        sum(if(units_before = 0, milli_after, units_after * milli_before // units_before)) as milli_at_old_mean,
    from family_year
    group by rhf_orgnr, sector
),

part as (
    select
        total.rhf_orgnr,
        total.sector,
        total.milli_before - total.milli_last_year as rules,
        if(
            total.units_before = 0,
            total.milli_after,
            (total.units_after - total.units_before) * total.milli_before // total.units_before
        ) as volume,
        expected.milli_at_old_mean,
        total.milli_before,
        total.milli_after,
    from total
    inner join expected on expected.rhf_orgnr is not distinct from total.rhf_orgnr and expected.sector = total.sector
),

split as (
    select rhf_orgnr, sector, 'regler_og_vekter' as name, rules as milli from part
    union all
    select rhf_orgnr, sector, 'volum' as name, volume as milli from part
    union all
    select rhf_orgnr, sector, 'gruppemiks' as name, milli_at_old_mean - milli_before - volume as milli from part
    union all
    select rhf_orgnr, sector, 'koding' as name, milli_after - milli_at_old_mean as milli from part
)

select
    split.rhf_orgnr,
    split.sector as sektor,
    split.name as del,
    coalesce(region.rhf_name, 'ukjent') as rhf,
    cast(cast(split.milli as decimal(24, 0)) * 0.001 as decimal(18, 3)) as poeng,
from split
left join this_year.region as region on region.rhf_orgnr = split.rhf_orgnr
