"""What is hidden for a number that moves just as far as it must: small systems of counts and the sums of some of them,
which are public."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from pipelines.disclosure import protect as protect_module
from pipelines.disclosure.attack import Attack, Limits
from pipelines.disclosure.protect import protect
from pipelines.disclosure.system import System

LIMITS = Limits(width=4.0, reach=5.0, share=0.4)


def counts(values: dict[str, int], sums: list[str], secret: str = "") -> System:
    """Counts by their letters, each in a row of its own but for the `secret` ones, which are published nowhere; each
    sum of some letters is never hidden."""
    names = list(values)
    terms = np.array([[float(name in letters) for name in names] for letters in sums])
    totals = terms @ [values[name] for name in names]
    known = np.concatenate([[np.nan if name in secret else values[name] for name in names], totals])
    width, outside = len(known), [""] * len(sums)
    return System(
        ids=np.array([*names, *sums], dtype=object),
        rows=np.array([*("" if name in secret else name for name in names), *outside], dtype=object),
        kinds=np.array([*("unpublished" if name in secret else "count" for name in names), *("count" for _ in sums)]),
        values=known,
        least=np.zeros(width),
        most=np.full(width, np.inf),
        sizes=np.nan_to_num(known),
        whole=np.arange(width) >= len(names),
        sums=csr_array(np.hstack([terms, -np.eye(len(sums))])),
    )


# Of `a` more is asked than one way gives: b takes what a gains and c what b loses, d takes what a loses and e pays d.
JUST_WIDE = {"a": 42, "b": 1, "c": 0, "d": 0, "e": 3}  # 39 to 43
JUST_REACHING = {"a": 2, "b": 3, "c": 0, "d": 0, "e": 1}  # 1 to 5
TOO_NARROW = {"a": 42, "b": 1, "c": 0, "d": 0, "e": 2}  # 40 to 43
BELOW_REACH = {"a": 2, "b": 2, "c": 0, "d": 0, "e": 2}  # 0 to 4
WIDE_DOWN = {"a": 42, "b": 1, "c": 0, "d": 0, "e": 5}  # 37 to 43
CHAIN = ["abd", "bc", "de"]


@pytest.mark.parametrize(
    ("system", "hidden", "exempt"),
    [
        pytest.param(counts(JUST_WIDE, CHAIN), "abcde", "bcde", id="both ways, 4 wide in all"),
        pytest.param(counts(TOO_NARROW, CHAIN), "a", "a", id="3 wide in all"),
        pytest.param(counts(JUST_REACHING, CHAIN), "abcde", "bcde", id="both ways, as high as 5"),
        pytest.param(counts(BELOW_REACH, CHAIN), "a", "a", id="as high as 4"),
        pytest.param(counts(WIDE_DOWN, CHAIN), "ade", "", id="one way is enough"),
        # b takes what a gains; of u and v, which are in no table, only the sum with others is known.
        pytest.param(counts({"a": 10, "b": 6, "u": 5, "v": 5}, ["ab", "bu", "uv"], "uv"), "ab", "", id="secret parts"),
    ],
)
def test_a_number_is_hidden_with_what_lets_it_move_just_as_far_as_it_must(system, hidden, exempt):
    found = protect(system, LIMITS, {"a"})
    assert (sorted(found.hidden), sorted(found.exempt)) == (list(hidden), list(exempt))
    attack = Attack(system, LIMITS)
    attack.hide(set(found.hidden))
    assert attack.settle(0) is (exempt != "a")


def test_where_the_solver_finds_no_way_all_is_hidden_that_the_number_is_bound_to(monkeypatch):
    """No rounding of the solver can leave a number without protection that there is."""
    monkeypatch.setattr(protect_module, "_cheapest", lambda *given, **further: None)
    system = counts({**JUST_WIDE, "x": 7, "y": 8}, [*CHAIN, "xy"])
    assert sorted(protect(system, LIMITS, {"a"}).hidden) == list("abcde")
