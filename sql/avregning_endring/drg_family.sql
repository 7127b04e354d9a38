-- what: DRG by family, without the split by complication, and which side of the split each is
-- grain: one row per year (last_year, this_year), sector and DRG
-- key: state, sector, drg
-- source: docs/avregning.md (the four parts, coding)
with
named as (
    select 'last_year' as state, sector, drg, name from last_year_ref.drg
    union all
    select 'this_year' as state, sector, drg, name from this_year_ref.drg
)

select
    state,
    sector,
    drg,
    -- Names of one family differ in blanks too.
    replace(regexp_replace(name, '\s[mu]/\s?bk(\s|$)', ' '), ' ', '') as family,
    case
        when regexp_matches(name, '\sm/\s?bk(\s|$)') then true
        when regexp_matches(name, '\su/\s?bk(\s|$)') then false
    end as with_complication,
from named
