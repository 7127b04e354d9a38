"""The limit of 1 %: of the rows of a file, and of the values given in a column that may be empty."""

import pytest

from pipelines.engine.workspace import connect
from pipelines.settlement import run
from tests.deliveries import EPISODE, row, write


def over(folder):
    con = connect()
    run.load(folder, con)
    return run.over_threshold(con)


@pytest.mark.parametrize("given, is_over", [(100, False), (99, True)])
def test_more_than_one_per_cent_of_the_values_given_in_a_column(tmp_path, given, is_over):
    """Empty values are not given; a column that no rule reads counts like others."""
    episodes = [row(EPISODE, episodeID=f"E{i}") | {"bydel": "1" if i < given else ""} for i in range(200)]
    episodes[0]["bydel"] = "Grünerløkka"
    said = [f"episode, kolonne bydel: 1 av {given} oppgitte verdier kan ikke leses, mer enn 1,0 %"]
    assert over(write(tmp_path, episode=episodes)) == (said if is_over else [])


@pytest.mark.parametrize("rows, is_over", [(100, False), (99, True)])
def test_more_than_one_per_cent_of_the_rows_of_a_file(tmp_path, rows, is_over):
    episodes = [row(EPISODE, episodeID=f"E{i}") for i in range(rows)]
    episodes[2]["hf"], episodes[2]["debitor"] = "", "x"
    said = [f"episode: 1 av {rows} rader er i karantene, mer enn 1,0 %"]
    assert over(write(tmp_path, episode=episodes)) == (said if is_over else []), (
        "a quarantined row's values do not count"
    )
