-- what: the numbers that make up each ledger row of one unit, as its rule has read them: what `isf explain` writes as arithmetic
-- grain: one row per ledger row of the unit, or per interval of days where the rule has several
-- key: rule, line
-- source: docs/regelverk.md 3; regulation §7.1, §7.2.1, §7.2.2, §7.11, §7.14, §3.11
-- column form: days (days counted × points each), weight (the group's points), difference (another weight less the base points), returned (points taken back), amount (a fixed number of points), regional (of a region: model regional_deduction has its numbers), note (0 points)
-- column subtracted: what is taken from the days before they count
-- column remaining_days: the days left
-- column counted_days: of these, as many as the rule counts at most
-- column line_points: points of the line; of all its lines the sum is the row's points
-- column summands: the points that are taken back
-- The unit is the one in the variables unit_type and unit_id of the connection.
with
ledger_row as (
    select
        ledger.rule,
        ledger.kind,
        ledger.group_code,
        ledger.points,
        case ledger.kind when 'base' then 0 when 'zeroing' then 2 when 'taken_over' then 3 else 1 end as step,
        rule.position,
    from ledger
    left join ref.rule as rule on rule.rule = ledger.rule
    where ledger.unit_type = getvariable('unit_type') and ledger.unit_id = getvariable('unit_id')
),

asked_stay as (
    select *
    from stay
    where getvariable('unit_type') = 'stay' and stay_id = getvariable('unit_id')
),

day_line as (
    select
        '7.1' as rule,
        1 as line,
        effective_length as days,
        [trim_point, ref.number('7.1', 'days_after_trim')] as subtracted,
        ref.number('7.1', 'max_days') as day_limit,
        ref.points('7.1') as points_each,
    from asked_stay
    union all by name
    select
        '7.2.2' as rule,
        1 as line,
        effective_length as days,
        [trim_point] as subtracted,
        null as day_limit,
        ref.points('7.2.2') as points_each,
    from asked_stay
    union all by name
    select
        '7.2.1' as rule,
        row_number() over (order by day.from_day) as line,
        least(asked_stay.effective_length, coalesce(day.to_day, asked_stay.effective_length)) as days,
        [day.from_day - 1] as subtracted,
        null as day_limit,
        day.points_per_day as points_each,
    from asked_stay
    inner join ref.rehab_day as day on day.drg = asked_stay.drg and day.from_day > 0
    -- Intervals that the stay does not reach count no day.
    where asked_stay.effective_length >= day.from_day
),

counted_line as (
    select
        *,
        days - list_sum(subtracted) as remaining_days,
        least(days - list_sum(subtracted), coalesce(day_limit, days)) as counted_days,
    from day_line
)

select
    ledger_row.rule,
    ledger_row.kind,
    coalesce(counted_line.line, 1) as line,
    ledger_row.group_code,
    case
        when counted_line.rule is not null then 'days'
        when ledger_row.kind = 'base' then 'weight'
        when ledger_row.rule = '7.11' then 'difference'
        when ledger_row.kind in ('zeroing', 'taken_over', 'block_grant') or ledger_row.rule = '7.14' then 'returned'
        when ledger_row.kind = 'note' then 'note'
        when ledger_row.kind = 'regional' then 'regional'
        else 'amount'
    end as form,
    counted_line.days,
    counted_line.subtracted,
    counted_line.remaining_days,
    counted_line.counted_days,
    counted_line.points_each,
    counted_line.counted_days * counted_line.points_each as line_points,
    (
        select weight
        from ref.burn_weight
        where ledger_row.rule = '7.11' and drg = ledger_row.group_code
    ) as weight,
    -- What zeroing and pathways take is all that stands before them; the others take the base points alone.
    (
        select list(earlier.points order by earlier.step, earlier.position, earlier.rule)
        from ledger_row as earlier
        where earlier.step < if(ledger_row.step > 1, ledger_row.step, 1)
    ) as summands,
    ledger_row.points,
from ledger_row
left join counted_line on counted_line.rule = ledger_row.rule
