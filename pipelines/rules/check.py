"""Checks between the tables of a rule set: does everything that is named exist, and can it be computed?

Every function takes the typed rows (`tables`: name -> rows, each with its place `_at`) and adds to `faults`
one line per fault: place, value, remedy.
"""

import re
from collections import defaultdict

from pipelines.rules.shape import PARAMETER_TABLES, SECTORS

Tables = dict[str, list[dict]]


def check_all(tables: Tables, settings: dict, faults: list[str]) -> None:
    """Run every check. Rows with unreadable values are already faults; here they are skipped as None."""
    check_weights(tables, faults)
    check_groups_exist(tables, faults)
    check_replacements(tables, faults)
    check_parameters(tables, faults)
    check_rehab_days(tables, faults)
    check_services(tables, faults)
    check_pathways(tables, faults)
    check_regions(tables, faults)
    check_year(tables, settings, faults)
    check_day_surgery(tables, faults)


def _codes(tables: Tables, name: str, sector: str | None = None) -> set[str]:
    return {r[name] for r in tables[name] if sector in (None, r["sector"])}


def _must_exist(rows: list[dict], column: str, known: set[str], where: str, faults: list[str]) -> None:
    for row in rows:
        if row[column] is not None and row[column] not in known:
            faults.append(
                f"{row['_at']}: {column} '{row[column]}' is not in {where}. Add it there or correct the {column}."
            )


def check_weights(tables: Tables, faults: list[str]) -> None:
    """Weights, points of groups and days, and trim points are 0 or more; only rules deduct."""
    columns = {
        "drg": ("cost_weight", "base_points", "trim_point"),
        "stg": ("base_points",),
        "tfg": ("base_points",),
        "burn_weight": ("weight",),
        "rehab_day": ("points_per_day",),
    }
    for name, checked in columns.items():
        for row in tables[name]:
            for column in checked:
                if row[column] is not None and row[column] < 0:
                    faults.append(
                        f"{row['_at']}: {column} {row[column]} is below 0. Weights are 0 or more; correct it."
                    )


def check_groups_exist(tables: Tables, faults: list[str]) -> None:
    """Every DRG, STG and TFG that a table names is in the weight tables."""
    drg, stg, tfg = (_codes(tables, n) for n in ("drg", "stg", "tfg"))
    for sector in SECTORS:
        rows = [r for r in tables["drg_exception"] if r["sector"] == sector]
        _must_exist(rows, "drg", _codes(tables, "drg", sector), f"drg.csv, sector {sector}", faults)
        rows = [r for r in tables["stg_procedure"] if r["sector"] == sector]
        _must_exist(rows, "stg", _codes(tables, "stg", sector), f"stg.csv, sector {sector}", faults)
    for name in ("burn_weight", "rehab_day", "day_surgery_family", "weight_method"):
        _must_exist(tables[name], "drg", drg, "drg.csv", faults)
    for name in ("stg_medicine", "stg_exclusive_group"):
        _must_exist(tables[name], "stg", stg, "stg.csv", faults)
    for name in ("tfg_component", "tfg_exclusive_group"):
        _must_exist(tables[name], "tfg", tfg, "tfg.csv", faults)
    for kind, known in (("drg", drg), ("stg", stg)):
        rows = [r for r in tables["tfg_component"] if r["member_type"] == kind]
        _must_exist(rows, "code", known, f"{kind}.csv", faults)


def check_replacements(tables: Tables, faults: list[str]) -> None:
    """A DRG that stands for care outside ISF exists in its sector and gives 0 points (§ 7.20, § 8.5)."""
    for sector, column in (("SOM", "replacement_drg_som"), ("PHVTSB", "replacement_drg_phvtsb")):
        base = {r["drg"]: r["base_points"] for r in tables["drg"] if r["sector"] == sector}
        _must_exist(tables["non_isf_main_condition"], column, set(base), f"drg.csv, sector {sector}", faults)
        for row in tables["non_isf_main_condition"]:
            if base.get(row[column]):
                faults.append(
                    f"{row['_at']}: {column} '{row[column]}' has {base[row[column]]} base points. "
                    "Care outside ISF needs a DRG with 0 base points."
                )


def check_parameters(tables: Tables, faults: list[str]) -> None:
    """Codes in parameters are in the tables; lists that SQL compares with numbers hold numbers."""
    numeric = {
        "not_resident_municipality",
        "unknown_municipality",
        "service_contact_type",
        "place",
        "doctor_category",
        "first_end_weekday",
        "second_start_weekday",
    }
    for p in tables["parameter"]:
        target = PARAMETER_TABLES.get(p["parameter"])
        if target and p["value"] not in _codes(tables, target):
            faults.append(
                f"{p['_at']}: value '{p['value']}' is not in {target}.csv. Add it there or correct the parameter."
            )
        if p["parameter"] in numeric and p["number"] is None:
            faults.append(f"{p['_at']}: value '{p['value']}' is not a whole number. Write digits only.")
        if p["parameter"] == "haukeland_hf" and p["value"] not in {t["hf_orgnr"] for t in tables["trust"]}:
            faults.append(f"{p['_at']}: value '{p['value']}' is not in trust.csv. Add the trust or correct the number.")
    kinds = {p["kind"] for p in tables["parameter"] if p["rule"] == "7.2.1"}
    used = {p["value"] for p in tables["parameter"] if p["parameter"] in ("complex_drg", "simple_drg")}
    missing = used - {r["drg"] for r in tables["rehab_day"]} if kinds else set()
    for drg in sorted(missing):
        faults.append(f"rehab_day.csv: DRG '{drg}' of rule 7.2.1 has no day points. Add its rows from day 0.")


def check_rehab_days(tables: Tables, faults: list[str]) -> None:
    """The day points of a DRG cover every day from 0 once, the last row being open (§ 7.2.1)."""
    by_drg = defaultdict(list)
    for row in tables["rehab_day"]:
        if row["from_day"] is not None:
            by_drg[row["drg"]].append(row)
    for drg, rows in by_drg.items():
        expected: int | None = 0
        for row in sorted(rows, key=lambda r: r["from_day"]):
            if row["from_day"] != expected:
                faults.append(
                    f"{row['_at']}: from_day {row['from_day']} where DRG {drg} continues with day "
                    f"{expected}. Let the days follow each other from 0."
                )
            if row["to_day"] is not None and row["to_day"] < row["from_day"]:
                faults.append(f"{row['_at']}: to_day {row['to_day']} is before from_day. Correct it.")
            expected = None if row["to_day"] is None else row["to_day"] + 1
        if expected is not None:
            faults.append(
                f"{rows[-1]['_at']}: the last days of DRG {drg} end at {expected - 1}. "
                "Leave to_day of the last row empty."
            )


def check_services(tables: Tables, faults: list[str]) -> None:
    """Every STG has a period; HDG is a number or `*`; positions are unique."""
    for row in tables["stg"]:
        if row["stg"] and period_of(tables, row["stg"]) is None:
            faults.append(
                f"{row['_at']}: no pattern of stg_period.csv fits STG '{row['stg']}'. "
                "Add one, or a last row with pattern *."
            )
    for row in tables["stg_procedure"]:
        if not re.fullmatch(r"\d+|\*", row["hdg"] or "*"):
            faults.append(f"{row['_at']}: hdg '{row['hdg']}' is neither a number nor *. Correct it.")
    seen: dict[int, str] = {}
    for row in tables["stg_period"]:
        if row["position"] in seen:
            faults.append(
                f"{row['_at']}: position {row['position']} is already used in "
                f"{seen[row['position']]}. "
                "Give each pattern its own position; the lowest that fits is used."
            )
        seen[row["position"]] = row["_at"]


def period_of(tables: Tables, stg: str) -> str | None:
    """The period of an STG: the first pattern that fits, `?` any one letter, `*` anything."""
    for row in sorted(tables["stg_period"], key=lambda r: r["position"] or 0):
        pattern = re.escape(row["stg_pattern"] or "").replace(r"\?", "[A-Z]").replace(r"\*", ".*")
        if re.fullmatch(pattern, stg):
            return row["period"]
    return None


def check_pathways(tables: Tables, faults: list[str]) -> None:
    """At most one pathway can take the points of a stay or service; one with points can be formed."""
    groups = defaultdict(set)
    for row in tables["tfg_exclusive_group"]:
        groups[row["tfg"]].add(row["exclusive_group"])
    points = {r["tfg"]: r["base_points"] or 0 for r in tables["tfg"]}
    by_tfg, by_member = defaultdict(list), defaultdict(list)
    for row in tables["tfg_component"]:
        by_tfg[row["tfg"]].append(row)
        if points.get(row["tfg"], 0) > 0:
            by_member[row["member_type"], row["code"]].append(row)
        if row["role"] == "trigger" and (row["period"] != "per_trigger" or row["member_type"] != "drg"):
            faults.append(f"{row['_at']}: a trigger must be a drg in a per_trigger pathway. Correct the row.")
        if row["period"] == "per_trigger" and row["member_type"] == "stg":
            faults.append(f"{row['_at']}: a per_trigger pathway has only DRGs as members. Correct the row.")
        if row["period"] == "month" and row["member_type"] == "stg" and row["code"]:
            period = period_of(tables, row["code"])
            if period != "month":
                faults.append(
                    f"{row['_at']}: STG '{row['code']}' counts per {period}, the pathway "
                    f"{row['tfg']} per month. Give the STG a monthly period in stg_period.csv."
                )
    for (kind, code), rows in by_member.items():
        kinds = {_pathway_kind(row, groups) for row in rows}
        pathways = sorted({row["tfg"] for row in rows})
        alone = len(pathways) > 1 and kinds & {("year",), ("month",)}
        if len(kinds) > 1 or alone:
            faults.append(
                f"{rows[-1]['_at']}: {kind} '{code}' is in the pathways {', '.join(pathways)}, "
                "which would each take its points. Keep it in one, or make them exclusive."
            )
    for row in tables["tfg"]:
        rows = by_tfg.get(row["tfg"], [])
        if (row["base_points"] or 0) > 0 and not rows:
            faults.append(
                f"{row['_at']}: pathway '{row['tfg']}' has points but no row in tfg_component.csv. "
                "Add its members, or set base_points to 0."
            )
        if len({r["period"] for r in rows}) > 1:
            faults.append(f"{rows[-1]['_at']}: pathway '{row['tfg']}' has more than one period. Use one.")
        if rows and rows[0]["period"] == "per_trigger" and not any(r["role"] == "trigger" for r in rows):
            faults.append(f"{rows[-1]['_at']}: pathway '{row['tfg']}' has no trigger. Add a row with role trigger.")


def _pathway_kind(row: dict, groups: dict[str, set[str]]) -> tuple:
    return ("exclusive", *sorted(groups[row["tfg"]])) if groups.get(row["tfg"]) else (row["period"],)


def check_regions(tables: Tables, faults: list[str]) -> None:
    """Trusts and municipalities name the same RHFs, each with one name; their numbers have 9 digits."""
    names, municipal = defaultdict(set), {r["rhf_orgnr"] for r in tables["municipality"]}
    for row in tables["trust"]:
        names[row["rhf_orgnr"]].add(row["rhf_name"])
        for column in ("hf_orgnr", "rhf_orgnr"):
            if row[column] and not re.fullmatch(r"\d{9}", row[column]):
                faults.append(
                    f"{row['_at']}: {column} '{row[column]}' is not an organisation number of 9 digits. Correct it."
                )
        if len(names[row["rhf_orgnr"]]) == 2 and row["rhf_name"] not in (None, ""):
            faults.append(
                f"{row['_at']}: RHF {row['rhf_orgnr']} has several names: "
                f"{', '.join(sorted(n or '' for n in names[row['rhf_orgnr']]))}. Use one."
            )
    _must_exist(tables["municipality"], "rhf_orgnr", set(names), "trust.csv (rhf_orgnr)", faults)
    _must_exist(tables["trust"], "rhf_orgnr", municipal, "municipality.csv", faults)


def check_year(tables: Tables, settings: dict, faults: list[str]) -> None:
    """A price per sector, three tertials, and periods that lie in the activity year."""
    for sector in SECTORS:
        if sector not in {r["sector"] for r in tables["unit_price"]}:
            faults.append(f"unit_price.csv: sector {sector} has no price. Add its row.")
    if sorted(r["tertial"] or 0 for r in tables["delivery_period"]) != [1, 2, 3]:
        faults.append("delivery_period.csv: the tertials must be 1, 2 and 3. Give one row for each.")
    for row in tables["delivery_period"]:
        for column in ("period_from", "period_to"):
            if row[column] and row[column].year != settings.get("activity_year"):
                faults.append(
                    f"{row['_at']}: {column} {row[column]} is not in the activity year "
                    f"{settings.get('activity_year')}. Give the periods of the year."
                )


def check_day_surgery(tables: Tables, faults: list[str]) -> None:
    """A DRG is in one family, and a family has one anchor of each role (§ 7.16)."""
    seen: dict[str, str] = {}
    anchors: dict[str, list[str]] = defaultdict(list)
    for row in tables["day_surgery_family"]:
        if row["drg"] in seen and seen[row["drg"]] != row["family"]:
            faults.append(f"{row['_at']}: DRG '{row['drg']}' is already in family {seen[row['drg']]}. Keep it in one.")
        seen[row["drg"]] = row["family"]
        anchors[row["family"]] += [row["role"]] if row["anchor"] and row["role"] else []
    for family, roles in anchors.items():
        if sorted(roles) != ["day", "inpatient"]:
            faults.append(
                f"day_surgery_family.csv: family {family} has the anchors {sorted(roles)}. "
                "Mark one inpatient and one day DRG."
            )
