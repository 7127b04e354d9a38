"""Gruppering av tilfeller mot de oppdiktede tabellene: hva hvert kriterium betyr, med begge sider av hver grense."""

import contextlib
import csv
import random
from collections import Counter

import pytest

from pipelines.engine import models
from pipelines.engine.workspace import connect
from pipelines.errors import InputRefused, IsfError
from pipelines.grouper import cases, run, sets, text
from tests.unit.grouper_example import EXAMPLE, example, group, write_folder

# tittel, felt, regel som skal vinne. Uten annet: mann, 12000 dager, utskrevet i live, varighet 0.
RULES = [
    ("hovedtilstand mangler, poliklinisk", {"diagnoses": "* QA1"}, "A010"),
    ("hovedtilstand mangler, innlagt to døgn", {"diagnoses": "* QA1", "duration": "3"}, "A020"),
    ("hovedtilstand mangler, død samme dag", {"diagnoses": "*", "discharge": "E"}, "Z999"),
    ("ukjent kode er ingen kategori", {"diagnoses": "QA19"}, "A010"),
    ("kode uten kategori, men med egenskap", {"diagnoses": "QN1"}, "A010"),
    ("bare asteriskkode på første plass", {"diagnoses": "+QA1 QA1"}, "A010"),
    ("ytre årsak som hovedtilstand", {"diagnoses": "QX1"}, "A030"),
    ("over 125 år", {"diagnoses": "QA1", "age_days": "45655"}, "A040"),
    ("45654 dager er ikke over 125 år", {"diagnoses": "QA1", "age_days": "45654"}, "D040"),
    ("kjønn ukjent, begge kjønns organ: omkodes ikke", {"sex": "0", "diagnoses": "QS1"}, "A050"),
    ("begge kjønns organ hos en mann", {"diagnoses": "QS1"}, "D070"),
    ("begge kjønns organ hos en kvinne", {"sex": "2", "diagnoses": "QS1"}, "D080"),
    ("for ung, dagen før grensen", {"diagnoses": "QA4", "age_days": "5113"}, "A060"),
    ("ikke for ung på grensen", {"diagnoses": "QA4", "age_days": "5114"}, "D040"),
    ("ikke for gammel på grensen", {"diagnoses": "QA4", "age_days": "20453"}, "D040"),
    ("for gammel dagen etter grensen", {"diagnoses": "QA4", "age_days": "20454"}, "A070"),
    ("alder mangler og er 0", {"diagnoses": "QA4", "age_days": ""}, "A060"),
    ("egenskap bare ved hovedtilstanden", {"diagnoses": "QD1"}, "A080"),
    ("egenskapen ved en bitilstand gjelder ikke", {"diagnoses": "QD2 QD1", "duration": "2"}, "F160"),
    ("nyfødt, død innen tre dager", {"diagnoses": "QA1", "age_days": "7", "discharge": "E", "duration": "3"}, "B010"),
    ("nyfødt, død etter fire", {"diagnoses": "QA1", "age_days": "7", "discharge": "E", "duration": "4"}, "F100"),
    ("nyfødt, overflyttet", {"diagnoses": "QA1", "age_days": "7", "discharge": "R", "duration": "6"}, "B020"),
    ("nyfødt med komplikasjon", {"diagnoses": "QA1 QC1", "age_days": "28", "duration": "2"}, "B030"),
    ("ikke nyfødt på dag 29", {"diagnoses": "QA1 QC1", "age_days": "29", "duration": "2"}, "F100"),
    ("første levedag", {"diagnoses": "QA1", "age_days": "0", "duration": "1"}, "B040"),
    ("uten egenskapen ved hovedtilstanden, ikke overflyttet", {"diagnoses": "QA3", "age_days": "1"}, "B050"),
    ("utskrivningsmåte ukjent er i live og ikke overflyttet",
     {"diagnoses": "QA3", "age_days": "1", "discharge": "?"}, "B050"),
    ("uten egenskapen, overflyttet", {"diagnoses": "QA3", "age_days": "1", "discharge": "R"}, "D040"),
    ("to prosedyrer", {"diagnoses": "QA1", "procedures": "ZAA1 ZAA2"}, "C010"),
    ("én prosedyre som er begge, er én", {"diagnoses": "QA1", "procedures": "ZAA4"}, "C020"),
    ("den samme prosedyren to ganger er to", {"diagnoses": "QA1", "procedures": "ZAA4 ZAA4"}, "C010"),
    ("den ene er begge, den andre er den første", {"diagnoses": "QA1", "procedures": "ZAA4 ZAA1"}, "C010"),
    ("den andre av en diagnose", {"diagnoses": "QA1 QO3", "procedures": "ZAA4"}, "C010"),
    ("forbudt annen prosedyre, og en operasjon til", {"diagnoses": "QA1", "procedures": "ZAA1 ZAA3"}, "C040"),
    ("ingen annen operasjon enn sin egen", {"diagnoses": "QA1", "procedures": "ZAA1 ZAA6", "discharge": "E"}, "C030"),
    ("en annen operasjon", {"diagnoses": "QA1", "procedures": "ZAA1 ZAA7", "discharge": "E"}, "E060"),
    ("en annen operasjon som en diagnose gir",
     {"diagnoses": "QA1 QO1", "procedures": "ZAA1", "discharge": "E"}, "E040"),
    ("uten operasjon med egenskap", {"diagnoses": "QA1", "procedures": "ZAA7"}, "C040"),
    ("operasjon 2 er en operasjon for P", {"diagnoses": "QB1", "procedures": "ZAE1"}, "C050"),
    ("operasjonsegenskap 2 er ikke 1: N", {"diagnoses": "QB1", "procedures": "ZAE2"}, "C060"),
    ("enhver operasjon: +", {"diagnoses": "QD2", "procedures": "ZAA3"}, "C070"),
    ("egenskap av en prosedyre", {"diagnoses": "QA1", "procedures": "ZDG2"}, "D010"),
    ("egenskap av paret", {"diagnoses": "QB1+QB3", "procedures": "ZAV1"}, "D020"),
    ("paret den andre veien gir den ikke", {"diagnoses": "QB3+QB1", "procedures": "ZAV1"}, "D050"),
    ("kategori av paret", {"diagnoses": "QB1+QB2", "duration": "2"}, "F020"),
    ("kategori av asteriskkoden når paret ikke har", {"diagnoses": "QB1+QB3"}, "D040"),
    ("fire egenskaper", {"diagnoses": "QA1 QA3 QB1 QB2"}, "D030"),
    ("tre av dem", {"diagnoses": "QA1 QA3 QB1"}, "D040"),
    ("forbudt egenskap finnes", {"diagnoses": "QB1 QB1+QB2"}, "D060"),
    ("nivå 2 av diagnose", {"diagnoses": "QA1 QC2", "procedures": "ZAA1 ZAA2", "duration": "2"}, "E010"),
    ("nivå 1", {"diagnoses": "QA1 QC1", "procedures": "ZAA1 ZAA2", "duration": "2"}, "E020"),
    ("nivå 2 av prosedyre", {"diagnoses": "QA1", "procedures": "ZAA1 ZAA2 ZCC2", "duration": "2"}, "E010"),
    ("samme egenskap to ganger krever to prosedyrer",
     {"diagnoses": "QA1", "procedures": "ZAA1 ZAA6", "duration": "2"}, "E030"),
    ("bare én", {"diagnoses": "QA1", "procedures": "ZAA1", "duration": "2"}, "E060"),
    ("kode med små bokstaver", {"diagnoses": "ql1A", "procedures": "ZLOW1", "duration": "2"}, "E040"),
    ("prikk og stjerne i koden", {"diagnoses": "Q.A1*", "procedures": "ZAA.1 ZAA2", "duration": "2"}, "E020"),
    ("operasjon og nivå 1", {"diagnoses": "QA1 QC1", "procedures": "ZAA7", "duration": "2"}, "E050"),
    ("egen kategori er ingen komplikasjon", {"diagnoses": "QA3 QA2", "procedures": "ZAA7", "duration": "2"}, "E060"),
    ("annen kategori enn 31M01", {"diagnoses": "QB1", "procedures": "ZAE1", "duration": "1"}, "E070"),
    ("død", {"diagnoses": "QB1", "procedures": "ZAE1", "duration": "1", "discharge": "E"}, "Z999"),
    ("mann", {"diagnoses": "QS1", "procedures": "ZAA7", "duration": "2"}, "E080"),
    ("kvinne", {"sex": "2", "diagnoses": "QS1", "procedures": "ZAA7", "duration": "2"}, "E090"),
    ("nivå 1 eller mer, voksen", {"diagnoses": "QD2 QC1", "duration": "2"}, "F010"),
    ("utelukket for hovedtilstanden", {"diagnoses": "QB1 QC1", "duration": "2"}, "F090"),
    ("utelukket for paret", {"diagnoses": "QB1+QB2 QC2", "duration": "2"}, "F020"),
    ("ikke utelukket for en av dem", {"diagnoses": "QB2 QC2", "duration": "2"}, "F090"),
    ("barn", {"diagnoses": "QD2 QC1", "age_days": "6573", "duration": "2"}, "F030"),
    ("på 18-årsgrensen: verken barn eller voksen",
     {"diagnoses": "QD2 QC1", "age_days": "6574", "duration": "2"}, "F160"),
    ("omkodet egenskap og komplikasjon", {"diagnoses": "QA1 QS2 QC1", "duration": "2"}, "F040"),
    ("omkodet egenskap", {"diagnoses": "QA1 QS2", "duration": "2"}, "F050"),
    ("kvinne: 13X02 i stedet for 12X02", {"sex": "2", "diagnoses": "QA1 QS2", "duration": "2"}, "F100"),
    ("egenskap av prosedyre omkodes også", {"diagnoses": "QA1", "procedures": "ZDG4", "duration": "2"}, "F050"),
    ("nivå 2", {"diagnoses": "QB1 QC2", "duration": "2"}, "F060"),
    ("inaktiv, aktivert av en annen diagnose", {"diagnoses": "QB1 QC5 QB3", "duration": "2"}, "F070"),
    ("inaktiv, uten den", {"diagnoses": "QB1 QC5", "duration": "2"}, "F090"),
    ("aktivert, men utelukket for hovedtilstanden",
     {"diagnoses": "QA1 QS2 QC4", "procedures": "ZDG1", "duration": "2"}, "F050"),
    ("inaktiv, aktivert av seg selv", {"diagnoses": "QB1 QC3", "duration": "2"}, "F070"),
    ("inaktiv nivå 2, aktivert av en prosedyre",
     {"diagnoses": "QB1 QC4", "procedures": "ZDG1", "duration": "2"}, "F060"),
    ("inaktiv, ikke aktivert", {"diagnoses": "QB1 QC4", "duration": "2"}, "F090"),
    ("hovedtilstanden aktiverer ikke", {"diagnoses": "QC5 QC4", "duration": "2"}, "F090"),
    ("ingen komplikasjon", {"diagnoses": "QS3", "duration": "2"}, "F130"),
    ("operasjon uten sammenheng", {"diagnoses": "QX1", "procedures": "ZAA7", "discharge": "E"}, "Y010"),
    ("regel som aldri holder: -S",
     {"diagnoses": "QD2", "procedures": "ZAA7", "discharge": "E", "age_days": "6574"}, "Z999"),
]  # fmt: skip
USUAL = {"sex": "1", "age_days": "12000", "discharge": "H", "duration": "0", "diagnoses": "", "procedures": ""}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grouper")
    sets.import_set(EXAMPLE, folder, year=2025, id="example")
    return folder


@pytest.fixture(scope="module")
def grouped(home):
    return group(home, "example", [USUAL | fields for _, fields, _ in RULES])


@pytest.mark.parametrize("number", range(len(RULES)), ids=[title for title, _, _ in RULES])
def test_rule(number, grouped):
    assert grouped[number]["ord"] == RULES[number][2]


def test_every_rule_that_can_win_wins_a_case(grouped):
    """Two cannot: one asks for a property of women of a man, one for a state that never holds."""
    never = {row["ord"] for row in example()["drglogic"]} - {one["ord"] for one in grouped}
    assert never <= {"D090", "E100", "F080", "F110", "F120", "F140", "F150"}
    assert "E100" in never


def test_result_names_drg_return_code_and_both_chapters(grouped):
    titles = {title: one for (title, _, _), one in zip(RULES, grouped, strict=True)}
    man = titles["begge kjønns organ hos en mann"]
    assert (man["drg"], man["loc_drg"], man["rtc"], man["mdc"], man["hdg"]) == ("912O", "912NO", "0", "12", "12")
    missing = titles["hovedtilstand mangler, poliklinisk"]
    assert (missing["rtc"], missing["mdc"], missing["hdg"]) == ("1", None, "99")
    assert titles["på 18-årsgrensen: verken barn eller voksen"]["hdg"] is None


def test_properties_are_not_recoded_where_the_logic_asks_for_one_of_both_sexes(home, tmp_path):
    tables = example()
    rule = next(row for row in tables["drglogic"] if row["ord"] == "F040")
    rule["dgprop1"], rule["compl"] = "98X02", ""
    sets.import_set(write_folder(tables, tmp_path / "set"), home, year=2025, id="asks98")
    cases = [USUAL | {"diagnoses": main, "duration": "2", "sex": sex} for main in ("QA1 QS2", "QS1") for sex in "12"]
    found = group(home, "asks98", cases)
    # The category is recoded all the same.
    assert [(one["ord"], one["mdc"]) for one in found] == [
        ("F040", "31"),
        ("F040", "31"),
        ("F130", "12"),
        ("F150", "13"),
    ]


def string(fields: list[str], diagnoses: list[str], procedures: list[str], width: int = 165) -> str:
    return ",".join((fields + [""] + diagnoses + [""] * (60 - len(diagnoses)) + procedures + [""] * 100)[:width])


def test_strings_are_read_as_the_columns_are(home):
    same = [
        string(["1", "12000", "H", "3"], ["QB1", "QB2", "", "QA1", "QC2", ""], []),
        string([" 1", "+12000 ", "h", "3"], ["Q.B1 ", "qb2*", "*", "", "QC2", "*"], []),
        string(["1", "12000", "H", "3"], ["QB1", "QB2", "QC2"], [], width=8),
    ]
    more = string(["1", "12000", "H", "0"], ["QA1"], [""] * 99 + ["ZAA1", "ZAA2"]) + ",ZAA2"
    found = group(home, "example", [{"string": one} for one in [*same, more, ""]])
    assert [one["ord"] for one in found] == ["F020", "F020", "F020", "C010", "A010"]
    assert found[0]["findings"] == ["second_code_alone"]
    assert found[2]["findings"] == ["short_string"]
    assert found[4]["findings"] == [
        "age_missing", "discharge_unknown", "duration_missing", "sex_unknown", "short_string",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "findings", "rule"),
    [
        ({"age_days": "-1"}, ["age_negative"], "B040"),
        ({"age_days": "-0"}, [], "B040"),
        ({"age_days": "12.5"}, ["age_invalid"], "B040"),
        ({"age_days": "9" * 40}, [], "A040"),
        ({"duration": "x"}, ["duration_invalid"], "D040"),
        ({"duration": "-2"}, ["duration_negative"], "D040"),
        ({"sex": "3"}, ["sex_unknown"], "D040"),
        ({"discharge": ""}, ["discharge_unknown"], "D040"),
        ({"diagnoses": "QA1+QB2+QB3"}, ["more_than_a_pair"], "D050"),
    ],
    ids=str,
)
def test_findings_of_a_case(fields, findings, rule, home):
    found = group(home, "example", [USUAL | {"diagnoses": "QA1"} | fields])
    assert (found[0]["findings"], found[0]["ord"]) == (findings, rule)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("id;sex\n1;2\n", "line 1: column age_days, discharge, duration, diagnoses, procedures is missing"),
        ("id;string;sex\n1;1;2\n", "line 1: column string stands beside sex"),
        ("id;string;id\n", "column id is given twice"),
        ("id;string\n1;2;3\n2\n", "line 3: 1 fields where the header has 2"),
        ("id;string\n=1+1;1,2\n", "line 2: id '=1+1' would be a formula"),
        ("", "column id, sex"),
    ],
    ids=["columns", "both", "twice", "ragged", "formula", "empty"],
)
def test_a_file_of_cases_is_refused_with_every_fault(content, told, home, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(content, encoding="utf-8")
    with (
        pytest.raises(InputRefused) as caught,
        run.grouped(home, "example", lambda con: cases.fill_file(path, con), threads=1),
    ):
        pass
    assert told in str(caught.value)


def read_back(content: bytes, path) -> list[tuple]:
    path.write_bytes(content)
    with contextlib.closing(connect()) as con:
        assert cases.fill_file(path, con) == 2
        return con.execute("select * from given.case_column order by case_nr").fetchall()


def test_a_file_is_read_alike_with_quotes_and_without_with_any_line_ends_and_more_columns(tmp_path):
    header = ";".join(cases.FIELD_COLUMNS)
    lines = [header, "a;1;12000;H;3;QB1+QB2 QC2;", "-1;2;;E;0;* æøå;ZAA1 ZAA2"]
    quoted = [header, 'a;1;"12000";H;3;"QB1+QB2 QC2";""', '"-1";2;;E;0;* æøå;ZAA1 ZAA2']
    more = [f"note;{header}", *(f"x;{line}" for line in lines[1:])]
    ways = ["\n".join(lines), "\ufeff" + "\r\n\r\n".join(lines) + "\r\n", "\n".join(quoted), "\n".join(more)]
    first, *others = (read_back(way.encode(), tmp_path / "cases.csv") for way in ways)
    assert first[0] == (1, "a", "1", "12000", "H", "3", "QB1+QB2 QC2", "")
    assert others == [first] * 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("å;1;1;H;0;QA1;".encode("latin-1"), "line 3 is not UTF-8"),
        (b'c;1;1;H;0;"QA1;', "line 3 cannot be read"),
        (b"c;1;1;H;0;QA1", "line 3: 6 fields where the header has 7"),
    ],
    ids=["latin-1", "open quote", "a field too few"],
)
def test_a_line_that_cannot_be_read_is_told_with_its_number(line, told, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_bytes(";".join(cases.FIELD_COLUMNS).encode() + b"\na;1;1;H;0;QA1;\n" + line)
    with contextlib.closing(connect()) as con, pytest.raises(InputRefused, match=told):
        cases.fill_file(path, con)


def random_cases(number: int, seed: int) -> list[dict[str, str]]:
    chance = random.Random(seed)
    diagnoses = [*sorted({row["code"] for row in example()["dg"]}), "QB1+QB2", "QB1+QB3", "*", "QZ9"]
    procedures = sorted({row["code"] for row in example()["proc"]})
    return [
        {
            "sex": chance.choice("1220"),
            "age_days": str(chance.choice([0, 7, 8, 28, 29, 5114, 6574, 6575, 12000, 20454, 45655])),
            "discharge": chance.choice("HHHHER?"),
            "duration": str(chance.choice([0, 0, 1, 2, 3, 4, 7])),
            "diagnoses": " ".join(chance.choices(diagnoses, k=chance.randint(1, 5))),
            "procedures": " ".join(chance.choices(procedures, k=chance.randint(0, 4))),
        }
        for _ in range(number)
    ]


def test_the_rule_of_a_case_is_the_first_of_which_no_criterion_fails(home, tmp_path):
    """Every criterion of every rule, judged one by one, against the search through anchors."""
    path = tmp_path / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, cases.FIELD_COLUMNS, delimiter=";", restval="1")
        writer.writeheader()
        writer.writerows(random_cases(1500, 3))
    with run.grouped(home, "example", lambda con: cases.fill_file(path, con), threads=1) as found:
        models.run("grouper_why", found.con)
        differing = found.con.execute(
            """
            select content_rule.content_nr, content_rule.rule_nr, judged.rule_nr
            from content_rule
            full join (
                select content_nr, min(rule_nr) as rule_nr from rule_verdict where failed = 0 group by content_nr
            ) as judged
                on judged.content_nr = content_rule.content_nr
            where judged.rule_nr is distinct from content_rule.rule_nr
            """
        ).fetchall()
        hit = Counter(one["ord"] for one in found.results())
    assert differing == []
    assert len(hit) > 40


def test_order_and_repetition_never_matter(home):
    given = random_cases(200, 4)
    turned = []
    for one in given:
        main, *rest = one["diagnoses"].split()
        # A procedure that is two wanted ones is not repeated: the same code twice is two entries.
        codes = [code for code in one["procedures"].split() if code != "ZAA4"]
        one["procedures"] = " ".join(codes)
        turned.append(one | {"diagnoses": " ".join([main, *rest[::-1], *rest]), "procedures": " ".join(codes[::-1])})
    assert [x["ord"] for x in group(home, "example", given)] == [x["ord"] for x in group(home, "example", turned)]


def test_one_case_is_explained_with_features_criteria_and_nearest_rules(home):
    case = run.single(
        sex="2", age_days="12000", discharge="H", duration="3", main="QB1+QB2", secondary=["QC2"], procedures=[]
    )
    with run.grouped(home, "example", lambda con: cases.fill_one(case, con), threads=1) as found:
        (one,) = found.explained()
        shown = text.explanation(one, found.definitions)
    assert one["ord"] == "F020"
    assert {"kind": "COMPL", "value": "32G11 struck", "codes": "QC2"} in one["features"]
    assert {"criterion": "pdgprop", "value": "33P01"} in one["criteria"]
    assert one["nearest"][0] == {"ord": "F010", "drg": "14A", "criterion": "compl", "value": "1"}
    assert "kategori 33M01, MDC 33, operasjon ingen, komplikasjonsnivå 0" in shown
    assert "komplikasjon 32G11 (teller ikke for denne hovedtilstanden): QC2" in shown


def test_every_finding_and_feature_has_words(home):
    found = group(home, "example", [USUAL | one for one in random_cases(50, 5)])
    assert {name for one in found for name in one["findings"]} <= text.FINDINGS.keys()
    assert {one["finding"] for one in sets.opened_set(home, "example").findings} <= text.SET_FINDINGS.keys()


def test_unknown_definition_set_names_those_that_there_are(home):
    with pytest.raises(IsfError, match=r"no definition set 1999.*example"):
        group(home, "1999", [USUAL])
