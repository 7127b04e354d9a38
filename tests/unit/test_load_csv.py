"""Where records begin and end in a CSV file: compared with Python's own csv module on hostile text."""

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.delivery import csv as load_csv
from pipelines.delivery.csv import Unreadable, open_csv
from tests.size import size

# A record of up to four fields; the header below has two.
TEXT = st.text(alphabet='ab;"\n\r æ\u00a0', max_size=40)


def expected(text: str) -> tuple[list, list]:
    """By the csv module: (line, fields) of records with two fields, (line, count of fields) of the others."""
    whole, ragged, last = [], [], 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    for record in reader:
        start, last = last + 1, reader.line_num
        if len(record) == 2:
            whole.append((start, record))
        elif record:
            ragged.append((start, len(record)))
    return whole[1:], ragged


def read(path: Path) -> tuple[list, list]:
    file = open_csv(path)
    whole = []
    numbers = []
    for table in file.tables():
        rows = table.to_pydict()
        numbers += rows["nr"]
        whole += [(line, [a or "", b or ""]) for line, a, b in zip(rows["line"], rows["r0"], rows["r1"], strict=True)]
    odd = [r for table in file.ragged for r in table.to_pylist()]
    ragged = [(r["line"], r["fields"]) for r in odd]
    assert sorted(numbers + [r["nr"] for r in odd]) == list(range(1, file.rows + 1))
    return whole, sorted(ragged)


@settings(max_examples=size(150, 4000), deadline=None)
@given(body=TEXT, block=st.sampled_from([1, 2, 3, 7, 1 << 20]), bom=st.booleans())
@example(body='"a\r\nb";"c"\r\n\r\n"x"y;z\r\n', block=3, bom=True)
@example(body='a;5" b\n1;2\n', block=1, bom=False)
@example(body='a;"b""c"\n"";""\n', block=1, bom=False)
@example(body='"";"""";\n"a"";b\n";c', block=1, bom=False)
def test_records_and_lines_are_those_of_the_csv_module(tmp_path_factory, body, block, bom):
    text = "p;q\n" + body
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load_csv, "BLOCK_BYTES", block)
        if _ends_inside_quotes(text):
            with pytest.raises(Unreadable, match="quote that is never closed"):
                read(path)
        else:
            assert read(path) == expected(text)


def _ends_inside_quotes(text: str) -> bool:
    """A plain automaton: does the text end inside a quoted field?"""
    state = "start"
    for char in text:
        if state == "quoted":
            state = "closing" if char == '"' else "quoted"
        elif state == "closing" and char == '"':
            state = "quoted"
        elif char in ";\n\r":
            state = "start"
        elif state == "start" and char == '"':
            state = "quoted"
        else:
            state = "plain"
    return state == "quoted"


@pytest.mark.parametrize(
    "content, header, rows",
    [
        (b"a;b\n1;2", ["a", "b"], 1),
        (b"a;b\r\n1;2\r\n", ["a", "b"], 1),
        (b"a;b\r1;2\r", ["a", "b"], 1),
        (b"\xef\xbb\xbf a ;\tb\xc2\xa0\n1;2\n", ["a", "b"], 1),
        (b'"a";"b;c"\n1;2\n', ["a", "b;c"], 1),
        (b'"a\nx";b\n1;2\n', ["a\nx", "b"], 1),
        (b"a;b", ["a", "b"], 0),
        (b"a;b\n", ["a", "b"], 0),
        (b"a;b\n\n\r\n\n", ["a", "b"], 0),
        (b"a\n1\n\n2\n", ["a"], 2),
        (b"a;b\n1;2\n3\n4;5;6\n", ["a", "b"], 3),
        (b"a;b\n \n", ["a", "b"], 1),
    ],
)
def test_header_and_number_of_rows(tmp_path, content, header, rows):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    file = open_csv(path)
    assert file.header == header
    list(file.tables())
    assert file.rows == rows
    list(file.tables())
    assert file.rows == rows, "a second reading starts from the beginning"


def test_the_line_of_a_record_counts_line_ends_inside_quotes_and_blank_lines(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b'a;b\n1;"x\ny\r\nz"\n\n2;w\n3\n4;v\n')
    file = open_csv(path)
    (table,) = file.tables()
    assert table["line"].to_pylist() == [2, 6, 8]
    assert file.ragged[0].to_pylist() == [{"nr": 3, "line": 7, "fields": 1, "content": '"3"'}]


@pytest.mark.parametrize("text", ["", "\n", "\r\na;b\n", "\ufeff", "  \t\na;b\n"])
def test_a_file_without_header_is_not_readable(tmp_path, text):
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable, match="no header"):
        open_csv(path)


@pytest.mark.parametrize(
    "content, line",
    [(b"a;b\n1;\xff\n", 2), ("a;b\n1;2\n3;bær\n".encode("latin-1"), 3), ("a;b\n1;2\n".encode("utf-16"), 1)],
)
def test_text_that_is_not_utf8_names_the_line(tmp_path, content, line):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=f"not UTF-8 text on line {line}"):
        list(open_csv(path).tables())


def test_an_open_quote_names_the_line_it_was_opened_on(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b'a;b\n1;2\n3;"4\n5;6\n')
    with pytest.raises(Unreadable, match="never closed, opened on line 3"):
        list(open_csv(path).tables())


def test_a_quote_that_stays_open_too_long_is_not_read_to_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(load_csv, "BLOCK_BYTES", 1 << 10)
    monkeypatch.setattr(load_csv, "MAX_RECORD_BYTES", 1 << 12)
    path = tmp_path / "x.csv"
    path.write_bytes(b'a;b\n1;"2\n' + b"3;4\n" * 10_000)
    with pytest.raises(Unreadable, match="opened on line 2"):
        list(open_csv(path).tables())
    path.write_bytes(b"a;b\n1;2\n" + b"x" * 10_000)
    with pytest.raises(Unreadable, match=r"a line of more than .* line 3"):
        list(open_csv(path).tables())


def test_gzip_is_unpacked_and_damage_is_seen(tmp_path):
    path = tmp_path / "x.csv.gz"
    packed = gzip.compress(b"a;b\n" + b"1;2\n" * 1000)
    path.write_bytes(packed + gzip.compress(b"3;4\n"))
    file = open_csv(path)
    assert sum(t.num_rows for t in file.tables()) == 1001
    for damaged in (packed[:-20], b"a;b\n1;2\n", packed[:30] + b"\0\0\0" + packed[33:], packed + b"tail"):
        path.write_bytes(damaged)
        with pytest.raises(Unreadable, match="not a whole gzip file"):
            list(open_csv(path).tables())


@given(st.text(alphabet=st.sampled_from("aZ9\t \x1c\x85\u00a0\u2003\u3000\u200b\ufeff"), max_size=6))
def test_values_are_trimmed_as_python_does(tmp_path_factory, value):
    path = tmp_path_factory.getbasetemp() / "trim.csv"
    path.write_bytes(f'a;b\n"{value}";x\n'.encode())
    (table,) = open_csv(path).tables()
    assert table["c0"].to_pylist() == [value.strip() or None]
    assert table["r0"].to_pylist() == [value or None]
