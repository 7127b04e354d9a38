"""The allocation as text for the terminal and the workbook's first sheet, in Norwegian."""

from decimal import Decimal

from pipelines.publication import norwegian
from pipelines.publication.result import ResultTable
from pipelines.publication.workbook import Sum
from pipelines.rbf.scheme import Scheme

MILLION = Decimal(1_000_000)


def table(tables: list[ResultTable], name: str) -> list[dict]:
    """The rows of a table as dicts; empty where the result has no such table."""
    return next((one.rows.dicts() for one in tables if one.name == name and one.rows), [])


def by_indicator(rows: list[dict], scheme: Scheme) -> list[tuple[str, str, list[dict]]]:
    """Short name, title and rows of each indicator that has rows, in the scheme's order; rows by name of region or
    trust."""
    found = []
    for entry in scheme.tables["indicator"]:
        own = [row for row in rows if row["indikator"] == entry["indicator"]]
        own.sort(key=lambda row: norwegian.alphabetical(row.get("hf") or row["rhf"]))
        if own:
            found.append((entry["indicator"], entry["title"], own))
    return found


def million(value: Decimal) -> str:
    """Kroner in millions with one decimal."""
    return norwegian.number(norwegian.rounded(value / MILLION, 1), 1)


def signed_million(value: Decimal) -> str:
    """A change in millions, with its sign."""
    text = million(value)
    return text if value < 0 else f"+{text}"


def headline(tables: list[ResultTable], scheme: Scheme) -> str:
    """The answer in one sentence: who gets most more, and who most less, than the basis grants give."""
    rows = sorted(table(tables, "rbf_rhf"), key=lambda row: (row["differanse_kr"], row["rhf_orgnr"]))
    least, most = rows[0], rows[-1]
    return (
        f"{million(scheme.total_nok)} millioner kroner fordeles etter resultater: {most['rhf']} får"
        f" {signed_million(most['differanse_kr'])} og {least['rhf']} {signed_million(least['differanse_kr'])} millioner"
        " mot en fordeling etter basisbevilgningene."
    )


def basis_of(deliveries: list[str]) -> str:
    """What the allocation is computed from."""
    if len(deliveries) == 1:
        return f"leveranse {deliveries[0]}"
    return f"foreløpig: leveranse {deliveries[0]}; endelig: leveranse {deliveries[1]}"


def allocation(tables: list[ResultTable], scheme: Scheme, deliveries: list[str]) -> str:
    """What `isf rbf` prints."""
    lines = [f"Resultatbasert finansiering {scheme.year} ({basis_of(deliveries)})", "", headline(tables, scheme), ""]
    lines.append(f"{'RHF':<24}{'basis, mill.':>14}{'RBF, mill.':>14}{'differanse':>14}")
    for row in table(tables, "rbf_rhf"):
        lines.append(
            f"{row['rhf']:<24}{million(row['basis_kr']):>14}{million(row['belop_kr']):>14}"
            f"{signed_million(row['differanse_kr']):>14}"
        )
    lines += ["", f"{'Indikator':<60}{'RHF':<24}{'oppnådd':>10}{'mål':>8}{'kr':>18}"]
    for _, title, rows in by_indicator(table(tables, "rbf_fordeling"), scheme):
        for number, row in enumerate(rows):
            lines.append(
                f"{'' if number else title[:58]:<60}{row['rhf']:<24}{norwegian.percent(row['oppnaelse'], 1, 2):>10}"
                f"{norwegian.percent(row['maltall'], 1, 0):>8}{norwegian.money(row['belop_kr']):>18}"
            )
    return "\n".join(lines)


def summary(tables: list[ResultTable], scheme: Scheme, deliveries: list[str]) -> list[tuple[str, object]]:
    """Label and value for the workbook's first sheet."""
    rows: list[tuple[str, object]] = [
        ("Svaret", headline(tables, scheme)),
        ("Beregnet fra", basis_of(deliveries)),
        ("Kilde", scheme.source),
        ("Å fordele, kr", scheme.total_nok),
    ]
    regions = table(tables, "rbf_rhf")
    rows += [(f"{row['rhf']}, kr", _sum(row["belop_kr"], rhf=row["rhf"])) for row in regions]
    rows.append(("Fordelt i alt, kr", _sum(sum((row["belop_kr"] for row in regions), Decimal(0)))))
    return rows + [("Forutsetning", _assumption(one)) for one in scheme.assumptions]


def _assumption(one: dict[str, str]) -> str:
    """What was assumed, with its number; a choice of method is told by the text."""
    value = one["value"].replace(".", ",")
    return f"{one['text_no']} ({value})" if value[:1].isdigit() else one["text_no"]


def _sum(value: Decimal, **where: str) -> Sum:
    """Kroner that are allocated, as a sum of the table."""
    return Sum(value, "rbf_rhf", "belop_kr", where)
