-- what: contacts that are only the report of a special service: they need neither personnel nor DRG
-- grain: one row per such contact
-- key: episode_nr
-- source: regulation §4.19, §4.20, §5.3.3
select episode_nr
from landing.episode
where episodetype = 'K'
    and kontaktType in (from ref.numbers('4.19', 'service_contact_type'))
    and episode_nr in (select episode_nr from procedure_service where stg is not null)
