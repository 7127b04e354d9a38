"""Macro checks: SQL has counted, this judges, and files what stands out. Nothing here reads a row of a patient: only
counts per trust, institution, department and week.

Rows of `macro_finding`: check_id, measure, level (hf, institution, department), hf_orgnr, institution_id, unit_id,
sector, numerator, denominator, measured, expected, z, q, since (date of the Monday, or null).
"""

from __future__ import annotations

import duckdb

from pipelines.engine import workspace
from pipelines.quality import macro_practice, macro_values, macro_volumes
from pipelines.quality.statistics import Q

COLUMNS = (
    "check_id varchar, measure varchar, level varchar, hf_orgnr varchar, institution_id varchar, unit_id varchar,"
    " sector varchar, numerator decimal(24, 3), denominator decimal(24, 3), measured decimal(18, 6),"
    " expected decimal(18, 6), z decimal(9, 2), q decimal(9, 6), since date"
)
TESTED = (
    "check_id varchar, hf_orgnr varchar, sector varchar, month varchar, expected decimal(24, 6),"
    " z_itself decimal(9, 2), q_itself decimal(9, 6), z_peers decimal(9, 2), q_peers decimal(9, 6),"
    " percentile decimal(9, 3)"
)


def judge(con: duckdb.DuckDBPyConnection) -> None:
    """Make `macro_finding` and `macro_tested` from the measured counts of the connection."""
    kinds = dict(con.execute("select hf_orgnr, peer_group from hospital").fetchall())
    (split,) = workspace.only_row(
        con,
        "select cast(case when tertial > 1 then make_date(year, 4 * (tertial - 1) + 1, 1)"
        " else period_from + interval 2 month end as date) from info",
    )
    found = [*macro_volumes.weeks(con), *macro_practice.changes(con, kinds, split)]
    workspace.fill(con, "macro_finding", COLUMNS, sorted(found, key=lambda row: tuple(map(str, row))))
    workspace.fill(con, "macro_tested", TESTED, macro_values.tested(con, kinds))


def nothing(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of `judge` without judging: no unit stands out."""
    workspace.fill(con, "macro_finding", COLUMNS, [])
    workspace.fill(con, "macro_tested", TESTED, [])


def limits(con: duckdb.DuckDBPyConnection) -> None:
    """`status_limit`: for each check and number of rows, the least number of failing ones that the check's threshold
    and chance together do not explain (exact binomial, one in a hundred). With threshold nought it is one."""
    from scipy.stats import binom

    asked = con.execute(
        """select distinct setting.check_id, setting.threshold, counted.denominator
        from (
            select check_id, denominator from unit_measure
            union
            select check_id, count(*) filter (where not is_not_applicable) from macro_result group by check_id, hf_orgnr
            union
            select check_id, count(*) from macro_finding group by check_id, hf_orgnr
            union
            select 'part_missing', count(*) from missing_part group by hf_orgnr
        ) as counted
        inner join check_setting as setting on setting.check_id = counted.check_id
        order by all"""
    ).fetchall()
    rows = [
        (check, int(whole), max(1, int(binom.isf(Q, int(whole), float(threshold))) + 1) if whole else 1)
        for check, threshold, whole in asked
    ]
    workspace.fill(con, "status_limit", "check_id varchar, denominator bigint, least_failing bigint", rows)
