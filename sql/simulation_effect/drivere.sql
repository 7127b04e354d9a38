-- what: the ten groups that change each trust most
-- title: De ti gruppene som endrer hvert HF mest
-- sheet: Drivere per HF
-- grain: one row per measure, sector, trust and rank
-- key: maal, sektor, hf_orgnr, plass
-- source: docs/simulation.md
-- column maal: base or full, as in the other tables
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column hf_orgnr: organisation number of the treating trust
-- column hf: name of the trust
-- column plass: 1 to 10, by the size of the change whatever its sign
-- column enhet_type: opphold, sertjeneste or forlop
-- column gruppe: DRG, STG or TFG
-- column navn: name of the group
-- column antall: units in the group under the baseline
-- column endring: change in points before calibration, which would make every group a driver
-- column andel_prosent: the change in per cent of the trust's gross change: the sum of all its groups' changes without sign
-- column endring_hf: the trust's own change in points, calibrated
with
grouped as (
    select
        effect.measure,
        effect.sector,
        effect.hf_orgnr,
        effect.unit_type,
        effect.group_code,
        sum(effect.units_before) as units,
        sum(effect.change - effect.calibration) as change,
        sum(effect.change) as calibrated_change,
    from effect
    where effect.hf_orgnr is not null
    group by all
),

ranked as (
    select
        *,
        row_number() over (
            partition by measure, sector, hf_orgnr order by abs(change) desc, unit_type, group_code
        ) as place,
        sum(abs(change)) over (partition by measure, sector, hf_orgnr) as gross,
        sum(calibrated_change) over (partition by measure, sector, hf_orgnr) as net,
    from grouped
)

select
    ranked.measure as maal,
    ranked.sector as sektor,
    ranked.hf_orgnr,
    provider.hf_name as hf,
    ranked.place as plass,
    case ranked.unit_type when 'stay' then 'opphold' when 'service' then 'sertjeneste' else 'forlop' end as enhet_type,
    ranked.group_code as gruppe,
    coalesce(new.name, old.name) as navn,
    cast(ranked.units as bigint) as antall,
    cast(ranked.change as decimal(20, 9)) as endring,
    cast(100 * ranked.change / nullif(ranked.gross, 0) as decimal(18, 6)) as andel_prosent,
    cast(ranked.net as decimal(20, 9)) as endring_hf,
from ranked
inner join provider on provider.hf_orgnr = ranked.hf_orgnr
left join baseline_group as old
    on old.sector = ranked.sector and old.unit_type = ranked.unit_type and old.group_code = ranked.group_code
left join alternative_group as new
    on new.sector = ranked.sector and new.unit_type = ranked.unit_type and new.group_code = ranked.group_code
where ranked.place <= 10 and ranked.change <> 0
