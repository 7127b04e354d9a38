"""H-resept: the dispensings of patient-administered medicines.

A course of an H-resept item is one patient's year with one medicine. Some of the patients are those whom the hospital
treats with the same medicine, and a few use medicines of two groups that exclude each other.
"""

import duckdb

_MEDICINE = """
create table medicine as
select r.stg, list({'atc': m.atc, 'varenr': m.varenr, 'belop': m.belop, 'codes': string_split(i.codes, ' ')}
    order by r.priority, m.atc) as choices
from ref.stg_medicine as r
inner join syn.medicines as m on m.atc_prefix = r.atc_prefix
inner join syn.indications as i on i.icd10_prefix = r.icd10_prefix
group by 1
"""

_USER = """
create or replace temp table medicine_user as
with linked as (
    select c.hf, c.drg, list({{'person': c.person, 'birth_year': c.birth_year, 'komnr': c.komnr}} order by c.first_stay) as people
    from course as c where not c.excluded and c.drg in (select link from item) group by all
),
users as (
    select c.*, i.stg, i.lines, l.people[1 + pick(c.ck, 'linked', len(l.people))] as other
    from course as c
    inner join item as i using (item_nr)
    left join linked as l on l.hf = c.hf and l.drg = if(u(c.ck, 'is linked') < {linked_medicine}, i.link, null)
    where c.setting = 'H'
)
select * replace (coalesce(other.person, person) as person, coalesce(other.birth_year, birth_year) as birth_year,
    coalesce(other.komnr, komnr) as komnr), first_stay * 2 as user_nr
from users
union all
select u.* replace (g.stgs[1 + pick(u.ck, 'other group', len(g.stgs))] as stg, coalesce(other.person, person) as person,
    coalesce(other.birth_year, birth_year) as birth_year, coalesce(other.komnr, komnr) as komnr, 3.0 as lines),
    first_stay * 2 + 1
from users as u
inner join (
    select a.stg, list(b.stg order by b.stg) as stgs from ref.stg_exclusive_group as a
    inner join ref.stg_exclusive_group as b on b.exclusive_group = a.exclusive_group and b.stg <> a.stg group by 1
) as g on g.stg = u.stg
where u(u.ck, 'second group') < {second_group}
"""

_LINES = """
with counted as (
    select *, greatest(1, round(lines * (0.4 + 1.2 * u(ck, 'lines'))))::integer as n,
        if(u(ck, 'ongoing') < {ongoing_medicine}, 0, pick(ck, 'start', 300)) as start_day
    from medicine_user
),
one as (
    select c.*, m.choices[1 + pick(ck, 'medicine', len(m.choices))] as medicine, unnest(range(n)) as line
    from counted as c inner join medicine as m using (stg)
),
dated as (
    select *, hash(xor(ck, hash(user_nr * 1000 + line))) as lk,
        start_day + floor(({days} - start_day) / n * (line + 0.05 + 0.9 * u(hash(xor(ck, hash(user_nr * 1000 + line))), 'day')))
            as day
    from one
)
select format('U{{:012X}}', user_nr * 64 + line) as "utleveringID",
    'P' || substr(format('{{:016x}}', key_of({seed} + 2, person)), 1, 14) as "pasientID",
    (date '{year}-01-01' + day::integer)::date as utleveringsdato,
    medicine.atc as atc, medicine.varenr as varenr,
    if(u(lk, 'missing') < {missing_indication}, null, one_of(ck, 'indication', medicine.codes)) as "refusjonsKodeResept",
    case when u(lk, 'missing') < {missing_indication} or u(lk, 'resept only') < {prescription_code_only} then null
        when u(lk, 'pharmacy code') < {pharmacy_code} then '-' || (50 + lk % 40)
        else one_of(ck, 'indication', medicine.codes) end as "refusjonsKodeUtlevering",
    if(u(lk, 'other prescriber') < {other_prescriber}, one_of(lk, 'prescriber', p.trusts), hf) as hf,
    if(u(ck, 'non resident') < {non_resident_line}, [9999, 9900][1 + pick(ck, 'which', 2)], komnr)::integer as "komNrHjem",
    birth_year::smallint as fodselsar,
    round(medicine.belop * (0.8 + 0.4 * u(lk, 'amount')), 2)::decimal(12, 2) as belop,
    lk, user_nr * 64 + line as line_nr
from dated, (select list(hf order by hf) as trusts from provider where sector = 'SOM' and published is not null) as p
where date '{year}-01-01' + day::integer < date '{until}'
order by day, line_nr
"""


def create_medicines(con: duckdb.DuckDBPyConnection) -> None:
    """Create `medicine`: what can be dispensed in each service."""
    con.execute(_MEDICINE)


def create_lines(con: duckdb.DuckDBPyConnection, numbers: dict) -> None:
    """Create the temporary table `hresept` of the chunk, in order of date."""
    con.execute(_USER.format(**numbers))
    con.execute("create or replace temp table hresept as " + _LINES.format(**numbers))
