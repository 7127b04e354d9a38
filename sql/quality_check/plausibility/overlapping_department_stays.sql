-- what: somatic department stays that begin while another of the same patient goes on in the same department
-- grain: one row per failing row
-- key: row_key
-- check: plausibility
-- source: regulation §3.5, §7.18
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(null as varchar) as value,
    -- Overlapping department stays are merged to one stay: no points of their own.
    cast(0 as decimal(18, 3)) as points_at_stake,
from department_neighbour as pair
inner join finding_episode as episode on episode.episode_nr = pair.episode_nr
where pair.same_unit and pair.is_overlap
