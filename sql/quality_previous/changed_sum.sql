-- what: how the sums of a delivery's settlement have changed since the delivery before, in per cent
-- grain: one row per measure, unit and sector that the delivery before has
-- key: maal, enhet, sektor
-- source: docs/expectations.md; regulation §3.5, §3.11
-- column maal: rhf_opphold, rhf_poeng, rhf_poeng_per_opphold, hf_opphold or maned_poeng
-- column enhet: name of the region or trust, or the month
-- column sektor: SOM or PHVTSB
-- column opphold_for: stays of the unit in the delivery before; of a month those of its country
-- column endring: change in per cent, one decimal, rounded away from 0 so that a limit is met exactly
with
-- A unit that is gone has nothing now; a month that is gone is not compared, nor a mean of no stays.
compared as (
    select
        earlier.measure,
        earlier.unit_name,
        earlier.sector,
        earlier.stays,
        coalesce(later.numerator, 0) * earlier.denominator as now,
        earlier.numerator * coalesce(later.denominator, 1) as before,
    from earlier.settled_measure as earlier
    left join later.settled_measure as later using (measure, unit_id, sector)
    where later.measure is not null or earlier.measure in ('rhf_opphold', 'rhf_poeng', 'hf_opphold')
)

select
    measure as maal,
    unit_name as enhet,
    sector as sektor,
    cast(stays as bigint) as opphold_for,
    cast(
        sign(now - before) * cast((1000 * abs(now - before) + before - 1) // before as decimal(18, 0)) * 0.1
        as decimal(18, 1)
    ) as endring,
from compared
where before > 0
