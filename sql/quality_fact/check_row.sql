-- what: what the row checks found and what is at stake by each finding, or its share where several would give the same
-- grain: one row per failing row and check
-- key: check_id, row_type, row_key
-- source: regulation §3.8; docs/quality/README.md
select
    finding.check_id,
    finding.row_type,
    finding.row_key,
    finding.sector,
    finding.hf_orgnr,
    finding.institution_id,
    finding.unit_id,
    finding.month,
    finding.start_text,
    finding.end_text,
    finding.partner_key,
    finding.value,
    finding.proposed,
    coalesce(finding_effect.points_at_stake, 0) as points_at_stake,
    coalesce(finding_effect.points_low, 0) as points_low,
    coalesce(finding_effect.points_high, 0) as points_high,
from finding
left join finding_effect on finding_effect.finding_nr = finding.finding_nr
