"""What a model asks a rule set for is found in its text, and in nothing else."""

import pytest

from pipelines.engine.models import functions_called, models
from pipelines.rules import load as ruleset
from pipelines.rules.reads import KINDS, OF_ALL_RULES, WHETHER, Read, reads_of, required, required_rules

MODELS = models("all")


def test_rule_parameter_and_kind_are_read_from_the_text():
    sql = """
        select ref.points('7.4'), ref.points('7.2.1', 'regional_threshold') -- ref.points('9.9')
        from stay where drg in (from ref.codes('7.12', 'drg')) and ref.has_rule('7.20') and note <> 'ref.code(1)'
    """
    assert reads_of(sql) == {
        Read("7.4", "points", "points"),
        Read("7.2.1", "regional_threshold", "points"),
        Read("7.12", "drg", "list"),
        Read("7.20", None),
    }


@pytest.mark.parametrize(
    "call",
    ["ref.point('7.4')", "ref.points(rule)", "ref.points()", "ref.number('7.1')", "ref.codes('7.4', 'a', 'b')"],
)
def test_a_call_that_cannot_be_read_is_refused(call):
    with pytest.raises(ValueError, match="with rule and parameter as text in quotes"):
        reads_of(f"select {call}")


def test_the_text_says_what_the_grammar_says():
    """Functions are found by their tokens, which is quick; the parsed selects must name the same ones."""
    functions = {f"ref.{name}" for name in (*KINDS, *OF_ALL_RULES, WHETHER)}
    found = {model.name: {f"ref.{name}" for name, _ in functions_called(model.sql, "ref")} for model in MODELS}
    assert found == {model.name: model.reads & functions for model in MODELS}
    assert sum(map(bool, found.values())) > 30


def test_every_parameter_that_is_asked_for_is_in_a_rule_set():
    """A misspelt rule or parameter would otherwise be null for ever."""
    there = {
        (row["rule"], row["parameter"])
        for name in ruleset.available()
        for row in ruleset.read(name).tables["parameter"]
    }
    rules = {rule for rule, _ in there} | {row["rule"] for row in ruleset.read("2025").tables["rule"]}
    asked = {read for model in MODELS for read in reads_of(model.sql)}
    assert not {read for read in asked if read.rule and read.parameter and (read.rule, read.parameter) not in there}
    assert not {read for read in asked if read.parameter is None and read.rule not in rules}
    assert not {read for read in asked if read.rule is None and read.parameter not in {name for _, name in there}}


def test_a_rule_is_required_where_a_model_has_no_meaning_without_it():
    assert {"drg_base", "7.18"} <= set(required_rules())
    assert required()["7.18"].items() >= {"doctor_category": "list", "stay_gap_minutes": "number"}.items()
    assert not set(required_rules()) & {"7.4", "8.6"}
