"""What the engine reads from the text of a model."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.engine.models import columns_of, tables_read


def test_the_columns_are_those_of_the_last_select_and_of_a_union_the_first_ones():
    assert columns_of("with x as (select 1 as b) select x.b, 2 * b as twice from x") == ("b", "twice")
    assert columns_of("select 1 as b union all select 2 as c union all select 3 as d") == ("b",)


@pytest.mark.parametrize(
    ("select", "number"), [("*", 1), ("a, t.*", 2), ("a, count(*)", 2), ("a, a + 1", 2), ("1", 1), ("a, case a end", 0)]
)
def test_a_column_without_a_name_is_refused_with_its_number(select, number):
    told = f"does not name column {number}" if number else "syntax error"
    with pytest.raises(ValueError, match=told):
        columns_of(f"select {select} from t")


def test_models_may_be_read_in_several_threads_at_once():
    texts = [f"select a from t_{number} join other.t_{number} using (a)" for number in range(200)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(tables_read, texts))
    assert found == [{f"t_{number}", f"other.t_{number}"} for number in range(200)]
