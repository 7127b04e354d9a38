-- what: the key of NPK's differences: every stay of either side that is made to differ, and why
-- grain: one row per stay of ours, or per stay that only NPK has
-- key: side, enhet_id
-- source: docs/synthetic-data.md; the columns as in `avstemming_opphold`
select * from (
    select
        'her' as side,
        stay.stay_id as enhet_id,
        difference.difference as arsak,
        difference.detail as detalj,
    from npk_difference as difference
    inner join stay on stay.stay_nr = difference.stay_nr
    union all
    select
        'her' as side,
        stay.stay_id as enhet_id,
        'annet_omfang' as arsak,
        left_out.reason as detalj,
    from npk_left_out as left_out
    inner join stay on stay.stay_nr = left_out.stay_nr
    union all
    select
        'npk' as side,
        'N' || left_out.episode_id as enhet_id,
        'bare_npk' as arsak,
        left_out.reason as detalj,
    from npk_left_out as left_out
    where left_out.stay_nr is null
)
order by side, enhet_id
