-- what: the DRG that each stay (or episode) is grouped to, and by which rule
-- grain: one row per stay or episode that can be grouped
-- key: unit_nr
-- source: regulation §7.18; docs/grouper.md
-- column is_in_list: the DRG is in the year's list of the sector, so that it has a weight
select
    grouped_case.case_nr as unit_nr,
    grouped_case.drg,
    grouped_case.ord,
    grouped_case.rtc,
    grouped_case.mdc,
    grouped_case.hdg,
    drg.drg is not null as is_in_list,
from grouped_case
inner join unit_fact on unit_fact.unit_nr = grouped_case.case_nr
left join ref.drg as drg on drg.sector = unit_fact.sector and drg.drg = grouped_case.drg
