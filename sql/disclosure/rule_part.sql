-- what: points of rules that several kinds of unit have, by kind of unit; published only together
-- grain: one row per rule, sector and kind of unit
-- key: number_id
-- source: docs/regelverk.md 5
select
    concat_ws('|', 'poeng_per_regel', listed.regel, listed.sektor, listed.enhet_type, 'poeng') as whole_id,
    concat_ws('|', 'poeng_per_regel', listed.regel, listed.sektor, part.enhet_type) as number_id,
    listed.sektor,
    part.enhet_type,
    listed.poeng >= 0 as adds,
from poeng_per_regel as listed
cross join (select unnest(['opphold', 'sertjeneste', 'forlop']) as enhet_type) as part
where listed.enhet_type = 'flere'
