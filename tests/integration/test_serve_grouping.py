"""The page of `isf serve` on which a case is grouped: the grouper's own answer, in Norwegian, and what is wrong with a
form beside its field."""

import contextlib
import functools
import html
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pipelines.engine.workspace import connect
from pipelines.grouper import cases, run, sets, text
from pipelines.serve import grouping, pages
from pipelines.serve.database import TOO_LONG, TooMuch, Warehouses
from pipelines.serve.run import ADDRESS
from tests.integration.test_serve import Client, serving
from tests.unit.generated import YEAR
from tests.unit.grouper_example import EXAMPLE

# The command line's example of docs/grouper.md.
CASE = {
    "tabeller": "example", "hovedtilstand": "qb1+qb2", "bitilstander": "QC2", "prosedyrer": "", "kjonn": "2",
    "alder": "12000", "alderenhet": "dager", "netter": "2", "utskrivning": "H",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("grouping")
    sets.import_set(EXAMPLE, home, year=YEAR, id="example")
    return home


@pytest.fixture(scope="module")
def client(home):
    with serving(home) as client:
        yield client


def sent(client: Client, **changes: str):
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"http://{ADDRESS}:{client.port}"}
    return client.get("/gruppering", "POST", urlencode({**CASE, **changes}).encode(), **headers)


def test_the_answer_is_the_groupers_own(home, client):
    case = run.single(
        sex="2", age_days="12000", discharge="H", duration="3", main="QB1+QB2", secondary=["QC2"], procedures=[]
    )
    with run.grouped(home, "example", functools.partial(cases.fill_one, case), threads=1) as found:
        (expected,) = found.explained()
    answer = sent(client)
    page = html.unescape(answer.text)
    assert answer.status == 200 and f"<h2>DRG {expected['drg']}</h2>" in page
    assert f"Regel {expected['ord']} slo til" in page
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td>', page)
    criteria = [(text.CRITERIA[one["criterion"]], one["value"]) for one in expected["criteria"]]
    nearest = [(one["ord"], one["drg"]) for one in expected["nearest"]]
    assert criteria and nearest
    assert rows[: len(criteria) + len(nearest)] == criteria + nearest


@pytest.mark.parametrize("ends", ["time", "server"])
def test_a_grouping_ends_with_its_time_and_with_the_server_and_spills_nothing_after_it(home, ends):
    given = grouping.read(CASE, sets.imported(home))
    houses = Warehouses(seconds=0.001 if ends == "time" else 60)

    @contextlib.contextmanager
    def limited(con):
        with houses.limited(con):
            if ends == "server":
                houses.close()
            # What the definition tables of a nation may take.
            con.execute("select count(*) from range(1000000000) as a, range(1000000000) as b")
            yield

    with pytest.raises(TooMuch, match=TOO_LONG):
        grouping.answer(home, given.tables, given.case, limited)
    assert list((home / sets.FOLDER).glob(".*")) == []


def test_a_grouping_that_needs_too_much_memory_is_told_so():
    with contextlib.closing(connect(memory_limit="10MB")) as con:
        con.execute("set temp_directory = ''")
        with pytest.raises(TooMuch, match="minne"), Warehouses().limited(con):
            con.execute("create table much as select range as a from range(10000000)")


def test_of_many_codes_that_are_none_five_are_named_and_too_many_are_only_counted(home):
    def said(codes: int) -> list[str]:
        form = CASE | {"bitilstander": " ".join(f"+{number}" for number in range(codes))}
        return grouping.read(form, sets.imported(home)).problems["bitilstander"]

    assert [len(said(codes)) for codes in (5, 6, 100, 101)] == [5, 5, 5, 1]
    assert said(101) == ["Skriv høyst 100 koder."]


def test_the_command_to_paste_has_the_home_quoted():
    page = html.unescape(pages.grouping([], Path("et hjem; rm x"), {}, grouping.Given()))
    assert "--home 'et hjem; rm x'</pre>" in page


def test_every_criterion_has_a_word(home):
    case = run.single(sex="", age_days="0", discharge="H", duration="0", main="", secondary=[], procedures=[])
    with run.grouped(home, "example", functools.partial(cases.fill_one, case), threads=1) as found:
        found.explained()
        asked = {name for (name,) in found.con.execute("select distinct column_name from criterion_met").fetchall()}
    assert asked <= set(text.CRITERIA)


def test_a_code_that_the_tables_do_not_have_is_named(client):
    assert "Tabellene har ingenting om QZ9, ZZZ00" in sent(client, bitilstander="QZ9", prosedyrer="zzz00").text


@pytest.mark.parametrize(
    "field, value, said",
    [
        ("tabeller", "other", "Velg definisjonstabeller fra lista."),
        ("hovedtilstand", "QB1 QB2", "Skriv én hovedtilstand"),
        ("hovedtilstand", "<script>alert(1)</script>", "kan ikke være en kode"),
        ("bitilstander", "QC2 A+B+C", "A+B+C kan ikke være en kode"),
        ("prosedyrer", "ZA-1", "ZA-1 kan ikke være en kode"),
        ("prosedyrer", "ZA1 " * 101, "Skriv høyst 100 koder."),
        ("kjonn", "3", "Velg kjønn fra lista."),
        ("alder", "", "Skriv alderen som et helt tall"),
        ("alder", "-1", "Skriv alderen som et helt tall"),
        ("alder", "47483", "fra 0 til 47482 dager"),
        ("netter", "1,5", "Skriv et helt antall netter"),
        ("utskrivning", "X", "Velg utskrivningsmåte fra lista."),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_is_grouped(client, field, value, said):
    answer = sent(client, **{field: value})
    assert answer.status == 422 and "<script>" not in answer.text and 'id="svaret"' not in answer.text
    (message,) = re.findall(f'id="m-{field}">(.*?)</strong>', answer.text)
    assert said in html.unescape(message)
    assert re.search(f'id="{field}"[^>]*aria-invalid="true" aria-describedby="m-{field}', answer.text)


def test_an_age_in_years_is_the_middle_of_the_year_of_life(home):
    there = sets.imported(home)
    days = {
        years: int(grouping.read({**CASE, "alder": str(years), "alderenhet": "ar"}, there).case.age_days)
        for years in (0, 1, 17, 18, 130)
    }
    assert all(years * 365.25 < found < (years + 1) * 365.25 for years, found in days.items())


def test_nights_are_the_duration_of_the_tables(home):
    there = sets.imported(home)
    durations = [grouping.read({**CASE, "netter": nights}, there).case.duration for nights in ("", "0", "3")]
    assert durations == ["0", "1", "4"]


def test_without_tables_the_page_says_how_to_read_them_in(tmp_path):
    with serving(tmp_path) as client:
        page = client.get("/gruppering").text
        assert "isf grouper import FIL" in page and "<form" not in page
        assert sent(client).status == 422
