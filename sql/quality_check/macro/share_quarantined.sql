-- what: share of the episodes that are in quarantine
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.5; docs/delivery.md
with
quarantined as (
    select
        hf_orgnr,
        sector,
        count(*) as rows_quarantined,
    from quarantined_row
    where file = 'episode' and hf_orgnr is not null
    group by hf_orgnr, sector
),

accepted as (
    select
        hf_orgnr,
        sector,
        count(*) as rows_accepted,
    from episode
    group by hf_orgnr, sector
)

select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    coalesce(quarantined.rows_quarantined, 0) as numerator,
    coalesce(accepted.rows_accepted, 0) + coalesce(quarantined.rows_quarantined, 0) as denominator,
from accepted
full outer join quarantined using (hf_orgnr, sector)
