"""Published tables as files: CSV for Excel, Parquet with the same bytes every time, the suppressed matrix,
formats."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from pipelines.publication import csvfile, norwegian, tables
from pipelines.publication.tables import Rows, read
from tests.unit.publishing import warehouse


def rows(*values, types=("VARCHAR", "DECIMAL(18,3)")) -> Rows:
    return Rows(["navn", "poeng"], list(types), [t != "VARCHAR" for t in types], list(values))


def test_csv_opens_in_a_norwegian_excel():
    raw = csvfile.render(rows(("Sørlandet", Decimal("-1234.500")), (None, None)))
    assert raw == "\ufeffnavn;poeng\r\nSørlandet;-1234,500\r\n;\r\n".encode()


@pytest.mark.parametrize("text", ["=1+1", "+47", "-x", "@sum", "\tx", "\rx"])
def test_text_that_looks_like_a_formula_gets_an_apostrophe(text: str):
    assert csvfile.text_cell(text).strip('"') == "'" + text


def test_ordinary_text_and_organisation_numbers_stay_as_they_are():
    assert csvfile.text_cell("983974724") == "983974724"
    assert csvfile.text_cell("St. Olavs hospital HF") == "St. Olavs hospital HF"


def test_text_with_separators_is_quoted():
    assert csvfile.text_cell('a;b "c"') == '"a;b ""c"""'
    assert csvfile.text_cell("a\nb") == '"a\nb"'


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("-0.245"), "-0,245"), (Decimal("1E+3"), "1000"), (12, "12"), (Decimal("0.000"), "0,000")],
)
def test_numbers_are_never_altered(value, text: str):
    assert csvfile.number_cell(value) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal("1234567.885"), 2, "1 234 567,89"),
        (Decimal("-1234.5"), 2, "−1 234,50"),
        (Decimal("-0.004"), 2, "0,00"),
        (0, 0, "0"),
        (None, 2, "–"),
    ],
)
def test_norwegian_numbers(value, decimals: int, text: str):
    assert norwegian.number(value, decimals) == text.replace(" ", "\u00a0")


def test_norwegian_alphabet():
    names = ["Ålesund", "Østfold", "Ærfugl", "Zoo", "Asker"]
    assert sorted(names, key=norwegian.alphabetical) == ["Asker", "Zoo", "Ærfugl", "Østfold", "Ålesund"]


COUNTS_AND_POINTS = (
    "antall_opphold antall_sertjenester antall_forlop poeng_opphold poeng_sertjenester poeng_forlop"
)  # fmt: skip
CONTRACT = {
    "oppgjor_rhf": (
        "rhf_orgnr sektor",
        f"rhf {COUNTS_AND_POINTS} trekk_kompleks_rehab isf_poeng enhetspris isf_andel refusjon_kr akonto_kr saldo_kr",
    ),
    "oppgjor_hf": ("hf_orgnr sektor", f"hf rhf_orgnr {COUNTS_AND_POINTS} isf_poeng refusjon_kr"),
    "gjestepasienter": ("hf_orgnr bosted_rhf_orgnr sektor", "antall_opphold isf_poeng refusjon_kr"),
    "oppgjor_rhf_maned": ("rhf_orgnr sektor maned", "rhf isf_poeng refusjon_kr akonto_kr"),
    "oppgjor_hf_maned": ("hf_orgnr sektor maned", "hf rhf_orgnr isf_poeng refusjon_kr"),
    "poeng_per_regel": ("regel sektor enhet_type", "virkning antall_enheter poeng"),
    "poengposter": ("enhet_type enhet_id regel", "paragraf sektor hf_orgnr bosted_rhf_orgnr drg_stg_tfg poeng"),
    "grunnlag": ("steg arsak sektor", "antall"),
}


def test_the_sql_files_give_the_tables_of_the_delivery_contract():
    """Their readers rely on names and order; each is the final select of one file, so it is said here once more."""
    assert {spec.name: (" ".join(spec.key), " ".join(spec.columns)) for spec in tables.TABLES} == {
        name: (key, f"{key} {columns}") for name, (key, columns) in CONTRACT.items()
    }
    assert [spec.name for spec in tables.TABLES if spec.personal] == ["poengposter"]


HIDDEN = frozenset({"gjestepasienter|983974724|883658752|SOM", "grunnlag|episode|not_resident|SOM"})


def digest(con, spec, path) -> str:
    tables.write_parquet(con, tables.ordered_select(spec), path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("spec", tables.TABLES, ids=lambda spec: spec.name)
def test_parquet_bytes_depend_on_the_rows_only(tmp_path, spec):
    """Any number of threads, any order of the rows in the warehouse, insertion order kept or not."""
    con = warehouse()
    tables.suppress(con, HIDDEN)
    first = digest(con, spec, tmp_path / "a")
    con.execute("create table shuffled as select * from unit order by hash(enhet_id || regel || 'x')")
    con.execute("drop table unit cascade")
    con.execute("alter table shuffled rename to unit")
    con.execute("set threads = 1")
    con.execute("set preserve_insertion_order = false")
    assert digest(con, spec, tmp_path / "b") == first


def test_a_large_ledger_gives_the_same_bytes_with_one_thread_and_with_three(tmp_path):
    con = warehouse(empty=True)
    con.execute("""
        insert into unit
        select 'opphold', 'E' || hash(i), 'p', 'drg_base', 'SOM', '983974724', '983658725', 'D' || i % 900,
            i % 4000 / 1000
        from range(400000) r(i)
    """)
    digests = set()
    for threads in (1, 3):
        con.execute(f"set threads = {threads}")
        con.execute(f"set preserve_insertion_order = {threads == 1}")
        digests.add(digest(con, tables.table("poengposter"), tmp_path / str(threads)))
    assert len(digests) == 1


@pytest.mark.parametrize("spec", [s for s in tables.PUBLIC if s.hides], ids=lambda spec: spec.name)
def test_a_hidden_row_keeps_its_key_and_loses_its_numbers(spec):
    con = warehouse()
    before = read(con, f"select {', '.join(spec.columns)} from {spec.warehouse} order by all").dicts()
    row = before[len(before) // 2]
    tables.suppress(con, frozenset({"|".join([spec.name, *(row[column] or "" for column in spec.key)])}))
    after = read(con, f"select {', '.join(spec.columns)} from {spec.source} order by all").dicts()
    assert [r for r in before if r not in after] == [row]
    assert [r for r in after if r not in before] == [{**row, **dict.fromkeys(spec.hides)}]


def test_an_unknown_trust_in_the_matrix_is_hidden_by_its_empty_number():
    con = warehouse()
    con.execute("update gjestepasienter_usladdet set hf_orgnr = null where hf_orgnr = '983974880'")
    tables.suppress(con, frozenset({"gjestepasienter||883658752|SOM"}))
    (numbers,) = con.execute(
        "select count(isf_poeng) from temp.main.public_gjestepasienter"
        " where hf_orgnr is null and bosted_rhf_orgnr = '883658752' and sektor = 'SOM'"
    ).fetchone()
    assert numbers == 0
