-- what: the dispensings of the chunk's users, in order of date
-- grain: one row per line_nr
-- key: line_nr
-- source: docs/synthetic-data.md
with counted as (
    select
        *,
        greatest(1, round(lines * (0.4 + 1.2 * u(ck, 'lines'))))::integer as n,
        if(u(ck, 'ongoing') < $ongoing_medicine, 0, pick(ck, 'start', 300)) as start_day
    from medicine_user
),

one as (
    select
        c.*,
        m.choices[1 + pick(ck, 'medicine', len(m.choices))] as medicine,
        unnest(range(n)) as line
    from counted as c inner join medicine as m using (stg)
),

dated as (
    select
        *,
        hash(xor(ck, hash(user_nr * 1000 + line))) as lk,
        start_day
        + floor(($days - start_day) / n * (line + 0.05 + 0.9 * u(hash(xor(ck, hash(user_nr * 1000 + line))), 'day')))
            as day
    from one
)

select
    format('U{:012X}', user_nr * 64 + line) as "utleveringID",
    'P' || substr(format('{:016x}', key_of($seed_of_names, person)), 1, 14) as "pasientID",
    ($year_start + day::integer)::date as utleveringsdato,
    medicine.atc as atc,
    medicine.varenr as varenr,
    if(u(lk, 'missing') < $missing_indication, null, one_of(ck, 'indication', medicine.codes)) as "refusjonsKodeResept",
    case
        when u(lk, 'missing') < $missing_indication or u(lk, 'resept only') < $prescription_code_only then null
        when u(lk, 'pharmacy code') < $pharmacy_code then '-' || (50 + lk % 40)
        else one_of(ck, 'indication', medicine.codes)
    end as "refusjonsKodeUtlevering",
    if(u(lk, 'other prescriber') < $other_prescriber, one_of(lk, 'prescriber', p.trusts), hf) as hf,
    if(u(ck, 'non resident') < $non_resident_line, [9999, 9900][1 + pick(ck, 'which', 2)], komnr)::integer
        as "komNrHjem",
    birth_year::smallint as fodselsar,
    round(medicine.belop * (0.8 + 0.4 * u(lk, 'amount')), 2)::decimal(12, 2) as belop,
    lk,
    user_nr * 64 + line as line_nr,
    $year_start + day::integer >= $tertial_start as in_tertial
from dated, (
    select flatten(list(list_transform(range((points // 5000)::bigint), lambda x: hf) order by hf)) as trusts
    from provider where sector = 'SOM' and published is not null
) as p
where $year_start + day::integer < $until
order by day, line_nr
