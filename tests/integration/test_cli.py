"""The command `isf` as scripts use it: exit codes, messages, nothing half-written."""

import json
import subprocess
import sys

import pytest

from tests.command import isf, isf_process
from tests.deliveries import EPISODE, REQUIRED, row, write
from tests.integration.runs import deliver, delivered, leftovers


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """A home with one settled random delivery, and the delivery."""
    parent = tmp_path_factory.mktemp("cli")
    delivery, home = delivered(), parent / "home"
    run = isf("settle", delivery, "--threads", 2, home=home)
    assert run.returncode == 0, run.stderr
    return home, delivery, run.stdout


COMMANDS = [
    "settle", "check", "explain", "rules", "verify", "generate", "simulate", "quality", "register", "compare",
    "reconcile", "prognosis", "export", "avregning", "rbf", "group", "list", "remove", "serve", "index", "demo",
    "weights", "grouper",
]  # fmt: skip


def test_help_lists_every_command_in_order_and_imports_nothing_heavy():
    listed = isf_process("--help").stdout.split("Commands:")[1]
    assert [line.split()[0] for line in listed.splitlines() if line[:3].strip()] == COMMANDS
    heavy = ("duckdb", "pandas", "dagster", "great_expectations")
    code = f"import sys, pipelines.cli; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_a_settlement_is_on_the_screen_with_the_place_of_its_page(settled):
    home, delivery, out = settled
    assert f"ISF-oppgjør {delivery.name}, regelsett 2025" in out
    assert "Per RHF (sørge-for-ansvar)" in out and "Helse Nord RHF" in out
    assert str(home / "published" / delivery.name / "oppgjor.html") in out
    # One that holds of every random delivery: a settlement that is unusual says so where it is made, too.
    assert "Varsler, som ikke stopper noe, men bør ses på (kontroller.html):" in out
    assert leftovers(home) == []


def test_only_the_owner_may_look(settled):
    home, delivery, _ = settled
    assert (home / "warehouse").stat().st_mode & 0o077 == 0
    assert (home / "warehouse" / f"{delivery.name}.duckdb").stat().st_mode & 0o077 == 0


def test_the_same_again_is_unchanged_and_other_options_are_a_new_revision(settled):
    home, delivery, _ = settled
    # Also with one thread, where it was published with two.
    assert "Uendret, alt publisert" in isf("settle", delivery, "--threads", 1, home=home).stdout
    other = isf("settle", delivery, "--drg-source", "npk", home=home)
    assert f"{delivery.name}-r2" in other.stdout


def test_verify_accepts_what_was_published_and_names_what_was_changed(settled):
    home, delivery, _ = settled
    folder = home / "published" / delivery.name
    assert isf("verify", folder).returncode == 0
    table = folder / "oppgjor_hf.csv"
    table.chmod(0o644)
    before = table.read_bytes()
    table.write_bytes(before + b" ")
    try:
        run = isf("verify", folder)
        assert run.returncode == 1
        assert "oppgjor_hf.csv" in run.stdout
    finally:
        table.write_bytes(before)
        table.chmod(0o444)


def test_a_refused_delivery_names_all_problems_at_once_and_writes_nothing(tmp_path):
    home = tmp_path / "home"
    episodes = [{key: value for key, value in EPISODE.items() if key not in ("sektor", "debitor")}]
    folder = write(tmp_path, {**REQUIRED, "episode": episodes, "enhet": None})
    run = isf("settle", folder, home=home)
    assert run.returncode == 2
    for part in ("sektor", "debitor", "enhet"):
        assert part in run.stderr
    assert "Traceback" not in run.stderr
    assert not list(home.rglob("*.duckdb")) and not list(home.glob("published/*"))


@pytest.mark.parametrize("year, remedy", [(1999, "rule set"), (2026, "--ruleset 2026-draft")])
def test_a_year_without_a_final_rule_set_is_refused_with_the_remedy(tmp_path, year, remedy):
    folder = write(tmp_path, name=f"{year}-T1-1", manifest={"year": year, "tertial": 1, "delivery": 1})
    run = isf("settle", folder, home=tmp_path / "home")
    assert run.returncode == 2
    assert remedy in run.stderr


def test_a_draft_is_used_only_when_asked_for_and_says_so(tmp_path):
    episode = row(EPISODE, innDatoTid="2026-01-02T10:00", utDatoTid="2026-01-02T10:30")
    folder = write(
        tmp_path, {**REQUIRED, "episode": [episode]}, name="2026-T1-1",
        manifest={"year": 2026, "tertial": 1, "delivery": 1},
    )  # fmt: skip
    run = isf("settle", folder, "--ruleset", "2026-draft", home=tmp_path / "home")
    assert run.returncode == 0, run.stderr
    assert "UTKAST" in run.stdout


def test_too_much_quarantine_blocks_publication_until_it_is_accepted(tmp_path):
    home, delivery = tmp_path / "home", deliver(tmp_path / "in", quarantined=30)
    run = isf("settle", delivery, home=home)
    assert run.returncode == 3
    assert "Ikke publisert" in run.stdout and "--accept-quarantine" in run.stdout
    assert not list(home.glob("published/*"))
    assert isf("check", delivery).returncode == 3
    assert isf("settle", delivery, "--accept-quarantine", home=home).returncode == 0
    assert list(home.glob("published/*"))
    # The same files are published, so their quality reports do not say otherwise, however the delivery is named.
    by_folder = isf("quality", delivery, home=home)
    assert by_folder.returncode == 0 and "ikke publisert" not in by_folder.stdout, by_folder.stdout + by_folder.stderr
    assert not list(home.glob("unpublished/*"))
    assert "Uendret" in isf("quality", delivery.name, home=home).stdout


@pytest.mark.parametrize("threads", ["0", "1025", "99999999999999999999", "x", "٢"])
def test_a_number_of_threads_that_no_machine_has_is_one_sentence(settled, threads):
    run = isf_process("check", settled[1], env={"ISF_THREADS": threads})
    assert run.returncode == 1 and "1 to 1024" in run.stderr and run.stderr.count("\n") == 1


def test_an_option_of_too_many_threads_is_one_sentence(settled):
    home, delivery, _ = settled
    run = isf("settle", delivery, "--threads", 99999999999999999999, home=home)
    assert run.returncode == 1 and "1 to 1024" in run.stderr and "Traceback" not in run.stderr


def test_explain_gives_text_and_json_and_a_helpful_no(settled):
    home, _, _ = settled
    code = "select stay_id from stay order by stay_id limit 1"
    import duckdb

    with duckdb.connect(str(next(home.glob("warehouse/*.duckdb"))), read_only=True) as con:
        (stay,) = con.execute(code).fetchone()
    assert f"Opphold {stay}" in isf("explain", stay, home=home).stdout
    assert json.loads(isf("explain", stay, "--json", home=home).stdout)[0]["stay_id"] == stay
    assert f"Opphold {stay}" in isf("explain", f" {stay}\t", home=home).stdout
    for asked, told in (("", "(empty)"), ("a\nb", "a\\nb"), ("x" * 5000, "x" * 200 + "…")):
        assert f"Nothing has the id {told} in" in isf("explain", asked, home=home).stderr
    nothing = isf("explain", "no-such-id", home=home)
    assert nothing.returncode == 2 and "no-such-id" in nothing.stderr
    no_text = isf("explain", b"\xff\xfe".decode("utf-8", "surrogateescape"), home=home)
    assert no_text.returncode == 2 and "is not text" in no_text.stderr and "Traceback" not in no_text.stderr


def test_no_row_content_is_in_what_a_run_says(settled):
    _, delivery, out = settled
    run = isf("check", delivery)
    assert "hemmelig" not in out + run.stdout + run.stderr


def test_rules_prints_the_register_and_the_assumptions():
    register = isf("rules", "--year", "2025").stdout
    for paragraph in ("3.2.1", "7.14", "8.6"):
        assert paragraph in register
    assumptions = isf("rules", "--year", "2025", "--assumptions").stdout
    assert "stay_gap_minutes" in assumptions
    assert len(assumptions) < len(register)
