"""What the models ask a rule set for, found in their text: the functions of schema `ref` that they call.

The functions are in `sql/ref.sql`; a model names rule and parameter as text, `ref.points('7.4')`. So what a rule set
must hold, and which models a changed parameter reaches, is declared nowhere else.

A rule may be absent from a rule set: it then pays nothing. A model without meaning where a rule is absent names it in
its header, `-- requires: 7.18`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipelines.engine.models import SQL_FOLDER, functions_called, header_of

SCHEMA = "ref"
FUNCTIONS = SQL_FOLDER / "ref.sql"
# function → the kind of parameter that it reads
KINDS = {"points": "points", "number": "number", "single_code": "code", "codes": "list", "numbers": "list"}
NUMBERS = "numbers"
OF_ALL_RULES = {"codes_of_all_rules": "list"}
WHETHER = "has_rule"


@dataclass(frozen=True)
class Read:
    """One thing that a model asks for. `rule` None: of whichever rule has the parameter; `parameter` None: whether the
    rule is there."""

    rule: str | None
    parameter: str | None
    kind: str | None = None


@cache
def reads_of(sql: str) -> frozenset[Read]:
    """What a model's text asks for. Raises ValueError for a function that there is not, or an argument that is not a
    text in quotes: what cannot be read here cannot be required of a rule set."""
    return frozenset(_read(name, arguments) for name, arguments in functions_called(sql, SCHEMA))


def _read(name: str, arguments: tuple[str | None, ...]) -> Read:
    texts = [argument for argument in arguments if argument is not None]
    if len(texts) == len(arguments):
        match (name, len(texts)):
            case ("points", 1):
                return Read(texts[0], "points", "points")
            case (_, 2) if name in KINDS:
                return Read(texts[0], texts[1], KINDS[name])
            case (_, 1) if name in OF_ALL_RULES:
                return Read(None, texts[0], OF_ALL_RULES[name])
            case (_, 1) if name == WHETHER:
                return Read(texts[0], None)
    raise ValueError(
        f"{SCHEMA}.{name}{arguments}: not a function of {FUNCTIONS.name} with rule and parameter as text in quotes"
    )


@cache
def required() -> dict[str, dict[str, str]]:
    """rule → parameter → kind: what a rule that is in a rule set must have, because a model asks for it."""
    found: dict[str, dict[str, str]] = {}
    for sql in _texts():
        for read in reads_of(sql):
            if read.rule and read.parameter and read.kind:
                found.setdefault(read.rule, {})[read.parameter] = read.kind
    return {rule: dict(sorted(parameters.items())) for rule, parameters in sorted(found.items())}


@cache
def numbers_read() -> frozenset[tuple[str, str]]:
    """Rule and parameter of the lists that a model reads as numbers."""
    called = (call for sql in _texts() for call in functions_called(sql, SCHEMA))
    return frozenset((str(given[0]), str(given[1])) for name, given in called if name == NUMBERS)


@cache
def required_rules() -> tuple[str, ...]:
    """The rules that no rule set may lack, by the headers of the models."""
    named = (header_of(sql).get("requires", "") for sql in _texts())
    return tuple(sorted({rule.strip() for rules in named for rule in rules.split(",") if rule.strip()}))


def _texts() -> Iterator[str]:
    for path in sorted(SQL_FOLDER.glob("*/**/*.sql")):
        yield path.read_text(encoding="utf-8")
