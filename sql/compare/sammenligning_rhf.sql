-- what: the change per region of residence and cause, both sectors: the steps of the bridge
-- title: Endring per RHF og årsak
-- grain: one row per region and cause
-- key: bosted_rhf_orgnr, arsak
-- adds: endring_kr
-- source: docs/compare.md
-- column bosted_rhf_orgnr: organisation number of the region of the patient's residence
-- heading bosted_rhf_orgnr: RHF, org.nr
-- column arsak: the cause
-- heading arsak: Årsak
-- column rhf: name of the region
-- heading rhf: RHF
-- column endring_kr: change in kroner, not rounded
-- heading endring_kr: Endring, kr
select
    change.bosted_rhf_orgnr,
    change.arsak,
    coalesce(region.rhf_name, 'ukjent') as rhf,
    cast(sum(change.endring_kr) as decimal(28, 6)) as endring_kr,
from sammenligning as change
left join later.region as region on region.rhf_orgnr = change.bosted_rhf_orgnr
group by change.bosted_rhf_orgnr, change.arsak, region.rhf_name
