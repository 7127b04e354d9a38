-- what: the trim point of each DRG so far and from the lengths of its stays
-- title: Trimpunkter
-- grain: one row per sector and DRG with a trim point
-- key: sektor, drg
-- source: rule cost_weights; docs/simulation.md, weights from costs
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column drg: DRG
-- column antall: stays over night
-- column nedre_kvartil: lower quartile of their length, days
-- column ovre_kvartil: upper quartile, days
-- column trimpunkt_for: trim point so far, days
-- column trimpunkt_etter: trim point by the rule, days; the one so far where there are too few stays
select
    sector as sektor,
    drg,
    stays as antall,
    lower_quartile as nedre_kvartil,
    upper_quartile as ovre_kvartil,
    given_trim_point as trimpunkt_for,
    trim_point as trimpunkt_etter,
from trim_limit
