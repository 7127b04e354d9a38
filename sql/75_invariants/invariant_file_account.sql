-- what: files whose rows do not add up: rows in = rows loaded + rows quarantined, and both are where they should be
-- title: Rader inn er lik rader brukt og rader i karantene, for hver fil
-- grain: one row per violation: file and what differs; no rows when all is well
-- key: unit
-- source: docs/delivery.md
with
held as (
    select 'episode' as file, count(*) as rows_held from landing.episode
    union all
    select 'tilstand' as file, count(*) as rows_held from landing.tilstand
    union all
    select 'prosedyre' as file, count(*) as rows_held from landing.prosedyre
    union all
    select 'helseperson' as file, count(*) as rows_held from landing.helseperson
    union all
    select 'takst' as file, count(*) as rows_held from landing.takst
    union all
    select 'enhet' as file, count(*) as rows_held from landing.enhet
    union all
    select 'hresept' as file, count(*) as rows_held from landing.hresept
    union all
    select 'akonto' as file, count(*) as rows_held from landing.akonto
),

quarantined as (
    select
        file,
        count(*) as rows_held,
    from landing.quarantine
    group by file
),

compared as (
    select
        file || ': in = loaded + quarantined' as unit,
        rows_in - rows_loaded - rows_quarantined as difference,
    from landing.row_account
    union all
    select
        coalesce(account.file, held.file) || ': loaded rows are in the table' as unit,
        coalesce(account.rows_loaded, 0) - coalesce(held.rows_held, 0) as difference,
    from landing.row_account as account
    full outer join held on held.file = account.file
    union all
    select
        coalesce(account.file, quarantined.file) || ': quarantined rows are kept' as unit,
        coalesce(account.rows_quarantined, 0) - coalesce(quarantined.rows_held, 0) as difference,
    from landing.row_account as account
    full outer join quarantined on quarantined.file = account.file
)

select
    unit,
    cast(difference as decimal(18, 3)) as difference,
from compared
where difference is distinct from 0
