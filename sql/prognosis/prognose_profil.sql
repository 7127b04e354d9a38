-- what: how the year is expected to lie over the months, per sector and rhythm
-- title: Årets profil
-- grain: one row per sector, rhythm and month
-- key: sektor, rytme, maned
-- source: docs/prognosis.md
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column rytme: lopende (when it is done) or arlig (once a year, on the patient's first contact)
-- heading rytme: Rytme
-- column maned: month, YYYY-MM
-- heading maned: Måned
-- column virkedager: working days of the month
-- heading virkedager: Virkedager
-- column er_levert: whether the delivery holds the month
-- heading er_levert: Levert
-- column andel: the month as a part of the delivered months
-- heading andel: Av de leverte månedene
select
    weight.sector as sektor,
    weight.rhythm as rytme,
    format('{}-{:02d}', delivery.year, weight.month) as maned,
    weight.days as virkedager,
    weight.is_delivered as er_levert,
    weight.share_of_delivered as andel,
from month_weight as weight
cross join settled_landing.delivery as delivery
