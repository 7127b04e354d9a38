"""The loader against the plain second implementation, on random deliveries full of faults."""

import copy
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.delivery import csv as load_csv
from pipelines.delivery import source as load_source
from pipelines.delivery.contract import TABLES
from tests.deliveries import csv_text, load, rows_of, write
from tests.size import size
from tests.unit import plain_loader
from tests.unit.test_load_formats import deliveries


def spoil(text: str, chance: random.Random) -> str:
    """Blank lines, lines of another length and odd quotes, here and there."""
    lines = text.split("\n")
    out = lines[:1]
    for line in lines[1:]:
        out += chance.choices([[], [""], ["a;b"], [line + ";"], ['x";y'], [" "], ['"a\n";']], [12, 1, 1, 1, 1, 1, 1])[0]
        out.append(line)
    return chance.choice(["\n", "\r\n"]).join(out)


@settings(max_examples=size(20, 200), deadline=None, suppress_health_check=list(HealthCheck))
@given(tables=deliveries(), seed=st.integers(0, 1 << 30), block=st.sampled_from([30, 8 << 20]))
def test_the_same_rows_are_loaded_and_quarantined(tmp_path_factory, tables, seed, block):
    chance = random.Random(seed)
    texts = {t: spoil(csv_text(rows), chance) for t, rows in copy.deepcopy(tables).items()}
    folder = write(tmp_path_factory.mktemp("plain"), texts)
    loaded, bad, unparsed = plain_loader.load(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load_csv, "BLOCK_BYTES", block)
        patch.setattr(load_source, "BLOCK_BYTES", block)
        con, _ = load(folder)
    kept = rows_of(con, "select file, line, reason, column_name from landing.quarantine")
    assert len(kept) == len(set(kept)) and set(kept) == bad
    assert set(rows_of(con, "select file, line, column_name from landing.unparsed")) == unparsed
    for table in TABLES:
        assert sorted(rows_of(con, f"select * from landing.{table.name}"), key=repr) == loaded[table.name]
