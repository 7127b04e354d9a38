"""docs/delivery.md names every table, column, kind and reason of the contract, as the contract has them."""

from pathlib import Path

from pipelines.delivery.contract import COLUMN, KIND_TYPE, REASONS, TABLES, VALUE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "delivery.md"
MARK = {VALUE: " ★", COLUMN: " ☆"}


def columns_table() -> str:
    """The table of columns as the page must show it."""
    lines = ["| table | column | kind |", "|---|---|---|"]
    for table in TABLES:
        title = f"`{table.name}`" + (" ★" if table.required else "")
        for column in table.columns:
            kind = column.kind
            if column.listed:
                kind += ": " + ", ".join(map(str, column.listed))
            if table.unique == column.name:
                kind += ", unique"
            lines.append(f"| {title} | `{column.name}`{MARK.get(column.need, '')} | {kind} |")
            title = ""
    return "\n".join(lines)


def test_the_columns_are_those_of_the_contract():
    text = PAGE.read_text(encoding="utf-8")
    shown = text.split("test_load_docs.py -->\n")[1].split("\n<!-- end of columns")[0]
    assert shown == columns_table()


def test_every_kind_and_reason_is_described():
    text = PAGE.read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    named = {part.strip().strip("`") for row in rows for part in row.split(",")}
    assert set(KIND_TYPE) | set(REASONS) <= named
