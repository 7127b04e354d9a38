"""`docs/published-tables.md`: the dictionary of the published tables, generated from the SQL headers.

`python -m pipelines.publication.dictionary` writes it anew. A header line reads `-- column name type: meaning, unit`.
"""

from pipelines.engine.models import SQL_FOLDER
from pipelines.errors import IsfError
from pipelines.publication.tables import TABLES, Table

PAGE = SQL_FOLDER.parent / "docs" / "published-tables.md"
_WORDS = {
    "VARCHAR": "text",
    "BIGINT": "whole number",
    "DECIMAL(18,3)": "decimal, 3 places",
    "DECIMAL(18,2)": "decimal, 2 places",
    "DECIMAL(9,4)": "decimal, 4 places",
}
_TOP = """# The published tables

Generated from the SQL files of the tables (`sql/70_settlement/`, `sql/publication/`) by `python -m pipelines.publication.dictionary`; do not edit by hand.

A settlement is a folder `published/<delivery>/`, for instance `published/2025-T1-2/`; a rerun with anything changed
becomes `published/<delivery>-r2/` and so on, and a rerun with nothing changed since the newest writes nothing. The
newest is what the warehouse holds: what is gone back to is published anew, as the next. Its files are read-only
and for everybody: small numbers are hidden ([disclosure](disclosure.md)). The ledger per unit (`poengposter`) lies in
`ledger/<name of the published folder>/` with a manifest of its own, for its owner alone; both appear together.

| file | what |
|---|---|
| `<table>.parquet` | every table below; sorted by its key, zstd, row groups of 122 880 rows |
| `<table>.csv` | the same values for Excel: `;`, UTF-8 with BOM, decimal comma, CRLF; an empty field is missing; text that a spreadsheet would take for a formula has a leading apostrophe |
| `oppgjor.xlsx` | the settlement to read: sums and the refund as formulas (points × price × share, to the øre as in the tables), a list of contents with links, what it is made from, and every table behind as an Excel table: Norwegian headings with the field name as a note, names beside numbers |
| `oppgjor.html` | the settlement to read, self-contained |
| `kontroller.html` | results of the expectations, where the run made them |
| `manifest.json` | input hashes, rule set with hash, program, options, rows per table, what is hidden, the hash of the ledger's manifest, SHA-256 of every file; `manifest_sha256` is the hash of all the rest of it |

`isf verify FOLDER` compares the files with the manifest, the CSV with the Parquet, and the sums of every level with
the ledger; of a folder that was copied without its ledger it says so and checks the rest.
"""  # noqa: E501
_PERSONAL = """Rows of single units; the ids of services and pathways contain the patient's pseudonym. The table is Parquet only, lies in
the ledger and not in the published folder, and must not be handed on: every hidden number can be computed from it.
"""  # noqa: E501
_SUPPRESSED = """Rows that rest on too few patients, and those that would reveal them, keep their key and lose {columns}
([disclosure](disclosure.md)). What is behind them stays in the warehouse.
"""


def section(spec: Table) -> str:
    """One table: what it is, its key and its columns. Raises IsfError if its file does not describe a column."""
    lines, rows = spec.model.header, []
    if missing := [
        column for column in spec.columns if not lines.get(f"column {column}") or spec.type_of(column) not in _WORDS
    ]:
        raise IsfError(
            f"{spec.model.stage}/{spec.name}.sql does not describe {', '.join(missing)}. "
            "Remedy: add `-- column name type: meaning, unit` to its header."
        )
    what = lines["what"].partition(", before small numbers")[0]
    for column in spec.columns:
        kind = ("key, " if column in spec.key else "") + _WORDS[spec.type_of(column)]
        rows.append(f"| `{column}` | {kind} | {_cell(lines[f'column {column}'])} |")
    grain = lines.get("grain", "").removeprefix("one row per ")
    parts = [
        f"## `{spec.name}`\n",
        f"{what[:1].upper()}{what[1:]}.\n",
        f"One row per {grain}. Source: {lines.get('source', '')}.\n",
        *([_SUPPRESSED.format(columns=", ".join(f"`{column}`" for column in spec.hides))] if spec.hides else []),
        *([_PERSONAL] if spec.personal else []),
        "\n".join(["| column | type | meaning |", "|---|---|---|", *rows]) + "\n",
    ]
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def render() -> str:
    """The whole page, Markdown."""
    return "\n".join([_TOP, *(section(spec) for spec in TABLES)])


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8", newline="\n")
