-- what: the groups of the rule set: DRG, STG and TFG with names and points
-- title: Grupper
-- grain: one row per kind, sector and group
-- key: type, sektor, gruppe
-- source: docs/export.md; reference tables drg, stg and tfg
-- column type varchar: DRG, STG or TFG
-- column sektor varchar: SOM or PHVTSB
-- column gruppe varchar: the group's code
-- column navn varchar: its name
-- column hdg bigint: main diagnostic group
-- column kostnadsvekt decimal(18, 3): cost weight of a DRG
-- column basispoeng decimal(18, 3): points of a unit of the group
-- column trimpunkt bigint: trim point of a DRG, days
select
    'DRG' as type,
    sector as sektor,
    drg as gruppe,
    name as navn,
    hdg,
    cost_weight as kostnadsvekt,
    base_points as basispoeng,
    trim_point as trimpunkt,
from ref.drg
union all
select
    'STG' as type,
    sector as sektor,
    stg as gruppe,
    name as navn,
    hdg,
    null as kostnadsvekt,
    base_points as basispoeng,
    null as trimpunkt,
from ref.stg
union all
select
    'TFG' as type,
    sector as sektor,
    tfg as gruppe,
    name as navn,
    hdg,
    null as kostnadsvekt,
    base_points as basispoeng,
    null as trimpunkt,
from ref.tfg
