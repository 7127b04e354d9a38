-- what: every change of points between two deliveries, by place and cause
-- title: Endring per region, HF, sektor, måned og årsak
-- sheet: Endring etter sted og årsak
-- grain: one row per region of residence, treating trust, sector, month and cause
-- key: bosted_rhf_orgnr, hf_orgnr, sektor, maned, arsak
-- adds: endring_kr
-- source: regulation §3.5; docs/compare.md
-- column bosted_rhf_orgnr: organisation number of the region of the patient's residence
-- heading bosted_rhf_orgnr: Bosteds-RHF, org.nr
-- column hf_orgnr: organisation number of the treating trust; empty for the regional deduction
-- heading hf_orgnr: HF, org.nr
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- heading sektor: Sektor
-- column maned: month, YYYY-MM; empty for the regional deduction
-- heading maned: Måned
-- column arsak: the cause
-- heading arsak: Årsak
-- column poeng_fra: points of the changed units in the earlier delivery
-- heading poeng_fra: Poeng før
-- column poeng_til: points of the changed units in the later delivery
-- heading poeng_til: Poeng etter
-- column endring_poeng: after less before
-- heading endring_poeng: Endring, poeng
-- column endring_kr: the change in kroner, not rounded, so that the causes sum exactly
-- heading endring_kr: Endring, kr
with
price as (
    select
        later.sector,
        later.nok_per_point as nok_later,
        earlier.nok_per_point as nok_earlier,
    from later.point_price as later
    inner join earlier.point_price as earlier on earlier.sector = later.sector
),

moved as (
    -- A unit that changes place is minus where it was and plus where it is.
    select
        changed.rhf_before as rhf_orgnr,
        changed.hf_before as hf_orgnr,
        changed.sector_before as sector,
        changed.month_before as month,
        cause.cause,
        changed.points_before as points_from,
        0 as points_to,
        -changed.points_before * price.nok_later as change_nok,
    from changed_unit as changed
    inner join unit_cause as cause on cause.unit_type = changed.unit_type and cause.unit_id = changed.unit_id
    inner join price on price.sector = changed.sector_before
    where changed.is_before
    union all
    select
        changed.rhf_after as rhf_orgnr,
        changed.hf_after as hf_orgnr,
        changed.sector_after as sector,
        changed.month_after as month,
        cause.cause,
        0 as points_from,
        changed.points_after as points_to,
        changed.points_after * price.nok_later as change_nok,
    from changed_unit as changed
    inner join unit_cause as cause on cause.unit_type = changed.unit_type and cause.unit_id = changed.unit_id
    inner join price on price.sector = changed.sector_after
    where changed.is_after
    union all
    -- The earlier delivery under the later rules, prices included.
    select
        place.residence_rhf_orgnr as rhf_orgnr,
        place.hf_orgnr,
        place.sector,
        place.month,
        'regelsett' as cause,
        if(place.state = 'earlier', place.points, 0) as points_from,
        if(place.state = 'again', place.points, 0) as points_to,
        if(place.state = 'again', place.points * price.nok_later, -place.points * price.nok_earlier) as change_nok,
    from place_state as place
    inner join price on price.sector = place.sector
    where place.state in ('earlier', 'again')
),

summed as (
    select
        rhf_orgnr,
        hf_orgnr,
        sector,
        month,
        cause,
        sum(points_from) as points_from,
        sum(points_to) as points_to,
        sum(change_nok) as change_nok,
    from moved
    group by rhf_orgnr, hf_orgnr, sector, month, cause
)

select
    summed.rhf_orgnr as bosted_rhf_orgnr,
    summed.hf_orgnr,
    summed.sector as sektor,
    if(summed.month is null, null, format('{}-{:02d}', delivery.year, summed.month)) as maned,
    summed.cause as arsak,
    cast(summed.points_from as decimal(18, 3)) as poeng_fra,
    cast(summed.points_to as decimal(18, 3)) as poeng_til,
    cast(summed.points_to - summed.points_from as decimal(18, 3)) as endring_poeng,
    cast(summed.change_nok as decimal(28, 6)) as endring_kr,
from summed
cross join later_landing.delivery as delivery
-- Without a change of rules and prices the parts of the same rules are equal, and no row is written.
where summed.cause <> 'regelsett' or summed.points_from <> summed.points_to or summed.change_nok <> 0
