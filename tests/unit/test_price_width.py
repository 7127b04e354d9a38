"""Every product with a price is wide enough for the country.

DuckDB keeps a product of two decimals of up to 18 digits within 18, and a region's points times kroner per point with
six decimals are more. So one factor of such a product has 19 digits or more where it is made.
"""

from collections.abc import Iterator
from functools import cache

import sqlglot
from sqlglot import exp

from pipelines.engine.models import SQL_FOLDER

NARROW = 18
# Of one unit, not of a region: a product of a few thousand points at most.
OF_ONE_UNIT = {"simulation_cost/cost_unit.sql"}


@cache
def models() -> dict[str, exp.Expression]:
    """Those that speak of prices, by folder and name."""
    files = SQL_FOLDER.glob("*/**/*.sql")
    texts = {path.relative_to(SQL_FOLDER).as_posix(): path.read_text(encoding="utf-8") for path in files}
    return {
        name: sqlglot.parse_one(text, read="duckdb")
        for name, text in texts.items()
        # The generator's numbers are binary: they become kroner in the end only.
        if ("price" in text or "nok_" in text) and not name.startswith("synthetic")
    }


def is_price(expression: exp.Expression) -> bool:
    """`unit_price_nok`, `nok_per_point`, `nok_before`; `total_nok` is a sum."""
    words = expression.name.split("_") if isinstance(expression, exp.Column) else []
    return "price" in words or words[:1] == ["nok"]


def factors(product: exp.Expression) -> Iterator[exp.Expression]:
    """a, b and c of `a * (b * c)`."""
    while isinstance(product, exp.Paren):
        product = product.this
    if isinstance(product, exp.Mul):
        yield from factors(product.this)
        yield from factors(product.expression)
    else:
        yield product


def products(model: exp.Expression) -> Iterator[list[exp.Expression]]:
    for product in model.find_all(exp.Mul):
        if not product.find_ancestor(exp.Mul) and any(map(is_price, found := list(factors(product)))):
            yield found


def digits(kind: exp.DataType) -> int:
    """The digits of a type: those of a decimal, more than enough of a hugeint or a binary number."""
    given = [int(one.name) for one in kind.expressions]
    if kind.this in (exp.DataType.Type.DECIMAL, exp.DataType.Type.BIGINT):
        return given[0] if given else NARROW
    return 38


def wide(expression: exp.Expression, stage: str) -> bool:
    """Whether a factor has more than 18 digits: it is made so here, or in every model of its stage that makes a column
    of that name, or in the settlement."""
    if isinstance(expression, exp.Cast):
        return digits(expression.to) > NARROW
    if not is_price(expression):
        return False
    made = makers(expression.name, stage) or makers(expression.name, "70_settlement")
    return bool(made) and all(wide(one, stage) for one in made)


def makers(column: str, stage: str) -> list[exp.Expression]:
    """What makes a column of the name in the stage's models; one that hands it on, as it is or as any of many, makes
    nothing."""
    found = [
        alias.this
        for name, model in models().items()
        if name.startswith(f"{stage}/")
        for alias in model.find_all(exp.Alias)
        if alias.alias == column
    ]
    return [one for one in found if not _hands_on(one, column)]


def _hands_on(made: exp.Expression, column: str) -> bool:
    calculated = isinstance(made, exp.Cast) or made.find(exp.Binary)
    return not calculated and {one.name for one in made.find_all(exp.Column)} == {column}


def narrow(name: str) -> list[str]:
    """The products of a model that have no wide factor."""
    found = [one for one in products(models()[name]) if not any(wide(factor, name.split("/")[0]) for factor in one)]
    return [" * ".join(factor.sql("duckdb") for factor in one) for one in found if not _is_price(one)]


def _is_price(found: list[exp.Expression]) -> bool:
    """A price times a share is a price: what counts is the type that it is made in."""
    cast = found[0].find_ancestor(exp.Cast)
    return cast is not None and digits(cast.to) > NARROW and all(is_price(one) or "share" in one.name for one in found)


def test_every_product_with_a_price_has_a_factor_of_more_than_18_digits():
    judged = [name for name, model in models().items() if any(products(model)) and name not in OF_ONE_UNIT]
    assert {"70_settlement/oppgjor_rhf.sql", "prognosis/prognose_hf.sql", "avregning/oppgjor_ar.sql"} <= set(judged)
    assert {name: found for name in judged if (found := narrow(name))} == {}


def test_a_narrow_price_is_found():
    assert wide(sqlglot.parse_one("price.nok_per_point"), "prognosis")
    assert not wide(sqlglot.parse_one("cast(x as decimal(18, 3))"), "prognosis")
    assert narrow(*OF_ONE_UNIT) != []
