"""Injected errors: the answer key is true and beside the delivery, and the second delivery corrects part."""

import pytest

from pipelines.generate import refs
from pipelines.settlement.run import build_warehouse
from tests.unit.generated import beside, count, delivery, query

ERRORS = 0.05


@pytest.fixture(scope="module")
def first():
    return delivery(1, 1, errors=ERRORS)


@pytest.fixture(scope="module")
def final():
    return delivery(2, 2, errors=ERRORS)


def key(folder):
    return beside(folder, "fasit")


def test_the_key_is_not_in_the_delivery(first):
    assert not [p for p in first.iterdir() if "fasit" in p.name or "endringer" in p.name]


def test_nearly_every_kind_occurs(final):
    kinds = (refs.SYNTHETIC / "error_kinds.csv").read_text(encoding="utf-8").splitlines()[1:]
    found = {row[0] for row in query("select distinct kind from {k}", k=key(final))}
    missing = {line.split(",")[0] for line in kinds} - found
    assert len(missing) <= 8, missing


def test_a_row_has_one_injected_error(first):
    assert (
        count(
            "select count(*) - count(distinct row_id) from {k} where injected and file <> 'enhet'",
            k=key(first),
        )
        == 0
    )


def test_wrong_values_are_in_the_episodes(first):
    columns = query(
        "select distinct column_name from {k} where injected and file = 'episode' and column_name <> ''",
        k=key(first),
    )
    for (column,) in columns:
        rows = query(
            f"""select count(*), count_if(e."{column}"::varchar is not distinct from k.wrong) from {{k}} as k
            inner join {{d.episode}} as e on e."episodeID" = k.row_id
            where k.injected and k.file = 'episode' and k.column_name = '{column}'""",
            k=key(first),
            d=first,
        )
        assert rows[0][0] > 0 and rows[0][0] == rows[0][1], column


def test_original_values_were_in_the_clean_delivery(first):
    clean = delivery(1, 1)
    rows = query(
        """select count(*), count_if(e."komNrHjem"::varchar is not distinct from k.original) from {k} as k
        inner join {d.episode} as e on e."episodeID" = k.row_id
        where k.injected and k.kind in ('municipality_missing', 'municipality_unknown')""",
        k=key(first),
        d=clean,
    )
    assert rows[0][0] > 0 and rows[0][0] == rows[0][1]


def test_rows_without_an_error_are_as_in_the_clean_delivery(first):
    clean = delivery(1, 1)
    touched = """select row_id from {k} where injected union select original from {k} where injected"""
    other = f"""select count(*) from (
        select "episodeID", "pasientID", drg, debitor::varchar from {{d.episode}}
        where "episodeID" not in (select row_id from ({touched}) where row_id is not null)
        except select "episodeID", "pasientID", drg, debitor::varchar from {{c.episode}})"""
    assert count(other, k=key(first), d=first, c=clean) == 0


def test_the_engine_quarantines_what_the_key_says(first):
    con = build_warehouse(first)
    found = dict(
        con.execute("select reason, count(*) from landing.quarantine where file = 'episode' group by 1").fetchall()
    )
    said = dict(query("select kind, count(*) from {k} where file = 'episode' group by 1", k=key(first)))
    assert found["ends_before_start"] == said["ends_before_start"]
    assert found["duplicate_id"] == 2 * said["duplicate_id"]
    assert found["missing_required"] == said["required_missing"]
    assert found["unparsable_required"] == said["required_unparsable"]
    assert found["value_not_listed"] == said["value_not_listed"]
    unparsed = dict(
        con.execute("select column_name, count(*) from landing.unparsed where file = 'episode' group by 1").fetchall()
    )
    assert unparsed["debitor"] == said["debitor_unparsable"]
    con.close()


def test_codes_in_the_key_are_in_the_children(first):
    wrong = """select count(*) from {k} as k anti join {d.tilstand} as t
        on t."episodeID" = k.row_id and t."tilstNr" = 1 and starts_with(k.wrong, t.kode)
        where k.kind = 'icd10_form'"""
    assert count(wrong, k=key(first), d=first) == 0
    none = """select count(*) from {k} as k inner join {d.helseperson} as p on p."episodeID" = k.row_id
        where k.kind = 'personnel_missing'"""
    assert count(none, k=key(first), d=first) == 0
    orphans = """select count(distinct t."episodeID") from {d.tilstand} as t
        anti join {d.episode} as e using ("episodeID")"""
    assert count(orphans, d=first) == count("select count(*) from {k} where kind = 'orphan_child'", k=key(first))


def test_hospitals_differ(final):
    shares = query(
        """select e.hf, count(k.row_id) / count(*) from {d.episode} as e
        left join (select distinct row_id from {k} where injected) as k on k.row_id = e."episodeID"
        group by 1 having count(*) > 300""",
        k=key(final),
        d=final,
    )
    values = sorted(share for _, share in shares)
    assert values[-1] > 2 * values[0]


def test_a_new_kind_begins_in_the_second_tertial(first, final):
    assert count("select count(*) from {k} where kind = 'urgency_missing'", k=key(first)) == 0
    months = query(
        """select min(month("utDatoTid"::timestamp)) from {k} as k
        inner join {d.episode} as e on e."episodeID" = k.row_id
        where kind = 'urgency_missing'""",
        k=key(final),
        d=final,
    )
    assert months[0][0] >= 5


def test_the_second_delivery_corrects_part_of_the_errors_and_says_which(first):
    second = delivery(1, 2, errors=ERRORS)
    before = {row[0] for row in query("select row_id from {k} where injected and file <> 'enhet'", k=key(first))}
    after = {row[0] for row in query("select row_id from {k} where injected and file <> 'enhet'", k=key(second))}
    assert 0.3 < len(before - after) / len(before) < 0.6
    said = {
        row[0]
        for row in query(
            """select row_id from {c} where change = 'error_corrected' and file <> 'enhet'
            and kind not in ('month_lost', 'moved_past_five_hours')""",
            c=beside(second, "endringer"),
        )
    }
    assert said == before - after - {
        row[0] for row in query("select row_id from {c} where change = 'dropped'", c=beside(second, "endringer"))
    }
