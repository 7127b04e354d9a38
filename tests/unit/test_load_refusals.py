"""What a delivery is refused for; every message names file, column or key, value and remedy, all at once."""

import json

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import DeliveryRefused
from tests.deliveries import ALL, EPISODE, MANIFEST, REQUIRED, csv_text, load, refused, row, rows_of, write


def only(folder) -> str:
    problems = refused(folder)
    assert len(problems) == 1, problems
    return problems[0]


def test_a_folder_that_is_not_there(tmp_path):
    assert "there is no such folder" in only(tmp_path / "2025-T1-1")


@pytest.mark.parametrize("name", ["2025-T4-1", "2025-T1", "2025-T1-0", "2025-t1-1", "T1-2025-1", "2025-T1-1-x"])
def test_a_folder_name_that_is_no_delivery(tmp_path, name):
    assert only(write(tmp_path, name=name)) == (
        f"The folder is named '{name}'. Name it year-Ttertial-delivery, for example 2025-T1-1"
    )


@pytest.mark.parametrize(
    "manifest, message",
    [
        (None, "leveranse.json: the required file is missing"),
        ("{", "leveranse.json: is not readable as JSON in UTF-8 (line 1)"),
        ("", "leveranse.json: is not readable as JSON"),
        ("[1]", "leveranse.json: holds no object"),
        ({"tertial": 1, "delivery": 1}, "leveranse.json: year is missing"),
        ({"year": 2025, "tertial": None, "delivery": 1}, "leveranse.json: tertial is missing"),
        (
            {**MANIFEST, "year": "2025"},
            'leveranse.json: year is "2025". Write a whole number, without quotes',
        ),
        ({**MANIFEST, "delivery": True}, "leveranse.json: delivery is true"),
        ({**MANIFEST, "delivery": 1.5}, "leveranse.json: delivery is 1.5"),
        ({**MANIFEST, "tertial": 4}, "leveranse.json: tertial is 4. Write 1, 2 or 3"),
        ({**MANIFEST, "year": 2024}, "leveranse.json: year is 2024, but the folder is named 2025-T1-1"),
        ({**MANIFEST, "tertial": 2}, "leveranse.json: tertial is 2, but the folder is named 2025-T1-1"),
        ({**MANIFEST, "delivery": 2}, "leveranse.json: delivery is 2, but the folder is named 2025-T1-1"),
        ({**MANIFEST, "files": []}, "leveranse.json: files is not an object"),
        ({**MANIFEST, "files": {"episode": 5}}, "leveranse.json: files.episode is not an object"),
        ({**MANIFEST, "files": {"episode": {"rows": "1"}}}, 'leveranse.json: files.episode.rows is "1"'),
        ({**MANIFEST, "files": {"episode": {"sha256": 5}}}, "leveranse.json: files.episode.sha256 is 5"),
        (
            {**MANIFEST, "files": {"takst": {}}},
            "leveranse.json: files lists takst, which is not in the folder",
        ),
        (
            {**MANIFEST, "files": {"episode.parquet": {}}},
            "files lists episode.parquet, which is not in the folder",
        ),
        (
            {**MANIFEST, "files": {"../x/episode.csv": {}}},
            "files lists ../x/episode.csv, which is not in the folder",
        ),
        (
            {**MANIFEST, "files": {"episode": {"rows": 2}}},
            "episode.csv: has 1 rows, but leveranse.json says 2",
        ),
        (
            {**MANIFEST, "files": {"enhet.csv": {"sha256": "0"}}},
            "enhet.csv: its sha256 is not the one in leveranse.json",
        ),
    ],
)
def test_the_manifest(tmp_path, manifest, message):
    assert message in only(write(tmp_path, manifest=manifest))


def test_quarantined_rows_count_as_rows_of_the_file(tmp_path):
    text = csv_text([EPISODE, EPISODE]) + "x;y\n\n"
    folder = write(tmp_path, episode=text, manifest={**MANIFEST, "files": {"episode": {"rows": 1}}})
    assert "episode.csv: has 3 rows, but leveranse.json says 1 (files.episode.rows)" in only(folder)


def test_a_file_of_the_manifest_that_is_no_table_must_be_there_and_match(tmp_path):
    files = {"notat.txt": {"sha256": "0" * 64}}
    folder = write(tmp_path, manifest={**MANIFEST, "files": files})
    assert "files lists notat.txt, which is not in the folder" in only(folder)
    (folder / "notat.txt").write_text("x")
    assert "notat.txt: its sha256 is not the one" in only(folder)


def test_a_year_without_rules(tmp_path):
    manifest = {**MANIFEST, "year": 2031}
    assert only(write(tmp_path, name="2031-T1-1", manifest=manifest)) == "Year 2031 has no rule set. Add one"


@pytest.mark.parametrize("table", REQUIRED)
def test_a_required_file(tmp_path, table):
    folder = write(tmp_path, **{table: None})
    message = f"{table}: the required file is missing. Add {table}.parquet, {table}.csv or {table}.csv.gz"
    assert only(folder) == message
    (folder / f"{table.upper()}.csv").write_text("x")
    assert f"(found {table.upper()}.csv, which is another name)" in only(folder)


@pytest.mark.parametrize("table", ALL)
def test_every_required_column(tmp_path, table):
    optional = {"belop"} if table == "hresept" else set()
    for i, column in enumerate(c for c in ALL[table][0] if c not in optional):
        tables = {
            **ALL,
            table: [{**{k: v for k, v in ALL[table][0].items() if k != column}, "x1": "", "x2": ""}],
        }
        assert f"{table}.csv: column {column} is missing" in only(write(tmp_path / str(i), tables))


def test_a_column_in_other_letters_and_a_column_twice(tmp_path):
    text = csv_text([EPISODE]).replace("sektor", "Sektor")
    message = only(write(tmp_path, episode=text))
    assert "column sektor is missing (found Sektor; upper and lower case matter). Add the column" in message
    text = csv_text([EPISODE]).replace("fodselsar", " sektor ").replace("utskrKlarDato", "fodselsar")
    problems = refused(write(tmp_path / "b", episode=text))
    assert "episode.csv: column sektor occurs 2 times in the header. Keep one of them" in problems


HEADER, *ROWS = csv_text([EPISODE]).splitlines(True)
SECTION = "docs/delivery.md, section 2, episode"
EXCEL = "its first line is the sep= line that Excel asks for. Delete it, so that the column names come first"
ABOVE = "with something else above them. Delete what is above, so that they come first"
ONE_SENTENCE = {
    "sep=;\n" + HEADER: EXCEL,
    '"sep=;"\r\n' + HEADER: EXCEL,
    "SEP=,\n" + HEADER.replace(";", ","): f"{EXCEL}, and separate the fields with ; instead of commas",
    HEADER.replace(";", ","): "its fields are separated by commas. Separate them with ;",
    HEADER.replace(";", "\t").lower(): "its fields are separated by tabs. Separate them with ;",
    '"' + HEADER.strip().replace(";", '"|"') + '"\n': "its fields are separated by vertical bars. Separate them with ;",
    HEADER.upper(): "its column names are written in other letters (EPISODEID for episodeID). Write them as in "
    f"{SECTION}; upper and lower case matter",
    "Uttrekk for Nordmann;;;\n\n" + HEADER: f"its column names are on line 3, {ABOVE}",
    "Uttrekk for Nordmann\r" + HEADER: f"its column names are on line 2, {ABOVE}",
    "": f"its first line has {len(EPISODE)} fields, and hardly one is a column of episode. Write the column names on "
    f"the first line ({SECTION})",
    "Nordmann\n": "has one column only. Separate the fields with ; and write the column names on the first line "
    f"({SECTION})",
    HEADER.encode("utf-16-le").decode(): "is not UTF-8 text but probably UTF-16 (it holds bytes of zero). "
    "Save it as UTF-8",
}


@pytest.mark.parametrize("top", ONE_SENTENCE, ids=lambda top: repr(top[:12]))
def test_a_first_line_without_column_names_is_one_problem_with_its_cause(tmp_path, top):
    """Not one problem per column; and what stands there may be a row, so it is not quoted."""
    message = only(write(tmp_path, episode=top + "".join(ROWS)))
    assert message == f"episode.csv: {ONE_SENTENCE[top]}"


def test_some_column_names_are_enough_for_a_problem_per_column(tmp_path):
    """Of 19 columns that must be there, four are one in five; of three not one is."""
    names = list(EPISODE)
    for known, problems in ((4, len(names) - 4), (3, 1)):
        header = ";".join([*names[:known], *(f"x{i}" for i in range(len(names) - known))]) + "\n"
        assert len(refused(write(tmp_path / str(known), episode=header + "".join(ROWS)))) == problems


def test_parquet_without_the_columns_is_one_problem(tmp_path):
    lower, other = ({change(k): [v] for k, v in EPISODE.items()} for change in (str.upper, "x{}".format))
    assert only(write(tmp_path / "a", episode=pa.table(lower))) == (
        "episode.parquet: its column names are written in other letters (EPISODEID for episodeID). "
        f"Write them as in {SECTION}; upper and lower case matter"
    )
    assert only(write(tmp_path / "b", episode=pa.table(other))) == (
        f"episode.parquet: has hardly any column of episode. Give the columns the names in {SECTION}"
    )


def test_a_table_given_twice(tmp_path):
    folder = write(tmp_path, **{"episode.csv.gz": csv_text([EPISODE])})
    assert only(folder).startswith("episode: the table is given 2 times (episode.csv, episode.csv.gz). Keep one")


def test_a_folder_in_place_of_a_file(tmp_path):
    folder = write(tmp_path, episode=None)
    (folder / "episode.parquet").mkdir()
    assert "episode.parquet: is not a file" in only(folder)


@pytest.mark.parametrize("table", ["episode", "tilstand", "akonto"])
@pytest.mark.parametrize(
    "name, content, message",
    [
        ("csv", b"", "has no header"),
        ("csv", b"\n", "has no header"),
        ("csv", csv_text([EPISODE]).encode("utf-16"), "is not UTF-8 text on line 1"),
        ("csv.gz", b"\x1f\x8bxx", "is not a whole gzip file"),
        ("parquet", b"PAR1", "cannot be read as Parquet"),
        ("parquet", csv_text([EPISODE]).encode(), "cannot be read as Parquet"),
    ],
)
def test_a_file_that_is_not_what_it_claims(tmp_path, table, name, content, message):
    folder = write(tmp_path, {**ALL, table: None, f"{table}.{name}": content})
    assert f"{table}.{name}: {message}" in only(folder)


@pytest.mark.parametrize("table", ["episode", "tilstand", "enhet"])
@pytest.mark.parametrize("tail, message", [(b'\n"a', "quote that is never closed"), (b"\n\xe6", "is not UTF-8")])
def test_damage_that_shows_while_reading(tmp_path, table, tail, message):
    content = csv_text(ALL[table]).encode().rstrip() + tail
    assert message in only(write(tmp_path, {**ALL, table: content}))


def test_a_parquet_file_damaged_inside(tmp_path):
    folder = write(tmp_path, tilstand=None)
    n = 50_000
    table = pa.table(
        {"episodeID": ["E1"] * n, "tilstNr": [1] * n, "kodeNr": [1] * n, "kode": [f"I{i}" for i in range(n)]}
    )
    path = folder / "tilstand.parquet"
    pq.write_table(table, path, compression="zstd", use_dictionary=False)
    data = bytearray(path.read_bytes())
    middle = len(data) * 3 // 4
    data[middle : middle + 2000] = bytes(2000)
    path.write_bytes(bytes(data))
    assert only(folder).startswith("tilstand.parquet: cannot be read as Parquet (damaged")


@pytest.mark.parametrize(
    "values, message",
    [
        (pa.array([0], pa.timestamp("us", "UTC")), "column innDatoTid is a time with a time zone"),
        (pa.array([["2025-01-01"]]), "column innDatoTid holds varchar[] values"),
        (pa.array([{"a": 1}]), "column innDatoTid holds struct values"),
    ],
)
def test_a_parquet_column_of_a_type_without_meaning(tmp_path, values, message):
    columns = {k: pa.array([v]) for k, v in EPISODE.items()} | {"innDatoTid": values}
    assert f"episode.parquet: {message}" in only(write(tmp_path, episode=pa.table(columns)))


def test_all_problems_in_one_message(tmp_path):
    tables = {
        "episode": csv_text([row(EPISODE, drg=None)]),
        "tilstand": "episodeID;tilstNr;kodeNr\n",
        "prosedyre": b"\xff",
        "helseperson": csv_text(REQUIRED["helseperson"]) + '"',
        "takst": "episodeID;takst\n",
    }
    files = {"episode": {"rows": 7}, "takst": {"sha256": "x"}, "hresept": {}}
    manifest = {"year": 2031, "tertial": 2, "files": files}
    problems = refused(write(tmp_path, tables, name="2031-T1-1", manifest=manifest))
    starts = [
        "enhet: the required file", "leveranse.json: tertial is 2", "leveranse.json: delivery is missing",
        "leveranse.json: files lists hresept", "Year 2031 has no", "episode.csv: column drg",
        "tilstand.csv: column kode", "prosedyre.csv: is not UTF-8", "helseperson.csv: has a quote",
        "episode.csv: has 1 rows", "takst.csv: its sha256",
    ]  # fmt: skip
    assert len(problems) == len(starts)
    for start in starts:
        assert any(p.startswith(start) for p in problems), (start, problems)


def test_no_row_is_quoted_in_a_refusal(tmp_path):
    secret = "hemmelig"
    tables = {
        "episode": csv_text([row(EPISODE, pasientID=secret)]) + f'"{secret}',
        "tilstand": csv_text([{"episodeID": secret}]),
    }
    assert secret not in json.dumps(refused(write(tmp_path, **tables)))


def test_what_the_rule_sets_already_loaded_stays_untouched(tmp_path):

    con = duckdb.connect()
    con.execute("create schema ref; create table ref.x as select 1 as a")
    with pytest.raises(DeliveryRefused):
        load(write(tmp_path, episode=None), con)
    assert rows_of(con, "from ref.x") == [(1,)]


def test_a_year_without_rules_is_told_with_the_problems_of_the_folder(tmp_path):
    from pipelines.settlement.run import load as load_for_settlement

    folder = write(tmp_path, enhet=None, name="2019-T1-1", manifest={**MANIFEST, "year": 2019})
    with pytest.raises(DeliveryRefused) as refusal:
        load_for_settlement(folder, duckdb.connect())
    assert [p.split(":")[0].split(";")[0] for p in refusal.value.problems][:2] == ["enhet", "Year 2019 has no rule set"]
    assert refusal.value.exit_code == 2


def test_the_manifest_may_list_itself(tmp_path):
    assert load(write(tmp_path, manifest={**MANIFEST, "files": {"leveranse.json": {"rows": 1}}}))
