-- what: all codes of the chunk's episodes as lists, in the order of `episode`
-- grain: one row per ep_nr
-- key: ep_nr
-- source: docs/synthetic-data.md
-- `E104+G632` is a dagger code with its asterisk code.
with added as (
    select
        ep_nr,
        list(code order by feature) filter (where place = 'tilstand') as conditions,
        list(code order by feature) filter (where place = 'prosedyre') as procedures,
        min(code) filter (where place = 'hovedtilstand') as main
    from feature group by 1
),

chosen as (
    select
        e.ep_nr,
        e."episodeID",
        e.ek,
        e.sector,
        e.episodetype,
        e.item_setting,
        e.is_light,
        e.field,
        e.excluded_value,
        case
            when e.field = 'condition' then e.excluded_value
            else coalesce(
                a.main, if(e.is_light or e.part >= 4, null, e.main_code),
                one_of(if(e.episodetype = 'A', e.ek, e.ck), 'main condition', c.main_codes)
            )
        end as main,
        a.conditions,
        a.procedures,
        c.*,
        coalesce(p.categories, []::integer[]) as categories,
        i.service_codes,
        i.hdg as item_hdg,
        how_many(e.ek, 'secondary', case
            when e.sector <> 'SOM' then $secondary_phv
            when e.episodetype = 'A' then $secondary_inpatient else $secondary_outpatient
        end, 8) as secondary,
        how_many(e.ek, 'procedures', case
            when e.sector <> 'SOM' then $procedures_phv
            when e.episodetype = 'A' then $procedures_inpatient else $procedures_outpatient
        end, 7) as further
    from episode as e
    inner join item_codes as c on c.item_nr = e.item_nr
    inner join item as i on i.item_nr = e.item_nr
    left join item_personnel as p on p.item_nr = e.item_nr
    left join added as a on a.ep_nr = e.ep_nr
)

select
    ep_nr,
    "episodeID",
    ek,
    list_concat(
        [main],
        coalesce(conditions, []),
        list_transform(
            range(if(len(secondary_codes) = 0, 0, secondary)),
            lambda j: secondary_codes[
                1 + (pick(ek, 'first secondary', len(secondary_codes)) + 5 * j) % len(secondary_codes)
            ]
        ),
        if(
            episodetype = 'A' and sector = 'SOM' and item_hdg not in (14, 15) and u(ek, 'pair') < $asterisk_pair,
            [one_of(ek, 'which pair', $pairs)], []
        )
    ) as conditions,
    if(
        item_setting = 'S', if(len(service_codes) = 0, [], [one_of(ek, 'service', service_codes)]),
        list_concat(
            required_codes,
            if(len(service_codes) = 0, [], [one_of(ek, 'service', service_codes)]),
            if(len(surgery_codes) = 0, [], [one_of(ek, 'surgery', surgery_codes)]),
            coalesce(procedures, []),
            list_transform(
                range(if(len(optional_codes) = 0, 0, further)),
                lambda j: optional_codes[
                    1 + (pick(ek, 'first procedure', len(optional_codes)) + 3 * j) % len(optional_codes)
                ]
            )
        )
    ) as procedures,
    case
        when len(categories) = 0 then []::integer[]
        when field = 'personnel' then [excluded_value::integer]
        when is_light and item_setting = 'K' then [2]
        else list_concat(
            [one_of(ek, 'first person', categories)],
            if(u(ek, 'second person') < $second_person, [one_of(ek, 'second category', categories)], []),
            if(u(ek, 'second person') < $third_person, [one_of(ek, 'third category', categories)], [])
        )
    end as categories
from chosen
