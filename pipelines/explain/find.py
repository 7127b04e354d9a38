"""`isf explain`: everything the warehouse knows about one stay, episode, service, pathway, patient, region or bad row.

Reads a warehouse and nothing else; `find` gives plain data (also the `--json` output); `explain_text` makes the text.
"""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb

from pipelines.engine.workspace import of_this_version
from pipelines.explain import arithmetic
from pipelines.explain.queries import of_unit, query
from pipelines.publication import norwegian
from pipelines.publication.words import QUARANTINE, REASON, SERVICE, merge

Facts = dict[str, Any]
Find = Callable[[duckdb.DuckDBPyConnection, str, str], list[Facts]]

QUARANTINED = "landing.quarantine"
# A row without an id of its own is found by its place, as `akonto:2`.
PLACE = re.compile(r"([a-z]+):([0-9]{1,18})")

# Columns of the stay that people ask about, in the order shown.
STAY_COLUMNS = (
    "stay_id",
    "patient_id",
    "sector",
    "drg",
    "drg_name",
    "outside_isf",
    "is_npk_drg",
    "is_grouped_drg",
    "hdg",
    "main_condition",
    "cost_weight",
    "base_points",
    "trim_point",
    "start_date",
    "end_date",
    "length_of_stay",
    "discharge_ready_date",
    "effective_length",
    "duration_s",
    "hf_orgnr",
    "hf_name",
    "institution_id",
    "unit_id",
    "municipality_number",
    "residence_rhf_orgnr",
    "main_episode_id",
)


def find(con: duckdb.DuckDBPyConnection, identifier: str, quarantine: str = QUARANTINED) -> list[Facts]:
    """Every unit, episode, line, quarantined row, region or patient with the id, each as a dictionary with a `kind`.

    `quarantine`: the relation with the quarantined rows, or with those of them that can have the id.
    """
    found: list[Facts] = []
    for row in _rows(
        con,
        """
        select stay_nr from stay_episode
        where episode_nr in (select episode_nr from episode where episode_id = $1)
        """,
        identifier,
    ):
        found.append(_stay(con, row["stay_nr"]))
    found += [
        {
            "kind": "episode",
            **_with_municipality(row),
            "reason_text": REASON[row["reason"]],
            "unread": _unread(con, "episode", [row["episode_id"]]),
        }
        for row in _rows(
            con,
            """
            select judged.episode_id, judged.patient_id, judged.sector, judged.start_date, judged.end_date, judged.drg,
                reported.drg as reported_drg, judged.outside_isf, judged.hf_orgnr, judged.unit_id,
                reported.debitor, judged.municipality_number, judged.reason
            from episode as judged
            inner join landing.episode as reported using (episode_nr)
            where judged.episode_id = $1 and judged.reason <> 'included'
            """,
            identifier,
        )
    ]
    found += [
        _service(con, row["service_id"])
        for row in _rows(
            con,
            """
        select service_id from service where service_id = $1
        union
        select service_id from service
        inner join service_candidate as candidate using (sector, stg, patient_id, period)
        where candidate.candidate_id = $1
        order by service_id
        """,
            identifier,
        )
    ]
    found += [
        {
            "kind": "prescription",
            **_with_municipality(row),
            "reason_text": REASON[row["reason"]],
            "unread": _unread(con, "hresept", [row["dispensing_id"]]),
        }
        for row in _rows(
            con,
            "select * from prescription where dispensing_id = $1 and reason not in ('included', 'missing_indication')",
            identifier,
        )
    ]
    found += [
        _pathway(con, row["pathway_id"])
        for row in _rows(con, "select pathway_id from pathway where pathway_id = $1", identifier)
    ]
    aside = _quarantined(con, quarantine, "row_id = $1", identifier)
    if place := PLACE.fullmatch(identifier):
        aside += _quarantined(con, quarantine, "file = $1 and line = $2", place[1], int(place[2]))
    found += [
        {"kind": "quarantine", **row, "row_content": json.loads(row["row_content"], parse_float=Decimal)}
        for row in aside
    ]
    found += _region(con, identifier)
    patient = _patient(con, identifier, quarantine)
    return found + ([patient] if patient else [])


def near(con: duckdb.DuckDBPyConnection, identifier: str, quarantine: str = QUARANTINED) -> list[str]:
    """Up to five ids like one that nothing has, the nearest first; one alone if it is the same but for upper and lower
    case."""
    sql = (
        f"with quarantined_row as (select * from {quarantine}), known_id as ({query('known_id')})"
        f" select * from ({query('near_id')})"
    )
    found = of_unit(con, sql, "", identifier)
    same = [row["id"] for row in found if row["is_same"]]
    return same if len(same) == 1 else [row["id"] for row in found]


def find_near(
    con: duckdb.DuckDBPyConnection, identifier: str, quarantine: str = QUARANTINED, *, find: Find = find
) -> tuple[list[Facts], list[str]]:
    """`find`, also where only upper and lower case differ; where nothing is found, the ids most like it."""
    if found := find(con, identifier, quarantine):
        return found, []
    others = near(con, identifier, quarantine)
    if len(others) == 1 and others[0].upper() == identifier.upper():
        return find(con, others[0], quarantine), []
    return [], others


def _stay(con: duckdb.DuckDBPyConnection, stay_nr: int) -> Facts:
    stay = _rows(
        con,
        """
        select stay.*, drg.name as drg_name, provider.hf_name, main.episode_id as main_episode_id
        from stay
        inner join episode as main on main.episode_nr = stay.main_episode_nr
        inner join ref.drg as drg on drg.sector = stay.sector and drg.drg = stay.drg
        inner join provider on provider.hf_orgnr is not distinct from stay.hf_orgnr
        where stay.stay_nr = $1
        """,
        stay_nr,
    )[0]
    episodes = _rows(
        con,
        """
        select episode.episode_id, if(episode.is_department_stay, 'A', 'K') as episodetype,
            reported.innDatoTid as start, reported.innTidKjent as start_time_known,
            reported.utDatoTid as end, reported.utTidKjent as end_time_known, reported.utKl24 as ends_its_date,
            episode.drg, reported.drg as reported_drg, episode.outside_isf,
            episode.cost_weight, episode.main_condition, stay_episode.merge_reason,
            stay_episode.main_order = 1 as is_main, stay_episode.start_order = 1 as is_first,
            (select list(kode order by tilstNr, kodeNr, kode) from landing.tilstand as child
                where child.episode_nr = episode.episode_nr) as conditions,
            (select list(kode order by prosNr, kode) from landing.prosedyre as child
                where child.episode_nr = episode.episode_nr) as procedures,
            (select list(polUtforende order by nr, polUtforende) from landing.helseperson as child
                where child.episode_nr = episode.episode_nr) as personnel
        from stay_episode
        inner join episode using (episode_nr)
        inner join landing.episode as reported using (episode_nr)
        where stay_episode.stay_nr = $1
        order by stay_episode.start_order
        """,
        stay_nr,
    )
    unread = _unread(con, "episode", [episode["episode_id"] for episode in episodes])
    for episode in episodes:
        episode["merge_text"] = merge(episode["merge_reason"])
        episode["unread"] = [row for row in unread if row["id"] == episode["episode_id"]]
    return {
        "kind": "stay",
        **_with_municipality({name: stay[name] for name in STAY_COLUMNS}),
        "reported_drg": next(episode["reported_drg"] for episode in episodes if episode["is_main"]),
        "ledger": _ledger(con, "stay", stay["stay_id"]),
        "money": _money(con, "stay", stay["stay_id"]),
        "episodes": episodes,
        "pathway": _pathway_of(con, "stay", stay["stay_id"]),
        "services": [
            row["service_id"]
            for row in _rows(
                con,
                """
            select distinct service.service_id from service
            inner join service_candidate as candidate using (sector, stg, patient_id, period)
            where candidate.candidate_kind = 'episode' and candidate.candidate_id in (
                select episode_id from episode where episode_nr in (
                    select episode_nr from stay_episode where stay_nr = $1))
            order by service_id
            """,
                stay_nr,
            )
        ],
    }


def _service(con: duckdb.DuckDBPyConnection, service_id: str) -> Facts:
    (found,) = _rows(
        con,
        """
        select service.*, stg.name as stg_name, provider.hf_name
        from service
        inner join ref.stg as stg on stg.sector = service.sector and stg.stg = service.stg
        inner join provider on provider.hf_orgnr is not distinct from service.hf_orgnr
        where service_id = $1
        """,
        service_id,
    )
    service = _with_municipality(found)
    candidates = _rows(
        con,
        """
        select candidate_kind, candidate_id, period_date, institution_id, hf_orgnr
        from service_candidate
        where sector = $1 and stg = $2 and patient_id = $3 and period = $4
        order by first_s, institution_id nulls last, candidate_id, candidate_kind
        """,
        service["sector"],
        service["stg"],
        service["patient_id"],
        service["period"],
    )
    return {
        "kind": "service",
        **{
            key: service[key]
            for key in (
                "service_id",
                "patient_id",
                "sector",
                "stg",
                "stg_name",
                "period",
                "status",
                "winning_stg",
                "base_points",
                "hf_orgnr",
                "hf_name",
                "municipality_number",
                "residence_rhf_orgnr",
            )
        },
        "status_text": SERVICE[service["status"]],
        "ledger": _ledger(con, "service", service_id),
        "money": _money(con, "service", service_id),
        "candidates": candidates,
        "pathway": _pathway_of(con, "service", service_id),
    }


def _pathway(con: duckdb.DuckDBPyConnection, pathway_id: str) -> Facts:
    pathway = _rows(
        con,
        """
        select pathway.*, tfg.name as tfg_name, provider.hf_name
        from pathway
        inner join ref.tfg as tfg on tfg.sector = pathway.sector and tfg.tfg = pathway.tfg
        inner join provider on provider.hf_orgnr is not distinct from pathway.hf_orgnr
        where pathway_id = $1
        """,
        pathway_id,
    )[0]
    return {
        "kind": "pathway",
        **_with_municipality(pathway),
        "ledger": _ledger(con, "pathway", pathway_id),
        "money": _money(con, "pathway", pathway_id),
        "members": _rows(
            con,
            """
            select member.unit_type, member.unit_id, member.role, member.days_after_trigger,
                coalesce(stay.drg, service.stg) as group_code,
                -coalesce(zeroing.points, 0) as points_taken
            from pathway_member as member
            left join stay on stay.stay_nr = member.stay_nr
            left join service on member.unit_type = 'service' and service.service_id = member.unit_id
            left join pathway_zeroing as zeroing
                on zeroing.unit_type = member.unit_type and zeroing.unit_id = member.unit_id
            where member.pathway_id = $1
            order by coalesce(stay.start_s, service.first_s), member.unit_id
            """,
            pathway_id,
        ),
    }


def _region(con: duckdb.DuckDBPyConnection, region_id: str) -> list[Facts]:
    """The deduction of a region (§7.2.1), which is no unit's, with the numbers that it is made of; empty without."""
    found = _rows(
        con,
        """
        select deduction.*, region.rhf_name as region_name
        from regional_deduction as deduction
        inner join region on region.rhf_orgnr = deduction.residence_rhf_orgnr
        where deduction.residence_rhf_orgnr = $1
        """,
        region_id,
    )
    for row in found:
        row |= {
            "kind": "region",
            "region_id": region_id,
            "ledger": _ledger(con, "region", region_id),
            "money": _money(con, "region", region_id),
        }
        for line in row["ledger"]:
            line["arithmetic"] = norwegian.on_screen(arithmetic.regional(row))
    return found


def _quarantined(con: duckdb.DuckDBPyConnection, quarantine: str, condition: str, *values: Any) -> list[Facts]:
    """Quarantined rows in order, whole, with the reason in words and the further faults likewise."""
    rows = _rows(
        con,
        f"""
        select file, line, row_id, reason, column_name, value, further, row_content
        from {quarantine} where {condition}
        order by file, line
        """,
        *values,
    )
    for row in rows:
        faults = [fault.split(" ") for fault in (row["further"] or "").split(",") if fault]
        row |= {
            "reason_text": QUARANTINE[row["reason"]],
            "further": [{"reason": QUARANTINE[reason], "column_name": column} for reason, column in faults],
        }
    return rows


def _unread(con: duckdb.DuckDBPyConnection, file: str, ids: list[str]) -> list[Facts]:
    """The values of the rows that could not be read and count as missing, as they were delivered."""
    listed = ", ".join(f"${number}" for number in range(2, len(ids) + 2))
    return _rows(
        con,
        f"""
        select row_key as id, column_name, value from landing.unparsed
        where file = $1 and row_key in ({listed})
        order by line, column_name
        """,
        file,
        *ids,
    )


def _with_municipality(row: Facts) -> Facts:
    """The row with its municipality as four digits."""
    number = row["municipality_number"]
    return {**row, "municipality_number": None if number is None else f"{number:04d}"}


def _patient(con: duckdb.DuckDBPyConnection, patient_id: str, quarantine: str) -> Facts | None:
    units = _rows(
        con,
        """
        select 'stay' as unit_type, stay_id as unit_id, start_date as first_date, drg as group_code
        from stay where patient_id = $1
        union all
        select 'service', service_id, period_date, stg from service where patient_id = $1
        union all
        select 'pathway', pathway_id, null, tfg from pathway where patient_id = $1
        order by first_date nulls last, unit_type, unit_id
        """,
        patient_id,
    )
    sums: list[Facts] = []
    if units:
        # The ids as a list in the query: the scan of the ledger then reads only what can hold them.
        ids = ", ".join(f"${number}" for number in range(1, len(units) + 1))
        sums = _rows(
            con,
            f"select unit_type, unit_id, sum(points) as points from ledger where unit_id in ({ids}) group by all",
            *(unit["unit_id"] for unit in units),
        )
    points = {(row["unit_type"], row["unit_id"]): row["points"] for row in sums}
    for unit in units:
        unit["points"] = points.get((unit["unit_type"], unit["unit_id"]), Decimal(0))
    outside = _rows(
        con,
        """
        select 'episode' as what, episode_id as id, start_date as first_date, reason
        from episode where patient_id = $1 and reason not in ('included', 'reports_service')
        union all
        select 'hresept', dispensing_id, dispensing_date, reason
        from prescription where patient_id = $1 and reason not in ('included', 'missing_indication')
        order by first_date, id
        """,
        patient_id,
    )
    quarantined = _quarantined(con, quarantine, "patient_id = $1", patient_id)
    if not units and not outside and not quarantined:
        return None
    for row in outside:
        row["reason_text"] = REASON[row["reason"]]
    return {
        "kind": "patient",
        "patient_id": patient_id,
        "units": units,
        "points": sum((row["points"] for row in units), Decimal(0)),
        "not_counted": outside,
        "quarantined": [{name: value for name, value in row.items() if name != "row_content"} for row in quarantined],
    }


def _ledger(con: duckdb.DuckDBPyConnection, unit_type: str, unit_id: str) -> list[Facts]:
    """The unit's rows in the order they are computed, with parameters used and the running sum."""
    rows = _rows(
        con,
        """
        select ledger.rule, rule.paragraph, rule.title, ledger.points
        from ledger
        left join ref.rule as rule on rule.rule = ledger.rule
        where ledger.unit_type = $1 and ledger.unit_id = $2
        order by
            case ledger.kind when 'base' then 0 when 'zeroing' then 2 when 'taken_over' then 3 else 1 end,
            rule.position, ledger.rule
        """,
        unit_type,
        unit_id,
    )
    operands = of_unit(con, query("operand"), unit_type, unit_id)
    running = Decimal(0)
    for row in rows:
        mine = sorted((one for one in operands if one["rule"] == row["rule"]), key=lambda one: one["line"])
        row["arithmetic"] = norwegian.on_screen(arithmetic.line(mine))
        running += row["points"]
        row["running_sum"] = running
        row["parameters"] = _rows(
            con,
            """
            select parameter, string_agg(value, ', ' order by value) as value, bool_or(assumption) as assumption
            from ref.parameter
            where rule = $1 and kind <> 'code'
            group by parameter
            order by parameter
            """,
            row["rule"],
        )
    return rows


def _money(con: duckdb.DuckDBPyConnection, unit_type: str, unit_id: str) -> Facts | None:
    """What the unit is worth, who is paid and who has treated: a row of model `unit_money`; None without ledger."""
    return next(iter(of_unit(con, query("unit_money"), unit_type, unit_id)), None)


def _pathway_of(con: duckdb.DuckDBPyConnection, unit_type: str, unit_id: str) -> str | None:
    rows = _rows(con, "select pathway_id from pathway_member where unit_type = $1 and unit_id = $2", unit_type, unit_id)
    return rows[0]["pathway_id"] if rows else None


def _rows(con: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> list[Facts]:
    # Bound parameters make DuckDB import pandas, which takes longer than the whole answer; a quoted literal does not.
    literals = [str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'" for value in values]
    with of_this_version("isf explain"):
        cursor = con.execute(re.sub(r"\$([1-9]\d*)", lambda match: literals[int(match.group(1)) - 1], sql))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
