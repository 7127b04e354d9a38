-- what: patients whose secondary rehabilitation another rule may pay where the set lacks it
-- grain: one row per patient and stay
-- key: patient_id
-- source: docs/regelverk.md 3, 7.1 and 7.2.2
select
    'removed_rule' as cause,
    stay.patient_id,
from rule_7_2_2_secondary_rehabilitation as paid
inner join stay on stay.stay_nr = paid.stay_nr
where not exists (select 1 from other.parameter where rule = '7.2.2')
