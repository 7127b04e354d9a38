-- what: groups whose base points differ between the sets, on the activity or not
-- title: Basispoeng som er endret
-- grain: one row per sector, kind of unit and group
-- key: sektor, enhet_type, gruppe
-- source: docs/simulation.md
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column enhet_type: opphold, sertjeneste or forlop
-- column gruppe: DRG, STG or TFG
-- column navn: name of the group
-- column vekt_utgangspunkt: base points in the baseline; empty: the baseline lacks the group
-- column vekt_alternativ: base points in the alternative; empty: the alternative lacks the group
-- column endring_prosent: the change in per cent of the baseline; empty where that is 0 or missing
-- column over_halvparten: whether the points change by more than half of what they were
-- column antall: units in the group in the settlement
with
unit as (
    select sector, unit_type, group_code, cast(sum(units) as bigint) as units
    from settled_unit_cell
    where kind = 'base'
    group by all
)

select
    coalesce(new.sector, old.sector) as sektor,
    case coalesce(new.unit_type, old.unit_type)
        when 'stay' then 'opphold' when 'service' then 'sertjeneste' else 'forlop'
    end as enhet_type,
    coalesce(new.group_code, old.group_code) as gruppe,
    coalesce(new.name, old.name) as navn,
    old.base_points as vekt_utgangspunkt,
    new.base_points as vekt_alternativ,
    cast(100 * (new.base_points - old.base_points) / nullif(old.base_points, 0) as decimal(18, 6)) as endring_prosent,
    coalesce(2 * abs(new.base_points - old.base_points) > old.base_points, false) as over_halvparten,
    coalesce(unit.units, 0) as antall,
from baseline_group as old
full outer join alternative_group as new
    on new.sector = old.sector and new.unit_type = old.unit_type and new.group_code = old.group_code
left join unit
    on unit.sector = coalesce(new.sector, old.sector)
    and unit.unit_type = coalesce(new.unit_type, old.unit_type)
    and unit.group_code = coalesce(new.group_code, old.group_code)
where new.base_points is distinct from old.base_points
