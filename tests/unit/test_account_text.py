"""What `isf check` and `isf settle` show of rows set aside: where, why, what is expected; not what stands there."""

from pipelines.delivery import expected
from pipelines.delivery.contract import KIND_TYPE, REASONS, TABLES
from pipelines.settlement.text import account_text
from tests.command import isf
from tests.deliveries import AKONTO, ALL, EPISODE, HELSEPERSON, MANIFEST, TILSTAND, csv_text, load, row, write
from tests.unit.test_load_formats import parquet

SECRET = "Nordmann"
# One row per reason, in the order in which the screen shows them.
FAULTY = {
    "episode": csv_text([
        EPISODE, row(EPISODE, episodeID="E2", innDatoTid="05.03.2025"), row(EPISODE, episodeID="E3", sektor=SECRET),
        row(EPISODE, episodeID="E4", debitor=SECRET), row(EPISODE, episodeID="E5", utDatoTid="2025-01-01"),
        row(EPISODE, episodeID="E6", hf=""), row(EPISODE, episodeID="E7"), row(EPISODE, episodeID="E7"),
        row(EPISODE, episodeID="E8", innDatoTid=SECRET),
    ]) + f"{SECRET};\n",
    "tilstand": [TILSTAND, row(TILSTAND, episodeID=SECRET), row(TILSTAND, episodeID="E2")],
    "helseperson": parquet([HELSEPERSON, row(HELSEPERSON, nr=SECRET)]),
    "akonto": [AKONTO, row(AKONTO, belop="1.000,50"), row(AKONTO, maned="januar")],
}  # fmt: skip
SHOWN = """\
  karantene i akonto: 1 rader, påkrevd verdi kan ikke leses (unparsable_required, kolonne belop)
    første gang på linje 3 i akonto.csv: skal være kroner med komma eller punktum foran desimalene, uten tusenskille; \
et flyttall må være eksakt
  karantene i akonto: 1 rader, påkrevd verdi kan ikke leses (unparsable_required, kolonne maned)
    første gang på linje 4 i akonto.csv: skal være ÅÅÅÅ-MM
  karantene i episode: 2 rader, id finnes flere ganger i fila (duplicate_id, kolonne episodeID)
    første gang på linje 8 i episode.csv: hver id skal stå én gang; behold den riktige raden
  karantene i episode: 1 rader, slutter før den begynner (ends_before_start, kolonne utDatoTid)
    første gang på linje 6 i episode.csv: utDatoTid skal ikke være før innDatoTid
  karantene i episode: 1 rader, påkrevd verdi mangler (missing_required, kolonne hf)
    første gang på linje 7 i episode.csv: kolonnen skal ha en verdi i hver rad
  karantene i episode: 2 rader, påkrevd verdi kan ikke leses (unparsable_required, kolonne innDatoTid)
    første gang på linje 3 i episode.csv: skal være ÅÅÅÅ-MM-DD eller ÅÅÅÅ-MM-DDTtt:mm
  karantene i episode: 1 rader, verdien er ikke blant de tillatte (value_not_listed, kolonne sektor)
    første gang på linje 4 i episode.csv: skal være SOM eller VOP eller BUP eller TSB
  karantene i episode: 1 rader, raden har feil antall felt (wrong_field_count, kolonne –)
    første gang på linje 11 i episode.csv: raden skal ha like mange felt som overskriften; felt med ; eller \
linjeskift skal stå i "…"
  karantene i helseperson: 1 rader, påkrevd verdi kan ikke leses (unparsable_required, kolonne nr)
    første gang på rad 2 i helseperson.parquet: skal være et helt tall
  karantene i tilstand: 1 rader, episoden raden hører til finnes ikke (parent_absent, kolonne episodeID)
    første gang på linje 3 i tilstand.csv: episodeID skal stå i episode; lever episoden også, eller ta raden bort
  karantene i tilstand: 1 rader, episoden raden hører til er i karantene (parent_quarantined, kolonne episodeID)
    første gang på linje 4 i tilstand.csv: rett episodens egen rad
  lest som manglende i episode: 1 verdier i debitor kunne ikke tolkes
    første gang på linje 5 i episode.csv: skal være et helt tall
  lest som manglende i leveranse.json: 1 verdier i produced kunne ikke tolkes
    skal være ÅÅÅÅ-MM-DD
  Verdiene vises ikke her: de står i fila, på linja eller raden som er nevnt.
  Formene står i docs/delivery.md, del 2 og 3."""


def test_every_reason_has_its_first_line_and_what_is_expected_there(tmp_path):
    con, _ = load(write(tmp_path, ALL, **FAULTY, manifest={**MANIFEST, "produced": SECRET}))
    text = account_text(con)
    assert text.split("\n", 11)[11] == SHOWN
    assert text.startswith("Rader i leveransen\n") and SECRET not in text


def test_nothing_is_said_of_values_where_none_is_set_aside(tmp_path):
    con, _ = load(write(tmp_path, ALL))
    assert "Verdiene" not in account_text(con)


def test_every_reason_and_kind_has_words():
    assert set(expected.FORM) == set(KIND_TYPE)
    assert all(expected.of_row("episode", reason, "sektor") for reason in REASONS)
    assert all(expected.of_value(table.name, column.name) for table in TABLES for column in table.columns)


def test_the_command_shows_no_content_of_a_row(tmp_path):
    done = isf("check", write(tmp_path, ALL, **FAULTY))
    assert done.returncode == 3
    assert "første gang på linje 3 i episode.csv" in done.stdout and SECRET not in done.stdout + done.stderr
