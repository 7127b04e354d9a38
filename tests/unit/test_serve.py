"""Parts of `isf serve` that need no settlement: marks of time, open warehouses, what ends with the server."""

import contextlib
import threading
import time
from datetime import datetime
from types import SimpleNamespace

import duckdb
import pytest

from pipelines.engine.workspace import connect
from pipelines.serve import database, overview, owned, prepare
from pipelines.serve.app import Desk
from pipelines.serve.database import KEPT, Ended, Indexes, TooMuch, Warehouses
from pipelines.serve.timeline import timeline
from pipelines.serve.trial import Trials


def episode(start: str, end: str | None, **more) -> dict:
    """An episode as an explanation has it."""
    return {
        "episode_id": "E1",
        "episodetype": "A",
        "drg": "89",
        "start": datetime.fromisoformat(start),
        "end": end and datetime.fromisoformat(end),
        "start_time_known": True,
        "end_time_known": True,
        "is_main": True,
        **more,
    }


@pytest.mark.parametrize(
    "start, end, marks",
    [
        ("2025-03-03T08:00", "2025-03-03T12:00", [("0.00%", "08:00"), ("100.00%", "12:00")]),
        ("2025-03-03T12:00", "2025-03-05T12:00", [("25.00%", "04.03"), ("75.00%", "05.03")]),
        # Of many days as many as can be read.
        ("2025-03-01T00:00", "2025-03-13T00:00", [(None, f"{day:02}.03") for day in (2, 4, 6, 8, 10, 12)]),
        ("2025-03-03T08:00", "2025-03-03T08:00", [("0.00%", "08:00"), ("100.00%", "09:00")]),
    ],
)
def test_marks_of_a_line_of_time_are_midnights_and_of_one_day_its_hours(start, end, marks):
    found = timeline([episode(start, end)]).marks
    assert [text for _, text in found] == [text for _, text in marks]
    assert all(at == wanted for (at, _), (wanted, _) in zip(found, marks, strict=True) if wanted)


def test_a_stay_without_an_end_has_no_line_of_time():
    assert timeline([episode("2025-03-03T08:00", None)]) is None
    assert timeline([]) is None


@pytest.fixture
def houses(tmp_path):
    """As many small databases as are kept open, and one more."""
    for number in range(KEPT + 1):
        with contextlib.closing(duckdb.connect(str(tmp_path / f"{number}.duckdb"))) as con:
            con.execute(f"create table one as select {number} as n")
    return [tmp_path / f"{number}.duckdb" for number in range(KEPT + 1)]


def test_the_warehouse_that_was_asked_longest_ago_is_closed_first(houses):
    open_ones = Warehouses()
    *first, last = houses
    for path in [*first, first[0], last]:
        with open_ones.reading(path) as con:
            assert con.execute("select count(*) from one").fetchall() == [(1,)]
    assert [key[0] for key in open_ones._open] == [str(path) for path in [*first[2:], first[0], last]]
    open_ones.close()


def test_a_question_ends_when_the_server_does(houses):
    open_ones, told = Warehouses(seconds=600), []

    def ask():
        with contextlib.suppress(TooMuch), open_ones.reading(houses[0]) as con:
            told.append("begun")
            con.execute("select count(*) from range(3000000) as a, range(3000000) as b where a.range * b.range % 7 = 3")

    thread = threading.Thread(target=ask)
    thread.start()
    while not told:
        time.sleep(0.01)
    open_ones.close()
    thread.join(30)
    assert not thread.is_alive()
    with pytest.raises(TooMuch), open_ones.reading(houses[0]):
        pass


def test_an_index_that_is_being_built_ends_with_the_server(houses, monkeypatch, capsys):
    building = threading.Event()

    def build(warehouse, folder, *, progress, begun):
        with contextlib.closing(connect(":memory:")) as con:
            begun(con)
            building.set()
            with contextlib.suppress(duckdb.InterruptException):
                con.execute("select count(*) from range(3000000) as a, range(3000000) as b where a.range = b.range % 7")
            progress("next", 2, 3)  # it never comes to the next step

    monkeypatch.setattr(prepare, "build", build)
    indexes = Indexes(houses[0].parent)
    indexes.ask_for(houses[0])
    assert building.wait(30)
    indexes.close()
    assert not indexes._worker.is_alive() and capsys.readouterr().err == ""
    with pytest.raises(Ended):
        indexes._step("another", 1, 1)


def test_trials_that_were_never_asked_for_end_at_once_and_others_with_their_thread(tmp_path):
    Trials(tmp_path).close()
    trials = Trials(tmp_path)
    trials.prepare("2025-T9-9")  # which fails: there is none
    trials.close()
    assert not trials._worker.is_alive()


def test_a_search_in_a_delivery_that_was_just_removed_finds_no_page(tmp_path, monkeypatch):
    there = SimpleNamespace(id="2025-T1-2", is_explained=True)
    monkeypatch.setattr(overview, "deliveries", lambda home: [there])
    answer = Desk(tmp_path, Warehouses()).search(SimpleNamespace(query_params={"q": "x"}))
    assert answer.status_code == 404 and "Det er ingen slik side." in answer.body.decode()


def test_an_id_that_is_somebodys_is_never_taken_for_one_like_it():
    with contextlib.closing(connect(":memory:")) as con:
        con.execute("attach ':memory:' as index")
        con.execute(
            "create table index.main.known_owner as"
            " select * from (values (hash('e1'), 1), (hash('e2'), 2)) as known(spelling, owner)"
        )
        assert owned.owners_of(con, "E1") == [1]
        assert owned.owners_of(con, "e2") == [2]
        assert sorted(owned.owners_of(con, "e3")) == [1, 2]


def test_how_long_is_waited_for_a_thread_is_limited(monkeypatch):
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    gate = threading.Event()
    thread = threading.Thread(target=gate.wait, daemon=True)
    thread.start()
    begun = time.monotonic()
    database.end(thread, lambda: None)
    assert 0.1 <= time.monotonic() - begun < 5
    gate.set()
