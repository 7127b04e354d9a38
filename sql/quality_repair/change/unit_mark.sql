-- what: the mark that a unit is in ISF, or none, as often as among the trust's other units; a unit in quarantine put back
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: unit_mark
-- source: regulation §4.4, §3.2.1 f
with
asked as (
    select
        finding_nr,
        row_key,
        hf_orgnr,
        line,
    from finding
    where repair = 'unit_mark'
),

among_trust as (
    select
        hf,
        count(*) filter (where isfRefusjon = ref.number('4.4', 'isf_refund_yes')) as marked,
        count(*) filter (where isfRefusjon <> ref.number('4.4', 'isf_refund_yes')) as unmarked,
    from landing.enhet
    where hf in (select hf_orgnr from asked)
    group by hf
)

select
    asked.finding_nr,
    1 as variant,
    greatest(coalesce(among_trust.marked, 1), 1) as weight,
    'enhet' as file,
    asked.row_key,
    if(asked.line is null, 'isfRefusjon', '+') as column_name,
    cast(ref.number('4.4', 'isf_refund_yes') as varchar) as value,
from asked
left join among_trust on among_trust.hf = asked.hf_orgnr
union all
select
    asked.finding_nr,
    2 as variant,
    among_trust.unmarked as weight,
    'none' as file,
    asked.row_key,
    cast(null as varchar) as column_name,
    cast(null as varchar) as value,
from asked
inner join among_trust on among_trust.hf = asked.hf_orgnr
where among_trust.unmarked > 0
