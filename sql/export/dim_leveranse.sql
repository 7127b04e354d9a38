-- what: the delivery of the star, and the rule set that it was settled with: whether the numbers are a draft's
-- title: Leveransen
-- grain: one row
-- key: leveranse
-- source: docs/export.md
-- column leveranse varchar: id of the delivery
-- column aar bigint: activity year
-- column tertial bigint: tertial of the year
-- column leveransenummer bigint: number of the delivery in the tertial
-- column produsert date: when the delivery was produced, where it says so
-- column publisering varchar: the published folder that the facts are copies of
-- column regelsett varchar: id of the rule set
-- column regelsett_status varchar: endelig or utkast
-- column merke varchar: UTKAST where the rule set is a draft, to be shown with every number; else empty
-- heading leveranse: Leveranse
-- heading tertial: Tertial
-- heading leveransenummer: Leveransenummer
-- heading produsert: Produsert
-- heading publisering: Publisering
-- heading regelsett: Regelsett
-- heading regelsett_status: Regelsettets status
-- heading merke: Merke
with
part as (
    select
        delivery,
        string_split(delivery, '-') as parts,
        cast(produced as date) as produced,
        folder,
        ruleset,
        status <> 'final' as is_draft,
    from publication
)

select
    delivery as leveranse,
    cast(parts[1] as bigint) as aar,
    cast(substr(parts[2], 2) as bigint) as tertial,
    cast(parts[3] as bigint) as leveransenummer,
    produced as produsert,
    folder as publisering,
    ruleset as regelsett,
    if(is_draft, 'utkast', 'endelig') as regelsett_status,
    if(is_draft, 'UTKAST', null) as merke,
from part
