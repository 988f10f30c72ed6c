"""Amounts that lost their column → the fund sources they must belong to, as far as printed sums leave one solution.

A text can lose the empty columns of a table: three amounts may stand where five columns were printed. Their order
says which columns each can have come from, and the totals printed above say which of these add up. What stays open is
never guessed: it is unallocated, with its candidates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

_MOST_STATES = 200_000  # partial sums kept at once; beyond it the question stays open

Candidates = frozenset[str]


@dataclass(frozen=True, slots=True)
class Share:
    """An amount of a line and the fund sources it may belong to; one candidate means it is known."""

    amount: Decimal
    candidates: Candidates


def candidates_by_order(columns: Sequence[str], count: int) -> list[Candidates]:
    """For ``count`` amounts left of ``columns`` in their order: the columns each can have stood in."""
    slack = max(0, len(columns) - count)  # more amounts than columns: each may be any
    return [frozenset(columns[index : index + slack + 1] or columns) for index in range(count)]


def allocate(parent: Sequence[Share], children: Sequence[Sequence[Share]]) -> list[list[Candidates]]:
    """The candidates of every amount of the children that the parent's amounts leave.

    Every share of the parent must be the sum of the children's shares that fit it; the largest of the parent's is not
    held to that, because lines may be missing below it (the verdict reports that). A child's amount that can only be
    part of one of the parent's gets that one's candidates; if the sums leave more than one solution, or none, the
    amount keeps what its own order allows of the parent's columns.
    """
    flat = [(row, index, share) for row, shares in enumerate(children) for index, share in enumerate(shares)]
    fits = [[p for p, whole in enumerate(parent) if share.candidates & whole.candidates] for _, _, share in flat]
    chosen = _only_solution(parent, flat_amounts(flat), fits)
    result: list[list[Candidates]] = [[share.candidates for share in shares] for shares in children]
    for position, (row, index, share) in enumerate(flat):
        options = [chosen[position]] if chosen is not None else fits[position]
        allowed = frozenset().union(*(share.candidates & parent[p].candidates for p in options))
        result[row][index] = allowed or share.candidates
    return result


def flat_amounts(flat: Sequence[tuple[int, int, Share]]) -> list[Decimal]:
    """The amounts of flattened shares."""
    return [share.amount for _, _, share in flat]


def _only_solution(
    parent: Sequence[Share], amounts: Sequence[Decimal], fits: Sequence[Sequence[int]]
) -> list[int] | None:
    """Which of the parent's shares each amount belongs to, if exactly one choice makes all but the largest add up."""
    if not parent or any(not options for options in fits):
        return None
    largest = max(range(len(parent)), key=lambda p: parent[p].amount)
    minor = [p for p in range(len(parent)) if p != largest]
    goal = tuple(parent[p].amount for p in minor)
    # partial sums of the minor shares → how many ways lead there (2 stands for more than one) and one of them
    states: dict[tuple[Decimal, ...], tuple[int, tuple[int, ...]]] = {tuple(Decimal(0) for _ in minor): (1, ())}
    for amount, options in zip(amounts, fits, strict=True):
        states = _extended(states, amount, options, minor, goal)
        if not states or len(states) > _MOST_STATES:
            return None
    ways, choice = states.get(goal, (0, ()))
    return list(choice) if ways == 1 else None


def _extended(
    states: Mapping[tuple[Decimal, ...], tuple[int, tuple[int, ...]]],
    amount: Decimal,
    options: Sequence[int],
    minor: Sequence[int],
    goal: tuple[Decimal, ...],
) -> dict[tuple[Decimal, ...], tuple[int, tuple[int, ...]]]:
    extended: dict[tuple[Decimal, ...], tuple[int, tuple[int, ...]]] = {}
    for sums, (ways, choice) in states.items():
        for option in options:
            after = tuple(s + amount if p == option else s for p, s in zip(minor, sums, strict=True))
            if any(s > g for s, g in zip(after, goal, strict=True)):
                continue
            known = extended.get(after)
            extended[after] = (min(2, ways + (known[0] if known else 0)), (*choice, option))
    return extended
