-- what: what each region would get of an indicator's amount by its basis grant alone, in øre
-- grain: one row per indicator and region
-- key: indicator, rhf_orgnr
-- source: the year's scheme: the amount is taken from the basis grants
with
floored as (
    select
        pot.indicator,
        grant_of.rhf_orgnr,
        pot.ore,
        pot.ore * cast(grant_of.basis_nok as hugeint) // sum(cast(grant_of.basis_nok as hugeint)) over of_pot as floor_ore,
        pot.ore * cast(grant_of.basis_nok as hugeint) % sum(cast(grant_of.basis_nok as hugeint)) over of_pot as remainder,
    from pot
    cross join rbf.basis_grant as grant_of
    window of_pot as (partition by pot.indicator)
)

select
    indicator,
    rhf_orgnr,
    cast(
        floor_ore + if(
            row_number() over (partition by indicator order by remainder desc, rhf_orgnr)
            <= ore - sum(floor_ore) over (partition by indicator),
            1,
            0
        ) as hugeint
    ) as ore,
from floored
