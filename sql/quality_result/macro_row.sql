-- what: macro findings as rows that a hospital can answer: what is missing, what stands out, what has changed
-- grain: one row per macro check and finding
-- key: check_id, row_type, row_key, hf_orgnr
-- source: regulation §3.8
with
together as (
    select
        'part_missing' as check_id,
        hf_orgnr,
        institution_id,
        sector,
        file as measure,
        month,
        cast(0 as decimal(24, 6)) as measured,
        expected_rows as expected,
        basis,
    from missing_part
    union all by name
    select
        check_id,
        hf_orgnr,
        institution_id,
        unit_id,
        sector,
        measure,
        denominator,
        measured,
        expected,
        z,
        q,
        since,
    from macro_finding
    union all by name
    select
        check_id,
        hf_orgnr,
        sector,
        month,
        denominator,
        measure as measured,
        coalesce(peer_middle, reference) as expected,
        coalesce(z_itself, z_peers) as z,
    from macro_result
    where differs_from_itself or differs_from_peers
),

-- What is measured, where and when; not how many weeks it lasts, which the next delivery tells otherwise.
named as (
    select
        *,
        'maling' as row_type,
        concat_ws(
            '|',
            sector,
            regexp_replace(coalesce(measure, ''), '_[0-9]+$', ''),
            coalesce(month, ''),
            coalesce(institution_id, ''),
            coalesce(unit_id, '')
        ) as row_key,
    from together
),

-- The newest answer that was not given to a later delivery.
answered as (
    select
        check_id,
        row_type,
        row_key,
        hf_orgnr,
        answer,
        answer_comment,
        delivery,
        position,
    from given_answer
    where row_type = 'maling' and position <= 0
    qualify row_number() over (partition by check_id, row_type, row_key, hf_orgnr order by position desc) = 1
)

select
    named.check_id,
    named.row_type,
    named.row_key,
    named.hf_orgnr,
    named.institution_id,
    named.unit_id,
    named.sector,
    named.measure,
    named.month,
    named.denominator,
    named.measured,
    named.expected,
    named.z,
    named.q,
    named.since,
    named.basis,
    setting.kind,
    setting.position,
    answer.answer,
    answer.answer_comment,
    answer.delivery as answered_delivery,
    -- An explanation is given of each delivery's measure anew: it may have moved further.
    coalesce(answer.answer = 'confirmed' and answer.position = 0, false) as is_explained,
    coalesce(answer.answer = 'corrected' and answer.position < 0, false) as is_still_there,
from named
inner join check_setting as setting on setting.check_id = named.check_id
left join answered as answer
    on answer.check_id = named.check_id
    and answer.row_type = named.row_type
    and answer.row_key = named.row_key
    and answer.hf_orgnr = named.hf_orgnr
