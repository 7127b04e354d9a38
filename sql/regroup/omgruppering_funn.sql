-- what: what is odd about the grouping: stays that are not grouped, or are grouped on a doubtful ground
-- title: Funn ved grupperingen
-- grain: one row per kind of finding and sector
-- key: funn, sektor
-- source: docs/grouper.md
-- column funn: kind of finding
-- heading funn: Funn
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column antall_opphold: stays
-- heading antall_opphold: Opphold
select
    finding.finding as funn,
    stay.sector as sektor,
    count(*) as antall_opphold,
from regrouped.stay_finding as finding
inner join settled.stay as stay on stay.stay_nr = finding.unit_nr
group by finding.finding, stay.sector
