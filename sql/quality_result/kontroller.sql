-- what: the published table of results per trust and check
-- grain: one row per check and trust
-- key: kontroll, hf_orgnr
-- as: view
-- source: regulation §3.8
select
    result.check_id as kontroll,
    result.tier as niva,
    result.severity as alvor,
    result.trial as paa_prove,
    result.hf_orgnr,
    hospital.hf_name as hf,
    result.numerator as teller,
    result.denominator as nevner,
    result.share as andel,
    result.confirmed as bekreftet,
    result.new_rows as nye,
    result.reappeared_rows as kom_tilbake,
    result.still_rows as fra_for,
    result.fixed_rows as rettet,
    result.points_lost as poeng_tapt,
    result.points_over as poeng_for_mye,
    cast(result.nok_lost as decimal(18, 2)) as kroner_tapt,
    cast(result.nok_over as decimal(18, 2)) as kroner_for_mye,
    result.status,
from unit_result as result
left join hospital on hospital.hf_orgnr = result.hf_orgnr
where result.level = 'hf'
