"""A ledger row as a line of arithmetic, and points as kroner, in Norwegian: pure.

Every number comes from the models `operand` and `unit_money`; nothing is computed here. The lines can be read by a
calculator: what stands between the signs makes what stands behind the last `=`.
"""

from decimal import Decimal
from typing import Any

from pipelines.publication import norwegian

Facts = dict[str, Any]
_GROUP = {"drg_base": "basispoeng for DRG", "stg_base": "basispoeng for STG", "tfg_base": "basispoeng for TFG"}


def line(operands: list[Facts]) -> str:
    """How a row's points come about; empty for a row that only says something.

    `operands`: the rows of model `operand` of one ledger row, in order.
    """
    first = operands[0]
    points = norwegian.points(first["points"])
    if first["form"] == "days":
        lines = [_days(row) for row in operands]
        return lines[0] if len(lines) == 1 else f"{'; '.join(lines)}; til sammen {points}"
    if first["form"] == "weight":
        return f"{_GROUP.get(first['rule'], 'poeng for')} {first['group_code']} = {points}"
    if first["form"] == "difference":
        own, base = norwegian.points(first["weight"]), norwegian.points(first["summands"][0])
        return f"vekt for brannskade {own} − basispoeng {base} = {points}"
    if first["form"] == "returned":
        return f"−({_sum(first['summands'] or [])}) = {points}"
    if first["form"] == "note":
        return ""
    return f"{'fast fradrag' if first['points'] < 0 else 'fast tillegg'} = {points}"


def _days(row: Facts) -> str:
    """`64 døgn − 33 − 10 = 21 døgn × 0,090 = 1,890`; where a rule counts fewer days it says so."""
    less = "".join(f" − {days}" for days in row["subtracted"] if days)
    text = f"{row['days']} døgn"
    if less:
        text += f"{less} = {row['remaining_days']} døgn"
    if row["counted_days"] != row["remaining_days"]:
        text += f", høyst {row['counted_days']} døgn"
    return f"{text} × {norwegian.points(row['points_each'])} = {norwegian.points(row['line_points'])}"


def _sum(points: list[Decimal]) -> str:
    """`1,782 + 0,090 − 0,100`."""
    text = norwegian.points(points[0]) if points else norwegian.points(Decimal(0))
    for value in points[1:]:
        text += f" {'−' if value < 0 else '+'} {norwegian.points(abs(value))}"
    return text


def money(facts: Facts) -> str:
    """`9,906 poeng × 54 412,00 kr × 0,30 = 161 703,58 kr`; without the share where the price contains it."""
    share = f" × {norwegian.number(facts['isf_share'], 2)}" if facts["isf_share"] != 1 else ""
    return (
        f"{norwegian.points(facts['points'])} poeng × {norwegian.money(facts['unit_price_nok'])} kr{share}"
        f" = {norwegian.money(facts['refund_nok'])} kr"
    )


def paid_to(facts: Facts) -> str:
    """Who is paid for the unit: the region responsible for the patient, by name."""
    return f"{facts['residence_rhf_name']} ({facts['residence_rhf_orgnr']})"


def treated_by(facts: Facts) -> str:
    """Who has treated, and who owns it, by name; an unknown one has its number in the name."""
    name, number = facts["hf_name"], facts["hf_orgnr"] or ""
    text = name if number in name else f"{name} ({number})"
    owner = facts["owner_name"]
    return f"{text}, {owner}" if owner and owner != name else text
