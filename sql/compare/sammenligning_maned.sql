-- what: how much each month changed at each trust, and where that is an essential change
-- title: Endring per HF og måned
-- grain: one row per trust, sector and month with a change
-- key: hf_orgnr, sektor, maned
-- source: regulation §3.5: essential changes to earlier months are reported to the directorate; the limit is an assumption
-- column hf_orgnr: organisation number of the treating trust
-- heading hf_orgnr: HF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column maned: month, YYYY-MM
-- heading maned: Måned
-- column hf: name of the trust
-- heading hf: HF
-- column poeng_for: all points of the month in the earlier delivery
-- heading poeng_for: Poeng i måneden før
-- column endring_poeng: change of the month's points
-- heading endring_poeng: Endring, poeng
-- column andel: change as a share of the points before
-- heading andel: Andel
-- column vesentlig: true where the share exceeds the limit of the rule set
-- heading vesentlig: Over grensen (§3.5)
with
whole as (
    select
        hf_orgnr,
        sector,
        month,
        sum(points) as points,
    from place_state
    where state = 'earlier' and month is not null
    group by hf_orgnr, sector, month
),

changed as (
    select
        hf_orgnr,
        sektor,
        maned,
        sum(endring_poeng) as points,
    from sammenligning
    where maned is not null
    group by hf_orgnr, sektor, maned
),

limit_of as (
    select points as share
    from later_ref.parameter
    where rule = '3.5' and parameter = 'essential_change'
)

select
    changed.hf_orgnr,
    changed.sektor,
    changed.maned,
    coalesce(provider.hf_name, 'ukjent') as hf,
    cast(coalesce(whole.points, 0) as decimal(18, 3)) as poeng_for,
    cast(changed.points as decimal(18, 3)) as endring_poeng,
    cast(
        -- In thousandths of a thousandth, by whole numbers: division of decimals would be by floating point.
        if(
            coalesce(whole.points, 0) = 0,
            null,
            cast(cast(changed.points * 1000 as hugeint) * 1000000 // cast(abs(whole.points) * 1000 as hugeint) as decimal(18, 0))
        ) * 0.000001 as decimal(18, 6)
    ) as andel,
    coalesce(abs(changed.points) > limit_of.share * abs(coalesce(whole.points, 0)), false) as vesentlig,
from changed
left join limit_of on true
left join later.provider as provider on provider.hf_orgnr is not distinct from changed.hf_orgnr
left join whole
    on whole.hf_orgnr is not distinct from changed.hf_orgnr
    and whole.sector = changed.sektor
    and whole.month = cast(right(changed.maned, 2) as integer)
