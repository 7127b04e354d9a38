"""Definisjonstabeller: leses i alle formene de publiseres i, og avvises med alle feil på én gang."""

import gzip
import json

import pytest

from pipelines.errors import InputRefused, IsfError
from pipelines.grouper import read, sets
from tests.unit.grouper_example import EXAMPLE, example, write_folder, write_published


def refused(tables, tmp_path) -> str:
    with pytest.raises(InputRefused) as caught:
        sets.import_set(write_folder(tables, tmp_path / "set"), tmp_path / "home", year=2025)
    assert caught.value.exit_code == 2
    assert not (tmp_path / "home" / "grouper").exists()
    return str(caught.value)


def test_folder_zip_and_json_give_the_same_set(tmp_path):
    home = tmp_path / "home"
    published = write_published(example(), tmp_path / "Definitions.zip")
    of_folder, _ = sets.import_set(EXAMPLE, home, year=2025, id="folder")
    of_zip, was_there = sets.import_set(published, home, year=2025, id="zip")
    assert not was_there
    assert of_zip.sha256 == of_folder.sha256
    assert [one.id for one in sets.imported(home)] == ["folder", "zip"]
    assert {one["finding"] for one in of_zip.findings} == {"drg_without_name", "one_procedure_is_both"}
    again, was_there = sets.import_set(published, home, year=2025, id="zip")
    assert was_there and again == of_zip
    assert oct((home / "grouper").stat().st_mode)[-3:] == "700"


def test_a_changed_set_of_the_same_id_replaces_it(tmp_path):
    tables = example()
    before, _ = sets.import_set(EXAMPLE, tmp_path, year=2025)
    tables["drglogic"][-1]["rtc"] = "9"
    folder = write_folder(tables, tmp_path / "changed")
    (folder / "dg.csv").rename(folder / "plain.csv")
    (folder / "dg.csv.gz").write_bytes(gzip.compress((folder / "plain.csv").read_bytes()))
    (folder / "plain.csv").unlink()
    after, _ = sets.import_set(folder, tmp_path, year=2025)
    assert (after.id, after.year) == ("2025", 2025)
    assert after.sha256 != before.sha256
    assert sets.imported(tmp_path) == [after]


# Table, row (from 0), column, new value, what the message must name.
FAULTS = [
    ("drglogic", 0, "icd", "x", "icd 'x'"),
    ("drglogic", 11, "mdc", "3", "mdc '3'"),
    ("drglogic", 11, "mdc", ">31", "mdc '>31'"),
    ("drglogic", 3, "dgcat1", "=98M01", "dgcat1 '=98M01'"),
    ("drglogic", 8, "pdgprop", "+31P01", "pdgprop '+31P01'"),
    ("drglogic", 13, "or", "Q", "or 'Q'"),
    ("drglogic", 13, "procpro1", "31S01|31S02", "procpro1 '31S01|31S02'"),
    ("drglogic", 13, "procpro1", "-", "procpro1 '-'"),
    ("drglogic", 14, "secproc1", "<31S03", "secproc1 '<31S03'"),
    ("drglogic", 19, "dgprop1", "*90X01", "dgprop1 '*90X01'"),
    ("drglogic", 21, "dgprop4", "32X02?", "dgprop4 '32X02?'"),
    ("drglogic", 8, "agelim", "<7.5", "agelim '<7.5'"),
    ("drglogic", 8, "agelim", "8", "agelim '8'"),
    ("drglogic", 8, "dur", "<=4", "dur '<=4'"),
    ("drglogic", 8, "dur", "<four", "dur '<four'"),
    ("drglogic", 10, "compl", "=1", "compl '=1'"),
    ("drglogic", 10, "compl", "high", "compl 'high'"),
    ("drglogic", 4, "sex", "K", "sex 'K'"),
    ("drglogic", 8, "disch", "D", "disch 'D'"),
    ("drglogic", 8, "disch", "-N", "disch '-N'"),
    ("drglogic", 8, "rtc", "Q", "rtc 'Q'"),
    ("drglogic", 8, "drg", "", "drg is empty"),
    ("drglogic", 8, "ord", "", "ord is empty"),
    ("drglogic", 8, "ord", "A010", "ord 'A010' is the id of another rule"),
    ("drglogic", 15, "procpro1", "", "secproc1 '-' asks for no other operation"),
    ("dg", 0, "vartype", "NEWPROP", "vartype 'NEWPROP'"),
    ("dg", 0, "code", "", "code is empty"),
    ("dg", 0, "varval", "", "varval is not a value of DGCAT"),
    ("proc", 0, "vartype", "DGCAT", "vartype 'DGCAT'"),
    ("proc", 0, "varval", "3", "varval '3' is not a value of OR"),
    ("complexcl", 0, "compl", "32I10", "compl '32I10'"),
    ("complexcl", 0, "code", "", "code is empty"),
    ("complcat", 0, "inclprop", "31X01", "compl '31C01' has an activating property"),
    ("drgnames", 0, "drg", "", "drg is empty"),
]


def batches(faults):
    """The faults in as few lists as possible, so that no two of a list stand in one row."""
    found: list[list] = []
    for fault in faults:
        fits = (batch for batch in found if fault[:2] not in {one[:2] for one in batch})
        batch = next(fits, None)
        if batch is None:
            found.append(batch := [])
        batch.append(fault)
    return found


@pytest.mark.parametrize("faults", batches(FAULTS), ids=lambda faults: f"{len(faults)} faults")
def test_every_fault_of_a_value_is_told_at_once_with_table_line_and_column(faults, tmp_path):
    tables = example()
    for table, row, column, value, _ in faults:
        tables[table][row][column] = value
    lines = refused(tables, tmp_path).splitlines()
    for table, row, column, _, told in faults:
        assert [one for one in lines if f"{table}.csv line {row + 2}" in one and told in one], (table, row, column)


def test_codes_without_a_single_category_are_refused(tmp_path):
    tables = example()
    tables["dg"] = [row for row in tables["dg"] if not (row["code"] == "QB3" and row["vartype"] == "DGCAT")]
    tables["dg"].append({"code": "qa1", "d_code": "", "vartype": "DGCAT", "varval": "32M01"})
    message = refused(tables, tmp_path)
    assert "'QB3' occurs in a pair and has no category" in message
    assert "is not the only category of QA1" in message


def test_tables_and_columns_that_are_missing_or_unknown_are_refused_all_at_once(tmp_path):
    tables = example()
    del tables["complexcl"]
    for row in tables["proc"]:
        del row["varval"]
    for row in tables["drglogic"]:
        row["dgprop5"] = ""
    tables["drglogic"][3]["sex"] = "X"
    tables["weights"] = [{"drg": "1A"}]
    message = refused(tables, tmp_path)
    assert "table complexcl is missing" in message
    assert "proc.csv: column varval is missing" in message
    assert "drglogic.csv: column 'dgprop5' is not known" in message
    assert "sex 'X' has no known meaning" in message
    assert "weights.csv is not a table" in message
    # A column that is missing is told once, not once a row.
    assert message.count("\n  - ") == 5


def test_a_fault_in_every_row_is_told_with_the_first_rows_and_a_count(tmp_path):
    tables = example()
    for row in tables["dg"]:
        row["vartype"] = "OTHER"
    message = refused(tables, tmp_path)
    assert message.count("vartype 'OTHER'") == sets.MOST_TOLD
    assert f"{len(tables['dg']) - sets.MOST_TOLD} more faults in column vartype" in message


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"[1, 2]", b'{"drglogic": {}}', b"\xff\xfe\x00"])
def test_what_is_no_definition_set_is_refused(content, tmp_path):
    path = tmp_path / "Definitions.zip"
    path.write_bytes(content)
    with pytest.raises(InputRefused, match=r"Definitions\.zip"):
        sets.import_set(path, tmp_path / "home", year=2025)


def test_a_column_given_twice_and_a_ragged_line_are_refused(tmp_path):
    folder = write_folder(example(), tmp_path / "set")
    text = (folder / "complcat.csv").read_text(encoding="utf-8")
    (folder / "complcat.csv").write_text("compl,inclprop,compl\n" + text.split("\n", 1)[1], encoding="utf-8")
    with pytest.raises(InputRefused) as caught:
        sets.import_set(folder, tmp_path / "home", year=2025)
    assert "column compl is given 2 times" in str(caught.value)
    assert "complcat.csv line 2: 2 fields, the header has 3" in str(caught.value)


def test_a_set_that_was_changed_on_disk_is_not_used(tmp_path):
    found, _ = sets.import_set(EXAMPLE, tmp_path, year=2025)
    (found.path / "proc.parquet").write_bytes((found.path / "dg.parquet").read_bytes())
    with sets.connect() as con, pytest.raises(IsfError, match="Import definition set 2025 again"):
        sets.load(found, con, "memory")


@pytest.mark.parametrize("id", ["../x", "", ".x", "a b"])
def test_an_id_is_a_plain_name(id, tmp_path):
    with pytest.raises(IsfError, match="--id"):
        sets.import_set(EXAMPLE, tmp_path, year=2025, id=id or " ")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2,],}', {"a": ["1", "2"]}),
        ('{"a": "x,}" , }', {"a": "x,}"}),
        ('{"a": "\\",]",\n}', {"a": '",]'}),
        ('{"a\nb": "c\td"}', {"a\nb": "c\td"}),
    ],
)
def test_json_with_commas_before_brackets_and_breaks_in_texts(text, value):
    assert read.tolerant_json(text) == value


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": }', json.dumps({"a": 1})[:-1]])
def test_json_that_is_wrong_is_wrong(text):
    with pytest.raises(ValueError):
        read.tolerant_json(text)
