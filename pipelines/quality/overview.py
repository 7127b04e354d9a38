"""`oversikt.html`: the view of all hospitals, twice: the directorate's with counts and money, never a row; and one for
everybody, with marks only.

The heat map of hospitals and checks, the macro findings, completeness against earlier deliveries, and what changed.
"""

from typing import Any

import duckdb

from pipelines.engine.workspace import only_row, rows
from pipelines.publication.page import above
from pipelines.quality import catalogue, page, publication, words
from pipelines.quality.pack import MACRO_ORDER, NAMED_MACRO_ROWS, info

Facts = dict[str, Any]
ROW_TIERS = tuple(tier for tier in catalogue.TIERS if tier != "macro")


def build(con: duckdb.DuckDBPyConnection, development: list[Facts], version: str) -> str:
    """The page."""
    about = info(con)
    hospitals = rows(con, "select * from hospital_result order by nok_lost + nok_over desc, hf_orgnr")
    results = rows(con, "select * from unit_result where level = 'hf'")
    cells = {(r["hf_orgnr"], r["check_id"]): r for r in results}
    shown = [c for c in catalogue.checks() if any(r["check_id"] == c.id and r["numerator"] for r in results)]
    absent = rows(con, "select * from absent_trust order by hf_name, hf_orgnr")
    # A trust with H-resept lines alone has a pack.
    without_pack = [row for row in absent if row["hf_orgnr"] not in {h["hf_orgnr"] for h in hospitals}]
    return (
        page.environment()
        .get_template("oversikt.html.j2")
        .render(
            facts=page.facts_of(about),
            info=about,
            above=above([about["delivery"]] if about["is_published"] else [], "../../.."),
            not_published=words.NOT_PUBLISHED,
            hospitals=hospitals,
            checks=shown,
            cells=cells,
            tiers=[(words.TIER[t], sum(c.tier == t for c in shown)) for t in catalogue.TIERS],
            quiet=[c for c in catalogue.checks() if c not in shown],
            total={
                name: sum(h[name] for h in hospitals)
                for name in ("failing_rows", "points_lost", "points_over", "nok_lost", "nok_over")
            },
            per_check=per_check(con),
            macro=macro(con),
            missing=rows(
                con,
                f"""{NAMED_MACRO_ROWS} where basis is not null
                order by expected desc, macro_row.hf_orgnr, institution_id, measure, sector, month limit 200""",
            ),
            absent=absent,
            without_pack=without_pack,
            unmeasured=[row["delivery"] for row in rows(con, "select delivery from unmeasured_delivery order by 1")],
            standing_out=standing_out(con),
            tier_names=[words.TIER[t] for t in ROW_TIERS],
            by_tier=by_tier(con, hospitals),
            worst=worst(con),
            completeness=rows(con, "select * from completeness order by sector desc"),
            answers=answers(con),
            errors=rows(con, "select * from check_error order by check_id"),
            last=next(iter(rows(con, "select * from earlier_delivery where which = 'delivery'")), None),
            is_comparable=only_row(con, "select count(*) from common_month")[0] > 0,
            development=(per_delivery := national(development)),
            other_rules=[d for d in per_delivery if d["ruleset"] != about["ruleset"]],
            per_month=page.per_month,
            per_mille=page.per_mille,
            version=version,
        )
    )


def by_tier(con: duckdb.DuckDBPyConnection, hospitals: list[Facts]) -> list[Facts]:
    """Per hospital and tier of the row checks: kroner, and the check nearest to (or furthest over) its limit."""
    found = rows(
        con,
        """select result.hf_orgnr, result.tier, sum(result.nok_lost + result.nok_over) as nok,
            max(100 * result.numerator // status_limit.least_failing) as of_limit
        from unit_result as result
        left join status_limit on status_limit.check_id = result.check_id
            and status_limit.denominator = result.denominator and result.numerator > 0
        where result.level = 'hf' and result.tier <> 'macro' and not result.trial
        group by result.hf_orgnr, result.tier""",
    )
    cells = {(row["hf_orgnr"], row["tier"]): row for row in found}
    nothing = {"nok": 0, "of_limit": None}
    return [
        {
            "hf_name": hospital["hf_name"],
            "folder": publication.folder_name(hospital["hf_orgnr"]) if hospital["hf_orgnr"] else None,
            "tiers": [cells.get((hospital["hf_orgnr"], tier), nothing) for tier in ROW_TIERS],
        }
        for hospital in hospitals
    ]


def worst(con: duckdb.DuckDBPyConnection) -> list[Facts]:
    """The twenty results with the largest product of z against the limit and points at stake."""
    found = rows(
        con,
        """with weighed as (
        select result.check_id, hospital.hf_name, result.hf_orgnr, result.numerator, result.denominator,
            result.points_lost + result.points_over as points, result.nok_lost + result.nok_over as nok,
            round((result.numerator - setting.threshold * result.denominator) / sqrt(greatest(
                setting.threshold * (1 - setting.threshold) * result.denominator, 0.01)), 1) as z
        from unit_result as result
        inner join check_setting as setting on setting.check_id = result.check_id
        inner join hospital on hospital.hf_orgnr = result.hf_orgnr
        where result.level = 'hf' and result.tier <> 'macro' and result.denominator > 0
        )
        -- Named apart: the trust has points of its own, which are not those at stake.
        select * from weighed where z > 0 and points > 0
        order by z * points desc, check_id, hf_orgnr limit 20""",
    )
    checks = catalogue.by_id()
    return [{**row, "check": checks[row["check_id"]]} for row in found]


def standing_out(con: duckdb.DuckDBPyConnection) -> list[Facts]:
    """What stands out by statistics, the clearest first; departments under the hospital's own names of them."""
    checks = catalogue.by_id()
    found = rows(
        con,
        f"{NAMED_MACRO_ROWS} where kind = 'test' and basis is null order by {MACRO_ORDER} limit 200",
    )
    return [{**row, "check": checks[row["check_id"]]} for row in found]


def build_public(con: duckdb.DuckDBPyConnection, version: str) -> str:
    """The page for everybody: which hospital has findings of which check, without a number."""
    about = info(con)
    hospitals = rows(con, "select hf_orgnr, hf_name from hospital_result order by hf_name, hf_orgnr")
    results = rows(con, "select hf_orgnr, check_id, status from unit_result where level = 'hf'")
    marked = {r["check_id"] for r in results if r["status"] in ("fail", "pass_with_rows")}
    return (
        page.environment()
        .get_template("offentlig.html.j2")
        .render(
            facts=page.facts_of(about),
            info=about,
            not_published=words.NOT_PUBLISHED,
            hospitals=hospitals,
            checks=[c for c in catalogue.checks() if c.id in marked],
            quiet=[c for c in catalogue.checks() if c.id not in marked],
            cells={(r["hf_orgnr"], r["check_id"]): r["status"] for r in results},
            macro=macro(con),
            version=version,
        )
    )


def national(development: list[Facts]) -> list[Facts]:
    """What is at stake in the country per delivery, oldest first."""
    found: dict[str, Facts] = {}
    summed = ("nok_lost", "nok_over", "failing_rows", "refund_nok")
    for entry in development:
        sums = found.setdefault(
            entry["delivery"],
            {**{name: entry[name] for name in ("delivery", "months", "ruleset")}, **dict.fromkeys(summed, 0)},
        )
        for name in summed:
            sums[name] += entry[name]
    return list(found.values())


def per_check(con: duckdb.DuckDBPyConnection) -> list[Facts]:
    """Each row check in the country: rows, hospitals, history, answers, kroner; those with most first."""
    found = rows(con, "select * from check_result order by nok_lost + nok_over desc, failing desc, check_id")
    checks = catalogue.by_id()
    return [{**row, "check": checks[row["check_id"]]} for row in found]


def macro(con: duckdb.DuckDBPyConnection) -> list[Facts]:
    """The macro findings, in the order of the catalogue."""
    checks = catalogue.by_id()
    found = rows(
        con,
        """select result.*, hospital.hf_name, row.answer, row.answer_comment, row.answered_delivery, row.is_still_there
        from macro_result as result
        left join hospital on hospital.hf_orgnr = result.hf_orgnr
        left join macro_row as row
            on row.check_id = result.check_id and row.hf_orgnr = result.hf_orgnr and row.sector = result.sector
            and row.month is not distinct from result.month
        where differs_from_itself or differs_from_peers
        order by hospital.hf_name, result.hf_orgnr, result.sector desc, result.month""",
    )
    return sorted(({**row, "check": checks[row["check_id"]]} for row in found), key=lambda r: r["check"].position)


def answers(con: duckdb.DuckDBPyConnection) -> Facts:
    """How many rows of this delivery have each answer."""
    found = rows(
        con,
        """select answer, count(*) as n from (select answer from counted_row union all select answer from macro_row)
        where answer is not null group by answer""",
    )
    return {words.ANSWER[row["answer"]]: row["n"] for row in found}
