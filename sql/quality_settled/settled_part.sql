-- what: the parts of the wholes of one settlement: episodes by reason, points by rule, stays by residence
-- grain: one row per distribution, whole, part and sector
-- key: distribution, whole_id, part_id, sector
-- source: docs/expectations.md; regulation §3.11
select
    'arsak' as distribution,
    '' as whole_id,
    arsak as part_id,
    'alle episoder' as whole_name,
    arsak as part_name,
    sektor as sector,
    cast(antall as hugeint) as size,
from grunnlag
where steg = 'episode'
union all
select
    'regel' as distribution,
    '' as whole_id,
    regel as part_id,
    'alle poeng' as whole_name,
    regel as part_name,
    sektor as sector,
    cast(1000 * sum(poeng) as hugeint) as size,
from poeng_per_regel
group by regel, sektor
union all
select
    'bosted' as distribution,
    coalesce(guest.hf_orgnr, '') as whole_id,
    guest.bosted_rhf_orgnr as part_id,
    trust.hf as whole_name,
    region.rhf as part_name,
    guest.sektor as sector,
    cast(guest.antall_opphold as hugeint) as size,
from gjestepasienter_usladdet as guest
inner join oppgjor_hf as trust on trust.hf_orgnr is not distinct from guest.hf_orgnr and trust.sektor = guest.sektor
inner join oppgjor_rhf as region on region.rhf_orgnr = guest.bosted_rhf_orgnr and region.sektor = guest.sektor
