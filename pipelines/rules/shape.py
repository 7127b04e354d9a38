"""What a rule set consists of: its tables, their columns and keys, and the parameters of its rules.

Only the shape is here. Every weight, code and limit is data under `reference_data/`.

A column's kind is one of: text, code (upper case text), int, points (3 decimals), money (2), share (4), date,
flag (0 or 1), or the allowed words as `a|b|c`. A kind ending in `?` may be empty (null in the database).
"""

from dataclasses import dataclass

SECTORS = ("SOM", "PHVTSB")
_SECTOR = "|".join(SECTORS)


@dataclass(frozen=True)
class Table:
    """One table of a rule set: `<name>.csv`, loaded as `ref.<name>`."""

    key: tuple[str, ...]
    columns: dict[str, str]


TABLES: dict[str, Table] = {
    "drg": Table(
        ("sector", "drg"),
        {
            "sector": _SECTOR,
            "drg": "code",
            "hdg": "int?",
            "name": "text",
            "cost_weight": "points",
            "base_points": "points",
            "trim_point": "int?",
            "drg_type": "text?",
        },
    ),
    "stg": Table(
        ("sector", "stg"),
        {"sector": _SECTOR, "stg": "code", "hdg": "int?", "name": "text", "base_points": "points"},
    ),
    "tfg": Table(
        ("sector", "tfg"),
        {"sector": _SECTOR, "tfg": "code", "hdg": "int?", "name": "text", "base_points": "points"},
    ),
    "tfg_component": Table(
        ("tfg", "role", "member_type", "code", "main_condition_prefix"),
        {
            "tfg": "code",
            "period": "year|month|per_trigger",
            "role": "member|trigger",
            "member_type": "drg|stg",
            "code": "code",
            "main_condition_prefix": "code?",
            "min_days_after_trigger": "int?",
            "max_days_after_trigger": "int?",
            "note": "text?",
        },
    ),
    "tfg_exclusive_group": Table(("exclusive_group", "tfg"), {"exclusive_group": "text", "tfg": "code"}),
    "stg_procedure": Table(
        ("procedure", "sector", "hdg", "age_group"),
        {
            "procedure": "code",
            "sector": _SECTOR,
            "hdg": "code",
            "age_group": "child|adult|*",
            "stg": "code",
            "basis": "text?",
        },
    ),
    "stg_medicine": Table(
        ("priority",),
        {"priority": "int", "stg": "code", "atc_prefix": "code", "icd10_prefix": "code", "note": "text?"},
    ),
    "stg_period": Table(
        ("stg_pattern",),
        {"position": "int", "stg_pattern": "code", "period": "year|tertial|month", "basis": "text?"},
    ),
    "stg_exclusive_group": Table(("exclusive_group", "stg"), {"exclusive_group": "text", "stg": "code"}),
    "drg_exception": Table(
        ("kind", "sector", "drg"),
        {"kind": "aggregation|ambulatory|copayment", "sector": _SECTOR, "drg": "code", "basis": "text?"},
    ),
    "rehab_day": Table(
        ("drg", "from_day"), {"drg": "code", "from_day": "int", "to_day": "int?", "points_per_day": "points"}
    ),
    "burn_weight": Table(("drg",), {"drg": "code", "name": "text?", "weight": "points"}),
    "non_isf_main_condition": Table(
        ("icd10",),
        {"icd10": "code", "label": "text?", "replacement_drg_som": "code", "replacement_drg_phvtsb": "code"},
    ),
    "organ_donation_code": Table(("code",), {"code": "code", "label": "text?"}),
    "trust": Table(
        ("hf_orgnr",),
        {
            "hf_orgnr": "text",
            "hf_name": "text",
            "hf_type": "text",
            "rhf_orgnr": "text",
            "rhf_name": "text",
            "published_points_somatikk": "points?",
            "published_points_phvtsb": "points?",
            "hf_class": "text?",
        },
    ),
    "municipality": Table(
        ("municipality_number",),
        {"municipality_number": "int", "name": "text", "county": "text?", "rhf_orgnr": "text"},
    ),
    "debitor": Table(("code",), {"code": "int", "label": "text", "isf_counts": "flag", "basis": "text?"}),
    "personnel": Table(("code",), {"code": "int", "label": "text", "isf_eligible": "flag", "basis": "text?"}),
    "code": Table(("field", "code"), {"field": "text", "code": "text", "label": "text"}),
    "unit_price": Table(
        ("sector",), {"sector": _SECTOR, "unit_price_nok": "money", "isf_share": "share", "source": "text?"}
    ),
    "delivery_period": Table(
        ("tertial",),
        {
            "tertial": "int",
            "period_from": "date",
            "period_to": "date",
            "first_delivery_due": "date?",
            "final_delivery_due": "date?",
        },
    ),
    "day_surgery_family": Table(
        ("family", "drg"), {"family": "text", "drg": "code", "role": "inpatient|day", "anchor": "flag"}
    ),
    "weight_method": Table(
        ("sector", "drg"),
        {
            "sector": _SECTOR,
            "drg": "code",
            "method": "mean|short_stay|supplement|given",
            "class": "text?",
            "rule": "text?",
            "basis": "text?",
        },
    ),
}

DECIMALS = {"points": 3, "money": 2, "share": 4}
SQL_TYPES = {"points": (18, 3), "money": (18, 2), "share": (9, 4)}

RULE_STATUS = ("computed", "data", "not_computable")
PARAMETER_KINDS = ("points", "number", "code", "list")
