"""The dictionary of the published tables says what the SQL headers say, for every column of the contract."""

from __future__ import annotations

from dataclasses import replace

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
        for column in spec.columns:
            assert f"| `{column}` |" in page


def test_a_column_without_description_is_an_error():
    spec = table("grunnlag")
    header = {key: text for key, text in spec.model.header.items() if key not in ("column arsak", "type antall")}
    undescribed = replace(spec, model=replace(spec.model, header=header))
    with pytest.raises(IsfError, match=r"grunnlag\.sql does not describe arsak, antall"):
        dictionary.section(undescribed)
