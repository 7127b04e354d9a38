"""Sums over the published tables. Money is summed from points, not from rounded rows (§3.11)."""

from decimal import Decimal

from pipelines.publication.norwegian import rounded
from pipelines.publication.words import SECTORS

ZERO = Decimal(0)
SUMMED = (
    "antall_opphold", "antall_sertjenester", "antall_forlop",
    "poeng_opphold", "poeng_sertjenester", "poeng_forlop",
    "trekk_kompleks_rehab", "isf_poeng",
)  # fmt: skip


def rates(rhf: list[dict]) -> dict[str, Decimal]:
    """Kroner per point of each sector: unit price × ISF share."""
    return {row["sektor"]: row["enhetspris"] * row["isf_andel"] for row in rhf}


def total(rows: list[dict], rate: dict[str, Decimal]) -> dict:
    """The sums of settlement rows (of one or both sectors). Kroner: `refusjon_kr` and, where the rows have advances,
    `akonto_kr` and `saldo_kr`, rounded once. `isf_poeng` is None over both sectors: their points are not comparable."""
    sums: dict = {name: sum((r[name] for r in rows), ZERO) for name in SUMMED if not rows or name in rows[0]}
    exact = sum((row["isf_poeng"] * rate[row["sektor"]] for row in rows), ZERO)
    sums["refusjon_kr"] = rounded(exact, 2)
    if rows and "akonto_kr" in rows[0]:
        paid = sum((row["akonto_kr"] for row in rows), ZERO)
        sums["akonto_kr"] = rounded(paid, 2)
        sums["saldo_kr"] = rounded(exact - paid, 2)
    return sums


def sectors_of(rows: list[dict]) -> list[str]:
    """The sectors that occur, somatic care first."""
    found = {row["sektor"] for row in rows}
    return [s for s in SECTORS if s in found] + sorted(found - set(SECTORS))


def sector_totals(rhf: list[dict]) -> list[dict]:
    """One total per sector with `sektor`, then the national one with `sektor` None."""
    rate = rates(rhf)
    found = [{"sektor": s, **total([r for r in rhf if r["sektor"] == s], rate)} for s in sectors_of(rhf)]
    nation = {"sektor": None, "akonto_kr": ZERO, "saldo_kr": ZERO, **total(rhf, rate)}
    return [*found, {**nation, "isf_poeng": None}]
