-- what: the published table of the trusts' measures against themselves and their peers
-- grain: one row per macro check, trust, sector and month (or none)
-- key: kontroll, hf_orgnr, sektor, maned
-- as: view
-- source: regulation §3.8
select
    check_id as kontroll,
    hf_orgnr,
    sector as sektor,
    month as maned,
    numerator as teller,
    denominator as nevner,
    measure as maal,
    measure_last_delivery as forrige_leveranse,
    measure_last_year as i_fjor,
    peer_middle as lignende_hf,
    percentile as persentil,
    z_itself as z_egen,
    z_peers as z_lignende,
    differs_from_itself as endret,
    differs_from_peers as avviker,
from macro_result
where not is_not_applicable
