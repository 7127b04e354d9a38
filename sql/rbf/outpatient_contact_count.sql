-- what: outpatient contacts with the patient, and those of them that an indicator counts by contact type or place
-- grain: one row per indicator, region and trust
-- key: indicator, rhf_orgnr, hf_orgnr
-- source: assumption: indicator.csv of the year's scheme; regulation §4.19 (telephone and video)
with
contact as (
    select
        episode.sector,
        region.rhf_orgnr,
        episode.hf_orgnr,
        episode.contact_type,
        episode.place,
        count(*) as contacts,
    from episode
    inner join treating_region as region on region.hf_orgnr = episode.hf_orgnr
    where episode.reason = 'included' and not episode.is_department_stay
    group by episode.sector, region.rhf_orgnr, episode.hf_orgnr, episode.contact_type, episode.place
)

select
    indicator.indicator,
    contact.rhf_orgnr,
    contact.hf_orgnr,
    cast(coalesce(sum(contact.contacts) filter (
        where contact.contact_type in (
                select cast(code as integer) from rbf.indicator_code as code
                where code.indicator = indicator.indicator and code.field = 'kontaktType'
            )
            or contact.place in (
                select cast(code as integer) from rbf.indicator_code as code
                where code.indicator = indicator.indicator and code.field = 'stedAktivitet'
            )
    ), 0) as bigint) as numerator,
    cast(sum(contact.contacts) as bigint) as denominator,
from contact
inner join rbf.indicator as indicator
    on indicator.counting = 'contacts' and indicator.sector in ('*', contact.sector)
where contact.contact_type is null
    or contact.contact_type not in (
        select cast(code as integer) from rbf.indicator_code as code
        where code.indicator = indicator.indicator and code.field = 'indirect_kontaktType'
    )
group by indicator.indicator, contact.rhf_orgnr, contact.hf_orgnr
