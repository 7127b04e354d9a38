-- what: units and points of each family, last year under this year's rules beside this year
-- grain: one row per region, sector and family
-- key: rhf_orgnr, sector, family
-- source: docs/avregning.md (the four parts)
select
    rhf_orgnr,
    sector,
    family,
    cast(coalesce(sum(units) filter (where state = 'last_year_again'), 0) as hugeint) as units_before,
    cast(coalesce(sum(units) filter (where state = 'this_year'), 0) as hugeint) as units_after,
    -- Points in thousandths, so that shares are divisions of whole numbers.
    cast(coalesce(sum(points) filter (where state = 'last_year_again'), 0) * 1000 as hugeint) as milli_before,
    cast(coalesce(sum(points) filter (where state = 'this_year'), 0) * 1000 as hugeint) as milli_after,
from unit_family
group by rhf_orgnr, sector, family
