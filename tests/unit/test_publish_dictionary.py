"""The dictionary of the published tables says what the SQL headers say, for every column of the contract."""

from __future__ import annotations

import pytest

from pipelines.errors import IsfError
from pipelines.publication import dictionary
from pipelines.publication.tables import TABLES, table


def test_the_page_in_docs_is_the_generated_one():
    current = dictionary.PAGE.read_text(encoding="utf-8")
    assert current == dictionary.render(), "run python -m pipelines.publication.dictionary"


def test_every_column_is_described():
    page = dictionary.render()
    for spec in TABLES:
        assert f"## `{spec.name}`" in page
        for column in spec.all_columns:
            assert f"| `{column}` |" in page


def test_a_column_without_description_is_an_error(tmp_path):
    (tmp_path / "70").mkdir()
    (tmp_path / "70" / "grunnlag.sql").write_text("-- what: x\n-- column steg: the step\nselect 1\n")
    with pytest.raises(IsfError, match="does not describe arsak, sektor, antall"):
        dictionary.header(table("grunnlag"), tmp_path)
