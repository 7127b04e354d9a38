"""Code registers that a user supplies."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.errors import InputRefused
from pipelines.quality import registers


def test_a_register_is_read_by_its_column_and_compared_as_codes_load(tmp_path):
    file = tmp_path / "icd.csv"
    file.write_text("navn;Kode\nHjerneinfarkt;i63.9\nAnnet;I63.9\nEssensiell;I10\n", encoding="utf-8")
    assert registers.take(file, tmp_path / "home", "icd10") == 2
    with duckdb.connect() as con:
        registers.fill(con, tmp_path / "home")
        assert con.execute("from register_code order by code").fetchall() == [("icd10", "I10"), ("icd10", "I639")]


def test_another_register_is_another_measurement(tmp_path):
    file = tmp_path / "atc.txt"
    file.write_text("L04AB01\n", encoding="utf-8")
    before = registers.sha256(tmp_path)
    registers.take(file, tmp_path, "atc")
    assert registers.sha256(tmp_path) != before


@pytest.mark.parametrize(("kind", "content", "told"), [("icd", b"I10", "is not a register"), ("icd10", b"", "no code"),
                                                       ("icd10", b"\xff\xfe", "UTF-8")])  # fmt: skip
def test_what_is_no_register_is_refused(tmp_path, kind, content, told):
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    with pytest.raises(InputRefused, match=told):
        registers.take(file, tmp_path / "home", kind)
