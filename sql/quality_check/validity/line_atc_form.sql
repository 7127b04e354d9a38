-- what: H-resept lines with a medicine code that has not the form of ATC or, where the register is there, is not in it
-- grain: one row per failing row
-- key: dispensing_id
-- check: validity
-- source: regulation §7.7
select
    dispensing_id,
    atc as value,
from finding_line
where atc is not null
    and (
        not regexp_full_match(atc, '[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}')
        or (
            exists (select 1 from register_code where register = 'atc')
            and atc not in (select code from register_code where register = 'atc')
        )
    )
