-- what: the chunk's users of medicines: one patient's year with one service
-- grain: one row per user_nr
-- key: user_nr
-- source: docs/synthetic-data.md
-- Some are those whom the hospital treats with the same medicine; a few use medicines of two exclusive groups.
with linked as (
    select
        c.hf,
        c.drg,
        list({ 'person': c.person, 'birth_year': c.birth_year, 'komnr': c.komnr } order by c.first_stay) as people
    from course as c where not c.excluded and c.drg in (select link from item) group by all
),

users as (
    select
        c.*,
        i.stg,
        i.lines,
        l.people[1 + pick(c.ck, 'linked', len(l.people))] as other
    from course as c
    inner join item as i using (item_nr)
    left join linked as l on l.hf = c.hf and l.drg = if(u(c.ck, 'is linked') < $linked_medicine, i.link, null)
    where c.setting = 'H'
)

select
    * replace (
        coalesce(other.person, person) as person, coalesce(other.birth_year, birth_year) as birth_year,
        coalesce(other.komnr, komnr) as komnr
    ),
    first_stay * 2 as user_nr
from users
union all
select
    u.* replace (
        g.stgs[1 + pick(u.ck, 'other group', len(g.stgs))] as stg, coalesce(other.person, person) as person,
        coalesce(other.birth_year, birth_year) as birth_year, coalesce(other.komnr, komnr) as komnr, 3.0 as lines
    ),
    first_stay * 2 + 1
from users as u
inner join (
    select
        a.stg,
        list(b.stg order by b.stg) as stgs
    from ref.stg_exclusive_group as a
    inner join ref.stg_exclusive_group as b on b.exclusive_group = a.exclusive_group and b.stg <> a.stg group by 1
) as g on g.stg = u.stg
where u(u.ck, 'second group') < $second_group
