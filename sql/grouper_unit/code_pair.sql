-- what: conditions that have a second code (asterisk) with their first, the alphabetically lowest of several
-- grain: one row per condition and second code
-- key: episode_nr, tilstNr, second_code
-- source: docs/grouper.md, In the settlement: pairs stay together by episode and number of the condition
-- column place: 1 for the alphabetically lowest second code
with
second as (
    select distinct episode_nr, tilstNr, kode from landing.tilstand where kodeNr = 2
),

first as (
    select
        tilstand.episode_nr,
        tilstand.tilstNr,
        min(tilstand.kode) as code,
    from landing.tilstand as tilstand
    where tilstand.kodeNr = 1
        and tilstand.episode_nr in (select episode_nr from second)
    group by tilstand.episode_nr, tilstand.tilstNr
)

select
    second.episode_nr,
    second.tilstNr,
    first.code,
    second.kode as second_code,
    row_number() over (partition by second.episode_nr, second.tilstNr order by second.kode) as place,
from second
-- A second code without a first is not used.
left join first on first.episode_nr = second.episode_nr and first.tilstNr = second.tilstNr
