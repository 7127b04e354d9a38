"""Tables on the screen: the row account of a delivery and the settlement per region and trust, in Norwegian."""

from decimal import Decimal

import duckdb

from pipelines.delivery import expected
from pipelines.engine.workspace import only_row
from pipelines.publication import norwegian, words


def settlement_text(con: duckdb.DuckDBPyConnection) -> str:
    """Row account, settlement per region and per trust of a warehouse, as text."""
    delivery, ruleset, status = only_row(
        con, "select delivery, ruleset, status from landing.delivery cross join ref.ruleset"
    )
    draft = " (UTKAST, ikke til utbetaling)" if status == "draft" else ""
    return "\n\n".join(
        [
            f"ISF-oppgjør {delivery}, regelsett {ruleset}{draft}",
            account_text(con),
            "Per RHF (sørge-for-ansvar)\n"
            + table(
                ["RHF", "sektor", "opphold", "særtj.", "forløp", "ISF-poeng", "refusjon kr", "à konto kr", "saldo kr"],
                con.execute(
                    """
                    select rhf, sektor, antall_opphold, antall_sertjenester, antall_forlop, isf_poeng, refusjon_kr,
                        akonto_kr, saldo_kr
                    from oppgjor_rhf order by sektor desc, rhf, rhf_orgnr
                    """
                ).fetchall(),
            ),
            "Per HF (behandlende)\n"
            + table(
                ["HF", "sektor", "opphold", "særtj.", "forløp", "ISF-poeng", "refusjon kr"],
                con.execute(
                    """
                    select hf, sektor, antall_opphold, antall_sertjenester, antall_forlop, isf_poeng, refusjon_kr
                    from oppgjor_hf
                    where antall_opphold + antall_sertjenester + antall_forlop > 0
                    order by sektor desc, isf_poeng desc, hf_orgnr
                    """
                ).fetchall(),
            ),
        ]
    )


def account_text(con: duckdb.DuckDBPyConnection) -> str:
    """Rows in, loaded and quarantined per file; reasons of quarantine and values read as missing, each with the first
    line and what is expected there, and without what stands there (docs/safety.md); columns left out."""
    account = con.execute(
        "select file, rows_in, rows_loaded, rows_quarantined, format from landing.row_account order by file"
    ).fetchall()
    formats = {file: form for file, *_, form in account}
    lines = ["Rader i leveransen", table(["fil", "rader inn", "lastet", "karantene"], [row[:4] for row in account])]
    faults = []
    for file, reason, column, number, line in con.execute(
        """
        select file, reason, column_name, count(*), min(line) from landing.quarantine
        group by 1, 2, 3 order by 1, 2, 3 nulls first
        """
    ).fetchall():
        named = f"{reason}, kolonne {column or '–'}"
        faults.append(f"  karantene i {file}: {_cell(number)} rader, {words.quarantine(reason)} ({named})")
        faults.append(_first(file, formats, line, expected.of_row(file, reason, column)))
    for file, column, number, line in con.execute(
        "select file, column_name, count(*), min(line) from landing.unparsed group by 1, 2 order by 1, 2"
    ).fetchall():
        faults.append(f"  lest som manglende i {file}: {_cell(number)} verdier i {column} kunne ikke tolkes")
        faults.append(_first(file, formats, line, expected.of_value(file, column)))
    if faults:
        faults.append("  Verdiene vises ikke her: de står i fila, på linja eller raden som er nevnt.")
        faults.append("  Formene står i docs/delivery.md, del 2 og 3.")
    lines += faults
    for file, column in con.execute("select file, column_name from landing.unknown_column order by 1, 2").fetchall():
        lines.append(f"  holdt utenfor: {file} har ukjent kolonne {column}")
    return "\n".join(lines)


def _first(file: str, formats: dict[str, str], line: int, wanted: str) -> str:
    """Where the first of several faults is, and what is expected there. A row of Parquet has a number, no line."""
    if file not in formats:  # leveranse.json
        return f"    {wanted}"
    place = "rad" if formats[file] == "parquet" else "linje"
    return f"    første gang på {place} {line} i {file}.{formats[file]}: {wanted}"


def _cell(value: object) -> str:
    if isinstance(value, Decimal | int):
        return norwegian.on_screen(norwegian.exact(value))
    return words.sector_short(str(value))


def table(head: list[str], rows: list[tuple]) -> str:
    """A table for the screen: numbers in Norwegian and to the right, sectors in words."""
    cells = [[_cell(value) for value in row] for row in rows]
    is_number = [bool(rows) and isinstance(value, int | Decimal) for value in (rows[0] if rows else head)]
    widths = [max(len(line[i]) for line in [head, *cells]) for i in range(len(head))]
    lines = []
    for line in [head, ["─" * width for width in widths], *cells]:
        lines.append(
            "  ".join(
                text.rjust(width) if number else text.ljust(width)
                for text, width, number in zip(line, widths, is_number, strict=True)
            ).rstrip()
        )
    return "\n".join(lines)
