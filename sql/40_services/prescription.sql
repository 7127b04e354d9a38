-- what: H-resept lines with the reason why they are, or are not, in the basis, and their STG
-- grain: one row per accepted H-resept line
-- key: dispensing_id
-- source: docs/regelverk.md 4 (b); regulation §3.2.1 m, §7.7
-- requires: 7.7
with
-- A syntactically valid ICD-10: letter, two digits, up to two more letters or digits.
line as (
    select
        utleveringID as dispensing_id,
        pasientID as patient_id,
        utleveringsdato as dispensing_date,
        atc,
        varenr as item_number,
        belop as amount,
        hf as hf_orgnr,
        komNrHjem as municipality_number,
        if(regexp_matches(refusjonsKodeUtlevering, '^[A-Z][0-9]{2}[A-Z0-9]{0,2}$'), refusjonsKodeUtlevering, null)
            as dispensing_code,
        if(regexp_matches(refusjonsKodeResept, '^[A-Z][0-9]{2}[A-Z0-9]{0,2}$'), refusjonsKodeResept, null)
            as prescription_code,
    from landing.hresept
),

-- A negative amount is a credit. Few lines share patient, medicine, item and opposite amount with one.
credit as (
    select distinct
        patient_id,
        atc,
        item_number,
        -amount as amount,
    from line
    where amount < 0
),

movement as (
    select
        line.dispensing_id,
        line.dispensing_date,
        line.amount < 0 as is_credit,
        credit.patient_id,
        credit.atc,
        credit.item_number,
        credit.amount,
    from line
    inner join credit
        on credit.patient_id = line.patient_id
        and credit.atc is not distinct from line.atc
        and credit.item_number is not distinct from line.item_number
        and credit.amount = abs(line.amount)
),

-- A credit takes the latest line that none has taken, so lines lie in a pile: each is put on top, and a credit takes the
-- top. The height of the pile is the running balance, which a credit without a line (an empty pile) does not lower.
balanced as (
    select
        *,
        sum(if(is_credit, -1, 1)) over of_the_same as balance,
    from movement
    window of_the_same as (
        partition by patient_id, atc, item_number, amount
        order by dispensing_date, is_credit, dispensing_id
        rows between unbounded preceding and current row
    )
),

piled as (
    select
        *,
        balance - least(min(balance) over of_the_same, 0) + if(is_credit, 1, 0) as place,
    from balanced
    window of_the_same as (
        partition by patient_id, atc, item_number, amount
        order by dispensing_date, is_credit, dispensing_id
        rows between unbounded preceding and current row
    )
),

-- A line is taken if something happens again at its place in the pile: the first thing there is a credit that takes it.
credited as (
    select dispensing_id
    from piled
    qualify is_credit or lead(dispensing_id) over (
        partition by patient_id, atc, item_number, amount, place order by dispensing_date, is_credit, dispensing_id
    ) is not null
),

-- The table is matched on the distinct pairs, far fewer than the lines.
pair as (
    select distinct
        atc,
        code,
    from (
        select atc, dispensing_code as code from line
        union all
        select atc, prescription_code as code from line
    )
    where code is not null
),

matched as (
    select
        pair.atc,
        pair.code,
        min(medicine.priority) as priority,
        arg_min(medicine.stg, medicine.priority) as stg,
    from pair
    inner join ref.stg_medicine as medicine
        on (medicine.atc_prefix = '*' or starts_with(pair.atc, medicine.atc_prefix))
        and (medicine.icd10_prefix = '*' or starts_with(pair.code, medicine.icd10_prefix))
    group by pair.atc, pair.code
),

-- §7.7: both indications are looked up and the match that comes first counts, of equal ones that of the dispensing: a
-- code of ICPC-2 has the form of an ICD-10 code and must not displace a true one (assumption).
looked_up as (
    select
        line.*,
        dispensed.stg as dispensed_stg,
        prescribed.stg as prescribed_stg,
        coalesce(
            prescribed.priority < dispensed.priority,
            dispensed.stg is null and (prescribed.stg is not null or line.dispensing_code is null)
        ) as is_by_prescription,
    from line
    left join matched as dispensed
        on dispensed.atc is not distinct from line.atc and dispensed.code = line.dispensing_code
    left join matched as prescribed
        on prescribed.atc is not distinct from line.atc and prescribed.code = line.prescription_code
),

judged as (
    select
        * exclude (dispensing_code, prescription_code, dispensed_stg, prescribed_stg, is_by_prescription),
        if(is_by_prescription, prescription_code, dispensing_code) as indication,
        if(is_by_prescription, prescribed_stg, dispensed_stg) as stg,
    from looked_up
)

select
    line.dispensing_id,
    line.patient_id,
    line.dispensing_date,
    line.atc,
    line.indication,
    line.hf_orgnr,
    line.municipality_number,
    municipality.rhf_orgnr as residence_rhf_orgnr,
    case
        -- Credits are judged before period and residence; the line that a credit takes has the same reason.
        when line.dispensing_id in (select dispensing_id from credited) then 'credited'
        when line.dispensing_date not between delivery.period_from and delivery.period_to then 'not_finished_in_period'
        when line.municipality_number in (from ref.numbers('4.2', 'not_resident_municipality')) then 'not_resident'
        when line.municipality_number in (from ref.numbers('4.2', 'unknown_municipality')) then 'unknown_municipality'
        when municipality.municipality_number is null then 'unknown_municipality'
        when line.indication is null then 'missing_indication'
        when line.stg is null then 'no_service'
        else 'included'
    end as reason,
    if(
        line.indication is null,
        ref.single_code('7.7', 'missing_indication_stg'),
        line.stg
    ) as stg,
from judged as line
left join ref.municipality as municipality on municipality.municipality_number = line.municipality_number
cross join landing.delivery as delivery
