"""Small systems: a few numbers and public sums of some of them, at the limits of what can be hidden and known."""

from collections.abc import Collection, Mapping

import numpy as np
import pytest
from scipy.sparse import csr_array

from pipelines.disclosure import protect as protect_module
from pipelines.disclosure.attack import Attack, Limits
from pipelines.disclosure.decide import chosen, together
from pipelines.disclosure.protect import protect
from pipelines.disclosure.system import System
from pipelines.errors import IsfError

LIMITS = Limits(width=4.0, reach=5.0, share=0.4)


def small(
    values: Mapping[str, float],
    sums: Mapping[str, Collection[str]],
    secret: Collection[str] = (),
    hidden: Collection[str] = (),
    kind: str = "count",
) -> System:
    """Numbers, none below 0 as far as is known, each in a row of its own but for the `secret` ones, which are published
    nowhere; sums of some of them, which are never hidden."""
    names, width = list(values), len(values) + len(sums)
    terms = np.array([[float(name in summed) for name in names] for summed in sums.values()])
    known = [np.nan if name in secret or name in hidden else values[name] for name in names]
    known = np.array([*known, *(terms @ list(values.values()))])
    return System(
        ids=np.array([*names, *sums], dtype=object),
        rows=np.array(["" if name in secret or name in sums else name for name in (*names, *sums)], dtype=object),
        kinds=np.array(["unpublished" if name in secret else kind for name in (*names, *sums)], dtype=object),
        values=known,
        least=np.zeros(width),
        most=np.full(width, np.inf),
        sizes=np.nan_to_num(np.abs(known)),
        whole=np.arange(width) >= len(names),
        sums=csr_array(np.hstack([terms, -np.eye(len(sums))])),
    )


def letters(*sums: str) -> dict[str, str]:
    """Sums of the numbers that are called by their letters."""
    return {summed: summed for summed in sums}


# Of `a` more is asked than one way gives: b takes what a gains and c what b loses, d takes what a loses and e pays d.
CHAIN = letters("abd", "bc", "de")
JUST_WIDE = {"a": 42, "b": 1, "c": 0, "d": 0, "e": 3}  # 39 to 43
TOO_NARROW = {"a": 42, "b": 1, "c": 0, "d": 0, "e": 2}  # 40 to 43
WIDE_DOWN = {"a": 42, "b": 1, "c": 0, "d": 0, "e": 5}  # 37 to 43
JUST_REACHING = {"a": 2, "b": 3, "c": 0, "d": 0, "e": 1}  # 1 to 5
BELOW_REACH = {"a": 2, "b": 2, "c": 0, "d": 0, "e": 2}  # 0 to 4


@pytest.mark.parametrize(
    ("system", "hidden", "exempt"),
    [
        pytest.param(small(JUST_WIDE, CHAIN), "abcde", "bcde", id="4 wide, both ways together"),
        pytest.param(small(TOO_NARROW, CHAIN), "a", "a", id="3 wide"),
        pytest.param(small(WIDE_DOWN, CHAIN), "ade", "", id="6 wide, and down is enough"),
        pytest.param(small(JUST_REACHING, CHAIN), "abcde", "bcde", id="as high as 5"),
        pytest.param(small(BELOW_REACH, CHAIN), "a", "a", id="as high as 4"),
        # b takes what a gains; of u and v, which are in no table, only sums are known.
        pytest.param(
            small({"a": 10, "b": 6, "u": 5, "v": 5}, letters("ab", "bu", "uv"), "uv"), "ab", "", id="secret parts"
        ),
    ],
)
def test_a_number_is_hidden_with_what_lets_it_move_just_as_far_as_it_must(system, hidden, exempt):
    found = protect(system, LIMITS, {"a"})
    assert (sorted(found.hidden), sorted(found.exempt)) == (list(hidden), list(exempt))
    attack = Attack(system, LIMITS)
    attack.hide(set(found.hidden))
    assert attack.settle(0) is ("a" not in exempt)


def test_where_the_solver_finds_no_way_all_is_hidden_that_the_number_is_bound_to(monkeypatch):
    """No rounding of the solver can leave a number without the protection that there is."""
    monkeypatch.setattr(protect_module, "_cheapest", lambda *given, **further: None)
    system = small({**JUST_WIDE, "x": 7, "y": 8}, {**CHAIN, **letters("xy")})
    assert sorted(protect(system, LIMITS, {"a"}).hidden) == list("abcde")


def matrix(one: tuple[float, float], other: tuple[float, float], kind: str, hides: bool) -> System:
    """The cells of two trusts, each the sum of its patients from two regions."""
    names = [f"gjestepasienter|{hf}|{rhf}|SOM|tall" for hf in ("one", "other") for rhf in ("north", "south")]
    sums = {"oppgjor_hf|one|SOM|tall": names[:2], "oppgjor_hf|other|SOM|tall": names[2:]}
    return small(dict(zip(names, (*one, *other), strict=True)), sums, hidden=names if hides else (), kind=kind)


def test_points_below_0_in_an_earlier_revision_that_are_not_so_now_do_not_contradict_it():
    """Small weights with the deduction of §7.15: a trust may have points below 0, and above it when it is corrected."""
    now = matrix((5.0, 3.0), (6.0, 2.0), "points", hides=False)
    both = together(now, [matrix((-4.0, 1.0), (6.0, 2.0), "points", hides=True)])
    least = dict(zip(both.ids, both.least, strict=True))
    assert [least[f"r1:gjestepasienter|one|{rhf}|SOM|tall"] for rhf in ("north", "south")] == [-np.inf, -np.inf]
    assert [least[f"r1:gjestepasienter|other|{rhf}|SOM|tall"] for rhf in ("north", "south")] == [0.0, 0.0]
    assert np.abs(both.sums @ both.values).max() < 1e-6


def test_counts_below_0_in_an_earlier_revision_do():
    with pytest.raises(IsfError, match="contradict each other"):
        together(
            matrix((5.0, 3.0), (6.0, 2.0), "count", hides=False),
            [matrix((-4.0, 1.0), (6.0, 2.0), "count", hides=True)],
        )


def test_what_is_hidden_for_both_revisions_together_is_protected_in_the_later_one_alone():
    """An earlier revision shows b, c and g, so with it only d can hide a, and nothing d, which reaches no higher than
    4. In the later one alone g hides d."""
    values = {"a|": 42, "b|": 0, "c|": 9, "d|": 0, "e|": 4, "g|": 10}
    sums = {"abd|": ["a|", "b|", "d|"], "bc|": ["b|", "c|"], "deg|": ["d|", "e|", "g|"]}
    before = small({name: values[name] for name in ("b|", "c|", "g|")}, {"bcg|": ["b|", "c|", "g|"]})
    now = small(values, sums)
    assert chosen(now, [], LIMITS, {"a|", "b|", "c|"}).hidden == {"a|", "b|", "c|"}
    found = chosen(now, [before], LIMITS, {"a|", "b|", "c|"})
    assert found.hidden == set(values)
    alone = Attack(now, LIMITS)
    alone.hide(set(found.hidden))
    assert all(alone.settle(number) for number in range(len(values)))
