-- what: what a published number may rest on, and how closely a hidden one may be bounded
-- grain: one row
-- key: min_patients
-- as: view
-- source: docs/published-tables.md; regulation §3.9
-- requires: 3.9
-- column min_patients: public numbers of fewer patients are hidden
-- column count_width: the interval of a hidden count is at least so wide
-- column count_reach: and reaches at least so far
-- column points_share: the interval of hidden points is at least this share of their value
select
    ref.number('3.9', 'min_patients_published') as min_patients,
    ref.number('3.9', 'hidden_count_width') as count_width,
    ref.number('3.9', 'hidden_count_reach') as count_reach,
    ref.points('3.9', 'hidden_points_share') as points_share,
