-- what: the contract's table of advances: twelve months per region and sector, near what the published points earn
-- grain: one row per rhf, sektor, maned
-- key: rhf, sektor, maned
-- source: docs/synthetic-data.md
with earned as (
    select
        t.orgnr as rhf,
        t.sector as sektor,
        t.points * p.unit_price_nok::double * if(t.sector = 'SOM', p.isf_share::double, 1) * $scale / 12 as nok
    from syn.targets as t
    inner join ref.unit_price as p on p.sector = t.sector
    where t.kind = 'residence'
)

select
    rhf,
    sektor,
    printf('%04d-%02d', $year, m.month) as maned,
    round(nok * (0.97 + 0.04 * u(key_of($seed, hash(rhf || sektor || m.month)), 'advance')), if(nok > 1e6, -3, 0))
    ::decimal(22, 2) as belop
from earned, range(1, 13) as m (month)
order by rhf, sektor, maned
