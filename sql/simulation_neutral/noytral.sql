-- what: the base points of a group at which a change costs nothing, for the country and for each region of residence
-- title: Nøytral verdi
-- grain: one row per group, change and unit
-- key: sektor, enhet_type, gruppe, tiltak, nivaa, orgnr
-- source: docs/simulation.md
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column enhet_type: opphold, sertjeneste or forlop
-- column gruppe: DRG, STG or TFG
-- column tiltak: the change that is to cost nothing; empty: the whole alternative
-- column tittel: its title
-- column nivaa: land or rhf (region of residence)
-- column orgnr: organisation number of the region; empty for the country
-- column navn: its name
-- column antall: units that are paid by the group
-- column vekt_alternativ: base points in the alternative
-- column vekt_noytral: base points at which the change costs nothing, six decimals; empty where no unit is paid by them or they would be below 0
-- column vekt_avrundet: the weight of three decimals with which the change was evaluated and costs least
-- column rest: points that the change costs with that weight, before calibration
-- column merknad: why there is no value
with
-- All that is paid in the sector of the group, in thousandths of a point, and the units whose weight is asked for.
paid as (
    select
        cell.residence_rhf_orgnr,
        -cast(1000 * cell.points as hugeint) as thousandths,
        0 as units,
    from baseline_cell as cell
    inner join asked on asked.sector = cell.sector
    union all
    select
        cell.residence_rhf_orgnr,
        cast(1000 * cell.points as hugeint) as thousandths,
        if(
            cell.unit_type = asked.unit_type
            and cell.group_code = asked.group_code
            and cell.kind = 'base'
            and cell.state = 'paid',
            cell.units,
            0
        ) as units,
    from alternative_cell as cell
    inner join asked on asked.sector = cell.sector
),

unit as (
    select 'land' as level, null as orgnr, * from paid
    union all
    select 'rhf' as level, residence_rhf_orgnr as orgnr, * from paid
),

summed as (
    select
        level,
        orgnr,
        cast(sum(thousandths) as hugeint) as change,
        cast(sum(units) as hugeint) as units,
    from unit
    group by level, orgnr
),

-- Every unit more or less costs the weight: what the change costs, per unit, is taken off the weight that was tried.
solved as (
    select
        summed.*,
        asked.*,
        cast(1000 * asked.weight as hugeint) * summed.units - summed.change as numerator,
    from summed
    cross join asked
),

rounded as (
    select
        *,
        if(units > 0 and numerator >= 0, (2000 * numerator + units) // (2 * units), null) as millionths,
    from solved
)

select
    rounded.sector as sektor,
    case rounded.unit_type when 'stay' then 'opphold' when 'service' then 'sertjeneste' else 'forlop' end as enhet_type,
    rounded.group_code as gruppe,
    rounded.change_id as tiltak,
    rounded.title as tittel,
    rounded.level as nivaa,
    rounded.orgnr,
    case when rounded.level = 'land' then 'landet' else coalesce(provider.hf_name, rounded.orgnr) end as navn,
    cast(rounded.units as bigint) as antall,
    rounded.own_weight as vekt_alternativ,
    cast(cast(rounded.millionths as decimal(18, 0)) * 0.000001 as decimal(18, 6)) as vekt_noytral,
    if(rounded.millionths is null, null, rounded.weight) as vekt_avrundet,
    if(rounded.millionths is null, null, cast(cast(rounded.change as decimal(18, 0)) * 0.001 as decimal(18, 3))) as rest,
    case
        when rounded.units = 0 then 'ingen enheter i gruppen'
        when rounded.numerator < 0 then 'ingen vekt på 0 eller mer gjør endringen nøytral'
    end as merknad,
from rounded
left join provider on provider.hf_orgnr = rounded.orgnr
