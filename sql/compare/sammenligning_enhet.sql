-- what: the changed units, each with its cause
-- title: Enheter som er endret
-- grain: one row per unit
-- key: enhet_type, enhet_id
-- source: regulation §3.5; docs/compare.md
-- column enhet_type: opphold, sertjeneste, forlop or region
-- heading enhet_type: Enhet
-- column enhet_id: id of the unit, as in the ledger
-- heading enhet_id: Id
-- column arsak: the cause
-- heading arsak: Årsak
-- column sektor: SOM or PHVTSB, in the later delivery where it is there
-- heading sektor: Sektor
-- column hf_fra: treating trust in the earlier delivery
-- heading hf_fra: HF før
-- column hf_til: treating trust in the later delivery
-- heading hf_til: HF etter
-- column bosted_rhf_fra: region of residence in the earlier delivery
-- heading bosted_rhf_fra: Bosteds-RHF før
-- column bosted_rhf_til: region of residence in the later delivery
-- heading bosted_rhf_til: Bosteds-RHF etter
-- column poeng_fra: points in the earlier delivery, under the later rules
-- heading poeng_fra: Poeng før
-- column poeng_til: points in the later delivery
-- heading poeng_til: Poeng etter
-- column endring_poeng: after less before
-- heading endring_poeng: Endring, poeng
select
    case changed.unit_type
        when 'stay' then 'opphold'
        when 'service' then 'sertjeneste'
        when 'pathway' then 'forlop'
        else changed.unit_type
    end as enhet_type,
    changed.unit_id as enhet_id,
    cause.cause as arsak,
    coalesce(changed.sector_after, changed.sector_before) as sektor,
    changed.hf_before as hf_fra,
    changed.hf_after as hf_til,
    changed.rhf_before as bosted_rhf_fra,
    changed.rhf_after as bosted_rhf_til,
    changed.points_before as poeng_fra,
    changed.points_after as poeng_til,
    cast(changed.points_after - changed.points_before as decimal(18, 3)) as endring_poeng,
from changed_unit as changed
inner join unit_cause as cause on cause.unit_type = changed.unit_type and cause.unit_id = changed.unit_id
