-- what: each answered line of a hospital's file with what becomes of it
-- grain: one row per answered line
-- key: place
-- source: regulation §3.8; an answer is about a row of the hospital's own pack
with
finding as (
    select
        check_id,
        row_type,
        row_key,
        list(distinct hf_orgnr) as hospitals,
    from answerable
    group by check_id, row_type, row_key
),

-- A row that is answered twice has no answer, whether the two agree or not.
numbered as (
    select
        *,
        first_value(place_name) over same_row as first_place_name,
        row_number() over same_row as times,
    from answer_line
    window same_row as (partition by check_id, row_type, row_key order by place)
),

-- What is taken back of a measure is the answer to this delivery.
given as (
    select distinct
        check_id,
        row_type,
        row_key,
        hf_orgnr,
    from given_answer
    where row_type <> 'maling' or position = 0
)

select
    numbered.place,
    numbered.place_name,
    numbered.first_place_name,
    numbered.check_id,
    numbered.row_type,
    numbered.row_key,
    numbered.hf_orgnr,
    numbered.answer,
    numbered.answer_comment,
    case
        when numbered.times > 1 then 'repeated'
        -- A measure of a trust has the same key at every trust.
        when numbered.row_type <> 'maling'
            and finding.hospitals is not null
            and not list_contains(finding.hospitals, numbered.hf_orgnr)
            then 'other_hospital'
        -- An answer can be taken back also when its row is a finding no longer.
        when numbered.answer = 'withdrawn' then if(given.row_key is null, 'nothing_to_withdraw', 'taken')
        when not coalesce(list_contains(finding.hospitals, numbered.hf_orgnr), false) then 'no_finding'
        else 'taken'
    end as outcome,
from numbered
left join finding
    on finding.check_id = numbered.check_id
    and finding.row_type = numbered.row_type
    and finding.row_key = numbered.row_key
left join given
    on given.check_id = numbered.check_id
    and given.row_type = numbered.row_type
    and given.row_key = numbered.row_key
    and given.hf_orgnr = numbered.hf_orgnr
