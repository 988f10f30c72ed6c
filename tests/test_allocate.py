"""Lost columns are recovered where the sums leave one solution, and left open where they leave more."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from extract.allocate import Share, allocate, candidates_by_order

COLUMNS = ("财政拨款", "财政专户拨款", "其他资金")


def share(amount: str, *candidates: str) -> Share:
    return Share(Decimal(amount), frozenset(candidates or COLUMNS))


def test_order_says_which_columns_an_amount_can_have_stood_in() -> None:
    assert candidates_by_order(COLUMNS, 3) == [{name} for name in COLUMNS]
    assert candidates_by_order(COLUMNS, 2) == [set(COLUMNS[:2]), set(COLUMNS[1:])]
    assert candidates_by_order(COLUMNS, 1) == [set(COLUMNS)]


def test_the_only_sum_that_works_decides() -> None:
    parent = [share("100", "财政拨款"), share("2", "其他资金")]
    assert allocate(parent, [[share("60")], [share("40")], [share("2")]]) == [[{"财政拨款"}]] * 2 + [[{"其他资金"}]]


def test_two_ways_to_add_up_stay_open() -> None:
    parent = [share("100", "财政拨款"), share("2", "其他资金")]
    result = allocate(parent, [[share("98")], [share("2")], [share("2")]])
    assert result[1] == result[2] == [{"财政拨款", "其他资金"}]


def test_lost_lines_below_the_largest_do_not_hide_the_rest() -> None:
    parent = [share("100", "财政拨款"), share("2", "其他资金")]
    assert allocate(parent, [[share("60")], [share("2")]]) == [[{"财政拨款"}], [{"其他资金"}]]


def test_what_the_parent_itself_lost_stays_open_below_it() -> None:
    parent = [share("100", "财政拨款"), share("26.50", "财政专户拨款", "其他资金")]
    assert allocate(parent, [[share("100")], [share("26.50")]]) == [[{"财政拨款"}], [{"财政专户拨款", "其他资金"}]]


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(0, 50), st.integers(0, 50)).map(lambda t: tuple(map(Decimal, t))),
        min_size=1,
        max_size=8,
    )
)
def test_the_truth_is_always_among_the_candidates(rows: list[tuple[Decimal, ...]]) -> None:
    """Print a table, lose its empty columns row by row, and recover it: what is decided is what was printed."""
    totals = [sum(column) for column in zip(*rows, strict=True)]
    parent = [Share(Decimal(t), frozenset([name])) for t, name in zip(totals, COLUMNS, strict=True) if t]
    children, truth = [], []
    for row in rows:
        printed = [(amount, name) for amount, name in zip(row, COLUMNS, strict=True) if amount]
        options = candidates_by_order(COLUMNS, len(printed))
        children.append([Share(amount, option) for (amount, _), option in zip(printed, options, strict=True)])
        truth.append([name for _, name in printed])
    for names, candidates in zip(truth, allocate(parent, children), strict=True):
        assert all(name in options for name, options in zip(names, candidates, strict=True))
