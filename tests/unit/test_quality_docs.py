"""Every check has its page, and the catalogue refuses what it cannot use."""

from pathlib import Path

import pytest

from pipelines.engine.models import models
from pipelines.quality import catalogue, docs, words


def test_the_pages_are_what_the_catalogue_and_the_sql_say():
    there = {path.name: path.read_text(encoding="utf-8") for path in docs.FOLDER.glob("*.md")}
    assert there == docs.pages(), "run python -m pipelines.quality.docs"


def test_every_check_says_what_it_must():
    for check in catalogue.checks():
        for text in (check.title, check.definition, check.why, check.coder, check.it, check.points):
            assert len(text) > 10, check.id
        assert check.denominator in words.DENOMINATOR and check.unit in words.UNIT
        assert check.counts or catalogue.check_models()[check.id].header["check"] == check.tier


def test_the_parameters_in_the_sql_are_in_the_catalogue():
    known = {(check, name) for check, name, *_ in catalogue.parameter_rows()}
    for model in (*models(catalogue.CHECKS), *models(catalogue.HELPERS)):
        for line in model.sql.splitlines():
            if "check_id = '" in line:
                assert line.split("check_id = '")[1].split("'")[0] in {check for check, _ in known}, model.name


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ('severity = "feil"', "severity must be"),
        ('definition = "x"', "definition is missing"),
        ('title = "Første"', "title is missing"),
    ],
)
def test_a_faulty_catalogue_is_refused(tmp_path: Path, change, problem):
    text = """tier = "structure"
title = "t"
text = "t"
[[check]]
id = "one"
title = "Første"
severity = "feil"
paragraph = "3.5"
unit = "hf"
denominator = "line"
threshold = 0.1
definition = "x"
why = "w"
coder = "c"
it = "i"
points = "p"
"""
    assert len(catalogue.tiers.__wrapped__(_folder(tmp_path / "good", text))[0].checks) == 1
    with pytest.raises(ValueError, match=problem):
        catalogue.tiers.__wrapped__(_folder(tmp_path / "bad", text.replace(change + "\n", "")))


def test_a_definition_says_the_parameter():
    check = catalogue.by_id()["group_of_other_kind"]
    assert f"færre enn én av {check.parameters['one_in']} er kontakter" in check.definition


def test_an_unknown_key_is_refused(tmp_path: Path):
    text = 'tier = "structure"\ntitle = "t"\ntext = "t"\n[[check]]\nid = "x"\nthreshhold = 1\n'
    with pytest.raises(ValueError, match="unknown key threshhold"):
        catalogue.tiers.__wrapped__(_folder(tmp_path, text))


def _folder(path: Path, text: str) -> Path:
    path.mkdir(exist_ok=True)
    (path / "10.toml").write_text(text, encoding="utf-8")
    return path
