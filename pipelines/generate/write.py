"""Delivery files: Parquet or CSV, written as the chunks arrive, and `leveranse.json` with rows and hashes."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv as pc
import pyarrow.parquet as pq

ROWS_PER_GROUP = 122_880
_QUOTED = {"enhet"}  # free text; everywhere else a code or a number cannot need quotes


class TableFile:
    """One file of a delivery. `append` in the order of the rows; `close` gives rows and sha256."""

    def __init__(self, path: Path):
        self.path = path
        self.rows = 0
        self._writer: pq.ParquetWriter | pc.CSVWriter | None = None

    def append(self, table: pa.Table) -> None:
        if self._writer is None:
            self._writer = self._open(table.schema)
        self.rows += table.num_rows
        if isinstance(self._writer, pq.ParquetWriter):
            self._writer.write_table(table, row_group_size=ROWS_PER_GROUP)
        else:
            self._writer.write_table(_as_text(table))

    def _open(self, schema: pa.Schema) -> "pq.ParquetWriter | pc.CSVWriter":
        if self.path.suffix == ".parquet":
            return pq.ParquetWriter(self.path, schema, compression="zstd", compression_level=1)
        quoting = "needed" if self.path.stem in _QUOTED else "none"
        options = pc.WriteOptions(delimiter=";", quoting_style=quoting, quoting_header="none", batch_size=65536)
        return pc.CSVWriter(self.path, _text_schema(schema), write_options=options)

    def close(self) -> dict:
        if self._writer is not None:
            self._writer.close()
        digest = hashlib.sha256()
        with self.path.open("rb") as file:
            while block := file.read(1 << 22):
                digest.update(block)
        return {"rows": self.rows, "sha256": digest.hexdigest()}


def _text_schema(schema: pa.Schema) -> pa.Schema:
    fields = [pa.field(f.name, pa.string()) if pa.types.is_timestamp(f.type) else f for f in schema]
    return pa.schema(fields)


def _as_text(table: pa.Table) -> pa.Table:
    """Times as `YYYY-MM-DDTHH:MM`, the contract's form."""
    for i, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            text = compute.strftime(table.column(i), format="%Y-%m-%dT%H:%M")
            text = compute.utf8_slice_codeunits(text, 0, 16)
            table = table.set_column(i, pa.field(field.name, pa.string()), text)
    return table


def write_header(folder: Path, numbers: dict[str, Any], files: dict[str, dict]) -> None:
    """`leveranse.json`; `produced` is the day the delivery was due, never the clock's."""
    content = {
        **{key: numbers[key] for key in ("year", "tertial", "delivery")},
        "produced": numbers["produced"].isoformat(),
        "files": files,
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    (folder / "leveranse.json").write_text(text, encoding="utf-8")
