"""The quality checks: each finds its fault and nothing else; thresholds, points, errors."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.engine import home as homes
from pipelines.engine.models import run
from pipelines.quality import catalogue, judge, measure, overview
from tests.unit.quality_delivery import EXPECTED, FIRST, SECOND, clean, measured

DELIVERY = "2025-T1-2"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return measured(tmp_path_factory.mktemp("quality"))


@pytest.fixture(scope="module")
def found(home) -> dict[str, set]:
    """Row keys per check."""
    path = measure.measure(home, DELIVERY, threads=1)
    with contextlib.closing(duckdb.connect(str(path), read_only=True)) as con:
        assert con.execute("from check_error").fetchall() == []
        keys = con.execute("select check_id, row_key from check_row").fetchall()
    result: dict[str, set] = {}
    for check, key in keys:
        result.setdefault(check, set()).add(key)
    return result


def points(home: Path, check: str, key: str) -> Decimal:
    with contextlib.closing(duckdb.connect(str(homes.quality(home, DELIVERY)), read_only=True)) as con:
        return con.execute(
            "select points_at_stake from check_row where check_id = ? and row_key = ?", [check, key]
        ).fetchone()[0]


def base(home: Path, drg: str) -> Decimal:
    path = home / "warehouse" / f"{DELIVERY}.duckdb"
    with contextlib.closing(duckdb.connect(str(path), read_only=True)) as con:
        return con.execute("select base_points from ref.drg where sector = 'SOM' and drg = ?", [drg]).fetchone()[0]


def range_of(home: Path, check: str, key: str) -> tuple[Decimal, Decimal, Decimal]:
    """At stake, the least and the most."""
    with contextlib.closing(duckdb.connect(str(homes.quality(home, DELIVERY)), read_only=True)) as con:
        return con.execute(
            "select points_at_stake, points_low, points_high from check_row where check_id = ? and row_key = ?",
            [check, key],
        ).fetchone()


def test_there_are_at_least_forty_checks_each_with_one_sql_file():
    checks = catalogue.checks()
    assert len(checks) >= 40
    assert {check.id for check in checks if not check.counts} == set(catalogue.check_models())
    for check in checks:
        assert check.sql.is_file() and (check.counts or check.sql.parent.name == check.tier)


@pytest.mark.parametrize("check", sorted(EXPECTED))
def test_a_check_finds_its_fault_and_nothing_else(found, check):
    assert found.get(check, set()) == EXPECTED[check]


def test_a_clean_delivery_has_no_finding(tmp_path):
    home = clean(tmp_path)
    path = measure.measure(home, DELIVERY, threads=1)
    with contextlib.closing(duckdb.connect(str(path), read_only=True)) as con:
        assert con.execute("select check_id, row_key from check_row").fetchall() == []


def test_no_other_check_finds_much(found):
    """A fault may break two rules; the others of the catalogue stay silent here."""
    assert set(found) - set(EXPECTED) <= {"line_municipality_unknown", "line_atc_missing"}


@pytest.mark.parametrize(
    ("check", "key"),
    [("municipality_missing", "A-komnr"), ("personnel_missing", "A-nobody")],
)
def test_points_at_stake_are_those_of_the_drg(home, found, check, key):
    assert points(home, check, key) == base(home, "901A") > 0


@pytest.mark.parametrize(
    ("check", "hf", "value"),
    [
        ("municipality_unreadable", FIRST, "03x01"),
        ("other_value_unreadable", SECOND, "inntilstand ø, stedAktivitet hjemme"),
        ("line_value_unreadable", FIRST, "belop gratis, komNrHjem 03x01"),
        ("unit_value_unreadable", SECOND, "isfRefusjon ja"),
    ],
)
def test_an_unreadable_value_is_told_to_its_own_hospital(home, found, check, hf, value):
    """Rows before it hold line ends, so that its line is not its number."""
    with contextlib.closing(duckdb.connect(str(homes.quality(home, DELIVERY)), read_only=True)) as con:
        assert con.execute("select hf_orgnr, value from check_row where check_id = ?", [check]).fetchall() == [
            (hf, value)
        ]


def test_a_stay_split_in_two_may_be_paid_too_much(home, found):
    assert points(home, "stay_split_same_day", "A-split-2") == -base(home, "89")


def test_a_prescription_without_indication_is_worth_the_service_that_it_would_give(home, found):
    """A service, its pathway and nothing else of the patient: the engine settles it anew."""
    assert range_of(home, "line_indication_missing", "A-line-none")[0] > 0


def test_a_second_line_of_the_same_medicine_is_worth_nothing(home, found):
    assert range_of(home, "line_repeated", "A-line-twice-2") == (0, 0, 0)


def test_two_rows_that_give_the_same_service_share_it(home, found):
    """The sum is what both give put right together; the range of each reaches the whole, which it gives alone."""
    alone, _, most = range_of(home, "line_indication_missing", "A-line-none")
    for number in (1, 2):
        share, low, high = range_of(home, "line_indication_missing", f"A-line-same-{number}")
        assert 0 < low <= share < high == most and abs(2 * share - alone) <= Decimal("0.001")


def test_the_shares_sum_to_what_they_give_in_all():
    """The first takes what rounding leaves; only where each has one way, else there is no such sum."""
    with contextlib.closing(duckdb.connect()) as con:
        con.execute("""
            create table variant_effect as select n as finding_nr, v as variant, 1 as weight,
                cast(0.1 as decimal(18, 3)) as points
            from range(1, 7) as finding(n), range(1, 3) as way(v) where v = 1 or n > 3;
            create table clone as select n as finding_nr, 1 as variant, 7 + n // 4 as clone_nr, true as is_together
            from range(1, 7) as finding(n);
            create table clone_effect as select unnest([7, 8]) as clone_nr, cast(0.1 as decimal(18, 3)) as points""")
        run(catalogue.EFFECTS, con, only=["finding_effect"])
        shares = [
            share
            for (share,) in con.execute("select points_at_stake from finding_effect order by finding_nr").fetchall()
        ]
    assert [int(1000 * share) for share in shares] == [34, 33, 33, 33, 33, 33]


@pytest.fixture
def repairs():
    """A stay from January to the end of the last day of March, a contact of the day before the period's last."""
    with contextlib.closing(duckdb.connect()) as con:
        con.execute("""
            create schema landing;
            create table landing.delivery as select date '2025-01-01' as period_from, date '2025-04-30' as period_to;
            create table landing.episode as
            from (values (1, timestamp '2025-02-25 10:00', timestamp '2025-03-31 00:00', true),
                (2, timestamp '2025-04-29 10:00', null, false)) as r(episode_nr, innDatoTid, utDatoTid, utKl24);
            create table episode as
            select 'SOM' as sector, '1' as drg, nr as episode_nr, nr = 1 as is_department_stay, 'included' as reason,
                date '2025-02-01' as start_date, date '2025-02-03' as end_date, 3 * 86400 as duration_s,
            from range(1, 4) as r(nr);
            create table finding as
            from (values (1, 1, 'usual_length'), (2, 2, 'usual_duration')) as r(finding_nr, episode_nr, repair);
            create table check_parameter as
            select 'stay_very_long' as check_id, 'usual_days' as parameter, 30 as number;""")
        yield con


def changes(con: duckdb.DuckDBPyConnection, repair: str) -> list[tuple]:
    run(catalogue.REPAIRS, con, only=[repair])
    return con.execute(f"select column_name, value from {repair} order by variant, column_name").fetchall()


def test_another_month_is_at_the_time_of_day_that_was_reported(repairs):
    assert changes(repairs, "usual_length") == [
        ("innDatoTid", "2025-03-25 10:00:00"), ("utDatoTid", "2025-02-28 00:00:00"), ("utKl24", "true"),
    ]  # fmt: skip


def test_no_contact_is_put_right_to_end_after_the_period(repairs):
    assert changes(repairs, "usual_duration") == [("utDatoTid", "2025-04-30 12:00:00"), ("utTidKjent", "true")]


def test_birth_years_reported_as_often_are_not_exchanged():
    with contextlib.closing(duckdb.connect()) as con:
        con.execute("""
            create table finding as select n as finding_nr, 'c' as check_id, 'birth_year' as repair,
                n // 2 as patient_id from range(4) as r(n);
            create table change as select n as finding_nr, v as variant, 1 as weight,
                if(v = 0, 'none', 'episode') as file
            from range(4) as r(n), range(2) as way(v) where v = 1 or n < 2""")
        run(catalogue.REPAIRS, con, only=["clone"])
        found = con.execute("select finding_nr, is_together from clone order by all").fetchall()
    assert found == [(0, False), (1, False), (2, False), (2, True), (3, False), (3, True)]


def test_an_unknown_residence_is_worth_what_the_patient_would_be_paid_for(home, found):
    for check, key in (("municipality_unknown", "A-komnr-old"), ("debitor_missing", "A-debitor")):
        stake, low, high = range_of(home, check, key)
        assert low <= stake <= high == base(home, "901A")


def test_a_transfer_and_a_resumed_stay_are_settled_as_one_stay(home, found):
    for check, key in (("transfer_within_trust", "A-moved-2"), ("stay_resumed", "A-again-2")):
        assert range_of(home, check, key) == (-base(home, "89"),) * 3


def test_a_contact_of_one_day_in_an_inpatient_group_is_put_right_to_its_twin_for_day_surgery(home, found):
    """Both give the same (§7.16), so nothing is at stake; the others of the kind would have told of another amount."""
    assert base(home, "6") == base(home, "6O") != base(home, "901A")
    assert range_of(home, "group_of_other_kind", "A-inpatient-group") == (0, 0, 0)


def test_an_end_at_the_end_of_its_date_stays_there_in_another_year(home, found):
    """In the right year the next stay begins an hour after it: the two are one stay, which gives what it gave."""
    assert range_of(home, "episode_outside_period", "A-turn-1") == (0, 0, 0)
    assert range_of(home, "episode_outside_period", "A-last-year")[2] > 0


def test_of_two_trusts_either_may_have_the_copy(home, found):
    whole = base(home, "901A")
    # At the unit itself the two are one contact of the day already.
    assert range_of(home, "contact_reported_twice", "A-also-once") == (0, 0, 0)
    stake, low, high = range_of(home, "contact_reported_twice", "B-also-there")
    assert (low, high) == (-whole, 0) and abs(2 * stake + whole) <= Decimal("0.001")


def test_a_finding_outside_the_period_is_of_no_month(home, found):
    with contextlib.closing(duckdb.connect(str(homes.quality(home, DELIVERY)), read_only=True)) as con:
        rows = con.execute(
            """select check_id, month is null, count(*) from check_row where check_id in
            ('episode_outside_period', 'line_outside_period', 'contact_not_closed') group by all order by all"""
        ).fetchall()
    assert rows == [
        ("contact_not_closed", False, 1), ("episode_outside_period", True, 2), ("line_outside_period", True, 1),
    ]  # fmt: skip


def test_a_finding_names_its_partner_and_its_times(home, found):
    with contextlib.closing(duckdb.connect(str(homes.quality(home, DELIVERY)), read_only=True)) as con:
        assert con.execute(
            "select partner_key, start_text, end_text, value from check_row where check_id = 'stay_resumed'"
        ).fetchall() == [("A-again-1", "2025-02-07 09:00", "2025-02-09 10:00", "2340 min")]


def test_the_statuses_and_their_precedence(home, found):
    with judge.judged(home, DELIVERY, threads=1) as con:
        status = dict(
            con.execute(
                "select check_id, status from unit_result where level = 'hf' and hf_orgnr = ?", [SECOND]
            ).fetchall()
        )
    # One of thirteen: with a limit of one in a hundred that is no failure by itself.
    assert status["municipality_missing"] == "pass_with_rows"
    assert status["debitor_missing"] == "pass"
    assert status["dialysis_code_missing"] == "not_applicable"
    assert set(status.values()) <= set(judge.STATUSES)
    assert set(status) == {check.id for check in catalogue.checks()}


def test_another_threshold_needs_no_new_measurement(home, found, tmp_path):
    folder = tmp_path / "catalogue"
    folder.mkdir()
    for path in catalogue.FOLDER.glob("*.toml"):
        text = path.read_text(encoding="utf-8").replace("threshold = 0.01\n", "threshold = 0.9\n")
        (folder / path.name).write_text(text, encoding="utf-8")
    before = homes.quality(home, DELIVERY).stat().st_mtime_ns
    with judge.judged(home, DELIVERY, threads=1, folder=folder) as con:
        (status,) = con.execute(
            "select status from unit_result where check_id = 'municipality_missing' and level = 'hf' and hf_orgnr = ?",
            [SECOND],
        ).fetchone()
    assert status == "pass_with_rows"
    assert homes.quality(home, DELIVERY).stat().st_mtime_ns == before


def test_measuring_again_does_nothing(home, found):
    before = homes.quality(home, DELIVERY).stat().st_mtime_ns
    assert measure.measure(home, DELIVERY) == homes.quality(home, DELIVERY)
    assert homes.quality(home, DELIVERY).stat().st_mtime_ns == before


def test_a_check_that_fails_to_run_is_an_error_and_the_others_go_on(tmp_path, monkeypatch):
    home = clean(tmp_path)
    run = measure.run

    def run_but_one(stage, con, **options):
        if options.get("only") == ["debitor_missing"]:
            con.execute("select * from no_such_table")
        return run(stage, con, **options)

    monkeypatch.setattr(measure, "run", run_but_one)
    measure.measure(home, DELIVERY, threads=1)
    with judge.judged(home, DELIVERY, threads=1) as con:
        found = con.execute(
            "select check_id, status from unit_result where level = 'hf' and status = 'error'"
        ).fetchall()
        assert con.execute("select check_id, message from check_error").fetchall() == [
            ("debitor_missing", "CatalogException")
        ]
    assert {check for check, _ in found} == {"debitor_missing"}


def test_what_is_repeated_or_as_often_one_as_the_other_is_told_the_same_way_each_time(home, found):
    with contextlib.closing(duckdb.connect(str(homes.quality(home, DELIVERY)), read_only=True)) as con:
        rows = con.execute(
            """select row_key, value, proposed, partner_key from check_row
            where check_id in ('line_repeated', 'sex_of_others', 'birth_year_of_others') and hf_orgnr = ?
            order by row_key""",
            [FIRST],
        ).fetchall()
    # The value is the first line of the series, so that an answer holds whichever line lies next to the row.
    assert rows == [
        ("A-age-2", "2", "1", None),
        ("A-age-3", "1920", "1950", None),
        ("A-born-1", "1950", None, None),
        ("A-born-2", "1920", None, None),
        ("A-line-twice-2", "A-line-twice-1", None, "A-line-twice-1"),
        ("A-line-twice-3", "A-line-twice-1", None, "A-line-twice-2"),
        ("A-sex-1", "1", None, None),
        ("A-sex-2", "2", None, None),
    ]


def test_the_worst_results_are_those_with_points_at_stake(home, found):
    with judge.judged(home, DELIVERY, threads=1) as con:
        worst = overview.worst(con)
    products = [row["z"] * float(row["points"]) for row in worst]
    assert len(worst) == 20 and min(products) > 0 and products == sorted(products, reverse=True)


def test_a_row_counts_once_whatever_it_fails(home, found):
    with judge.judged(home, DELIVERY, threads=1) as con:
        own, each = con.execute(
            """select (select failing_rows from hospital_result where hf_orgnr = $1),
                (select count(distinct (row_type, row_key)) from counted_row where hf_orgnr = $1 and not trial)""",
            [FIRST],
        ).fetchone()
    assert own == each
